"""Repairs for XML that is not well-formed, made on the text before the parser sees it, so that nothing is lost.

A recovering parser drops what it does not understand: ``AT&T`` becomes ``AT``, ``a < b`` becomes ``a``. The faults
that publishers really make (reference facts on feeds, section 7, rows 5 and 7) are mended here instead: a bare
ampersand is escaped, an entity of HTML becomes its character, a ``<`` that begins no tag is escaped, a forbidden
control character becomes a blank. CDATA sections and comments are left alone. What remains (missing or crossing end
tags, a document cut off) is for libxml2's recovery.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import BinaryIO

from standard.observation import Observation

_CHUNK = 64 * 1024
_HELD = 64

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SUSPECT = re.compile(
    r"&(?:(?P<ref>#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};)|(?P<name>[A-Za-z][A-Za-z0-9]{0,31};))?|<(?![A-Za-z_:/!?])"
)
_VERBATIM = re.compile(r"<!\[CDATA\[|<!--")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_XML_ENTITIES = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_ESCAPES = {"&": "&amp;", "<": "&lt;"}

_FAULTS = {
    9: "a character that XML does not allow (often pasted from a word processor)",
    23: "an ampersand that is not written as &amp;",
    26: "an entity that XML does not know, such as &nbsp;",
    39: "an attribute without quotation marks",
    42: "the same attribute twice in one element",
    68: "a character '<' or '&' that is not written as &lt; or &amp;",
    73: "a tag that is not finished",
    76: "a start tag and an end tag that do not belong together",
    77: "the document is cut off before its end",
    81: "bytes that are not of the charset",
    201: "a prefix that is not bound to a namespace",
}


def fault_words(code: int, message: str) -> str:
    """Return plain words for libxml2's error number, or its own message where we have none."""
    return _FAULTS.get(code, message)


class Transcoded:
    """A stream in any charset, read as UTF-8. Bytes that mean nothing become U+FFFD and are counted."""

    def __init__(self, stream: BinaryIO, charset: str) -> None:
        self._stream = stream
        self._charset = charset
        self._decoder = codecs.getincrementaldecoder(charset)(errors="replace")
        self._lost = 0

    def read(self, size: int) -> bytes:
        """Return some bytes of UTF-8, none at the end."""
        while True:
            data = self._stream.read(size)
            text = self._decoder.decode(data, final=not data)
            self._lost += text.count("\ufffd")
            out = self._mend(text, final=not data)
            if out or not data:
                return out.encode("utf-8", "replace")

    def close(self) -> None:
        """Close the stream underneath."""
        self._stream.close()

    def observations(self, path: str) -> list[Observation]:
        """Return what is to be said about characters that were lost."""
        if not self._lost:
            return []
        facts = {"charset": self._charset, "count": str(self._lost)}
        return [Observation("MC00-SOURCE-CHARSET-DAMAGED", path=path, value=self._lost, facts=facts)]

    def _mend(self, text: str, *, final: bool) -> str:  # noqa: ARG002  # `Mended` needs to know the end
        return text


class Mended(Transcoded):
    """A stream with the common faults mended (see the module)."""

    def __init__(self, stream: BinaryIO, charset: str) -> None:
        super().__init__(stream, charset)
        self._rest = ""
        self._until: str | None = None

    def _mend(self, text: str, *, final: bool) -> str:
        text = _CONTROL.sub(" ", self._rest + text)
        done: list[str] = []
        position = 0
        while position < len(text):
            step = self._verbatim if self._until else self._markup
            mended, following = step(text, position, final)
            if following == position:
                break
            done.append(mended)
            position = following
        self._rest = text[position:]
        return "".join(done)

    def _verbatim(self, text: str, position: int, final: bool) -> tuple[str, int]:
        """Pass on what stands in a CDATA section or comment, up to and with its end."""
        end = text.find(self._until or "", position)
        if end >= 0:
            following = end + len(self._until or "")
            self._until = None
        else:
            following = len(text) if final else max(position, len(text) - 2)
        return text[position:following], following

    def _markup(self, text: str, position: int, final: bool) -> tuple[str, int]:
        """Mend up to the next CDATA section or comment; hold back an end that may be half a reference."""
        opening = _VERBATIM.search(text, position)
        if opening:
            self._until = _ENDS[opening.group()]
            return _SUSPECT.sub(_mended, text[position : opening.start()]) + opening.group(), opening.end()
        stop = len(text) if final else _safe_end(text, position)
        return _SUSPECT.sub(_mended, text[position:stop]), stop


def _safe_end(text: str, position: int) -> int:
    """Return where to stop so that no reference, tag or opening of a CDATA section is cut in two."""
    tail = max(position, len(text) - _HELD)
    last = max(text.rfind("&", tail), text.rfind("<", tail))
    return last if last >= 0 else len(text)


def _mended(match: re.Match[str]) -> str:
    found = match.group()
    if match["ref"]:
        return found if _allowed(match["ref"]) else " "
    if match["name"]:
        return found if match["name"] in _XML_ENTITIES else _character(match["name"])
    return _ESCAPES[found]


def _character(name: str) -> str:
    """Return the character(s) of an HTML entity (``nbsp;``); an unknown one is an ampersand that was meant so."""
    text = html5.get(name)
    return f"&amp;{name}" if text is None else "".join(_ESCAPES.get(character, character) for character in text)


def _allowed(reference: str) -> bool:
    """Say whether XML 1.0 allows the character of a numeric reference (``#10;``, ``#x0B;``)."""
    digits = reference[1:-1]
    point = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return point in (9, 10, 13) or 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or 0x10000 <= point <= 0x10FFFF
