"""XCRI-CAP 1.2: own fixtures that hold the oddities of real files, the real files themselves, and a pull over HTTP."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from connectors.failures import PullFailure
from connectors.feeds.model import Transport
from connectors.formats import formats
from connectors.formats._xcri_course import XcriOptions
from connectors.http import Fetcher
from standard.source_offering import SourceOffering
from tests.formats.documents import Outcome, document, plain, read, refused, schemed
from tests.http_server import Answer, serving
from tests.shared_data import shared

FORM = "xcri-cap-1.2"

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="http://xcri.org/profiles/1.2/catalog" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:mlo="http://purl.org/net/mlo" xmlns:credit="http://purl.org/net/cm"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:terms="http://xcri.org/profiles/1.2/catalog/terms"
 generated="2025-01-01T00:00:00Z">
<provider><dc:identifier>http://example.ac.uk/</dc:identifier><dc:title>Northern College</dc:title>
<mlo:url>http://example.ac.uk/</mlo:url>"""
TAIL = """<mlo:location><mlo:street>1 High Street</mlo:street><mlo:town>Anytown</mlo:town>
<mlo:phone>01234 567890</mlo:phone><mlo:email>courses@example.ac.uk</mlo:email></mlo:location></provider></catalog>"""


def feed(*courses: str) -> Outcome:
    """Read a catalogue of courses given by their inner XML."""
    return read(FORM, document(HEAD + "".join(f"<course>{inner}</course>" for inner in courses) + TAIL))


def one(inner: str, **options: Any) -> SourceOffering:
    """Read the only course of a catalogue."""
    source = document(f"{HEAD}<course>{inner}</course>{TAIL}")
    (offering,) = read(FORM, source, options=options).offerings
    return offering


# Identity and provider -------------------------------------------------------------------------------------------


def test_the_plain_identifier_is_the_identity_and_typed_ones_are_kept() -> None:
    offering = one(
        '<dc:identifier xsi:type="x:internalID">A150</dc:identifier>'
        "<dc:identifier> http://example.ac.uk/c/a150 </dc:identifier><dc:identifier>NLD: 39</dc:identifier>"
    )
    assert offering.source_id == "http://example.ac.uk/c/a150"
    assert schemed(offering.identifiers) == [("NLD: 39", "identifier"), ("A150", "internalID")]


def test_a_typed_identifier_serves_where_there_is_no_other() -> None:
    assert one('<dc:identifier xsi:type="x:code">A150</dc:identifier>').source_id == "A150"


def test_without_identifier_there_is_none() -> None:
    offering = one("<dc:identifier> </dc:identifier><dc:title>Nameless</dc:title>")
    assert (offering.source_id, plain(offering.titles)) == (None, ["Nameless"])


def test_what_the_provider_says_behind_its_courses_is_known_to_all_of_them() -> None:
    first, second = feed("<dc:title>A</dc:title>", "<dc:title>B</dc:title>").offerings
    assert first.providers == second.providers
    assert plain(first.providers[0].names) == ["Northern College"]
    assert schemed(first.providers[0].identifiers) == [("http://example.ac.uk/", "url")]
    assert schemed(first.contacts) == [("courses@example.ac.uk", "email"), ("01234 567890", "phone")]


def test_each_course_has_its_own_provider() -> None:
    data = (
        "<catalog><provider><title>A</title><course><title>1</title></course></provider>"
        "<provider><course><title>2</title><presentation><venue><provider><title>V</title></provider></venue>"
        "</presentation></course><title>B</title></provider></catalog>"
    )
    offerings = read(FORM, document(data)).offerings
    assert [plain(each.providers[0].names) for each in offerings] == [["A"], ["B"]]
    assert [each.path for each in offerings] == [
        "feed.xml#/catalog/provider[1]/course[1]",
        "feed.xml#/catalog/provider[2]/course[1]",
    ]


# Texts -----------------------------------------------------------------------------------------------------------


def test_what_is_taught_follows_the_description_and_what_adds_nothing_is_left_out() -> None:
    offering = one(
        '<abstract>Cut off in mid-w</abstract><dc:description xml:lang="en">Full text.</dc:description>'
        '<dc:description xsi:type="terms:topic" xml:lang="en">Topics</dc:description>'
        '<dc:description xsi:type="terms:aim" xml:lang="cy">Nod</dc:description>'
    )
    assert [(value.value, value.lang) for value in offering.descriptions] == [
        ("Full text.\n\nTopics", "en"),
        ("Nod", "cy"),
    ]


