"""One offering as ELM: structure, vocabulary addresses, and the two questions of conformance."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standard.elm.conformance import council_conformant, council_gaps, elm_conformant, elm_gaps
from standard.elm.jsonld import to_elm
from standard.elm.nodes import number
from standard.elm.parts import price_detail, volume
from standard.mapping import map_offering
from standard.offering import Instance, Level, Offering, Organisation, Price
from standard.source_offering import SourceOffering
from tests.shared_data import shared
from tests.standard.records import CONTEXT, complete_source
from tests.standard.strategies import OFFERINGS

PROPERTIES = shared("data", "standard", "elm-3.1", "loq-properties.csv")
MINIMA = {
    "elm:LearningOpportunity": {
        "dc:title",
        "foaf:homepage",
        "elm:providedBy",
        "elm:learningAchievementSpecification",
        "elm:defaultLanguage",
    },
    "elm:LearningAchievementSpecification": {"dc:title", "elm:ISCEDFCode", "dc:language", "elm:learningOutcome"},
    "elm:Qualification": {"dc:title", "elm:ISCEDFCode", "elm:learningOutcome", "elm:EQFLevel", "elm:NQFLevel"},
    "elm:LearningOutcome": {"dc:title"},
    "elm:LearningAssessmentSpecification": {"dc:title"},
    "elm:AwardingOpportunity": {"elm:awardingBody", "elm:learningAchievementSpecification"},
    "elm:Organisation": {"rov:legalName", "elm:location"},
    "dc:Location": {"elm:address"},
    "elm:Address": {"elm:countryCode"},
    "elm:CreditPoint": {"elm:framework", "elm:point"},
    "elm:Amount": {"elm:unit", "rdf:value"},
    "elm:GradingScheme": {"dc:title"},
    "elm:Identifier": {"skos:notation"},
    "elm:Note": {"elm:noteLiteral"},
    "elm:WebResource": {"elm:contentUrl"},
}
"""Properties that the LOQ profile 1.1.0 asks for at least once, by class."""

ONCE = {
    *(
        "elm:learningAchievementSpecification",
        "elm:defaultLanguage",
        "elm:EQFLevel",
        "elm:countryCode",
        "elm:framework",
    ),
    *(
        "elm:point",
        "elm:unit",
        "rdf:value",
        "elm:volumeOfLearning",
        "elm:entryRequirement",
        "dc:temporal",
        "elm:gradingScheme",
    ),
    *("dc:modified", "elm:isPartialQualification", "dc:subject", "elm:startDate", "elm:endDate", "elm:contentUrl"),
}


def offering() -> Offering:
    """The complete record as an offering."""
    found = map_offering(complete_source(), CONTEXT).offering
    assert found is not None
    return found


def changed(**values: Any) -> Offering:
    """The complete offering with other values."""
    return msgspec.structs.replace(offering(), **values)


def nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every typed node of a document that is not a literal."""
    if isinstance(document, list):
        for item in document:
            yield from nodes(item)
    elif isinstance(document, dict):
        if "@type" in document and "@value" not in document:
            yield document
        for key, item in document.items():
            if key != "@context":
                yield from nodes(item)


def of_type(document: Any, kind: str) -> list[dict[str, Any]]:
    """The nodes of a class."""
    return [found for found in nodes(document) if found["@type"] == kind]


def gaps(document: Any) -> list[str]:
    """What a document lacks of the profile's minimums, and what stands in it too often."""
    found = []
    for one in nodes(document):
        kind = one["@type"]
        found += [f"{kind} lacks {name}" for name in MINIMA.get(kind, set()) - one.keys()]
        found += [
            f"{kind} repeats {name}" for name in ONCE & one.keys() if isinstance(one[name], list) and len(one[name]) > 1
        ]
    return found


def references(document: Any) -> set[str]:
    """Identifiers that are referred to inside the document."""
    if isinstance(document, list):
        return set().union(*map(references, document)) if document else set()
    if not isinstance(document, dict):
        return set()
    own = (
        {document["@id"]}
        if set(document) == {"@id"} and "#" in document["@id"] and "urn:" in document["@id"]
        else set()
    )
    return own | set().union(*(references(item) for item in document.values()))


