"""The register's own rules: validity, registration, identity by content."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.register import (
    Agency,
    Programme,
    ProviderName,
    RegisterProvider,
    Report,
    Validity,
    content_hash,
    deqar_id_of,
    fingerprint,
    programme_key,
    provider_id_of,
    six_years_after,
    validity,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(DAYS)
def test_without_an_end_a_report_holds_six_years_last_day_included(begin: date) -> None:
    held = validity(begin, None)
    last = held.valid_to_calculated
    assert last is not None
    assert (last.year - begin.year, held.holds_on(begin), held.holds_on(last)) == (6, True, True)
    assert not held.holds_on(begin - timedelta(days=1))
    assert not held.holds_on(last + timedelta(days=1))


def test_a_leap_day_ends_on_the_first_of_march() -> None:
    assert six_years_after(date(2024, 2, 29)) == date(2030, 3, 1)
    assert six_years_after(date(2024, 2, 28)) == date(2030, 2, 28)


@given(st.none() | DAYS, DAYS)
def test_without_a_beginning_nothing_holds(end: date | None, day: date) -> None:
    assert not validity(None, end).holds_on(day)
    assert not Validity().holds_on(day)


@pytest.mark.parametrize(
    ("agency", "answer"),
    [
        (Agency(1), None),
        (Agency(1, registered=True), None),
        (Agency(1, registered=False), False),
        (Agency(1, registration_start=date(2010, 1, 1)), True),
        (Agency(1, registration_start=date(2021, 1, 1)), False),
        (Agency(1, registration_start=date(2010, 1, 1), registration_valid_to=date(2020, 1, 1)), True),
        (Agency(1, registration_start=date(2010, 1, 1), registration_valid_to=date(2019, 12, 31)), False),
    ],
)
def test_whether_an_agency_was_registered_then(agency: Agency, answer: bool | None) -> None:
    assert agency.registered_on(date(2020, 1, 1)) is answer


def test_content_decides_what_is_a_change() -> None:
    report = Report(1, decision="positive", programmes=[Programme("a", "A", programme_id=1), Programme("b", "B")])
    renumbered = msgspec.structs.replace(
        report, updated=date(2026, 1, 1), programmes=[Programme("b", "B", programme_id=8), Programme("a", "A")]
    )
    assert content_hash(report) == content_hash(renumbered)
    assert content_hash(report) != content_hash(msgspec.structs.replace(report, decision="negative"))
    assert fingerprint([report, Report(2)]) == fingerprint([Report(2), renumbered])


def test_ids() -> None:
    assert deqar_id_of(7) == "DEQARINST0007"
    assert provider_id_of("DEQARINSTAP0010") == 10
    assert provider_id_of("EQARIN0001") is None


def test_keys_of_programmes_are_deaf_to_case_and_blanks() -> None:
    assert programme_key(" Applied  Data", "first cycle", 3.0) == programme_key("applied data", "First Cycle", 3.0)
    assert programme_key("Applied Data", "first cycle", 3.0) != programme_key("Applied Data", "first cycle", 4.0)


def test_names_of_a_provider_each_once() -> None:
    names = [ProviderName("Alt", english="Old", valid_to=date(2010, 1, 1)), ProviderName("Neu", english="New")]
    assert RegisterProvider(1, "DEQARINST0001", "New", names).all_names() == ["New", "Alt", "Old", "Neu"]
