"""What filters and facets know of an offering."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue_db.rows import offering_row
from catalogue_db.search.facts import completeness_band, ects_band, fact_row, open_on, values_of
from standard.offering import Instance, Offering
from tests.offerings import an_offering

days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
ends = st.none() | days.map(date.isoformat)
statuses = st.sampled_from([None, "open", "closed", "full", "cancelled"])
instances = st.builds(
    lambda opens, closes, start, status: Instance(
        "i", enrolment_opens=opens, enrolment_closes=closes, start=start, status=status
    ),
    ends,
    ends,
    ends,
    statuses,
)


def facts(offering: Offering) -> dict[str, Any]:
    row = offering_row(offering) | {"last_changed": "2026-02-03T04:05:06.000000Z"}
    return fact_row(7, 1, offering, row, ["o1"])


def is_open(several: list[Instance], day: str) -> bool:
    """The rule of the view ``v1_offerings``, said once more."""
    return any(
        (each.status or "open") == "open"
        and (each.status or each.enrolment_opens or each.enrolment_closes)
        and (each.enrolment_opens or day) <= day <= (each.enrolment_closes or each.start or day)
        for each in several
    )


@given(st.lists(instances, max_size=3), days)
@settings(max_examples=100)
def test_the_blocks_of_time_say_exactly_on_which_days_one_can_enrol(several: list[Instance], day: date) -> None:
    found = {value for kind, value in values_of(facts(an_offering(instances=several)), "north") if kind == "open"}
    assert bool(found.intersection(open_on(day))) == is_open(several, day.isoformat())
    told = any(each.status or each.enrolment_opens or each.enrolment_closes for each in several)
    assert ("told" in found) == told


@given(days, st.integers(0, 4000))
@settings(max_examples=50)
def test_a_span_of_time_is_few_blocks(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    run = Instance("i", enrolment_opens=first.isoformat(), enrolment_closes=last.isoformat())
    found = {value for kind, value in values_of(facts(an_offering(instances=[run])), "north") if kind == "open"}
    assert len(found) <= 2 * (30 + 11 + 9) + 2


def test_without_ends_it_is_one_block() -> None:
    found = values_of(facts(an_offering(instances=[Instance("i", status="open")])), "north")
    assert {value for kind, value in found if kind == "open"} == {"told", "20"}


def test_a_day_that_is_none_is_no_time_to_enrol() -> None:
    run = Instance("i", enrolment_opens="soon", enrolment_closes="2026-02-30")
    found = values_of(facts(an_offering(instances=[run])), "north")
    assert {value for kind, value in found if kind == "open"} == {"told"}


def test_the_row_knows_what_the_order_of_results_needs() -> None:
    row = facts(an_offering(title="Ökologie für Ärztinnen"))
    assert (row["title"], row["title_words"], row["changed_on"]) == ("okologie fur arztinnen", 3, "2026-02-03")
    assert ("title_words", "3") in values_of(row, "north")
    longer = facts(an_offering(title="one two three four"))
    assert {value for kind, value in values_of(longer, "north") if kind == "title_words"} == {"6"}


def test_bands() -> None:
    assert [completeness_band(each) for each in (None, 0.0, 0.5, 0.749, 0.75, 0.9, 1.0)] == [
        None,
        "under 50",
        "50 to 75",
        "50 to 75",
        "75 to 90",
        "90 and more",
        "90 and more",
    ]
    assert [ects_band(each) for each in (None, 0, 2, 4.9, 5, 10, 30, 240)] == [
        None,
        "under 2",
        "2 to 5",
        "2 to 5",
        "5 to 10",
        "10 to 30",
        "30 and more",
        "30 and more",
    ]
