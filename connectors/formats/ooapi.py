"""OOAPI version 5 (format ``ooapi-5``): courses and programmes of Dutch institutions and of alliances.

Reading takes two passes: the first finds everything that courses and programmes refer to (`_ooapi_index`), the second
reads them one by one and joins (`_ooapi_record`, `_ooapi_parts`). Pulling is in `_ooapi_pull`. What is read from where,
the options, and the oddities that are handled: ``docs/formats/ooapi-5.md``.

Sources: OOAPI 5 specification (open-education-api/specification, branch release/5.0), profiles rio and eduxchange, real
answers as described in the reference facts on feeds, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from connectors.documents import Document
from connectors.formats import Format, Options
from connectors.formats import _json_documents as parts
from connectors.formats._json_documents import Part
from connectors.formats._ooapi_index import RECORDS, Index, Item, build, items_of, kind_of
from connectors.formats._ooapi_pull import OoapiOptions, pull
from connectors.formats._ooapi_record import Kind, RecordReader
from connectors.reading import NotReadable, Reading
from standard.observation import Observation
from standard.source_offering import SourceOffering, Unreadable

NAME = "ooapi-5"
_SIGNS = {b'"courseId"': 0.9, b'"programId"': 0.85, b'"educationSpecification': 0.85, b'"offeringId"': 0.8}
_RECORDS: dict[str, Kind] = {"course": "course", "program": "program"}
_GATEWAY = (b'"gateway"', b'"responses"')


def read(documents: Sequence[Document], reading: Reading, options: Options) -> Iterator[SourceOffering | Unreadable]:
    """Yield courses and programmes in the order of the source, joined with what they refer to.

    Raises `NotReadable` where a document is no JSON or an error message, and where a gateway's inner answer failed or
    is empty. An item that is no object, or of no known kind, becomes an `Unreadable`, and the rest goes on.
    """
    del options  # how a feed is pulled; reading depends on the documents alone
    quietly = Reading()
    index = build(documents, reading)
    reader = RecordReader(index, reading)
    done: set[tuple[str, str]] = set()
    for position, document in enumerate(documents):
        if position in index.with_records:
            for item in items_of(document, quietly):
                if (record := _record(item, reader)) is not None:
                    yield record
                    _remember(record, done)
    yield from _carried(index, reader, done)
    _conclude(documents, index, reader)


def sniff(name: str, head: bytes) -> float:
    """Say how sure (0-1) it is that a file begins an OOAPI 5 answer: by the names of its ids."""
    del name
    if head.lstrip()[:1] not in (b"{", b"["):
        return 0.0
    if all(sign in head for sign in _GATEWAY):
        return 0.9
    return max((sure for sign, sure in _SIGNS.items() if sign in head), default=0.0)


def _record(item: Item, reader: RecordReader) -> SourceOffering | Unreadable | None:
    """Read one item; None for what is no course or programme (the first pass has read it)."""
    if parts.shape(item.part) != "{":
        return _no_object(item)
    value = parts.record_of(item.part)
    if isinstance(value, Unreadable):
        return value
    kind = kind_of(list(value), item.origin)
    if kind is not None:
        return _read_record(reader, kind, value, item.part) if kind in _RECORDS else None
    members = ", ".join(sorted(value))[:120]
    return parts.unreadable("MC00-RECORD-UNKNOWN-KIND", item.part.path, members=members)


def _read_record(reader: RecordReader, kind: str, value: dict[str, Any], part: Part) -> SourceOffering | Unreadable:
    notes: list[Observation] = []
    try:
        offering = reader.read(_RECORDS[kind], parts.within_limits(value, part, notes), part.path)
    except RecursionError:
        return parts.too_deep(part)
    offering.observations.extend(notes)
    return offering


def _no_object(item: Item) -> Unreadable | None:
    value = parts.record_of(item.part) if item.origin.kind in (None, *RECORDS) else None
    return value if isinstance(value, Unreadable) else None


def _remember(record: SourceOffering | Unreadable, done: set[tuple[str, str]]) -> None:
    if isinstance(record, SourceOffering) and record.source_id is not None:
        done.add((record.kind or "", record.source_id))


def _carried(index: Index, reader: RecordReader, done: set[tuple[str, str]]) -> Iterator[SourceOffering | Unreadable]:
    """Yield courses and programmes that stand nowhere but expanded inside an offering."""
    for (kind, own_id), waiting in index.carried.items():
        if (kind, own_id) in done:
            continue
        part = Part(waiting.path, msgspec.Raw(waiting.data))
        value = parts.record_of(part)
        if isinstance(value, Unreadable):
            yield value
        else:
            yield _read_record(reader, kind, value, part)


def _conclude(documents: Sequence[Document], index: Index, reader: RecordReader) -> None:
    """Note what concerns the whole: references without answer, orphans, older version, pages that are missing."""
    notes = reader.reading.observations
    for kind, missed in sorted(reader.missed.items()):
        facts = {"kind": kind, "count": str(missed.count), "id": missed.id}
        notes.append(Observation("MC00-REFERENCES-NOT-DELIVERED", path=missed.path, value=missed.id, facts=facts))
    unjoined = (runs for owner, runs in index.runs.items() if owner not in reader.joined)
    orphans = index.orphans + [run.path for runs in unjoined for run in runs]
    if orphans:
        facts = {"count": str(len(orphans)), "example": orphans[0]}
        notes.append(Observation("MC00-OFFERINGS-ORPHANED", path=orphans[0], facts=facts))
    if reader.version_4:
        first = next(iter(reader.version_4))
        facts = {"count": str(len(reader.version_4)), "example": first}
        notes.append(Observation("MC00-SOURCE-OLDER-VERSION", path=first, facts=facts))
    notes.extend(index.unfinished_lists())
    if not index.with_records and index.kinds.total():
        found = ", ".join(f"{count} {kind}" for kind, count in sorted(index.kinds.items()))
        notes.append(Observation("MC00-SOURCE-NO-OFFERS", path=documents[0].name, facts={"found": found}))


FORMATS = [Format(NAME, "OOAPI 5 (Open Education API)", pull, read, sniff, OoapiOptions)]
__all__ = ["FORMATS", "NotReadable", "OoapiOptions", "read", "sniff"]
