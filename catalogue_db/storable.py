"""Makes sure that what comes in can be kept by either database, and is the same on both.

PostgreSQL keeps no NUL character, no database keeps half of a surrogate pair, and both come out of broken sources now
and then. They stand for nothing, so they are left out, here and before anything is hashed; everything else is kept.
PostgreSQL's indexes also take no text of any length: what is looked up is cut, with a digest in place of the rest.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from catalogue_db.candidate import Candidate

LONGEST_KEY = 400
"""Letters of a text that is looked up: with four bytes each, and two such texts beside a key, an index takes it."""

_LONGEST_NUMBER = 2**31 - 1
_NOTHING = re.compile("[\x00\ud800-\udfff]")
_encoder = msgspec.json.Encoder()
_NUL = b"\\u0000"

T = TypeVar("T")


def storable_text(text: str) -> str:
    """A text without what no database keeps."""
    return _NOTHING.sub("", text)


def is_storable(encoded: bytes) -> bool:
    """Whether all texts of what was encoded as JSON can be kept (half of a surrogate pair cannot even be encoded)."""
    return _NUL not in encoded


def storable(value: T) -> T:
    """A struct (or list of them) whose texts can be kept: the same one where nothing has to go, as nearly always."""
    try:
        if is_storable(_encoder.encode(value)):
            return value
    except UnicodeEncodeError:
        pass
    return msgspec.convert(_cleaned(msgspec.to_builtins(value)), type(value))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value


def storable_candidate(given: Candidate) -> Candidate:
    """A candidate of whose feed and findings everything can be kept. Its records are taken one by one: `storable`."""
    findings = [storable(finding) for finding in given.source_findings]
    return replace(given, feed=storable(given.feed), source_findings=findings)


def lookup_key(text: str) -> str:
    """A text as it is looked up: as it is, unless it is longer than any index takes."""
    if len(text) <= LONGEST_KEY:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{text[: LONGEST_KEY - 33]} {digest}"


def small_number(number: int | None) -> int | None:
    """A whole number as a column of 32 bits keeps it; none for one beyond (the document still says it)."""
    return number if number is not None and abs(number) <= _LONGEST_NUMBER else None