def test_the_abstract_serves_where_there_is_no_description() -> None:
    offering = one("<dc:description/><abstract>Short.</abstract><mlo:objective>Aim.</mlo:objective>")
    assert plain(offering.descriptions) == ["Short."]


def test_outcomes_are_what_is_called_so() -> None:
    offering = one(
        "<learningOutcome>Reads charts.</learningOutcome>"
        '<dc:description xsi:type="odd:learningOutcome">Draws charts.</dc:description>'
        '<mlo:objective xsi:type="odd:learningOutcome">Mends charts.</mlo:objective>'
        '<dc:description xsi:type="terms:careerOutcome">Statistician</dc:description>'
        "<mlo:objective>HND in a related subject</mlo:objective>"
    )
    texts = [plain(outcome.texts) for outcome in offering.learning_outcomes]
    assert texts == [["Reads charts."], ["Draws charts."], ["Mends charts."]]
    assert plain(offering.descriptions) == ["HND in a related subject"]


@pytest.mark.parametrize(("where", "slot"), [("prerequisites", "prerequisites"), ("description", "descriptions")])
def test_the_contract_says_what_an_objective_is(where: str, slot: str) -> None:
    offering = one("<mlo:objective>HND</mlo:objective>", objective=where)
    assert plain(getattr(offering, slot)) == ["HND"]


def test_an_objective_may_be_the_outcome_by_contract() -> None:
    offering = one("<mlo:objective>Reads.</mlo:objective>", objective="learning_outcomes")
    assert plain(offering.learning_outcomes[0].texts) == ["Reads."]


def test_the_contract_says_what_a_publishers_own_credits_are() -> None:
    credit = (
        "<dc:identifier>1</dc:identifier><mlo:credit><credit:scheme>The College</credit:scheme>"
        "<credit:value>20</credit:value></mlo:credit>"
    )
    assert schemed(one(credit).workload) == [("20", "The College")]
    assert schemed(one(credit, credit_schemes={"The College": "cats"}).workload) == [("20", "cats")]


def test_the_title_of_a_qualification_is_a_level_only_where_the_contract_says_so() -> None:
    inner = "<dc:identifier>1</dc:identifier><mlo:qualification><dc:title>HNC</dc:title></mlo:qualification>"
    assert one(inner).levels == []
    assert schemed(one(inner, qualification_level=True).levels) == [("HNC", "word")]
    assert schemed(one(inner, qualification_level=True).markers) == [("HNC", "qualification")]


def test_options_have_no_unknown_keys() -> None:
    with pytest.raises(ValueError, match="objectiv"):
        XcriOptions.model_validate({"objectiv": "description"})


def test_prerequisites_assessment_and_what_it_leads_to() -> None:
    offering = one(
        "<mlo:prerequisite>None.</mlo:prerequisite><mlo:assessment>Essay.</mlo:assessment>"
        '<dc:description xsi:type="terms:leadsTo">HNC Care</dc:description>'
        '<dc:description xsi:type="terms:entryRequirements">Two Highers</dc:description>'
    )
    assert plain(offering.prerequisites) == ["None.", "Two Highers"]
    assert plain(offering.assessment_texts) == ["Essay."]
    assert plain(offering.stackability_texts) == ["HNC Care"]


# Credit, level, qualification, subject ---------------------------------------------------------------------------


def credit(scheme: str, level: str, value: str) -> str:
    named = f"<credit:scheme>{scheme}</credit:scheme>" if scheme else ""
    return f"<mlo:credit>{named}<credit:level>{level}</credit:level><credit:value>{value}</credit:value></mlo:credit>"


def test_credits_carry_the_scheme_that_was_said_and_no_other() -> None:
    offering = one(
        credit("The Open College", "1", "30")
        + credit("CATS", "4", "30")
        + credit("", "", "12")
        + credit("ECTS credits", "", "15")
    )
    assert schemed(offering.workload) == [("15", "ects"), ("30", "cats"), ("30", "The Open College"), ("12", "credit")]


