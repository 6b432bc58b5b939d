"""The suites: which expectations are held against source offerings, offerings, instances and whole sources.

A rule names its code; how much the code weighs is the policy's business and what to say about it stands in the
catalogue of codes. Rules about absence look at the *state* of an element, which the mapping decides, so that an
element that could not be understood is never also called missing: one cause, one code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from expectations import facts
from expectations.checking import Facts, Rule
from expectations.columns import RunOf
from expectations.facts import LONGEST_ID, Row, Told

if TYPE_CHECKING:
    from standard.mapping import Mapped

T = TypeVar("T")

MISSING = {
    "title": "MC02-TITLE-MISSING",
    "country": "MC03-COUNTRY-MISSING",
    "awarding_body": "MC04-AWARDING-BODY-MISSING",
    "workload": "MC06-WORKLOAD-MISSING",
    "level": "MC07-LEVEL-MISSING",
    "learning_outcomes": "MC08-OUTCOMES-MISSING",
    "modes": "MC09-MODE-MISSING",
    "prerequisites": "MC10-PREREQUISITES-MISSING",
    "assessment_types": "MC11-ASSESSMENT-MISSING",
    "supervision": "MC12-SUPERVISION-MISSING",
    "quality_assurance": "MC13-QUALITY-ASSURANCE-MISSING",
    "stackability": "MC15-STACKABILITY-MISSING",
    "homepage": "MC16-HOMEPAGE-MISSING",
    "description": "MC17-DESCRIPTION-MISSING",
    "fields": "MC17-FIELD-MISSING",
    "languages": "MC17-LANGUAGE-MISSING",
    "instances": "MC17-INSTANCE-MISSING",
    "price": "MC17-PRICE-MISSING",
    "contact": "MC17-CONTACT-MISSING",
    "licence": "MC17-LICENCE-MISSING",
}
"""Field of the offering whose state may be ``missing`` → the code that says so."""


def source_rules() -> list[Rule[Told]]:
    """Return the rules over source offerings; a row stands for a record and the path of the first with its id."""
    length = {"column": "source_id", "max_value": LONGEST_ID}
    return [
        Rule("MC00-ID-MISSING", "ExpectColumnValuesToNotBeNull", {"column": "source_id"}),
        Rule("MC00-ID-DUPLICATE", "ExpectColumnValuesToBeNull", {"column": "first_with_id"}, facts.duplicate),
        Rule("MC00-ID-TOO-LONG", "ExpectColumnValueLengthsToBeBetween", length, facts.long_id),
    ]


def offering_rules() -> list[Rule[Mapped]]:
    """Return the rules over mapped records."""
    over = _not_before("MC17-INSTANCES-ALL-OVER", "last_day", "today", facts.runs_over, "instances")
    return [*_presence_rules(), over, *_standard_rules()]


def instance_rules() -> list[Rule[RunOf]]:
    """Return the rules over instances."""
    return [
        _not_before("MC17-INSTANCE-ENDS-BEFORE-START", "end", "start", facts.run_dates),
        _not_before(
            "MC17-ENROLMENT-CLOSES-BEFORE-OPENING", "enrolment_closes", "enrolment_opens", facts.enrolment_dates
        ),
        _not_before("MC17-ENROLMENT-AFTER-END", "end", "enrolment_opens", facts.enrolment_dates),
        Rule("MC17-PRICE-CURRENCY-MISSING", "ExpectColumnValuesToBeNull", {"column": "price"}, facts.bare_amount),
    ]


def source_count_rules() -> list[Rule[Row]]:
    """Return the rules over the counts of a whole source (a frame of one row)."""
    return [
        _not_before("MC00-SOURCE-EMPTY", "selected", "least_unless_allowed", facts.counted),
        _not_before("MC00-SOURCE-FEWER-THAN-PROMISED", "selected_if_any", "least_offerings", facts.counted),
        _not_before("MC00-SOURCE-TOTAL-DIFFERS", "fetched", "announced", facts.delivered),
        _not_before("MC00-SOURCE-UNREADABLE-SHARE", "most_unreadable", "unreadable_share", facts.counted),
    ]


def fill_rules() -> list[Rule[Row]]:
    """Return the rule over fill rates (a frame of one row per element the contract makes a demand on)."""
    return [_not_before("MC00-SOURCE-FILL-LOW", "fill", "least_fill", facts.counted)]


def sum_rules() -> list[Rule[Row]]:
    """Return the rule over sums that must close (a frame of one row per sum)."""
    return [_equal("MC00-SOURCE-COUNTS-OPEN", "whole", "parts", facts.counted)]


def live_rules(required: list[str]) -> list[Rule[Row]]:
    """Return the rules over the live rows of ``v1_offerings``. `required`: columns that the policy demands."""
    return [
        Rule("MC00-CATALOGUE-ID-DUPLICATE", "ExpectColumnValuesToBeUnique", {"column": "offering_id"}, facts.counted),
        _between("MC00-CATALOGUE-VERSIONS-OPEN", "open_versions", 1, 1, facts.counted),
        *(_row_complete(column) for column in required),
    ]


def catalogue_instance_rules() -> list[Rule[Row]]:
    """Return the rule over the instances in the catalogue."""
    arguments = {"column": "owner", "value_set": ["known"]}
    return [Rule("MC00-CATALOGUE-INSTANCE-ORPHAN", "ExpectColumnValuesToBeInSet", arguments, facts.counted)]


def catalogue_count_rules() -> list[Rule[Row]]:
    """Return the rules over the counts of the catalogue (a frame of one row)."""
    return [
        _equal("MC00-CATALOGUE-COUNT-DIFFERS", "live", "accepted", facts.counted),
        _equal("MC00-CATALOGUE-INDEX-DIFFERS", "live", "indexed", facts.counted),
    ]


def _presence_rules() -> list[Rule[Mapped]]:
    return [
        Rule(code, "ExpectColumnValuesToNotBeInSet", {"column": f"{field}_state", "value_set": ["missing"]})
        for field, code in MISSING.items()
    ]


def _standard_rules() -> list[Rule[Mapped]]:
    """Rules that the mapping guarantees. They hold the door where a defect there would reach portals."""
    positive = {"min_value": 0, "strict_min": True}
    one_to_eight, share = {"min_value": 1, "max_value": 8}, {"min_value": 0, "max_value": 1}
    return [
        Rule("MC00-RECORD-NOT-MAPPED", "ExpectColumnValuesToBeNull", {"column": "unexplained"}),
        _guaranteed("homepage is a web address", "homepage", _REGEX, {"regex": r"\Ahttps?://\S+\Z"}, facts.homepage),
        _guaranteed("country is an alpha-2 code", "country", _REGEX, {"regex": r"\A[A-Z]{2}\Z"}, facts.country),
        _guaranteed("EQF level is 1 to 8", "eqf", _RANGE, one_to_eight, facts.eqf, "level"),
        _guaranteed("credits are more than zero", "ects", _RANGE, positive, facts.ects, "workload"),
        _guaranteed("hours of work are more than zero", "hours", _RANGE, positive, facts.hours, "workload"),
        _guaranteed("completeness is a share", "score", _RANGE, share, facts.score),
    ]


_RANGE = "ExpectColumnValuesToBeBetween"
_REGEX = "ExpectColumnValuesToMatchRegex"


def _guaranteed(
    rule: str,
    column: str,
    expectation: str,
    arguments: Mapping[str, object],
    tell: Callable[[Mapped], Facts],
    field: str | None = None,
) -> Rule[Mapped]:
    """A rule of the standard in plain words, about a column that bears the name of its field or of a part of it."""
    told = facts.broken(rule, tell)
    return Rule("MC00-MAPPING-BROKEN", expectation, {"column": column, **arguments}, told, field or column)


def _between(
    code: str,
    column: str,
    least: object,
    most: object,
    tell: Callable[[T], Facts],
    field: str | None = None,
) -> Rule[T]:
    return Rule(code, _RANGE, {"column": column, "min_value": least, "max_value": most}, tell, field)


def _not_before(code: str, later: str, earlier: str, tell: Callable[[T], Facts], field: str | None = None) -> Rule[T]:
    """The first column is greater than the second or equal, wherever both stand."""
    arguments = {"column_A": later, "column_B": earlier, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Rule(code, "ExpectColumnPairValuesAToBeGreaterThanB", arguments, tell, field)


def _equal(code: str, one: str, other: str, tell: Callable[[T], Facts], field: str | None = None) -> Rule[T]:
    """Both columns say the same, wherever both stand."""
    arguments = {"column_A": one, "column_B": other, "ignore_row_if": "either_value_is_missing"}
    return Rule(code, "ExpectColumnPairValuesToBeEqual", arguments, tell, field)


def _row_complete(column: str) -> Rule[Row]:
    def tell(row: Row) -> Facts:
        return {**facts.counted(row), "column": column}

    return Rule("MC00-CATALOGUE-ROW-INCOMPLETE", "ExpectColumnValuesToNotBeNull", {"column": column}, tell)
