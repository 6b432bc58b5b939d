"""Texts: from what a source sends (plain text, HTML, escaped HTML, Word mark-up) to clean plain text.

What is done, in this order: line ends and control characters are put right; HTML is recognised by the names of
its elements; scripts, styles, comments, frames and event handlers vanish with what they hold; block elements
become line breaks and paragraphs; entities are unescaped at most twice (feeds escape twice, sometimes three
times: a third layer is left visible); the result is Unicode NFC. Markdown is left as it is: it is readable.
Of what is left between angle brackets, nothing takes effect (`standard.values.harmless`).

Stored text is plain: whoever shows it must still escape it, because a text about HTML may hold ``<b>``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import nh3

from standard.values.harmless import without_live_tags
from standard.values.plain import is_placeholder

__all__ = ["LONGEST_TEXT", "CleanText", "clean_html", "clean_line", "clean_text", "is_placeholder"]

LONGEST_TEXT = 200_000
"""Letters kept of one text: a description of 50 MB is a defect of the feed, not a description."""
_LONGEST_MARKUP = 5 * LONGEST_TEXT

_BLOCKS = frozenset(
    [
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "br",
            "caption",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
        ),
        *(
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "legend",
            "li",
            "main",
            "nav",
        ),
        *("ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
_INLINE = frozenset(
    [
        *("a", "abbr", "acronym", "applet", "audio", "b", "base", "big", "body", "button", "canvas", "center", "cite"),
        *("code", "del", "details", "dfn", "em", "embed", "font", "head", "html", "i", "iframe", "img", "input", "ins"),
        *(
            "kbd",
            "label",
            "link",
            "mark",
            "math",
            "meta",
            "noscript",
            "o",
            "object",
            "option",
            "q",
            "s",
            "samp",
            "script",
        ),
        *("select", "small", "source", "span", "st1", "strike", "strong", "style", "sub", "summary", "sup", "svg"),
        *("template", "textarea", "time", "title", "tt", "u", "v", "var", "video", "w", "xml"),
    ]
)
_NAMES = "|".join(sorted(_BLOCKS | _INLINE, key=len, reverse=True))
_ELEMENT = re.compile(rf"</?(?:{_NAMES})(?=[\s/>:])[^<>]*>|<!--|<!\[|<!doctype\b|<\?xml", re.IGNORECASE)
_ACTIVE_TAG = (
    r"<\s*(?:script|iframe|object|embed|applet|form|svg|math|meta|base)\b|<[^<>]{0,2000}[\s/\"']on[a-z]{3,20}\s*="
)
_ACTIVE = re.compile(rf"{_ACTIVE_TAG}|(?:javascript|vbscript|data)\s*:\s*[^\s\d]", re.IGNORECASE)
_OPEN_TAG = re.compile(_ACTIVE_TAG, re.IGNORECASE)
"""What a browser would run even if the tag is never closed: it closes it with the next ``>`` of the page around it."""
_DROPPED_WITH_CONTENT = {
    *("script", "style", "xml", "head", "title", "noscript", "template", "iframe", "object", "embed", "applet"),
    *("svg", "math", "textarea", "select", "button", "canvas", "audio", "video"),
}
_SHOWN = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "code",
    "pre",
    "blockquote",
    "sub",
    "sup",
    "hr",
} | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "a"),
}
_PARAGRAPH = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|dl|table|blockquote|pre|section|article|header|footer|figure|address|main|aside|nav|"
    r"fieldset|form|hr|figcaption|caption)>"
)
_LINE = re.compile(r"<br>|</tr>|<dt>|</legend>")
_ITEM = re.compile(r"<(?:li|dd)>\s*")
_CELL = re.compile(r"</t[dh]>")
_TAG = re.compile(r"<[^<>]*>")
_DROPPED = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_OPEN_OR_CLOSE = re.compile(r"<(/)?(?!(?:br|hr|img|input|meta|link|col|p|li|dt|dd)\b)[a-z]", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")
_DEEPEST = 100
_BLANKS = re.compile("  +")
_MANY_LINES = re.compile(r" ?\n(?: ?\n)+ ?")
_LOST_SOFT_HYPHEN = re.compile(r"(?<=[^\W\d_])¬(?=[^\W\d_])")
_STYLE_LINE = re.compile(
    r"^(?:body|p|td|th|table|li|ul|div|span) ?\{ ?(?:font|margin|padding|color|background|line)[\w-]* ?:[^{}\n]*\}?$",
    re.IGNORECASE | re.MULTILINE,
)
_LONELY_DASH = re.compile(r"^[-–•·▪] ?\n+(?=[^\s-])", re.MULTILINE)
_ONE_LINE = re.compile(r" ?\n ?")


def _repairs() -> dict[int, str | None]:
    """Return the table of single characters: removed, turned into a blank or a line end, or repaired.

    0x80-0x9F in Unicode text are Windows-1252 bytes read as Latin-1 (dashes, curly quotes): they are repaired.
    """
    table: dict[int, str | None] = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
    for code in range(0x80, 0xA0):
        table[code] = bytes([code]).decode("cp1252", errors="ignore") or None
    table.update(dict.fromkeys([0xAD, 0x200B, 0x2060, 0xFEFF, *range(0xFFF9, 0xFFFD), 0xFFFE, 0xFFFF]))
    table.update(dict.fromkeys([*range(0x202A, 0x202F), *range(0x2061, 0x2070), *range(0xD800, 0xE000)]))
    table.update(dict.fromkeys([0x09, 0xA0, *range(0x2000, 0x200B), 0x1680, 0x202F, 0x205F, 0x3000], " "))
    table.update(dict.fromkeys([0x0A, 0x0B, 0x0C, 0x0D, 0x2028, 0x2029], "\n"))
    return table


_REPAIRS = _repairs()


@dataclass(frozen=True, slots=True)
class CleanText:
    """A clean text and what was found in it.

    `text`: plain text, NFC, one blank line between paragraphs, at most `LONGEST_TEXT` letters. `had_markup`:
    HTML was removed. `had_active_content`: scripts, event handlers or the like were among it. `cut`: the source's
    text was longer than what is kept.
    """

    text: str
    had_markup: bool = False
    had_active_content: bool = False
    cut: bool = False


def clean_text(raw: str, markup: Literal["html", "text"] | None = None) -> CleanText:
    """Return a published text as clean plain text.

    `markup` is what the format says of the field. "html": everything between angle brackets is mark-up.
    Otherwise mark-up is what bears the name of an HTML element, so that "a < b" and "<your name>" stay.
    """
    cut = len(raw) > _LONGEST_MARKUP
    text = raw[:_LONGEST_MARKUP] if cut else raw
    if "<" not in text and "&" not in text:
        return _finished(text, cut=cut)
    active = had_markup = False
    for step in range(3):
        if "<" in text and (_is_markup(text, again=had_markup) or (markup == "html" and step == 0)):
            active = active or _ACTIVE.search(text) is not None
            text, had_markup = _without_markup(text), True
        if step == 2 or "&" not in text:
            break
        text = html.unescape(text)
    return _finished(text, had_markup, active, cut)


def clean_line(raw: str, markup: Literal["html", "text"] | None = None) -> CleanText:
    """Return a published text as `clean_text` does, on one line: for titles and names."""
    cleaned = clean_text(raw, markup)
    if "\n" not in cleaned.text:
        return cleaned
    line = " ".join(cleaned.text.split())
    return CleanText(line, cleaned.had_markup, cleaned.had_active_content, cleaned.cut)


def clean_html(raw: str) -> str:
    """Return HTML reduced to an allow-list: headings, paragraphs, lists, emphasis, tables, http(s) and mail links.

    No attributes but ``href``; scripts, styles, frames and comments are gone with what they hold.
    """
    bounded = _SURROGATES.sub("", raw[:_LONGEST_MARKUP])
    if _too_deep(bounded):
        return html.escape(clean_text(bounded, "html").text)
    return nh3.clean(
        bounded,
        tags=_SHOWN,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _is_markup(text: str, again: bool) -> bool:
    """Tell whether a text is HTML. Where HTML was already taken out (`again`), what entities now reveal must be a
    closed element or active content: else "use &lt;b&gt; for bold" would lose its point."""
    if again and "</" not in text and not _ACTIVE.search(text):
        return False
    return (_ELEMENT.search(text) or _OPEN_TAG.search(text)) is not None


def _without_markup(text: str) -> str:
    """Return the text of HTML, entities still escaped once: blocks as lines, list items with a dash."""
    if _too_deep(text):
        return _TAG.sub(" ", _DROPPED.sub(" ", text))
    text = _SURROGATES.sub("", text)
    kept = nh3.clean(text, tags=set(_BLOCKS), clean_content_tags=_DROPPED_WITH_CONTENT, attributes={}, link_rel=None)
    kept = kept.replace("\n", " ") if "<pre>" not in kept else kept
    kept = _PARAGRAPH.sub("\n\n", kept)
    kept = _LINE.sub("\n", kept)
    kept = _ITEM.sub("\n- ", kept)
    return _TAG.sub("", _CELL.sub(" ", kept))


def _too_deep(text: str) -> bool:
    """Tell whether elements are nested (or left open) deeper than any description needs.

    The cost of parsing grows with the square of the depth: 200,000 open elements took two minutes. Such a text
    is stripped of everything between angle brackets instead.
    """
    if text.count("<") <= _DEEPEST:
        return False
    depth = 0
    for match in _OPEN_OR_CLOSE.finditer(text):
        depth += -1 if match[1] else 1
        if depth > _DEEPEST:
            return True
    return False


def _finished(text: str, had_markup: bool = False, active: bool = False, cut: bool = False) -> CleanText:
    text = without_live_tags(_mended(_tidy(text)))
    if len(text) > LONGEST_TEXT:
        return CleanText(without_live_tags(_tidy(text[:LONGEST_TEXT])), had_markup, active, True)
    return CleanText(text, had_markup, active, cut)


def _mended(text: str) -> str:
    """Return a tidy text without three residues of editors, all met in one university's 600 real texts.

    A dash that stands alone above its item (an item that held a paragraph); a soft hyphen that became "¬" inside a
    word; a line of style sheet that lost its element.
    """
    if "¬" in text:
        text = _LOST_SOFT_HYPHEN.sub("", text)
    if "{" in text:
        text = _tidy(_STYLE_LINE.sub("", text))
    if "\n" in text and len(_LONELY_DASH.findall(text)) > 1:
        text = _LONELY_DASH.sub("- ", text)
    return text


def _tidy(text: str) -> str:
    """Return text in NFC without control characters, with single blanks and at most one blank line in a row."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _is_tidy(text):
        return text
    text = text.replace("\r\n", "\n").replace("\xa0", " ").replace("\t", " ")
    if not text.replace("\n", "").isprintable():
        text = text.translate(_REPAIRS)
    text = _BLANKS.sub(" ", text)
    text = _MANY_LINES.sub("\n\n", text)
    return unicodedata.normalize("NFC", _ONE_LINE.sub("\n", text)).strip()


def _is_tidy(text: str) -> bool:
    """Tell whether nothing is left to do: the common case, decided by scans in C (microseconds)."""
    lines = "\n" in text
    if (
        not (text.replace("\n", "") if lines else text).isprintable()
        or "  " in text
        or text[:1] in " \n"
        or text[-1:] == " "
    ):
        return False
    return not lines or not (text[-1] == "\n" or "\n\n\n" in text or " \n" in text or "\n " in text)
