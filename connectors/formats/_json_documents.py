"""From a kept document to JSON parts that are decoded one by one.

A document is checked and cut into `Raw` slices (`msgspec`), which are views on its bytes: a list of a hundred
thousand records costs one small object per record until the record's turn comes.

What goes wrong is told apart here, once for all JSON formats: an HTML page instead of data, a document cut off in
the middle, syntax that is no JSON, another charset than UTF-8 (RFC 8259 allows no other for exchange), an error
message where data is due. Strict first, then once with repairs that lose no text (control characters inside texts,
half of a surrogate pair, NaN), marked as repaired.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Raw

from connectors import charsets
from connectors.documents import Document, Fetched
from connectors.formats._json_fields import identifier, scalar
from connectors.leftovers import fold, pointer
from connectors.reading import NotReadable, Reading
from connectors.sniffing import HEAD, refuse_html
from connectors.text_limit import LONGEST_TEXT, within_limit
from standard.observation import Observation
from standard.source_offering import Unreadable

MOST_REPAIRED_BYTES = 64 * 1024 * 1024
"""Documents above this size are not repaired: a tolerant parse holds the whole in memory as objects."""

_HALF_PAIR = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_EXCERPT = 60
_PIECE = 1024 * 1024
T = TypeVar("T")


class Part(NamedTuple):
    """A piece of JSON not yet decoded, and where it stands (``document#/items/3``)."""

    path: str
    raw: Raw


def parts_of(document: Document, reading: Reading) -> Part:
    """Return the whole of a document as one checked part. Raises `NotReadable` where it is no JSON."""
    data = document.read()
    refuse_html(document.name, data[:HEAD])
    data = _as_utf8(data, document, reading)
    if not data or data.isspace():
        raise not_readable("MC00-SOURCE-NO-CONTENT", document.name, document=document.name)
    try:
        return Part(f"{document.name}#", msgspec.json.decode(data, type=Raw))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Part(f"{document.name}#", _repaired(data, document, reading, str(error)))
    except RecursionError:
        raise _malformed(document, "objects are nested too deeply", data, 0) from None


def as_document(answer: Fetched) -> Document:
    """Return an answer that was just fetched as a document, and leave its body at the start."""
    answer.body.seek(0)
    data = answer.body.read()
    answer.body.seek(0)
    media_type = answer.headers.get("content-type", "")
    return Document(answer.name, answer.role, answer.url, media_type, len(data), "", lambda: BytesIO(data))


def shape(part: Part) -> str:
    """Return the first sign of a part: ``{`` object, ``[`` list, anything else a scalar."""
    return bytes(memoryview(part.raw)[:1]).decode("ascii", "replace")


def elements(part: Part) -> Iterator[Part]:
    """Yield the elements of a list, undecoded."""
    for at, raw in enumerate(msgspec.json.decode(part.raw, type=list[Raw])):
        yield Part(f"{part.path}/{at}", raw)


class Members:
    """The members of an object, found by name and not decoded until they are asked for."""

    __slots__ = ("_found", "_path")

    def __init__(self, part: Part) -> None:
        self._path = part.path
        self._found: dict[str, Raw] = _members.decode(part.raw)

    @property
    def names(self) -> Collection[str]:
        """The names as they are written."""
        return self._found.keys()

    def part(self, name: str) -> Part | None:
        """Return a member by name; as a fallback regardless of case and surrounding blanks."""
        if name not in self._found:
            folded = fold(name)
            name = next((key for key in self._found if fold(key) == folded), "")
        return Part(pointer(self._path, name), self._found[name]) if name in self._found else None

    def value(self, name: str) -> Any:
        """Return a member decoded; None where it is not there or cannot be decoded."""
        return value_of(self.part(name))

    def parts(self) -> list[Part]:
        """Return all members."""
        return [Part(pointer(self._path, name), raw) for name, raw in self._found.items()]


def value_of(part: Part | None) -> Any:
    """Decode a part. None for None, and for what cannot be decoded (a number without end)."""
    if part is None:
        return None
    try:
        return msgspec.json.decode(part.raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def record_of(part: Part) -> dict[str, Any] | Unreadable:
    """Decode one record. An item that is no object, or cannot be decoded, becomes an `Unreadable`; the rest goes on."""
    try:
        value = msgspec.json.decode(part.raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _unreadable(part, str(error)[:200])
    if isinstance(value, dict):
        return value
    return _unreadable(part, f"an object is due, but this is {_KINDS.get(type(value), 'something else')}")


def within_limits(value: dict[str, Any], part: Part, notes: list[Observation]) -> dict[str, Any]:
    """Return a record whose texts are cut where they are beyond all measure; each cut is noted in `notes`.

    Only a record that is longer than the longest text is looked through.
    """
    if len(memoryview(part.raw)) <= LONGEST_TEXT:
        return value
    return {key: _cut(inner, pointer(part.path, key), notes) for key, inner in value.items()}


def _cut(value: Any, path: str, notes: list[Observation]) -> Any:
    if isinstance(value, str):
        return within_limit(value, path, notes)
    if isinstance(value, list):
        return [_cut(inner, f"{path}/{at}", notes) for at, inner in enumerate(value)]
    if isinstance(value, dict):
        return {key: _cut(inner, pointer(path, key), notes) for key, inner in value.items()}
    return value


def error_message(found: Members) -> dict[str, str] | None:
    """Return status and text of an error message that stands where data is due, or None.

    Known forms: a problem document (RFC 9457: ``status``, ``title``, ``detail``), the ``errors`` list of JSON:API,
    Moodle's ``exception``/``errorcode``/``message``, and plain ``error`` or ``message``.
    """
    errors = found.value("errors")
    if isinstance(errors, list) and errors:
        errors = errors[0]
    if isinstance(errors, dict):
        return _error_facts(errors)
    if errors is not None and scalar(errors) is not None:
        return {"status": "", "text": str(errors)[:200]}
    names = ("error", "exception", "errorcode", "message", "detail", "title", "status", "code", "title")
    values = {name: found.value(name) for name in names}
    if isinstance(values["error"], dict):
        return _error_facts(values["error"])
    told = any(scalar(values[name]) is not None for name in ("error", "exception", "errorcode", "message", "detail"))
    problem = scalar(values["status"]) is not None and scalar(values["title"]) is not None
    return _error_facts(values) if told or problem else None


def not_readable(code: str, path: str, **facts: str) -> NotReadable:
    """Return the exception for a source that cannot be read as a whole."""
    return NotReadable(Observation(code, path=path, facts=facts))


def unreadable(code: str, path: str, source_id: str | None = None, **facts: str) -> Unreadable:
    """Return the entry for an item that was there but is no record."""
    return Unreadable(path, Observation(code, path=path, facts=facts), source_id)


def too_deep(part: Part) -> Unreadable:
    """Return the entry for a record whose objects are nested too deeply to be read."""
    return _unreadable(part, "objects are nested too deeply")


def _unreadable(part: Part, note: str) -> Unreadable:
    return unreadable("MC00-RECORD-UNREADABLE", part.path, note=note, excerpt=_excerpt(bytes(part.raw)))


_members = msgspec.json.Decoder(dict[str, Raw])
_KINDS = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false", type(None): "null"}


def _error_facts(values: dict[str, Any]) -> dict[str, str]:
    status = identifier(values.get("status")) or identifier(values.get("code")) or ""
    texts = [
        str(values[name]) for name in ("title", "error", "errorcode", "message", "detail") if scalar(values.get(name))
    ]
    return {"status": status, "text": ": ".join(texts)[:200]}


def _as_utf8(data: bytes, document: Document, reading: Reading) -> bytes:
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if _is_utf8(data):
        return data
    decoded = _mostly_utf8(data) or charsets.decode(data, document.media_type)
    if (observation := decoded.observation(document.name)) is not None:
        reading.observations.append(observation)
    return decoded.text.encode()


def _is_utf8(data: bytes) -> bool:
    if b"\x00" in data[:4]:
        return False
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):  # piece by piece: no second copy of the whole in memory
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(data: bytes) -> charsets.Decoded | None:
    """Read damaged UTF-8 (texts cut in the middle of a character) as such, not as a one-byte charset."""
    if b"\x00" in data[:4]:
        return None
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    if beyond_ascii <= 2 * lost:
        return None
    return charsets.Decoded(text, charsets.Charset("utf-8", "utf-8"), lost)


def _repaired(data: bytes, document: Document, reading: Reading, why: str) -> Raw:
    """Parse once more with tolerance; return the same document as strict JSON, or raise `NotReadable`."""
    if len(data) > MOST_REPAIRED_BYTES:
        raise (_truncated if "truncated" in why else _malformed)(document, why, data, len(data))
    text = _HALF_PAIR.sub(rb"\\ufffd", data).decode()
    try:
        value = json.loads(text, strict=False, parse_constant=lambda _: None)
        raw: Raw = msgspec.json.decode(json.dumps(value, ensure_ascii=False).encode(), type=Raw)
    except json.JSONDecodeError as error:
        failure = _truncated if _ends_early(text, error) else _malformed
        raise failure(document, error.msg, data, error.pos) from None
    except (ValueError, RecursionError) as error:
        raise _malformed(document, str(error), data, 0) from None
    facts = {"document": document.name, "note": why}
    reading.observations.append(Observation("MC00-SOURCE-JSON-REPAIRED", path=document.name, facts=facts))
    return raw


def _ends_early(text: str, error: json.JSONDecodeError) -> bool:
    """Say whether the parser ran out of text, rather than into something wrong."""
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string"):
        return True
    return len(rest) < 5 and any(word.startswith(rest) for word in ("true", "false", "null"))


def _truncated(document: Document, note: str, data: bytes, _position: int) -> NotReadable:
    ending = _excerpt(data[-_EXCERPT:])
    size = str(len(data))
    return not_readable(
        "MC00-SOURCE-TRUNCATED", document.name, document=document.name, size=size, ending=ending, note=note
    )


def _malformed(document: Document, note: str, data: bytes, position: int) -> NotReadable:
    """Return the failure for syntax that is no JSON. `position`: in characters, near enough in bytes to show where."""
    line = str(data.count(b"\n", 0, position) + 1)
    near = _excerpt(data[max(0, position - 20) : position + 40])
    facts = {"document": document.name, "line": line, "near": near, "note": note[:200]}
    return not_readable("MC00-SOURCE-NOT-JSON", document.name, **facts)


def _excerpt(data: bytes) -> str:
    """Return the beginning of some bytes as one printable line."""
    text = data[: 4 * _EXCERPT].decode("utf-8", errors="replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_EXCERPT]