def test_the_complete_record_meets_every_minimum() -> None:
    assert gaps(to_elm(offering())) == []


def test_every_reference_has_its_node() -> None:
    document = to_elm(offering())
    assert references(document) <= {one["@id"] for one in document["@graph"]}
    assert len({one["@id"] for one in document["@graph"]}) == len(document["@graph"])


def test_names_are_those_of_the_namespace_asked_for() -> None:
    assert to_elm(offering())["@context"]["elm"] == "http://data.europa.eu/snb/model/elm/"
    assert to_elm(offering(), version="3.3")["@context"]["elm"] == "http://data.europa.eu/snb/model/ontology/"


def test_every_prefix_is_declared() -> None:
    document = to_elm(offering())
    names = {name for one in nodes(document) for name in (*one, one["@type"]) if not name.startswith("@")}
    assert {name.split(":", 1)[0] for name in names} <= document["@context"].keys()


def test_a_micro_credential_is_a_short_learning_programme_with_a_category() -> None:
    specification = of_type(to_elm(offering()), "elm:LearningAchievementSpecification")[0]
    assert specification["dc:type"] == {"@id": "http://data.europa.eu/snb/learning-opportunity/74a4a268e8"}
    assert specification["elm:category"] == [{"@language": "en", "@value": "micro-credential"}]


def test_what_is_not_known_to_be_one_has_no_category() -> None:
    document = to_elm(changed(micro_credential="unknown"))
    assert "elm:category" not in of_type(document, "elm:LearningAchievementSpecification")[0]


def test_outside_a_national_framework_the_level_is_an_education_level() -> None:
    specification = of_type(to_elm(offering()), "elm:LearningAchievementSpecification")[0]
    assert specification["elm:educationLevel"] == {"@id": "http://data.europa.eu/snb/eqf/6"}


def test_inside_one_the_specification_is_a_qualification() -> None:
    document = to_elm(changed(level=Level(eqf=6, nqf="NLQF 6")))
    qualification = of_type(document, "elm:Qualification")[0]
    assert qualification["elm:EQFLevel"] == {"@id": "http://data.europa.eu/snb/eqf/6"}
    assert qualification["elm:NQFLevel"] == {"@id": "http://data.europa.eu/snb/qdr/c_1711a061"}
    assert qualification["elm:isPartialQualification"] is True
    assert gaps(document) == []


def test_workload_is_a_credit_point_and_a_duration_in_hours() -> None:
    specification = of_type(to_elm(offering()), "elm:LearningAchievementSpecification")[0]
    assert specification["elm:creditPoint"]["elm:point"] == "3"
    assert specification["elm:volumeOfLearning"] == {"@type": "xsd:duration", "@value": "PT81H30M"}


def test_what_the_profile_cannot_say_stands_in_notes() -> None:
    document = to_elm(changed(level=Level(eqf=6, qf_ehea="first")))
    literals = [text["@value"] for one in of_type(document, "elm:Note") for text in one["elm:noteLiteral"]]
    assert "Supervised with identity verification" in literals
    assert "QF-EHEA first cycle" in literals
    assert "Certificate in data" in literals
    assert any("Example Agency" in literal for literal in literals)


def test_an_opportunity_for_every_instance() -> None:
    document = to_elm(offering())
    opportunity = of_type(document, "elm:LearningOpportunity")[0]
    assert opportunity["@id"].endswith("#opportunity-2026%20autumn")
    assert opportunity["dc:temporal"]["elm:startDate"]["@value"] == "2026-09-07T00:00:00"
    assert opportunity["elm:applicationDeadline"]["@value"] == "2026-08-15T23:59:59"
    assert opportunity["elm:priceDetail"][0]["elm:amount"]["rdf:value"]["@value"] == "450"


def test_one_opportunity_without_dates_where_there_is_no_instance() -> None:
    opportunities = of_type(to_elm(changed(instances=[])), "elm:LearningOpportunity")
    assert len(opportunities) == 1
    assert "dc:temporal" not in opportunities[0]


