"""From bytes to text: which charset, how we know, and whether the label was wrong.

Order: byte order mark; XML declaration; ``charset`` of the Content-Type header; UTF-8 if the bytes are valid UTF-8;
last, a guess by `charset_normalizer`. A label that cannot be true is not followed: bytes that are no valid UTF-8
although labelled so (Windows-1252 exports are common), or bytes that are valid multi-byte UTF-8 although labelled
as a one-byte charset (following that label is what makes "Ã©" of "é"). Such a label is noted with the code
``MC00-SOURCE-CHARSET-WRONG``; a guess without any label that holds is noted with ``MC00-SOURCE-CHARSET-GUESSED``.
``ISO-8859-1`` and ``US-ASCII`` are read as Windows-1252, as the WHATWG Encoding Standard demands of browsers.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from charset_normalizer import from_bytes

from standard.observation import Observation

How = Literal["bom", "xml", "header", "utf-8", "guessed"]
SAMPLE = 64 * 1024

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_GUESSES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1257", "iso8859_15", "utf_16_le", "utf_16_be", "mac_roman"]


@dataclass(frozen=True, slots=True)
class Charset:
    """A charset and how it was found.

    `name`: Python's codec. `how`: which rule decided. `declared`: the label that was given, if any. `contradicted`:
    the label was there but cannot be true of these bytes. `mark`: number of bytes of the byte order mark to skip.
    """

    name: str
    how: How
    declared: str | None = None
    contradicted: bool = False
    mark: int = 0

    def observation(self, path: str) -> Observation | None:
        """Return what is to be said about it (a wrong label, a guess), or None where all is in order."""
        facts = {"declared": self.declared or "", "charset": self.name}
        if self.contradicted:
            return Observation("MC00-SOURCE-CHARSET-WRONG", path=path, value=self.declared, facts=facts)
        if self.how == "guessed":
            return Observation("MC00-SOURCE-CHARSET-GUESSED", path=path, value=self.name, facts=facts)
        return None


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, its charset, and how many characters could not be read (each stands as U+FFFD in the text)."""

    text: str
    charset: Charset
    lost: int = 0

    def observation(self, path: str) -> Observation | None:
        """Return what is to be said about the decoding, or None."""
        if self.lost:
            facts = {"charset": self.charset.name, "count": str(self.lost)}
            return Observation("MC00-SOURCE-CHARSET-DAMAGED", path=path, value=self.lost, facts=facts)
        return self.charset.observation(path)


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Return the text of `data`. `content_type`: the header's value, for its ``charset`` parameter. Never raises."""
    charset = detect(data, content_type, complete=True)
    body = data[charset.mark :]
    try:
        return Decoded(body.decode(charset.name), charset)
    except UnicodeDecodeError:
        text = body.decode(charset.name, errors="replace")
        return Decoded(text, charset, lost=text.count("\ufffd"))


def detect(head: bytes, content_type: str | None = None, *, complete: bool = False) -> Charset:
    """Return the charset of a document from its first bytes.

    `head`: the beginning (64 KiB are enough, more is better) or, with `complete`, the whole. With a beginning only,
    a character cut in two at the end does not count against UTF-8.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Charset(name, "bom", mark=len(mark))
    labels = _labels(head, content_type)
    for how, label in labels:
        codec = _codec(label)
        if codec is not None and _can_be(head, codec, complete=complete):
            return Charset(codec, how, declared=label)
    return _without_label(head, labels[0][1] if labels else None, complete=complete)


def declared_charset(content_type: str | None) -> str | None:
    """Return the ``charset`` parameter of a Content-Type header's value, if it has one."""
    found = _HEADER_CHARSET.search(content_type or "")
    return found.group(1) if found else None


def _labels(head: bytes, content_type: str | None) -> list[tuple[How, str]]:
    labels: list[tuple[How, str]] = []
    declaration = _XML_DECLARATION.match(head[:1024])
    if declaration:
        labels.append(("xml", declaration.group(1).decode("ascii")))
    header = declared_charset(content_type)
    if header:
        labels.append(("header", header))
    return labels


def _codec(label: str) -> str | None:
    """Return Python's name for a label, None for an unknown one or for a codec that does not give text."""
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True):
        return None
    return _AS_BROWSERS_DO.get(info.name, info.name)


def _can_be(data: bytes, codec: str, *, complete: bool) -> bool:
    if codec == "utf-8":
        return _is_utf8(data, complete=complete)
    if codec.startswith(("utf-16", "utf-32")):
        # An ASCII-compatible declaration inside UTF-16 cannot have been read as bytes: the label is a left-over.
        return b"\x00" in data[:200]
    if not data.isascii() and _is_utf8(data, complete=complete):
        return False
    try:
        codecs.getincrementaldecoder(codec)().decode(data, final=complete)
    except UnicodeDecodeError:
        # Windows-1252 leaves five bytes undefined; a text with one of them is still far more likely that than not.
        return codec == "cp1252"
    return True


def _is_utf8(data: bytes, *, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=complete)
    except UnicodeDecodeError:
        return False
    return True


def _without_label(data: bytes, declared: str | None, *, complete: bool) -> Charset:
    wrong = declared is not None
    if _is_utf8(data, complete=complete):
        return Charset("utf-8", "utf-8", declared=declared, contradicted=wrong and not data.isascii())
    guess = from_bytes(data[:SAMPLE], cp_isolation=_GUESSES).best()
    name = guess.encoding if guess is not None else "cp1252"
    if guess is not None and "cp1252" in guess.could_be_from_charset:
        name = "cp1252"  # the same text either way; then the commonest is the honest guess
    return Charset(codecs.lookup(name).name, "guessed", declared=declared, contradicted=wrong)
