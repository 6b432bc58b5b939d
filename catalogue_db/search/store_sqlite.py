"""SQLite's way: FTS5 over the words kept in ``search_text``; bitmaps are read, changed and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, select, text, tuple_

from catalogue_db import dialects
from catalogue_db.search.words import SEPARATOR
from catalogue_db.tables import search_bitmap, search_text

Place = tuple[str, str, int]

HITS_PER_DOCUMENT = 30
"""Reading the words of an offering costs about as much as so many hits of a single term in the index."""

_AT_ONCE = 400
_BYTES = 8192
_COLUMNS = ("title", "outcomes", "provider", "keywords", "description")
_place = tuple_(search_bitmap.c.kind, search_bitmap.c.value, search_bitmap.c.chunk)
_REPLACE = "INSERT OR REPLACE INTO search_bitmap (kind, value, chunk, bits) VALUES (?, ?, ?, ?)"


def add_texts(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Index texts: rows with ``key`` and, by part, folded and stemmed words."""
    both = list(rows)
    dialects.bulk_insert(connection, search_text, both)
    dialects.index_rows(connection, both)


def remove_texts(connection: Connection, keys: Sequence[int]) -> None:
    """Forget the texts of offerings."""
    dialects.unindex(connection, ", ".join(str(int(key)) for key in keys))
    connection.execute(delete(search_text).where(search_text.c.key.in_(keys)))


def empty_texts(connection: Connection) -> None:
    """Forget all texts."""
    dialects.empty_index(connection)
    connection.execute(delete(search_text))


def keys_with(connection: Connection, term: str, *, in_title: bool) -> Iterator[int]:
    """The keys of the offerings that have a term, in order."""
    matched = f'{{title}} : "{term}"' if in_title else f'"{term}"'
    query = text("SELECT rowid FROM search_index WHERE search_index MATCH :matched ORDER BY rowid")
    yield from connection.execute(query, {"matched": matched}).scalars()


def terms_in_order(connection: Connection) -> Iterator[tuple[int, set[str], set[str]]]:
    """All offerings in the order of their keys, with the terms of their titles and all their terms."""
    columns = [search_text.c[name] for name in ("key", *_COLUMNS)]
    query = select(*columns).order_by(search_text.c.key)
    for key, title, *others in connection.execute(query, execution_options={"yield_per": 500}):
        titles = set(title.split())
        yield key, titles - {SEPARATOR}, titles.union(*(other.split() for other in others)) - {SEPARATOR}


def write_bitmaps(connection: Connection, changes: Iterable[tuple[Place, bytes, bytes]]) -> None:
    """Turn bits on and off; a bitmap without bits has no row."""
    stream = iter(changes)
    while batch := list(islice(stream, _AT_ONCE)):
        known = _bitmaps(connection, [place for place, _on, _off in batch])
        combined = {place: _combined(known.get(place, 0), on, off) for place, on, off in batch}
        empty = [place for place, bits in combined.items() if not bits and place in known]
        if empty:
            connection.execute(delete(search_bitmap).where(_place.in_(empty)))
        rows = [
            (*place, bits.to_bytes(_BYTES, "big"))
            for place, bits in combined.items()
            if bits and bits != known.get(place)
        ]
        if rows:
            connection.exec_driver_sql(_REPLACE, rows)


def _bitmaps(connection: Connection, places: list[Place]) -> dict[Place, int]:
    query = select(search_bitmap).where(_place.in_(places))
    return {(row.kind, row.value, row.chunk): int.from_bytes(row.bits, "big") for row in connection.execute(query)}


def _combined(known: int, on: bytes, off: bytes) -> int:
    return known & ~int.from_bytes(off, "big") | int.from_bytes(on, "big")


def tidy(_connection: Connection) -> None:
    """Nothing: FTS5 merges its index as it goes."""