def test_amounts_without_currency_are_said_in_words() -> None:
    assert price_detail(Price(amount=12.5)) == {
        "@type": "elm:PriceDetail",
        "skos:prefLabel": [{"@language": "und", "@value": "12.5"}],
    }
    assert price_detail(Price()) is None


@pytest.mark.parametrize(("hours", "expected"), [(75, "PT75H"), (1.5, "PT1H30M"), (0.5, "PT0H30M")])
def test_volumes(hours: float, expected: str) -> None:
    found = volume(hours)
    assert found is not None
    assert found["@value"] == expected


@pytest.mark.parametrize(("value", "expected"), [(3.0, "3"), (2.5, "2.5"), (100.0, "100"), (0.1 + 0.2, "0.3")])
def test_numbers(value: float, expected: str) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("lacking", "gap"),
    [
        ({"title": {}}, "title"),
        ({"homepage": None}, "homepage"),
        ({"fields": []}, "field of study"),
        ({"languages": []}, "language of instruction"),
        ({"learning_outcomes": []}, "learning outcome with a text"),
        ({"providers": [], "awarding_body": None}, "provider"),
        ({"providers": [Organisation(name={"en": "Somewhere"})]}, "name and country of every organisation"),
    ],
)
def test_what_elm_asks_for(lacking: dict[str, Any], gap: str) -> None:
    assert elm_gaps(changed(**lacking)) == [gap]


@pytest.mark.parametrize(
    ("lacking", "gap"),
    [
        ({"title": {}}, "title"),
        ({"country": None}, "country"),
        ({"awarding_body": None}, "awarding body"),
        ({"learning_outcomes": []}, "learning outcomes"),
        ({"workload": None}, "workload"),
        ({"level": None}, "level"),
        ({"assessment_types": []}, "assessment"),
        ({"modes": []}, "participation"),
        ({"quality_assurance": []}, "quality assurance"),
    ],
)
def test_what_the_council_asks_for(lacking: dict[str, Any], gap: str) -> None:
    assert council_gaps(changed(**lacking)) == [gap]


def test_the_two_questions_are_different_ones() -> None:
    without_workload, without_field = changed(workload=None), changed(fields=[])
    assert elm_conformant(without_workload)
    assert not council_conformant(without_workload)
    assert council_conformant(without_field)
    assert not elm_conformant(without_field)


def test_a_reason_stands_for_a_level() -> None:
    assert council_conformant(changed(level=Level(reason={"en": "outside the framework"})))


@settings(max_examples=100, deadline=None)
@given(OFFERINGS, st.sets(st.sampled_from(SourceOffering.__struct_fields__[4:-1]), max_size=5))
def test_the_rules_say_of_an_offering_what_its_document_shows(strange: SourceOffering, slots: set[str]) -> None:
    source = complete_source()
    for slot in slots:
        setattr(source, slot, getattr(strange, slot))
    found = map_offering(source, CONTEXT).offering
    assert found is not None
    document = to_elm(found)
    assert elm_conformant(found) == (gaps(document) == []), gaps(document)
    assert msgspec.json.encode(document)


@pytest.mark.real
@pytest.mark.skipif(not PROPERTIES.exists(), reason="the profile's list of properties is not beside the project")
@pytest.mark.parametrize("nqf", [None, "NLQF 6"])
def test_every_property_is_one_of_the_profile_and_no_more_often_than_it_says(nqf: str | None) -> None:
    run = Instance(instance_id="1", title={"en": "Autumn"}, mode="online", price=[Price(amount=1.0, currency="EUR")])
    document = to_elm(changed(level=Level(eqf=6, nqf=nqf, qf_ehea="first"), instances=[run], region="NL31"))
    with PROPERTIES.open(encoding="utf-8") as file:
        profile = {(row["class"], row["property"]): row["max"] for row in csv.DictReader(file)}
    for one in nodes(document):
        for name, value in one.items():
            if name.startswith("@"):
                continue
            most = profile.get((one["@type"], name)) or profile.get((one["@type"].replace("Qualification", LAS), name))
            assert most is not None, f"{one['@type']} has no {name}"
            assert most == "*" or not isinstance(value, list) or len(value) <= int(most)


LAS = "LearningAchievementSpecification"
