"""The suite for the register of quality assurance: what must hold of it before it is let into the catalogue.

Numbers are unique, validity is in order, decisions are in the vocabulary, reports hang together with providers and
agencies, every country that is pulled is there, and nothing shrinks all of a sudden. A finding that blocks keeps the
whole register out; the last good one stays.

Reports are gone through once and only columns of them are held, because there are many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from sys import intern
from typing import TYPE_CHECKING, Any

import msgspec

from expectations.checking import Checker, Facts, Rule
from expectations.facts import Row
from expectations.findings import finding_from
from expectations.policy import Policy
from standard.register import DECISIONS, Agency, RegisterProvider, Report
from standard.verdict import Finding

if TYPE_CHECKING:
    import pandas as pd


Columns = dict[str, list[Any]]
MOST_FINDINGS = 20
"""Findings of one rule that are told; the rest is the same again."""


class RegisterDemands(msgspec.Struct, frozen=True):
    """What a pull promises. `countries`: alpha-2, none where everything is pulled; `live_providers`, `live_reports`: of
    the last good register; `greatest_drop`: share that may be missing; `most_adrift`: share of reports that may name
    no provider or agency of the register."""

    countries: Sequence[str] = ()
    live_providers: int = 0
    live_reports: int = 0
    greatest_drop: float = 0.05
    most_adrift: float = 0.05


def judge_register(
    policy: Policy,
    demands: RegisterDemands,
    agencies: Iterable[Agency],
    providers: Iterable[RegisterProvider],
    reports: Iterable[Report],
) -> list[Finding]:
    """Return what there is to say about a register; nothing where all is well. Each of the three is read once."""
    seen = _seen(agencies, providers, reports)
    frames = [
        ("agencies", _numbers("agency", "agency_id"), _frame({"agency_id": seen.agencies})),
        ("providers", _numbers("provider", "provider_id"), _frame({"provider_id": seen.providers})),
        ("reports", _report_rules(), _frame(seen.reports)),
        ("whole", _whole_rules(), _frame(_one_row(_whole(demands, seen)))),
        ("countries", _country_rules(), _frame(_countries(demands, seen))),
        ("sizes", _size_rules(), _frame(_sizes(demands, seen))),
    ]
    return [finding for name, rules, frame in frames for finding in _judge(policy, name, rules, frame)]


class _Seen(msgspec.Struct):
    """What the suite needs of a register: numbers, columns of the reports, and what is counted while reading."""

    agencies: list[int]
    providers: list[int]
    countries: Counter[str]
    reports: Columns
    without_provider: int = 0
    without_agency: int = 0


def _seen(agencies: Iterable[Agency], providers: Iterable[RegisterProvider], reports: Iterable[Report]) -> _Seen:
    columns: Columns = {"report_id": [], "decision": [], "valid_from": [], "valid_to": []}
    seen = _Seen([one.agency_id for one in agencies], [], Counter(), columns)
    for provider in providers:
        seen.providers.append(provider.provider_id)
        seen.countries.update(provider.countries())
    known, registered = set(seen.providers), set(seen.agencies)
    for report in reports:
        columns["report_id"].append(report.report_id)
        columns["decision"].append(None if report.decision is None else intern(report.decision))
        columns["valid_from"].append(_ordinal(report.validity.valid_from))
        columns["valid_to"].append(_ordinal(report.validity.valid_to))
        seen.without_provider += not any(each.provider_id in known for each in report.institutions)
        seen.without_agency += report.agency_id not in registered
    return seen


def _numbers(kind: str, column: str) -> list[Rule[Row]]:
    def tell(row: Row) -> Facts:
        return {"value": row[column], "kind": kind}

    return [Rule("MC00-REGISTER-ID-DUPLICATE", "ExpectColumnValuesToBeUnique", {"column": column}, tell)]


def _report_rules() -> list[Rule[Row]]:
    order = {"column_A": "valid_to", "column_B": "valid_from", "or_equal": True}
    known = {"column": "decision", "value_set": sorted(DECISIONS)}
    return [
        *_numbers("report", "report_id"),
        Rule(
            "MC00-REGISTER-VALIDITY-REVERSED",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {**order, "ignore_row_if": "either_value_is_missing"},
            lambda row: {
                "value": row["report_id"],
                "valid_from": _told(row["valid_from"]),
                "valid_to": _told(row["valid_to"]),
            },
        ),
        Rule(
            "MC00-REGISTER-DECISION-UNKNOWN",
            "ExpectColumnValuesToBeInSet",
            known,
            lambda row: {"value": row["report_id"], "decision": row["decision"]},
        ),
    ]


def _whole_rules() -> list[Rule[Row]]:
    return [
        _at_most("MC00-REGISTER-REPORTS-WITHOUT-PROVIDER", "provider_adrift"),
        _at_most("MC00-REGISTER-REPORTS-WITHOUT-AGENCY", "agency_adrift"),
    ]


def _at_most(code: str, column: str) -> Rule[Row]:
    arguments = {"column_A": "most", "column_B": column, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Rule(code, "ExpectColumnPairValuesAToBeGreaterThanB", arguments, dict)


def _country_rules() -> list[Rule[Row]]:
    arguments = {"column": "providers", "min_value": 1}
    return [
        Rule(
            "MC00-REGISTER-COUNTRY-EMPTY",
            "ExpectColumnValuesToBeBetween",
            arguments,
            lambda row: {"value": row["country"]},
        )
    ]


def _size_rules() -> list[Rule[Row]]:
    arguments = {"column_A": "found", "column_B": "least", "or_equal": True, "ignore_row_if": "neither"}
    return [Rule("MC00-REGISTER-SHRUNK", "ExpectColumnPairValuesAToBeGreaterThanB", arguments, dict)]


def _whole(demands: RegisterDemands, seen: _Seen) -> Row:
    count = len(seen.reports["report_id"])
    adrift, orphaned = seen.without_provider, seen.without_agency
    provider_share, agency_share = (number / count if count else 0.0 for number in (adrift, orphaned))
    return {
        "reports": count,
        "without_provider": adrift,
        "without_agency": orphaned,
        "provider_adrift": provider_share,
        "agency_adrift": agency_share,
        "provider_share": f"{provider_share:.1%}",
        "agency_share": f"{agency_share:.1%}",
        "most": demands.most_adrift,
        "most_share": f"{demands.most_adrift:.1%}",
    }


def _countries(demands: RegisterDemands, seen: _Seen) -> Columns:
    wanted = sorted(set(demands.countries))
    return {"country": list(wanted), "providers": [seen.countries[country] for country in wanted]}


def _sizes(demands: RegisterDemands, seen: _Seen) -> Columns:
    live = [demands.live_providers, demands.live_reports]
    return {
        "kind": ["providers", "reports"],
        "found": [len(seen.providers), len(seen.reports["report_id"])],
        "live": list(live),
        "least": [number * (1 - demands.greatest_drop) for number in live],
        "most_share": [f"{demands.greatest_drop:.1%}"] * 2,
    }


def _ordinal(day: date | None) -> float | None:
    return None if day is None else float(day.toordinal())


def _told(ordinal: Any) -> str | None:
    return None if ordinal is None else date.fromordinal(int(ordinal)).isoformat()


def _one_row(row: Row) -> Columns:
    return {name: [value] for name, value in row.items()}


def _frame(columns: Columns) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns)


def _row(frame: pd.DataFrame, number: int) -> Row:
    """A row of a frame in Python's own types; what is missing is None."""
    return {str(name): _plain(frame[name].iloc[number]) for name in frame.columns}


def _plain(value: Any) -> Any:
    if value is None or value != value:  # not a number: how a frame says that nothing is there
        return None
    return value.item() if hasattr(value, "item") else value


def _judge(policy: Policy, name: str, rules: Sequence[Rule[Row]], frame: pd.DataFrame) -> list[Finding]:
    findings: list[Finding] = []
    for failure in Checker(f"register: {name}", rules, policy.severity).failures(frame):
        for number in failure.rows[:MOST_FINDINGS]:
            findings.append(finding_from(failure.rule.observation(_row(frame, number)), policy, None, None))
    return findings
