"""The 600 real course texts of one university (Word, Outlook and editor mark-up): every one becomes readable."""

from __future__ import annotations

import html
import json
import re
import unicodedata

import pytest

from standard.values.languages import detect
from standard.values.text import clean_text
from tests.shared_data import shared

SAMPLES = shared("data", "feeds", "html-texts", "wur-course-texts.json")
LEFT_OVER = re.compile(r"</?(?:p|div|span|strong|li|ul|br|table|td|o:p)\b|&(?:amp|nbsp|lt|gt|[a-z]+);|mso-|<!--")


def _texts() -> list[str]:
    records = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return [text for record in records for text in record.values() if isinstance(text, str)]


pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SAMPLES.is_file(), reason="the real sample files are not beside the project"),
]


def test_no_markup_is_left() -> None:
    texts = _texts()
    assert len(texts) > 500
    assert [cleaned[:200] for raw in texts if LEFT_OVER.search(cleaned := clean_text(raw).text)] == []


def test_cleaning_again_changes_nothing() -> None:
    cleaned = [clean_text(raw).text for raw in _texts()]
    assert [text[:200] for text in cleaned if clean_text(text).text != text] == []


def test_words_are_not_lost_or_glued() -> None:
    """The words between the tags of the source are the words of the result, in their order."""
    for raw in _texts():
        if re.search(
            r"<(?:style|script|xml|head|title)|<!--|&lt;|<pre|body \{|[\x00-\x08\x0b-\x1f\x7f-\x9f\xac\xad\u200b]", raw
        ):
            continue
        expected = re.sub(r"</?(?:b|i|u|em|strong|span|a|sub|sup|font|s|o:p)(?=[\s>/])[^<>]*>", "", raw)
        assert _words(clean_text(raw).text) == _words(re.sub(r"</?[a-zA-Z][^<>]*>", " ", expected)), raw[:200]


def test_the_language_of_real_texts_is_told() -> None:
    long = [text for raw in _texts() if len(text := clean_text(raw).text) > 400]
    found = [detect(text) for text in long]
    assert sum(one is not None and one[0] in ("en", "nl") for one in found) > 0.97 * len(long)


def _words(text: str) -> list[str]:
    unescaped = html.unescape(html.unescape(text))
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", unescaped))