def test_a_framework_comes_before_the_institutions_own_level_and_empty_is_none() -> None:
    offering = one(
        credit("The Open College", "1", "30") + credit("SCQF", "7", "30") + "<mlo:level/><mlo:level>Higher</mlo:level>"
        "<mlo:qualification><dcterms:educationLevel>Undergraduate</dcterms:educationLevel></mlo:qualification>"
    )
    assert schemed(offering.levels) == [
        ("7", "SCQF"),
        ("1", "The Open College"),
        ("Higher", "word"),
        ("Undergraduate", "word"),
    ]
    assert schemed(offering.workload)[0] == ("30", "SCQF")


def test_an_empty_level_is_no_level() -> None:
    assert one("<dc:title>A</dc:title><mlo:level /><mlo:level>  </mlo:level>").levels == []


def test_the_awarding_body_is_who_awards_and_never_the_provider() -> None:
    assert (
        one("<dc:title>A</dc:title><mlo:qualification><dc:title>HND</dc:title></mlo:qualification>").awarding_bodies
        == []
    )
    offering = one(
        "<mlo:qualification><dc:title>HND</dc:title><awardedBy>The Board</awardedBy>"
        "<accreditedBy><dc:title>The Council</dc:title><mlo:url>http://council.example</mlo:url></accreditedBy>"
        "</mlo:qualification>"
    )
    assert plain(offering.awarding_bodies[0].names) == ["The Board"]
    assert plain(offering.quality_assurance[0].agencies) == ["The Council"]
    assert schemed(offering.markers) == [("HND", "qualification")]
    assert offering.stackability_texts == []


def test_the_contract_may_say_that_qualifications_are_what_it_leads_to() -> None:
    offering = one("<mlo:qualification><dc:title>HND</dc:title></mlo:qualification>", qualification="leads_to")
    assert plain(offering.stackability_texts) == ["HND"]


def test_subjects_give_coded_fields_and_keywords() -> None:
    offering = one(
        '<dc:subject xsi:type="x:JACS3" identifier="Q300">English</dc:subject><dc:subject>writing</dc:subject>'
        '<dc:subject identifier="KC.3">KC.3</dc:subject><dc:subject>LDCS1: DB.</dc:subject>'
        '<dc:subject xsi:type="x:ISCED-F" identifier="0231"/>'
    )
    assert schemed(offering.fields) == [
        ("Q300", "JACS3"),
        ("KC.3", "dc:subject"),
        ("LDCS1: DB.", "LDCS1"),
        ("0231", "isced-f"),
    ]
    assert plain(offering.keywords) == ["English", "writing"]


# Presentations ---------------------------------------------------------------------------------------------------


PRESENTATION = """<presentation><dc:identifier>P1</dc:identifier>
<mlo:start dtf="2012-11-03">3 November 2012</mlo:start><end>1900-01-01</end>
<mlo:duration interval="P6M">6 months</mlo:duration>
<applyFrom>2012-03-27</applyFrom><applyUntil dtf="2012-10-11">October</applyUntil><applyTo>http://example.ac.uk/go</applyTo>
<studyMode identifier="PT">Part time</studyMode><attendanceMode identifier="DS">Distance</attendanceMode>
<mlo:languageOfInstruction>EN</mlo:languageOfInstruction><mlo:places>12</mlo:places>
<mlo:cost>UK fee: GBP155.00; Ireland fee: GBP340.00</mlo:cost><mlo:engagement>5 hours a week</mlo:engagement>
<venue><provider><dc:title>Anytown (Main Campus)</dc:title><mlo:location><mlo:street>1 High Street</mlo:street>
<mlo:town>Anytown</mlo:town><mlo:postcode>AT1 1AA</mlo:postcode></mlo:location></provider></venue></presentation>"""


def test_a_presentation_is_an_instance() -> None:
    (instance,) = one(PRESENTATION).instances
    assert instance.source_id == "P1"
    assert plain(instance.start) == ["2012-11-03", "3 November 2012"]
    assert instance.start[0].path.endswith("/course[1]/presentation[1]/start[1]/@dtf")
    assert (plain(instance.end), plain(instance.enrolment_opens)) == (["1900-01-01"], ["2012-03-27"])
    assert plain(instance.enrolment_closes) == ["2012-10-11", "October"]
    assert plain(instance.modes) == ["DS", "Distance"]
    assert schemed(instance.workload) == [("P6M", "duration"), ("6 months", "duration"), ("5 hours a week", None)]
    assert plain(instance.locations) == ["Anytown (Main Campus), 1 High Street, AT1 1AA"]
    assert (plain(instance.languages), plain(instance.capacity)) == (["EN"], ["12"])
    assert [price.amount.value for price in instance.prices if price.amount] == [
        "UK fee: GBP155.00; Ireland fee: GBP340.00"
    ]
    assert plain(instance.urls) == ["http://example.ac.uk/go"]


