"""From bytes to text, and labels that cannot be true."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.charsets import decode, detect

GERMAN = "Prüfungsordnung für Mikrozertifikate: Übungen, Hausarbeiten und mündliche Prüfungen in Größe und Maß. " * 5


@pytest.mark.parametrize(
    ("data", "content_type", "how", "text"),
    [
        (codecs.BOM_UTF8 + "é".encode(), "text/plain; charset=iso-8859-1", "bom", "é"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), None, "bom", "é"),
        (codecs.BOM_UTF32_BE + "é".encode("utf-32-be"), None, "bom", "é"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', "text/xml; charset=utf-8", "xml", None),
        ("é".encode("cp1252"), "text/csv; charset=windows-1252", "header", "é"),
        (b"caf\xe9 \x80", 'text/csv; charset="ISO-8859-1"', "header", "café €"),
        ("żółć".encode("iso8859-2"), "text/csv;charset=iso-8859-2", "header", "żółć"),
        ("é".encode(), None, "utf-8", "é"),
        (b"", None, "utf-8", ""),
    ],
)
def test_the_order_of_what_is_believed(data: bytes, content_type: str | None, how: str, text: str | None) -> None:
    decoded = decode(data, content_type)
    assert decoded.charset.how == how
    assert decoded.observation("a.xml") is None
    if text is not None:
        assert decoded.text == text


@pytest.mark.parametrize(
    ("data", "content_type", "charset"),
    [
        ("für".encode(), "text/csv; charset=ISO-8859-1", "utf-8"),
        (GERMAN.encode("cp1252"), "text/csv; charset=utf-8", "cp1252"),
        (b'<?xml version="1.0" encoding="utf-16"?><a>\xc3\xa9</a>', None, "utf-8"),
        ("für".encode(), "text/csv; charset=klingon", "utf-8"),
    ],
)
def test_a_label_that_cannot_be_true_is_not_followed_and_noted(
    data: bytes, content_type: str | None, charset: str
) -> None:
    decoded = decode(data, content_type)
    assert decoded.charset.name == charset
    note = decoded.observation("a.csv")
    assert note is not None
    assert note.code == "MC00-SOURCE-CHARSET-WRONG"
    assert (note.path, note.facts["charset"]) == ("a.csv", charset)
    assert "�" not in decoded.text
    assert "Ã" not in decoded.text


def test_bytes_without_any_label_that_are_no_utf8_are_guessed_and_noted() -> None:
    decoded = decode(GERMAN.encode("cp1252"))
    assert decoded.text == GERMAN
    note = decoded.observation("a.csv")
    assert note is not None
    assert note.code == "MC00-SOURCE-CHARSET-GUESSED"


def test_a_label_is_trusted_where_plain_ascii_cannot_tell() -> None:
    assert decode(b"abc", "text/plain; charset=klingon").observation("x") is None
    assert decode(b"abc", "text/plain; charset=base64").text == "abc"


def test_what_cannot_be_read_is_counted() -> None:
    decoded = decode(codecs.BOM_UTF8 + b"a\xffb")
    note = decoded.observation("a.csv")
    assert (decoded.text, decoded.lost) == ("a�b", 1)
    assert note is not None
    assert (note.code, note.facts["count"]) == ("MC00-SOURCE-CHARSET-DAMAGED", "1")


def test_a_character_cut_at_the_end_of_the_head_does_not_count() -> None:
    assert detect("aé".encode()[:-1]).name == "utf-8"
    assert detect("aé".encode()[:-1], complete=True).how == "guessed"


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_utf8_comes_back_whatever_the_label_says(text: str) -> None:
    data = text.encode()
    if not data.isascii() and not data.startswith((codecs.BOM_UTF8,)):
        assert decode(data, "text/plain; charset=iso-8859-1").text == text
        assert decode(data).text == text


@given(
    st.binary(max_size=80), st.none() | st.sampled_from(["text/x; charset=utf-8", "charset=utf-16", "x; charset=\x00"])
)
@settings(max_examples=60)
def test_no_bytes_are_too_strange(data: bytes, content_type: str | None) -> None:
    assert isinstance(decode(data, content_type).text, str)
