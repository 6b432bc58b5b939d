"""The suite for the register of quality assurance: what must hold of it before it is let into the catalogue.

Numbers are unique, validity is in order, decisions are in the vocabulary, reports hang together with providers and
agencies, every country that is pulled is there, and nothing shrinks all of a sudden. A finding that blocks keeps the
whole register out; the last good one stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from expectations.checking import Checker, Facts, Rule
from expectations.facts import Row
from expectations.findings import finding_from
from expectations.policy import Policy
from standard.register import DECISIONS, Agency, RegisterProvider, Report
from standard.verdict import Finding

if TYPE_CHECKING:
    import pandas as pd


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
    agencies: Sequence[Agency],
    providers: Sequence[RegisterProvider],
    reports: Sequence[Report],
) -> list[Finding]:
    """Return what there is to say about a register; nothing where all is well."""
    frames = [
        ("agencies", _numbers("agency", "agency_id"), _frame([{"agency_id": one.agency_id} for one in agencies])),
        ("providers", _numbers("provider", "provider_id"), _frame([{"provider_id": p.provider_id} for p in providers])),
        ("reports", _report_rules(), _frame([_report(one) for one in reports])),
        ("whole", _whole_rules(), _frame([_whole(demands, agencies, providers, reports)])),
        ("countries", _country_rules(), _frame(_countries(demands, providers))),
        ("sizes", _size_rules(), _frame(_sizes(demands, providers, reports))),
    ]
    return [finding for name, rules, frame in frames for finding in _judge(policy, name, rules, frame)]


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
            lambda row: {"value": row["report_id"], "valid_from": _told(row["first"]), "valid_to": _told(row["last"])},
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


def _report(report: Report) -> Row:
    validity = report.validity
    return {
        "report_id": report.report_id,
        "decision": report.decision,
        "valid_from": _ordinal(validity.valid_from),
        "valid_to": _ordinal(validity.valid_to),
        "first": validity.valid_from,
        "last": validity.valid_to,
    }


def _whole(
    demands: RegisterDemands,
    agencies: Sequence[Agency],
    providers: Sequence[RegisterProvider],
    reports: Sequence[Report],
) -> Row:
    known, registered = {one.provider_id for one in providers}, {one.agency_id for one in agencies}
    adrift = sum(not any(each.provider_id in known for each in one.institutions) for one in reports)
    orphaned = sum(one.agency_id not in registered for one in reports)
    provider_share, agency_share = (number / len(reports) if reports else 0.0 for number in (adrift, orphaned))
    return {
        "reports": len(reports),
        "without_provider": adrift,
        "without_agency": orphaned,
        "provider_adrift": provider_share,
        "agency_adrift": agency_share,
        "provider_share": f"{provider_share:.1%}",
        "agency_share": f"{agency_share:.1%}",
        "most": demands.most_adrift,
        "most_share": f"{demands.most_adrift:.1%}",
    }


def _countries(demands: RegisterDemands, providers: Sequence[RegisterProvider]) -> list[Row]:
    there = [country for one in providers for country in one.countries()]
    return [{"country": country, "providers": there.count(country)} for country in sorted(set(demands.countries))]


def _sizes(demands: RegisterDemands, providers: Sequence[RegisterProvider], reports: Sequence[Report]) -> list[Row]:
    counted = (("providers", len(providers), demands.live_providers), ("reports", len(reports), demands.live_reports))
    share = f"{demands.greatest_drop:.1%}"
    return [
        {"kind": kind, "found": found, "live": live, "least": live * (1 - demands.greatest_drop), "most_share": share}
        for kind, found, live in counted
    ]


def _ordinal(day: date | None) -> float | None:
    return None if day is None else float(day.toordinal())


def _told(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _frame(rows: Sequence[Row]) -> tuple[pd.DataFrame, Sequence[Row]]:
    import pandas as pd

    return pd.DataFrame(list(rows)), rows


def _judge(
    policy: Policy, name: str, rules: Sequence[Rule[Row]], given: tuple[pd.DataFrame, Sequence[Row]]
) -> list[Finding]:
    frame, rows = given
    findings: list[Finding] = []
    for failure in Checker(f"register: {name}", rules, policy.severity).failures(frame):
        told = dict.fromkeys(failure.rows) if failure.rows else {}
        for row in islice(told, MOST_FINDINGS):
            findings.append(finding_from(failure.rule.observation(rows[row]), policy, None, None))
    return findings
