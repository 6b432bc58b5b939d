"""What is repeated as a source wrote it takes no effect anywhere, and stays recognisable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.values.harmless import harmless, harmless_identifier
from standard.values.text import clean_line, clean_text
from tests.browser import ADDRESSES, PAYLOADS, effects, followed
from tests.values.strategies import quick

HOSTILE = st.lists(
    st.sampled_from(
        [
            *PAYLOADS,
            *("<", ">", "</", "<!", "<?", "=", "/", '"', "'", " ", "b", "x", "on", "onclick=", "&lt;", "&gt;", "&amp;"),
            *("script", "svg", "\n", "\x00", "\x1b", "javascript:", "data:", "int", "-", "é", "\u202e"),
        ]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("3 < 4 & <your name>", "3 < 4 & <your name>"),
        ("vector<int> and List<Map>", "vector<int> and List<Map>"),
        ("JavaScript: the good parts", "JavaScript: the good parts"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("<b>Data</b><br>", "<b>Data</b><br>"),
        ('<a href="https://x.example/">here</a>', '‹a href="https://x.example/"›here‹/a›'),
        ("Data <script>alert(1)</script>", "Data ‹script›alert(1)‹/script›"),
        ("Data <img src=x onerror=alert(1) ", "Data ‹img src=x onerror=alert(1) "),
        ("<b/onclick=alert(1)>", "‹b/onclick=alert(1)›"),
        ("<scr<script>ipt>", "‹scr‹script›ipt>"),
        ("a red \x1b[31mword", "a red ␛[31mword"),
        ("delete\x7f, next line\x85, turned \u202eround", "delete␡, next line�, turned �round"),
        ("", ""),
    ],
)
def test_what_would_take_effect_is_shown_instead(raw: str, shown: str) -> None:
    assert harmless(raw) == shown


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("https://example.org/a?b=<c>", "https://example.org/a?b=%3Cc%3E"),
        ("urn:uuid:1234", "urn:uuid:1234"),
        ("  MC-1\n", "  MC-1\n"),
        ("javascript:alert(1)", "javascript%3Aalert(1)"),
        ("JAVA\nSCRIPT :alert(1)", "JAVA\nSCRIPT %3Aalert(1)"),
        ("data:text/html,x", "data%3Atext/html,x"),
        ("Data: CC BY 4.0", "Data: CC BY 4.0"),
        ("one\x1bid", "one%1Bid"),
    ],
)
def test_an_identifier_stays_one_of_its_kind(raw: str, kept: str) -> None:
    assert harmless_identifier(raw) == kept


@quick
@given(HOSTILE)
def test_nothing_shown_takes_effect_and_twice_is_once(raw: str) -> None:
    for function in (harmless, harmless_identifier):
        shown = function(raw)
        assert not effects(shown)
        assert function(shown) == shown
    assert not followed(harmless_identifier(raw))


@quick
@given(HOSTILE)
def test_no_text_for_people_takes_effect(raw: str) -> None:
    for function in (clean_text, clean_line):
        assert not effects(function(raw).text)


@quick
@given(st.lists(HOSTILE, min_size=2, max_size=5, unique=True))
def test_two_identifiers_stay_two(raw: list[str]) -> None:
    distinct = [each for each in raw if "%" not in each]
    assert len({harmless_identifier(each) for each in distinct}) == len(distinct)


@pytest.mark.parametrize("payload", [*PAYLOADS, *ADDRESSES])
def test_what_these_tests_call_hostile_is_seen_as_such(payload: str) -> None:
    """The tests' own eye: each way in is one before it is taken, as it stands or with its entities resolved."""
    import html

    unescaped = html.unescape(html.unescape(payload))
    assert effects(unescaped) or followed(payload)
