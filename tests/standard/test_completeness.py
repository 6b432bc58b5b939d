"""Completeness of the thirteen elements."""

from __future__ import annotations

import pytest

from standard.completeness import FIELDS, completeness
from standard.elements.common.case import State
from standard.offering import Level, Offering

BARE = Offering(offering_id="o", feed="f", source_id="s")


def test_thirteen_elements_apply_and_three_do_not() -> None:
    elements = completeness(BARE, {}).elements
    assert list(elements) == [str(number) for number in range(1, 17)]
    assert [number for number, state in elements.items() if state == "not_applicable"] == ["1", "5", "14"]
    assert len(FIELDS) == 13


@pytest.mark.parametrize(
    ("state", "expected", "score"),
    [
        ("present", "present", 1 / 13),
        ("derived", "derived", 1 / 13),
        ("unreadable", "missing", 0),
        ("missing", "missing", 0),
    ],
)
def test_what_counts(state: State, expected: str, score: float) -> None:
    found = completeness(BARE, {"title": state})
    assert found.elements["2"] == expected
    assert found.score == pytest.approx(score, abs=1e-4)


def test_assessment_counts_by_type_or_by_text() -> None:
    assert completeness(BARE, {"assessment": "present", "assessment_types": "unreadable"}).elements["11"] == "present"
    assert completeness(BARE, {"assessment": "missing", "assessment_types": "derived"}).elements["11"] == "derived"


def test_a_reason_for_having_no_level_takes_the_element_out_of_the_count() -> None:
    states: dict[str, State] = {name: "present" for fields in FIELDS.values() for name in fields}
    reasoned = Offering(offering_id="o", feed="f", source_id="s", level=Level(reason={"en": "outside the framework"}))
    found = completeness(reasoned, states)
    assert found.elements["7"] == "not_applicable"
    assert found.score == 1.0
