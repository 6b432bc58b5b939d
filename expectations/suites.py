"""The suites: which expectations are held against source offerings, offerings, instances and whole sources.

A rule names its code; how much the code weighs is the policy's business and what to say about it stands in the
catalogue of codes. Rules about absence look at the *state* of an element, which the mapping decides, so that an
element that could not be understood is never also called missing: one cause, one code.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from expectations.checking import Facts, Rule
from expectations.columns import (
    EQF_OF_CYCLE,
    MappedRecord,
    RunOf,
    amount_without_currency,
    last_day,
    quality_assured_until,
)
from standard.offering import Offering
from standard.source_offering import SourceOffering

LONGEST_ID = 400
SHORTEST_TITLE, LONGEST_TITLE = 3, 250
ACADEMIC_YEAR_ECTS = 60
HOURS_PER_CREDIT = (15, 45)
"""Wide around the 25 to 30 of the ECTS Users' Guide (2015): what lies outside is another unit, not another custom."""

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

Duplicate = tuple[SourceOffering, str | None]
Row = dict[str, Any]


def source_rules() -> list[Rule[Duplicate]]:
    """Return the rules over source offerings; a row stands for a record and the path of the first with its id."""
    return [
        Rule("MC00-ID-MISSING", "ExpectColumnValuesToNotBeNull", {"column": "source_id"}),
        Rule("MC00-ID-DUPLICATE", "ExpectColumnValuesToBeNull", {"column": "first_with_id"}, _duplicate),
        Rule("MC00-ID-TOO-LONG", "ExpectColumnValueLengthsToBeBetween",
             {"column": "source_id", "max_value": LONGEST_ID}, _long_id),
    ]  # fmt: skip


def offering_rules(today: date) -> list[Rule[MappedRecord]]:
    """Return the rules over mapped records. `today`: the day on which validity and runs are judged."""
    return [*_missing_rules(), *_consistency_rules(today), *_standard_rules()]


def instance_rules() -> list[Rule[RunOf]]:
    """Return the rules over instances."""
    return [
        _order("MC17-INSTANCE-ENDS-BEFORE-START", "end", "start", _run_dates),
        _order("MC17-ENROLMENT-CLOSES-BEFORE-OPENING", "enrolment_closes", "enrolment_opens", _enrolment_dates),
        _order("MC17-ENROLMENT-AFTER-END", "end", "enrolment_opens", _enrolment_and_end),
        Rule("MC17-PRICE-CURRENCY-MISSING", "ExpectColumnValuesToBeNull", {"column": "price"}, _bare_amount),
    ]


def source_count_rules() -> list[Rule[Row]]:
    """Return the rules over the counts of a whole source (a frame of one row)."""
    return [
        _at_least("MC00-SOURCE-EMPTY", "selected_or_allowed", "one"),
        _at_least("MC00-SOURCE-FEWER-THAN-PROMISED", "selected_if_any", "least_offerings"),
        _at_least("MC00-SOURCE-UNREADABLE-SHARE", "most_unreadable", "unreadable"),
    ]


def fill_rules() -> list[Rule[Row]]:
    """Return the rule over fill rates (a frame of one row per element the contract makes a demand on)."""
    return [_at_least("MC00-SOURCE-FILL-LOW", "fill", "least")]


def sum_rules() -> list[Rule[Row]]:
    """Return the rule over sums that must close (a frame of one row per sum)."""
    return [_equal("MC00-SOURCE-COUNTS-OPEN", "whole", "parts", _all)]


def _missing_rules() -> list[Rule[MappedRecord]]:
    return [
        Rule(code, "ExpectColumnValuesToNotBeInSet", {"column": f"{field}_state", "value_set": ["missing"]})
        for field, code in MISSING.items()
    ]


def _consistency_rules(today: date) -> list[Rule[MappedRecord]]:
    least_hours, most_hours = HOURS_PER_CREDIT
    day = today.isoformat()
    return [
        _between("MC02-TITLE-TOO-SHORT", "title_shortest", SHORTEST_TITLE, None, _short_title, "title"),
        _between("MC02-TITLE-TOO-LONG", "title_longest", None, LONGEST_TITLE, _long_title, "title"),
        _between("MC06-WORKLOAD-OVER-A-YEAR", "ects", None, ACADEMIC_YEAR_ECTS, _ects, "workload"),
        _between("MC06-HOURS-PER-CREDIT-UNUSUAL", "hours_per_credit", least_hours, most_hours, _hours, "workload"),
        _equal("MC07-LEVEL-CONTRADICTS-CYCLE", "eqf", "eqf_of_cycle", _cycle, "level"),
        Rule("MC08-OUTCOMES-REPEAT-DESCRIPTION", "ExpectColumnValuesToBeNull", {"column": "repeats"},
             field="learning_outcomes"),
        _between("MC13-QUALITY-ASSURANCE-EXPIRED", "quality_assured_until", day, None, _expiry, "quality_assurance"),
        _between("MC17-INSTANCES-ALL-OVER", "last_day", day, None, _runs_over, "instances"),
    ]  # fmt: skip


def _standard_rules() -> list[Rule[MappedRecord]]:
    """Rules that the mapping guarantees. They hold the door where a defect there would reach portals."""
    code, between, regex = "MC00-MAPPING-BROKEN", "ExpectColumnValuesToBeBetween", "ExpectColumnValuesToMatchRegex"
    return [
        Rule("MC00-RECORD-NOT-MAPPED", "ExpectColumnValuesToBeInSet", {"column": "mapped", "value_set": ["yes"]}),
        Rule(code, regex, {"column": "homepage", "regex": r"^https?://[^\s]+$"},
             lambda record: _broken("a homepage is an http or https address", _of(record).homepage), "homepage"),
        Rule(code, regex, {"column": "country", "regex": r"^[A-Z]{2}$"},
             lambda record: _broken("a country is an ISO 3166-1 alpha-2 code", _of(record).country), "country"),
        Rule(code, between, {"column": "eqf", "min_value": 1, "max_value": 8},
             lambda record: _broken("an EQF level is 1 to 8", _facts_of_level(record)), "level"),
        Rule(code, between, {"column": "ects", "min_value": 0, "strict_min": True},
             lambda record: _broken("credits are more than zero", _ects(record)["value"]), "workload"),
        Rule(code, between, {"column": "hours", "min_value": 0, "strict_min": True},
             lambda record: _broken("hours of work are more than zero", _facts_of_hours(record)), "workload"),
        Rule(code, between, {"column": "score", "min_value": 0, "max_value": 1},
             lambda record: _broken("completeness is a share between 0 and 1", _score(record))),
    ]  # fmt: skip
