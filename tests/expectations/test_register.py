"""The suite for the register: what keeps it out, what is only told, and that a good one passes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from expectations.policy import load_policy
from expectations.register import RegisterDemands, judge_register
from standard.verdict import Finding
from tests.trust.records import AGENCY, a_provider, a_report


def judged(agencies: Any = (AGENCY,), providers: Any = None, reports: Any = None, **demands: Any) -> list[Finding]:
    return judge_register(
        load_policy(),
        RegisterDemands(**demands),
        agencies,
        [a_provider()] if providers is None else providers,
        [a_report()] if reports is None else reports,
    )


def test_a_good_register_passes() -> None:
    assert judged(countries=["FI"], live_providers=1, live_reports=1) == []


@pytest.mark.parametrize(
    ("register", "code", "told"),
    [
        ({"reports": [a_report(), a_report()]}, "MC00-REGISTER-ID-DUPLICATE", "report with the number 100"),
        ({"providers": [a_provider(), a_provider()]}, "MC00-REGISTER-ID-DUPLICATE", "provider with the number 10"),
        ({"agencies": [AGENCY, AGENCY]}, "MC00-REGISTER-ID-DUPLICATE", "agency with the number 1"),
        ({"reports": [a_report(about=99)]}, "MC00-REGISTER-REPORTS-WITHOUT-PROVIDER", "1 of 1 reports"),
        ({"reports": [a_report(agency_id=None)]}, "MC00-REGISTER-REPORTS-WITHOUT-AGENCY", "100.0%"),
        ({"countries": ["FI", "SE"]}, "MC00-REGISTER-COUNTRY-EMPTY", "of SE"),
        ({"live_reports": 2}, "MC00-REGISTER-SHRUNK", "1 reports, 2 are"),
    ],
)
def test_what_keeps_a_register_out(register: dict[str, Any], code: str, told: str) -> None:
    findings = [one for one in judged(**register) if one.code == code]
    assert findings
    assert {one.severity for one in findings} == {"blocks"}
    assert told in findings[0].message


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (a_report(first=date(2025, 1, 1), last=date(2024, 1, 1)), "MC00-REGISTER-VALIDITY-REVERSED"),
        (a_report(decision="perhaps"), "MC00-REGISTER-DECISION-UNKNOWN"),
    ],
)
def test_what_is_only_told(report: Any, code: str) -> None:
    assert [(one.code, one.severity) for one in judged(reports=[report])] == [(code, "informs")]
