"""The guard: what it lets in, what it holds back, and what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue_db.guard import (
    CandidateStatistics,
    Comparison,
    GuardReport,
    HeldStatistics,
    LiveStatistics,
    Thresholds,
    compare,
)

LIVE = LiveStatistics(100, {"workload": 0.9, "level": 0.5})
FULL = {"workload": 0.9, "level": 0.5}
DEFAULT = Thresholds()


def of(report: GuardReport, measure: str) -> Comparison:
    return next(each for each in report.comparisons if each.measure == measure)


def test_the_same_again_passes() -> None:
    report = compare(CandidateStatistics(100, 0, 0, FULL), LIVE, None, DEFAULT)
    assert report.passed
    assert report.reasons == []


@pytest.mark.parametrize(("rejected", "why"), [(0, "no records at all"), (7, "all 7 records were rejected")])
def test_nothing_at_all_is_a_failure_even_the_first_time(rejected: int, why: str) -> None:
    report = compare(CandidateStatistics(0, rejected), None, None, DEFAULT)
    assert report.empty
    assert not report.passed
    assert why in of(report, "records").sentence


def test_a_feed_may_be_empty_where_its_contract_says_so() -> None:
    report = compare(CandidateStatistics(0, 0), None, None, Thresholds(may_be_empty=True))
    assert report.passed
    assert not report.empty


def test_an_allowed_emptiness_is_still_a_drop() -> None:
    report = compare(CandidateStatistics(0, 0, 100), LIVE, None, Thresholds(may_be_empty=True))
    assert not report.empty
    assert not of(report, "count").within


@pytest.mark.parametrize(
    ("candidate", "measure"),
    [
        (CandidateStatistics(79, 0, 21, FULL), "count"),
        (CandidateStatistics(100, 0, 26, FULL), "identifiers"),
        (CandidateStatistics(100, 0, 0, {"workload": 0.59, "level": 0.5}), "fill of workload"),
        (CandidateStatistics(100, 0, 0, {"workload": 0.9}), "fill of level"),
        (CandidateStatistics(100, 101, 0, FULL), "rejected"),
    ],
)
def test_one_step_over_a_threshold_waits_and_says_which(candidate: CandidateStatistics, measure: str) -> None:
    report = compare(candidate, LIVE, None, DEFAULT)
    assert [each.measure for each in report.comparisons if not each.within] == [measure]
    assert "over the limit" in report.reasons[0]


@pytest.mark.parametrize(
    "candidate",
    [
        CandidateStatistics(80, 0, 20, FULL),
        CandidateStatistics(100, 0, 25, FULL),
        CandidateStatistics(100, 0, 0, {"workload": 0.6, "level": 0.5}),
        CandidateStatistics(100, 100, 0, FULL),
    ],
)
def test_exactly_the_threshold_passes(candidate: CandidateStatistics) -> None:
    assert compare(candidate, LIVE, None, DEFAULT).passed


def test_the_first_load_asks_only_what_needs_no_comparison() -> None:
    report = compare(CandidateStatistics(10, 2, 0, {"workload": 0.1}), None, None, DEFAULT)
    assert report.first_load
    assert [each.measure for each in report.comparisons] == ["records", "rejected"]


def test_the_sentences_carry_the_numbers() -> None:
    report = compare(CandidateStatistics(40, 60, 61, {"workload": 0.25}), LIVE, None, DEFAULT)
    assert of(report, "count").sentence == "40 offerings after 100: a drop of 60 %, over the limit of 20 %."
    assert "61 of 100 live offerings would leave (61 %)" in of(report, "identifiers").sentence
    assert "60 of 100 records were rejected (60 %)" in of(report, "rejected").sentence
    assert "25 % of the offerings after 90 %" in of(report, "fill of workload").sentence


def test_the_last_candidate_held_back_is_shown_beside_it() -> None:
    held = HeldStatistics(40, 0, "2026-01-02T00:00:00.000000Z", "refused", 60, {"workload": 0.2})
    report = compare(CandidateStatistics(41, 0, 59, FULL), LIVE, held, DEFAULT)
    assert of(report, "count").held == 40
    assert of(report, "fill of workload").held == 0.2
    assert "was refused" in (report.note or "")
    same = compare(CandidateStatistics(40, 0, 60, FULL), LIVE, held, DEFAULT)
    assert "same numbers" in (same.note or "")


def test_what_was_held_back_never_decides() -> None:
    held = HeldStatistics(1, 0, "2026-01-02T00:00:00.000000Z", "waiting", 99)
    assert compare(CandidateStatistics(100, 0, 0, FULL), LIVE, held, DEFAULT).passed


shares = st.floats(0, 1, allow_nan=False)


@given(
    accepted=st.integers(0, 1000), rejected=st.integers(0, 1000), live=st.integers(0, 1000), share=shares, limit=shares
)
def test_loosening_a_threshold_never_holds_more_back(
    accepted: int, rejected: int, live: int, share: float, limit: float
) -> None:
    statistics = CandidateStatistics(accepted, rejected, int(live * share), {"workload": share})
    before = LiveStatistics(live, {"workload": 1.0})
    strict = compare(statistics, before, None, Thresholds(limit, limit, limit, limit))
    loose = compare(statistics, before, None, Thresholds(1.0, 1.0, 1.0, 1.0))
    assert loose.passed or not strict.passed
    assert loose.passed == (accepted > 0)
