"""Texts: HTML, entities, Word mark-up, control characters, placeholders, sizes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.values.text import LONGEST_TEXT, clean_html, clean_line, clean_text, is_placeholder
from tests.values.strategies import quick, texts


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Data &amp;amp; ethics", "Data & ethics"),
        ("Caf&eacute; M&uuml;ller", "Café Müller"),
        ("<p>One</p><p>Two<br/>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li>first</li><li>second</li></ul>", "- first\n- second"),
        ("&lt;p&gt;Escaped &amp;amp; nested&lt;/p&gt;", "Escaped & nested"),
        ("<h2>Aims</h2>You learn.", "Aims\n\nYou learn."),
        ("<table><tr><th>Week</th><th>Topic</th></tr><tr><td>1</td><td>Intro</td></tr></table>", "Week Topic\n1 Intro"),
        ("<p class=MsoNormal><o:p></o:p>Word<!--[if gte mso 9]><xml><w:x>9</w:x></xml><![endif]--></p>", "Word"),
        ("<style>p {color: red}</style><p style='mso-x:y'>Outlook&nbsp;text</p>", "Outlook text"),
        ("before<script>alert('x')</script>after", "beforeafter"),
        ("**Educational objectives**\n* to know", "**Educational objectives**\n* to know"),
        ("a < b and b > c", "a < b and b > c"),
        ("Dear <your name>", "Dear <your name>"),
        ("bell\x07 tab\x0bvertical\u200bzero\xad", "bell tab\nverticalzero"),
        ("Windows\x92s dash \x96 here", "Windows’s dash – here"),
        ("e\u0301te\u0301", "été"),
        ("  much    space \r\n\r\n\r\n\r\n next ", "much space\n\nnext"),
        ("half \ud83d surrogate", "half surrogate"),
        ("right \u202eto left", "right to left"),
        ("", ""),
    ],
)
def test_what_a_person_would_read(raw: str, expected: str) -> None:
    assert clean_text(raw).text == expected


def test_a_third_layer_of_escaping_stays_visible() -> None:
    assert clean_text("A &amp;amp;amp; B").text == "A &amp; B"


def test_a_text_about_html_keeps_its_point() -> None:
    assert clean_text("<p>Use &lt;b&gt; for bold</p>", "html").text == "Use <b> for bold"


def test_said_to_be_html_even_unknown_elements_are_markup() -> None:
    assert clean_text("one <x-thing>two</x-thing>", "html").text == "one two"


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='https://example.org'></iframe>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<svg/onload=alert(1)>",
    ],
)
def test_active_content_is_removed_and_said_so(raw: str) -> None:
    cleaned = clean_text(f"<p>Course</p>{raw}")
    assert cleaned.had_active_content
    assert cleaned.had_markup
    assert "alert" not in cleaned.text


def test_harmless_markup_is_not_active() -> None:
    cleaned = clean_text("<p>Course in <em>data</em></p>")
    assert (cleaned.had_markup, cleaned.had_active_content) == (True, False)


def test_allow_listed_html_keeps_structure_and_safe_links_only() -> None:
    raw = "<h2 onclick='x()'>A</h2><a href='javascript:x()'>bad</a><a href='https://example.org'>good</a><script>x</script>"
    cleaned = clean_html(raw)
    assert "<h2>A</h2>" in cleaned
    assert 'href="https://example.org"' in cleaned
    assert "javascript" not in cleaned
    assert "script" not in cleaned


@pytest.mark.parametrize("raw", ["x" * 50_000_000, "<div>" * 2_000_000 + "deep", "&amp;" * 5_000_000])
def test_a_huge_text_is_cut_not_fatal(raw: str) -> None:
    cleaned = clean_text(raw)
    assert cleaned.cut
    assert len(cleaned.text) <= LONGEST_TEXT


def test_deeply_nested_html_still_gives_its_text() -> None:
    cleaned = clean_text("<div>" * 5_000 + "deep" + "</div>" * 5_000)
    assert cleaned.text == "deep"
    assert clean_html("<div>" * 5_000 + "deep") == "deep"


def test_a_title_is_one_line() -> None:
    assert clean_line("<p>Data</p><p>science</p>").text == "Data science"


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "",
            "  ",
            "-",
            "—",
            ".",
            "...",
            "???",
            "n/a",
            "N.A.",
            "NA",
            "TBD",
            "tba",
            "N.N.",
            "xxx",
            "XXXX",
            "test",
            "Test",
        ),
        *(
            "keine Angabe",
            "k.A.",
            "ei tietoa",
            "n.v.t.",
            "non renseigné",
            "uppgift saknas",
            "sin datos",
            "null",
            "undefined",
        ),
        *("Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod", "[delete] Old course", "[Precio]"),
        *("OP_DATPRO", "to be announced", "string"),
    ],
)
def test_placeholders(raw: str) -> None:
    assert is_placeholder(raw)


@pytest.mark.parametrize(
    "raw", ["none", "Keine", "No prerequisites", "0", "C", "R", "5", "Testing of software", "N400", "漢字"]
)
def test_no_placeholders(raw: str) -> None:
    assert not is_placeholder(raw)


@quick
@given(st.one_of(texts, st.text(max_size=300)), st.sampled_from([None, "html", "text"]))
def test_result_is_always_clean(raw: str, markup: None) -> None:
    text = clean_text(raw, markup).text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text
    assert not any(unicodedata.category(sign) in ("Cs", "Cc") and sign != "\n" for sign in text)
    text.encode("utf-8")


@quick
@given(st.text(alphabet=st.characters(exclude_characters="&<"), max_size=200))
def test_cleaning_a_clean_text_changes_nothing(raw: str) -> None:
    once = clean_text(raw).text
    assert clean_text(once).text == once


@quick
@given(texts)
def test_allow_listed_html_never_holds_a_script(raw: str) -> None:
    assert "<script" not in clean_html(raw).casefold()
    assert isinstance(is_placeholder(raw), bool)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Aims:\n\n-\n to plan a test;\n\n-\n to run it.", "Aims:\n\n- to plan a test;\n\n- to run it."),
        ("<ul><li><p>plan</p></li><li><p>run</p></li></ul>", "- plan\n\n- run"),
        ("Part one\n-\nPart two", "Part one\n-\nPart two"),
        ("policy instru¬ments and ¬p", "policy instruments and ¬p"),
        ("Taught in Dutch.\nbody { font-size: 9pt;", "Taught in Dutch."),
        ("body { font-size: 9pt; }\nThe student", "The student"),
        ("A rule such as body { color: red } styles the page.", "A rule such as body { color: red } styles the page."),
    ],
)
def test_residue_of_editors_is_mended(raw: str, clean: str) -> None:
    assert clean_text(raw).text == clean
    assert clean_text(clean).text == clean


@pytest.mark.parametrize(
    "tag", ["<img src=x onerror=alert(1) ", "<script src=//x.example/a.js ", "<svg onload=alert(1)"]
)
def test_a_tag_that_is_never_closed_is_taken_out_too(tag: str) -> None:
    """A browser closes it with the next angle bracket of the page that shows the text."""
    cleaned = clean_text(f"Data for nurses {tag}")
    assert (cleaned.text, cleaned.had_active_content) == ("Data for nurses", True)