def test_study_mode_is_no_mode_and_the_date_of_the_file_no_date_of_the_course() -> None:
    found = feed(PRESENTATION)
    assert found.offerings[0].modes == []
    assert found.offerings[0].modified == []
    assert found.reading.ignored["course/presentation/studyMode"] == 1


def test_an_empty_presentation_is_no_instance() -> None:
    assert one("<dc:title>A</dc:title><presentation/>").instances == []


# What is left over, what cannot be read --------------------------------------------------------------------------


def test_what_nobody_read_is_named() -> None:
    found = feed("<dc:title>A</dc:title><x:bursary xmlns:x='urn:x'>yes</x:bursary><empty/>", "<bursary>no</bursary>")
    assert dict(found.reading.unread) == {"course/bursary": 2}


def test_fields_of_an_issued_credential_are_refused_by_name_and_not_kept() -> None:
    found = feed("<dc:title>A</dc:title><studentName>Ada</studentName><dateOfIssue/><grade><score>9</score></grade>")
    (offering,) = found.offerings
    assert [(each.value, each.scheme) for each in offering.refused] == [("studentName", "learner")]
    assert offering.refused[0].path.endswith("/course[1]/studentName[1]")
    assert "Ada" not in repr(offering)
    assert dict(found.reading.unread) == {"course/grade": 1}


def test_an_empty_course_is_unreadable_and_the_rest_goes_on() -> None:
    found = feed("<dc:title>A</dc:title>", "  ", "<dc:title>C</dc:title>")
    assert [plain(each.titles) for each in found.offerings] == [["A"], ["C"]]
    assert [(each.path, each.observation.code) for each in found.unreadable] == [
        ("feed.xml#/catalog/provider[1]/course[2]", "MC00-RECORD-EMPTY")
    ]


def test_duplicates_are_passed_on() -> None:
    assert [
        each.source_id
        for each in feed("<dc:identifier>1</dc:identifier>" * 1, "<dc:identifier>1</dc:identifier>").offerings
    ] == ["1", "1"]


@pytest.mark.parametrize(
    "namespaces",
    [
        {"http://xcri.org/profiles/1.2/catalog/terms": "http://xcri.org/profiles/catalog/terms"},
        {"http://purl.org/dc/elements/1.1/": "http://purl.org/dc/terms/"},
        {"http://xcri.org/profiles/1.2/catalog": "http://xcri.org/profiles/catalog"},
    ],
)
def test_other_namespaces_for_the_same_names(namespaces: dict[str, str]) -> None:
    typed = '<dc:description xsi:type="terms:leadsTo">B</dc:description>'
    text = f"{HEAD}<course><dc:title>A</dc:title>{typed}</course>{TAIL}"
    for old, new in namespaces.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    (offering,) = read(FORM, document(text)).offerings
    assert (plain(offering.titles), plain(offering.stackability_texts)) == (["A"], ["B"])


def test_children_without_a_prefix_in_another_namespace() -> None:
    offering = one(
        '<title xmlns="http://purl.org/dc/elements/1.1/">A</title>'
        '<objective xmlns="http://purl.org/net/mlo"><div xmlns="http://www.w3.org/1999/xhtml"><p>B</p></div></objective>'
    )
    assert (plain(offering.titles), plain(offering.descriptions)) == (["A"], ["<div><p>B</p></div>"])


def test_sniffing() -> None:
    sniff = formats()[FORM].sniff
    assert sniff("a.xml", HEAD.encode()) > 0.9
    assert sniff("a.xml", HEAD.encode("utf-16")) > 0.9
    assert sniff("a.xml", b"<rss/>") == 0
    assert sniff("xcri.json", b"{}") == 0


# Pulling ---------------------------------------------------------------------------------------------------------


def pull(url: str) -> list[Any]:
    transport = Transport(url=url, allow_private_addresses=True)
    with Fetcher(transport, allow_private_addresses=True, feed="college", sleep=lambda _: None) as fetcher:
        return list(formats()[FORM].pull(fetcher, fetcher.url, {}))


