"""Credits, hours and durations: units, zero, ranges, samples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.observation import Scalar
from standard.values.credits import MOST_ECTS, MOST_HOURS, ects, hours, workload_kind
from standard.values.durations import duration
from tests.values.strategies import is_honest, quick, scalars, schemes, texts


@pytest.mark.parametrize(
    ("value", "scheme", "expected", "derived"),
    [
        (6, "ects", 6.0, False),
        (7.5, "ects", 7.5, False),
        ("6.00", "ects", 6.0, False),
        ("6,00", "ects", 6.0, False),
        ("6.000", "ects", 6.0, False),
        ("6 ECTS", None, 6.0, False),
        ("7.5 EC", None, 7.5, False),
        ("ECTS: 6", None, 6.0, False),
        ("6 ECTS-Punkte", None, 6.0, False),
        ("6 ECTS (168 hours)", None, 6.0, False),
        ("10 ECTS / 20 CATS", None, 10.0, False),
        ("154", "ects", 154.0, False),
        ("6", "http://data.europa.eu/snb/education-credit/6fcec5c5af", 6.0, False),
        (5, "CFU", 5.0, True),
        ("5 op", None, 5.0, True),
        ("5 opintopistettä", None, 5.0, True),
        ("7,5 hp", None, 7.5, True),
        ("20", "cats", 10.0, True),
        ("8", "SCQF", 4.0, True),
    ],
)
def test_credits_that_are_ects(value: Scalar, scheme: str | None, expected: float, derived: bool) -> None:
    understood = ects(value, scheme)
    assert (understood.value, understood.problem, understood.derived) == (expected, None, derived)


@pytest.mark.parametrize(
    ("value", "scheme", "problem"),
    [
        ("0", "ects", "placeholder"),
        (0.0, "ects", "placeholder"),
        ("", "ects", "placeholder"),
        ("n/a", "ects", "placeholder"),
        ("30", "credit", "unknown_code"),
        ("30", "The Open University", "unknown_code"),
        ("6", None, "unknown_code"),
        (4, "sp", "unknown_code"),
        ("5 ECVET points", None, "unknown_code"),
        ("15 UK credits", None, "unknown_code"),
        ("6 weeks", "ects", "unknown_code"),
        ("3-6 ECTS", None, "ambiguous"),
        ("3 to 6 ECTS", None, "ambiguous"),
        ("up to 6 ECTS", None, "ambiguous"),
        ("six", "ects", "unreadable"),
        (True, "ects", "unreadable"),
        (math.nan, "ects", "unreadable"),
        (math.inf, "ects", "unreadable"),
        (10**400, "ects", "unreadable"),
        (-3, "ects", "out_of_bounds"),
        (361, "ects", "out_of_bounds"),
    ],
)
def test_credits_that_are_none(value: Scalar, scheme: str | None, problem: str) -> None:
    understood = ects(value, scheme)
    assert (understood.value, understood.problem) == (None, problem)


@pytest.mark.parametrize(
    ("value", "scheme", "expected", "kind"),
    [
        (60, "hour", 60.0, "hour"),
        ("PT60H", "volume", 60.0, "hour"),
        ("PT90M", "hour", 1.5, "hour"),
        ("90", "minute", 1.5, "hour"),
        (28, "sbu", 28.0, "study_hour"),
        ("12", "contacttime", 12.0, "contact_hour"),
        ("5 Stunden", None, 5.0, "hour"),
        ("1 h 30 min", None, 1.5, "hour"),
        ("25h", None, 25.0, "hour"),
        ("6 ECTS (168 hours)", None, 168.0, "hour"),
    ],
)
def test_hours(value: Scalar, scheme: str | None, expected: float, kind: str) -> None:
    understood = hours(value, scheme)
    assert (understood.value, understood.problem, understood.facts["kind"]) == (expected, None, kind)


@pytest.mark.parametrize(
    ("value", "scheme", "problem"),
    [
        ("P60M", "volume", "unreadable"),
        ("P6W", "volume", "unreadable"),
        ("P1DT30H4S", "volume", "sample_value"),
        ("PT60H", "duration", "unknown_code"),
        ("5 Stunden pro Woche", None, "unknown_code"),
        (4, "hour_per_week", "unknown_code"),
        ("120", None, "unknown_code"),
        ("10-15 hours", None, "ambiguous"),
        ("0", "hour", "placeholder"),
        ("some", "hour", "unreadable"),
        (20_000, "hour", "out_of_bounds"),
    ],
)
def test_what_is_no_number_of_hours(value: Scalar, scheme: str | None, problem: str) -> None:
    understood = hours(value, scheme)
    assert (understood.value, understood.problem) == (None, problem)


@pytest.mark.parametrize(
    ("scheme", "kind"),
    [
        *(("ects", "credits"), ("cats", "credits"), ("credit", "credits"), ("hour", "hours"), ("volume", "hours")),
        *(("hour_per_week", "hours"), ("duration", None), ("week", None), (None, None), ("zorkmid", None)),
    ],
)
def test_what_a_scheme_counts(scheme: str | None, kind: str | None) -> None:
    assert workload_kind(scheme) == kind


@pytest.mark.parametrize(
    ("raw", "expected", "problem"),
    [
        ("P6W", "P6W", None),
        ("p1y6m", "P1Y6M", None),
        ("PT90M", "PT90M", None),
        ("6 weeks", "P6W", "adjusted"),
        ("9 months (approx)", "P9M", "adjusted"),
        ("3 Wochen", "P3W", "adjusted"),
        ("2 jaar", "P2Y", "adjusted"),
        ("9 semanas", "P9W", "adjusted"),
        ("PT3W", None, "unreadable"),
        ("PT", None, "unreadable"),
        ("P", None, "unreadable"),
        ("Variable", None, "unreadable"),
        ("P0Y0M", None, "placeholder"),
        ("PT0S", None, "placeholder"),
        ("", None, "placeholder"),
        ("-P3D", None, "out_of_bounds"),
        ("P99Y", None, "out_of_bounds"),
        ("P99999999999Y", None, "out_of_bounds"),
        ("P1DT30H4S", None, "sample_value"),
        ("6 to 10 Weeks", None, "ambiguous"),
    ],
)
def test_durations(raw: str, expected: str | None, problem: str | None) -> None:
    understood = duration(raw)
    assert (understood.value, understood.problem) == (expected, problem)


@quick
@given(scalars, schemes)
def test_credits_never_raise_and_stay_in_bounds(value: Scalar, scheme: str | None) -> None:
    for understood, most in ((ects(value, scheme), MOST_ECTS), (hours(value, scheme), MOST_HOURS)):
        assert is_honest(understood)
        assert understood.value is None or 0 < understood.value <= most


@quick
@given(st.floats(min_value=0.01, max_value=MOST_ECTS))
def test_a_number_of_ects_is_its_own_meaning(value: float) -> None:
    once = ects(value, "ects").value
    assert once is not None
    assert ects(once, "ects").value == once
    assert ects(str(once), "ects").value == once


@quick
@given(texts)
def test_durations_never_raise_and_are_their_own_meaning(raw: str) -> None:
    understood = duration(raw)
    assert is_honest(understood)
    if understood.value is not None:
        assert duration(understood.value).value == understood.value
