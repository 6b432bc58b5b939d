"""Dates: accepted forms, placeholders, the plausible window, ranges."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.observation import Scalar
from standard.values.dates import EARLIEST, date_range, is_range, moment
from tests.values.strategies import is_honest, quick, scalars, texts

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *(("2025-09-12", "2025-09-12"), ("2025-9-2", "2025-09-02"), ("2025/09/12", "2025-09-12")),
        *(("20250912", "2025-09-12"), (20250912, "2025-09-12"), ("20220112T110000", "2022-01-12T11:00:00")),
        ("2012-09-03T00:00:00", "2012-09-03T00:00:00"),
        ("2025-09-12T10:00:00Z", "2025-09-12T10:00:00Z"),
        ("2025-09-12T10:00:00.123456Z", "2025-09-12T10:00:00Z"),
        ("2025-09-12T10:00+02:00", "2025-09-12T10:00:00+02:00"),
        ("2025-09-12 10:00", "2025-09-12T10:00:00"),
        ("2014-04-01+02:00", "2014-04-01"),
        *(("13/09/2025", "2025-09-13"), ("09/13/2025", "2025-09-13"), ("12/12/2025", "2025-12-12")),
        *(("12.09.2025", "2025-09-12"), ("1. 9. 2025", "2025-09-01"), ("12.9.2025, 14:30", "2025-09-12T14:30:00")),
        *(("6 October 2012", "2012-10-06"), ("12 Sep 2025", "2025-09-12"), ("September 12, 2025", "2025-09-12")),
        *(
            ("1er octobre 2025", "2025-10-01"),
            ("12. September 2025", "2025-09-12"),
            ("3 de marzo de 2025", "2025-03-03"),
        ),
        *(("12. syyskuuta 2025", "2025-09-12"), ("12 maart 2025", "2025-03-12"), ("12 Sept. 2025", "2025-09-12")),
        ("Freitag, 12. September 2025", "2025-09-12"),
        ("12 Sep 2025, 2:30 pm", "2025-09-12T14:30:00"),
        ("Mon, 15 Sep 2025 10:00:00 +0200", "2025-09-15T10:00:00+02:00"),
        ("Mon, 15 Sep 2025 10:00:00 GMT", "2025-09-15T10:00:00Z"),
        *((1694505600, "2023-09-12T08:00:00Z"), ("1694505600", "2023-09-12T08:00:00Z")),
        (1694505600000, "2023-09-12T08:00:00Z"),
        ("[2025-09-15]", "2025-09-15"),
    ],
)
def test_accepted_forms(raw: Scalar, expected: str) -> None:
    understood = moment(raw, TODAY)
    assert (understood.value, understood.problem) == (expected, None)


@pytest.mark.parametrize("raw", ["2025-09", "09/2025", "September 2025", "septembre 2025"])
def test_a_month_is_kept_as_its_first_day_and_says_so(raw: str) -> None:
    understood = moment(raw, TODAY)
    assert (understood.value, understood.problem, understood.facts) == (
        "2025-09-01",
        "adjusted",
        {"precision": "month"},
    )


def test_two_digits_of_a_year() -> None:
    assert (moment("01.10.25", TODAY).value, moment("01.10.25", TODAY).problem) == ("2025-10-01", "adjusted")


def test_the_scheme_decides_the_order_of_day_and_month() -> None:
    assert moment("03/04/2025", TODAY).problem == "ambiguous"
    assert moment("03/04/2025", TODAY, "day_first").value == "2025-04-03"
    assert moment("03/04/2025", TODAY, "month_first").value == "2025-03-04"


def test_serial_days_of_excel_only_where_the_scheme_says_so() -> None:
    assert moment(45912, TODAY).problem == "unreadable"
    assert moment(45912, TODAY, "excel_serial").value == "2025-09-12"
    assert moment("45912.5", TODAY, "excel_serial").value == "2025-09-12T12:00:00"
    assert moment(0, TODAY, "excel_serial").problem == "placeholder"
    assert moment(9e99, TODAY, "excel_serial").problem == "out_of_bounds"


@pytest.mark.parametrize(
    "raw",
    [
        *("", "-", "tbd", 0, "0", "1970-01-01", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00", "01/01/1970"),
        *("1900-01-01", "01/01/1900", "1999-11-30", "0000-00-00", "0001-01-01T00:00:00Z", "9999-12-31", "31/12/9999"),
    ],
)
def test_dates_that_software_writes_for_none(raw: Scalar) -> None:
    assert (moment(raw, TODAY).value, moment(raw, TODAY).problem) == (None, "placeholder")


@pytest.mark.parametrize("raw", ["1999-12-31", "1950-09-20", "2123-07-06", "2037-01-01", "02/25/2050"])
def test_outside_the_plausible_window(raw: str) -> None:
    assert moment(raw, TODAY).problem == "out_of_bounds"


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "OU qualifications have up to three start points in the year",
            "starts 12 Sep 2025",
            "2025",
            2025,
            True,
            "10:30:00Z",
        ),
        *(
            "2025-02-30",
            "2025-13-01",
            "2025-09-12T25:00",
            "2025-09-12T10:00+25:00",
            "12 listopad 2025",
            "32 Sep 2025",
            -5,
        ),
        *("12 Foobar 2025", "Funday, 12 Sep 2025", "E1 - Tu 5-6, Th 1-2"),
    ],
)
def test_unreadable(raw: Scalar) -> None:
    assert (moment(raw, TODAY).value, moment(raw, TODAY).problem) == (None, "unreadable")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12 Sep 2025 - 30 Sep 2025", ("2025-09-12", "2025-09-30")),
        ("2025-09-12/2025-09-30", ("2025-09-12", "2025-09-30")),
        ("2025-09-12 – 2025-09-30", ("2025-09-12", "2025-09-30")),
        ("12.–30. September 2025", ("2025-09-12", "2025-09-30")),
        ("12.9.–30.10.2025", ("2025-09-12", "2025-10-30")),
        ("from 12 September to 3 October 2025", ("2025-09-12", "2025-10-03")),
        ("vom 12. bis 30. September 2025", ("2025-09-12", "2025-09-30")),
        ("du 12 au 30 septembre 2025", ("2025-09-12", "2025-09-30")),
        ("12 t/m 30 maart 2025", ("2025-03-12", "2025-03-30")),
        ("12/09/2025 to 30/09/2025", None),
        ("30 Sep 2025 - 12 Sep 2025", None),
    ],
)
def test_ranges(raw: str, expected: tuple[str, str] | None) -> None:
    assert is_range(raw)
    assert date_range(raw, TODAY).value == expected


def test_ranges_that_fail_say_why() -> None:
    assert date_range("12/09/2025 to 30/09/2025", TODAY).problem == "ambiguous"
    assert date_range("30 Sep 2025 - 12 Sep 2025", TODAY).problem == "out_of_bounds"
    assert date_range("2025-09-12", TODAY).problem == "unreadable"


@pytest.mark.parametrize("raw", ["2025-09-12", "12-09-2025", "2014-04-01+02:00", "Online – any time", "", "Mon-Fri"])
def test_no_ranges(raw: str) -> None:
    assert not is_range(raw)


@quick
@given(scalars, st.sampled_from([None, "excel_serial", "day_first", "month_first"]))
def test_never_raises_and_is_iso(raw: Scalar, scheme: str | None) -> None:
    understood = moment(raw, TODAY, scheme)
    assert is_honest(understood)
    if understood.value is not None:
        parsed = datetime.fromisoformat(understood.value)
        assert EARLIEST <= parsed.date() <= date(2036, 12, 31)
        assert moment(understood.value, TODAY).value == understood.value


@quick
@given(texts)
def test_ranges_never_raise(raw: str) -> None:
    understood = date_range(raw, TODAY)
    assert is_honest(understood)
    assert is_range(raw) or understood.value is None


@quick
@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)).filter(lambda day: day != date(1999, 11, 30)), st.times())
def test_what_python_writes_is_understood(day: date, clock: object) -> None:
    assert moment(day.isoformat(), TODAY).value == day.isoformat()
    assert moment(f"{day.isoformat()}T{clock}", TODAY).value == f"{day.isoformat()}T{str(clock)[:8]}"
    assert moment(day.strftime("%d.%m.%Y"), TODAY).value == day.isoformat()