def test_a_pull_is_one_request() -> None:
    body = f"{HEAD}<course><dc:title>A</dc:title></course>{TAIL}".encode()
    with serving({"/feed": lambda _: Answer(body, headers={"Content-Type": "text/html"})}) as server:
        (fetched,) = pull(server.url("/feed"))
        assert (fetched.role, fetched.name, fetched.body.read()) == ("catalogue", "catalogue.xml", body)
        assert server.hits("/feed") == 1


def test_a_login_page_is_no_feed() -> None:
    page = b"<!DOCTYPE html><html><title>Sign in</title></html>"
    with serving({"/feed": lambda _: Answer(page)}) as server, pytest.raises(PullFailure) as failure:
        pull(server.url("/feed"))
    assert failure.value.kind == "source"
    assert refused(FORM, document(page)).code == "MC00-SOURCE-HTML"


# Real files ------------------------------------------------------------------------------------------------------


REAL = shared("data", "feeds", "xcri-cap")
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real XCRI-CAP files are not beside the project")


def real_feed(name: str) -> Outcome:
    return read(FORM, document((REAL / name).read_bytes(), name))


@real
@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "courses", "presentations"),
    [
        ("open-university-full.xml", 965, 1034),
        ("open-university-example.xml", 2, 4),
        ("adam-smith-college-2012-09-07.xml", 334, 791),
        ("adam-smith-college-2012-10-04.xml", 326, 748),
    ],
)
def test_counts_of_real_files(name: str, courses: int, presentations: int) -> None:
    found = real_feed(name)
    assert (len(found.offerings), len(found.unreadable)) == (courses, 0)
    assert sum(len(each.instances) for each in found.offerings) == presentations
    assert len({each.source_id for each in found.offerings}) == courses
    assert found.codes() == []


@real
@pytest.mark.real
def test_the_two_adam_smith_files_match_by_identity() -> None:
    old, new = (_contents(REAL / f"adam-smith-college-2012-{day}.xml") for day in ("09-07", "10-04"))
    both = old.keys() & new.keys()
    changed = sum(old[key] != new[key] for key in both)
    assert (len(old.keys() - both), len(new.keys() - both), changed, len(both) - changed) == (8, 0, 21, 305)


def _contents(path: Path) -> dict[str | None, str]:
    """Return a hash of each course's canonical XML by the identity that the reader gives it."""
    found = real_feed(path.name).offerings
    courses = etree.parse(path).getroot().iter("{*}course")
    return {
        offering.source_id: hashlib.sha256(etree.tostring(course, method="c14n")).hexdigest()
        for offering, course in zip(found, courses, strict=True)
    }


@real
@pytest.mark.real
def test_what_a_person_would_write_down_from_the_open_university() -> None:
    offerings = {plain(each.identifiers)[0]: each for each in real_feed("open-university-full.xml").offerings}
    music = offerings["A179"]
    assert music.source_id == "http://www3.open.ac.uk/study/undergraduate/course/a179.htm"
    assert plain(music.titles) == ["Start listening to music"]
    assert schemed(music.workload) == [("10", "SCQF"), ("10", "The Open University")]
    assert schemed(music.levels) == [("7", "SCQF"), ("1", "The Open University"), ("Undergraduate", "word")]
    assert str(music.learning_outcomes[0].texts[0].value).startswith("about the elements of music")
    assert plain(music.awarding_bodies[0].names) == ["The Open University"]
    assert ("W300", "JACS3") in schemed(music.fields)


@real
@pytest.mark.real
def test_what_a_person_would_write_down_from_adam_smith_college() -> None:
    offerings = {each.source_id: each for each in real_feed("adam-smith-college-2012-10-04.xml").offerings}
    assert sum(not each.levels for each in offerings.values()) == 223
    assert not any(each.learning_outcomes or each.awarding_bodies for each in offerings.values())
    autism = offerings["ASD"]
    assert plain(autism.titles) == ["Autistic Spectrum Disorder"]
    assert schemed(autism.levels) == [("Unit", "word")]
    assert re.match("<div><p>This short course is intended", str(autism.descriptions[0].value))
    assert (len(autism.descriptions), autism.descriptions[0].lang) == (1, "en")
