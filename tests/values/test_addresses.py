"""Web addresses, e-mail addresses, telephone numbers, identifiers of organisations."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given

from standard.values.emails import email
from standard.values.identifiers import organisation_identifier
from standard.values.phones import phone
from standard.values.urls import LONGEST, web_address
from tests.values.strategies import is_honest, quick, texts

BASE = "https://uni.example/feeds/courses.json"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://uni.example/course/1", "https://uni.example/course/1"),
        ("http://www.uni.example", "http://www.uni.example/"),
        ("HTTPS://Uni.Example/Course", "https://uni.example/Course"),
        ("https://uni.example/a?b=1&c=2#d", "https://uni.example/a?b=1&c=2#d"),
        (
            "https://web.archive.org/web/2020/http://uni.example/",
            "https://web.archive.org/web/2020/http://uni.example/",
        ),
        ("https://uni.example/%20x", "https://uni.example/%20x"),
        ("https://uni.example:8443/x", "https://uni.example:8443/x"),
        (" <https://uni.example/x> ", "https://uni.example/x"),
        ("https://uni.example/\u200bx\n", "https://uni.example/x"),
    ],
)
def test_addresses_that_are_well(raw: str, expected: str) -> None:
    understood = web_address(raw)
    assert (understood.value, understood.problem) == (expected, None)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("//uni.example/x", "https://uni.example/x"),
        ("www.uni.example/x", "https://www.uni.example/x"),
        ("uni.example/course", "https://uni.example/course"),
        ("https://uni.example//people//x", "https://uni.example/people/x"),
        ("https://uni.example/a b", "https://uni.example/a%20b"),
        ("https://uni.example/?utm_source=x&id=3&fbclid=y", "https://uni.example/?id=3"),
        ("https://münchen.example/übung", "https://xn--mnchen-3ya.example/%C3%BCbung"),
        ("https://uni.example:443/x", "https://uni.example/x"),
        ("/course/1", "https://uni.example/course/1"),
        ("course.html", "https://uni.example/feeds/course.html"),
        ("?id=7", "https://uni.example/feeds/courses.json?id=7"),
    ],
)
def test_addresses_that_are_repaired(raw: str, expected: str) -> None:
    understood = web_address(raw, BASE)
    assert (understood.value, understood.problem) == (expected, "adjusted")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        *(
            ("javascript:alert(1)", "unreadable"),
            ("mailto:info@uni.example", "unreadable"),
            ("ftp://uni.example", "unreadable"),
        ),
        *(
            ("file:///etc/passwd", "unreadable"),
            ("data:text/html,x", "unreadable"),
            ("http://user:pw@uni.example/", "unreadable"),
        ),
        *(("/course/1", "unreadable"), ("course.html", "unreadable"), ("https://ex ample.org/", "unreadable")),
        *(("https://uni.example:99999/", "unreadable"), ("https:///x", "unreadable"), ("https://a..b/", "unreadable")),
        *(
            ("http://localhost/x", "out_of_bounds"),
            ("http://intranet/x", "out_of_bounds"),
            ("https://srv.local", "out_of_bounds"),
        ),
        *(
            ("http://127.0.0.1/", "out_of_bounds"),
            ("http://10.0.0.1/x", "out_of_bounds"),
            ("http://[::1]/", "out_of_bounds"),
        ),
        *(
            ("http://2130706433/", "out_of_bounds"),
            ("http://0x7f.1/", "out_of_bounds"),
            ("http://169.254.169.254/", "out_of_bounds"),
        ),
        *(("", "placeholder"), ("-", "placeholder"), ("n/a", "placeholder"), ("http://", "placeholder")),
        ("https://uni.example/{{course}}", "sample_value"),
        ("https://uni.example/" + "x" * LONGEST, "out_of_bounds"),
        ("https://uni.example/" + "x" * 50 * LONGEST, "unreadable"),
    ],
)
def test_addresses_that_are_refused(raw: str, problem: str) -> None:
    understood = web_address(raw)
    assert (understood.value, understood.problem) == (None, problem)


def test_a_double_slash_in_front_is_a_host_and_not_a_path() -> None:
    assert web_address("//ical/course", BASE).problem == "out_of_bounds"


@quick
@given(texts)
def test_addresses_never_raise_and_lead_outside(raw: str) -> None:
    for base in (None, BASE):
        understood = web_address(raw, base)
        assert is_honest(understood)
        if understood.value is not None:
            parts = urlsplit(understood.value)
            assert parts.scheme in ("http", "https")
            assert "." in (parts.hostname or "")
            assert understood.value.isascii()
            assert web_address(understood.value).value == understood.value


@pytest.mark.parametrize(
    ("raw", "expected", "problem"),
    [
        ("info@Uni.Example", "info@uni.example", None),
        ("mailto:info@uni.example?subject=x", "info@uni.example", None),
        ("Office <info@uni.example>", "info@uni.example", None),
        ("a@uni.example, b@uni.example", None, "ambiguous"),
        ("ask at the desk", None, "unreadable"),
        ("foo bar@uni.example", None, "unreadable"),
        ("n/a", None, "placeholder"),
    ],
)
def test_emails(raw: str, expected: str | None, problem: str | None) -> None:
    understood = email(raw)
    assert (understood.value, understood.problem) == (expected, problem)


@pytest.mark.parametrize(
    ("raw", "expected", "problem"),
    [
        ("+49 (0)89 123-456", "+4989123456", None),
        ("0031 40 247 9111", "+31402479111", None),
        ("Tel.: 040 1234567", "0401234567", None),
        ("ask at the desk", None, "unreadable"),
        ("000000", None, "unreadable"),
        ("", None, "placeholder"),
    ],
)
def test_phones(raw: str, expected: str | None, problem: str | None) -> None:
    understood = phone(raw)
    assert (understood.value, understood.problem) == (expected, problem)


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("deqar", "DEQARINST0015", ("deqar", "DEQARINST0015")),
        ("DEQAR", "15", ("deqar", "DEQARINST0015")),
        ("ETER", "at0001", ("eter", "AT0001")),
        ("schacHome", "URV.cat", ("schac", "urv.cat")),
        ("ror", "https://ror.org/02c2kyt77", ("ror", "02c2kyt77")),
        ("Erasmus", "E  TARRAGO01", ("erasmus", "E TARRAGO01")),
        ("Erasmus", "D VECHTA02", ("erasmus", "D VECHTA02")),
        ("Erasmus-Charter", "e10208977", ("eche", "E10208977")),
        ("ECHE code", "E 10208977", ("eche", "E10208977")),
        ("eche", "29853-epp-1-2014-1-lu-eppka3-eche", ("eche", "29853-EPP-1-2014-1-LU-EPPKA3-ECHE")),
        ("Erasmus Charter", "101 012 345", ("eche", "101012345")),
        ("EU-PIC", "999 977 269", ("pic", "999977269")),
        ("EU-VAT", "DE-147794299", ("vat", "DE147794299")),
        ("brin", "21pg", ("brin", "21PG")),
        ("url", "www.uni.example", ("url", "https://www.uni.example/")),
        ("DE-HRK", " 42  b ", ("de_hrk", "42 b")),
    ],
)
def test_identifiers(kind: str, raw: str, expected: tuple[str, str]) -> None:
    assert organisation_identifier(kind, raw).value == expected


@pytest.mark.parametrize(
    ("kind", "raw", "problem"),
    [
        ("eter", "Uni", "unreadable"),
        ("ror", "02c2kyt7", "unreadable"),
        ("pic", "", "placeholder"),
        ("eche", "yes", "unreadable"),
        ("url", "x:y", "unreadable"),
    ],
)
def test_identifiers_without_the_form_of_their_kind(kind: str, raw: str, problem: str) -> None:
    understood = organisation_identifier(kind, raw)
    assert (understood.value, understood.problem) == (None, problem)


@quick
@given(texts, texts)
def test_contacts_and_identifiers_never_raise_and_are_their_own_meaning(kind: str, raw: str) -> None:
    for normalise in (email, phone):
        understood = normalise(raw)
        assert is_honest(understood)
        assert understood.value is None or normalise(understood.value).value == understood.value
    identifier = organisation_identifier(kind, raw)
    assert is_honest(identifier)
    if identifier.value is not None:
        assert organisation_identifier(*identifier.value).value == identifier.value
