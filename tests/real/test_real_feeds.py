"""The whole pipeline over real files that nobody here wrote: counts, changes between harvests, and single records.

What a record is expected to be was written down from the source by a person, then compared.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from catalogue_db.changes import read_changes
from tests.real.harvest import COLLEGE, Harvest
from tests.real.records import live, source_offerings

pytestmark = pytest.mark.real

FEEDS = {
    "eduhub-gateway": 1,
    "imoox": 1,
    "moochub-example": 1,
    "open-university": 965,
    "open-university-example": 2,
    "tu-eindhoven": 10,
    f"{COLLEGE}, September": 334,
    f"{COLLEGE}, October": 326,
}
OPEN_UNIVERSITY = "http://www3.open.ac.uk/study/"


# Counts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", FEEDS)
def test_every_record_of_every_file_is_accounted_for(harvest: Harvest, edition: str) -> None:
    counts = harvest.of(edition).counts
    assert counts["fetched"] == FEEDS[edition]
    assert counts["fetched"] == counts["parsed"] + counts["unreadable"]
    assert counts["parsed"] == counts["selected"] + counts["out_of_scope"]
    assert counts["selected"] == counts["accepted"] + counts["rejected"]
    assert counts["accepted"] == counts["new"] + counts["changed"] + counts["unchanged"]
    assert (counts["unreadable"], counts["rejected"]) == (0, 0)


def test_the_open_universitys_presentations_are_all_there(harvest: Harvest) -> None:
    records = source_offerings(harvest, "open-university")
    assert len(records) == 965
    assert sum(len(record.instances) for record in records) == 1034


def test_a_month_later_eight_courses_are_gone_and_twenty_one_have_changed(harvest: Harvest) -> None:
    assert harvest.of(f"{COLLEGE}, September").counts["new"] == 334
    counts = harvest.of(f"{COLLEGE}, October").counts
    assert {name: counts[name] for name in ("new", "changed", "unchanged", "withdrawn")} == {
        "new": 0,
        "changed": 21,
        "unchanged": 305,
        "withdrawn": 8,
    }


def test_the_change_log_tells_the_same_as_the_run(harvest: Harvest) -> None:
    changes = read_changes(harvest.workplace.engine, 0, 5000, COLLEGE).changes
    assert Counter(change.kind for change in changes) == {"inserted": 334, "changed": 21, "withdrawn": 8}


@pytest.mark.parametrize("edition", FEEDS)
def test_nobody_is_told_the_same_thing_of_one_record_again_and_again(harvest: Harvest, edition: str) -> None:
    """One finding per record and cause: hardly ever more than one of a code, never more than a page can hold."""
    run = harvest.of(edition)
    often = {one.code: one.count / run.counts["selected"] for one in run.judged.by_code}
    assert {code: share for code, share in often.items() if share > 1.05} == {}
    assert sum(run.told["findings"].values()) / run.counts["selected"] < 14


# Records ---------------------------------------------------------------------------------------------------------


def _has(document: dict[str, Any], **expected: Any) -> None:
    assert {name: document.get(name) for name in expected} == expected


def test_a_module_of_the_open_university(harvest: Harvest) -> None:
    module = live(harvest, "open-university", f"{OPEN_UNIVERSITY}undergraduate/course/a150.htm")
    _has(
        module,
        title={"en": "Voices and texts"},
        workload={"ects": 15.0},
        level={"eqf": 5, "nqf": "SCQF 7"},
        modes=["online"],
        languages=["en"],
    )
    assert module["provenance"]["workload"]["how"] == "derived"
    first = module["instances"][0]
    _has(first, start="2012-11-03", end="2013-04-30", enrolment_opens="2012-03-27", enrolment_closes="2012-10-11")
    assert first["price"] == [
        {"amount": 1250.0, "currency": "GBP", "note": {"en": "Ireland fee, Continental Europe fee"}}
    ]


def test_fees_that_differ_by_region_are_kept_apart(harvest: Harvest) -> None:
    module = live(harvest, "open-university", f"{OPEN_UNIVERSITY}postgraduate/course/a867.htm")
    _has(module, workload={"ects": 30.0}, level={"eqf": 7, "nqf": "SCQF 11"})
    assert module["instances"][0]["price"] == [
        {"amount": 2215.0, "currency": "GBP", "note": {"en": "Ireland fee"}},
        {"amount": 2370.0, "currency": "GBP", "note": {"en": "Continental Europe fee"}},
    ]


def test_a_course_whose_credits_are_nought_has_none(harvest: Harvest) -> None:
    course = live(harvest, "open-university", f"{OPEN_UNIVERSITY}professionaldevelopment/course/gb039.htm")
    _has(course, title={"en": "Effective virtual teams"}, workload=None, level=None, instances=None)


def test_a_massage_course_of_the_college(harvest: Harvest) -> None:
    course = live(harvest, COLLEGE, "BACKM")
    _has(
        course,
        title={"en": "Back, Neck and Shoulder Massage"},
        level={"eqf": 3, "nqf": "SCQF 5"},
        prerequisites={"en": "No formal entry requirements."},
        stackability={"text": {"en": "- NC Beauty Therapy\n- Body Massage evening class"}},
        modes=None,
    )
    assert course["provenance"]["level"]["how"] == "derived"
    assert len(course["description"]["en"].split("\n\n")) > 1, "what is taught follows the description"
    first = course["instances"][0]
    _has(first, start="2012-09-06", end="2012-12-20", price=[{"amount": 84.0, "currency": "GBP"}])
    assert first["location"] == {"en": "Kirkcaldy (St Brycedale Campus), St Brycedale Avenue, KY1 1EX"}


def test_a_higher_national_certificate_has_its_level_and_no_price_that_was_never_entered(harvest: Harvest) -> None:
    course = live(harvest, COLLEGE, "HCIM")
    _has(course, level={"eqf": 5, "nqf": "SCQF 7"}, price=None)
    assert [run.get("price") for run in course["instances"]] == [None] * len(course["instances"])


def test_a_modern_apprenticeship_is_no_master_of_arts(harvest: Harvest) -> None:
    assert live(harvest, COLLEGE, "MALAB3").get("level") is None


def test_the_course_of_eindhoven_with_its_run_and_its_test(harvest: Harvest) -> None:
    course = live(harvest, "tu-eindhoven", "2b0e22fb-3c19-48a0-a48c-046c7211e9e9")
    _has(
        course,
        title={"nl-NL": "Advanced cognition", "en-GB": "Advanced cognition"},
        workload={"ects": 5.0},
        level={"eqf": 7, "qf_ehea": "second"},
        assessment={"nl-NL": "Eindtoets", "en-GB": "Final examination"},
        languages=["en"],
    )
    assert len(course["learning_outcomes"]) == 6
    (run,) = course["instances"]
    _has(run, start="2025-11-10", end="2026-01-18", title={"nl-NL": "Kwartiel 2", "en-GB": "Quartile 2"})


def test_english_under_a_dutch_label_is_told_and_not_relabelled(harvest: Harvest) -> None:
    course = live(harvest, "tu-eindhoven", "c2af7f53-6cf6-4cd2-870d-b91d6ba001e0")
    assert set(course["description"]) == {"nl-NL", "en-GB"}
    told = {one.code: one.count for one in harvest.of("tu-eindhoven").judged.by_code}
    assert told["MC17-DESCRIPTION-LANGUAGE-CONTRADICTED"] == told["MC08-OUTCOMES-LANGUAGE-CONTRADICTED"] == 10


def test_the_programme_inside_the_gateways_envelope(harvest: Harvest) -> None:
    programme = live(harvest, "eduhub-gateway", "49ca7998-74b1-f44a-1ec1-000000000002")
    _has(programme, workload={"ects": 155.0}, modes=["onsite", "online", "hybrid"], fields=["0612"], languages=["en"])
    assert len(programme["learning_outcomes"]) == 4


def test_a_course_of_imoox(harvest: Harvest) -> None:
    course = live(harvest, "imoox", "3")
    _has(course, workload={"hours": 7.0}, modes=["online"], languages=["de"], price=[{"amount": 0.0}])
    assert course["awarding_body"]["name"] == {"de": "Technische Universität Graz"}
    assert course["providers"][0]["name"] == {"de": "iMooX"}
    assert course["licence"] == "https://creativecommons.org/licenses/by-sa/4.0/"


def test_the_example_of_moochub(harvest: Harvest) -> None:
    course = live(harvest, "moochub-example", "8978f51e-770c-4d0a-a2e3-23fae8f6aa79")
    _has(course, workload={"hours": 6.0}, fields=["0611"], languages=["en"], level=None)
    assert [price["amount"] for price in course["price"]] == [0.0, 50.0]
    assert course["stackability"]["stackable"] is True


def test_the_open_universitys_example(harvest: Harvest) -> None:
    course = live(harvest, "open-university-example", "http://data.open.ac.uk/course/a174")
    _has(course, workload={"ects": 5.0}, level={"eqf": 5, "nqf": "SCQF 7"}, modes=None)
    assert [price["amount"] for price in course["instances"][0]["price"]] == [155.0, 340.0, 385.0]
    assert course["contact"]["url"].startswith("http://www3.open.ac.uk/contact/")
    degree = live(harvest, "open-university-example", "B01")
    assert degree["level"]["eqf"] == 6
    assert len(degree["description"]["en"].split("\n\n")) >= 5, "the description is given in five pieces"
