"""The charset of a whole document, for readers that stream: `connectors.charsets` on its beginning, checked to its end.

The beginning alone misleads in two ways. A byte that is not UTF-8 may come later: then the whole is Windows-1252 (by
far the most common way to be not UTF-8), unless most of what is not ASCII *is* good UTF-8: then a few characters
are damaged, and reading all as Windows-1252 would spoil every accented letter for the sake of one broken one.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from connectors.charsets import Charset, detect
from connectors.documents import Document
from connectors.reading import Reading

_CHUNK = 64 * 1024
_NOT_ASCII = re.compile("[^\x00-\x7f]")


class DocumentCharset(NamedTuple):
    """The charset to read a document in. `sound`: it was checked that every byte is good UTF-8."""

    charset: Charset
    sound: bool


def charset_of(document: Document, reading: Reading) -> DocumentCharset:
    """Return how to decode a document; a wrong or missing label is noted in `reading`."""
    with document.open() as stream:
        charset = detect(stream.read(_CHUNK), document.media_type)
    lost, good = (0, 0)
    if charset.name == "utf-8" or charset.how == "guessed":
        lost, good = _utf8_balance(document)
    if charset.name == "utf-8" and not lost:
        return DocumentCharset(_noted(charset, document, reading), sound=True)
    if lost and good > lost:
        return DocumentCharset(Charset("utf-8", "utf-8", declared=charset.declared, mark=charset.mark), sound=False)
    if charset.name == "utf-8":
        declared = charset.declared
        charset = Charset("cp1252", "guessed", declared=declared, contradicted=declared is not None)
    return DocumentCharset(_noted(charset, document, reading), sound=False)


def _noted(charset: Charset, document: Document, reading: Reading) -> Charset:
    note = charset.observation(document.name)
    if note is not None:
        reading.observations.append(note)
    return charset


def _utf8_balance(document: Document) -> tuple[int, int]:
    """Return how many characters are damaged, and how many beyond ASCII are good, if the document is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    lost = beyond = 0
    with document.open() as stream:
        while True:
            data = stream.read(_CHUNK)
            text = decoder.decode(data, final=not data)
            if not text.isascii():
                lost += text.count("\ufffd")
                beyond += len(_NOT_ASCII.findall(text))
            if not data:
                return lost, beyond - lost
