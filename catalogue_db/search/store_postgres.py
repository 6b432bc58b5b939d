"""PostgreSQL's way: vectors made by the loader, with GIN indexes; bitmaps are combined by the server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, cast, delete, func, select, text
from sqlalchemy.dialects.postgresql import BIT, TSQUERY

from catalogue_db.dialects import bulk_insert, empty, is_among
from catalogue_db.search.words import SEPARATOR
from catalogue_db.tables import Sorted, search_vector

Place = tuple[str, str, int]

HITS_PER_DOCUMENT = 10
"""Reading the words of an offering costs about as much as so many hits of a single term: each hit is a row to fetch."""

_AT_ONCE = 200
_MOST_BYTES = 1_000_000
"""A vector may be a megabyte; what lies beyond is not indexed."""

_WEIGHTS = {"title": "A", "outcomes": "B", "provider": "C", "keywords": "C", "description": ""}

_change = Table(
    "search_bitmap_change",
    MetaData(),
    Column("kind", Sorted, primary_key=True),
    Column("value", Sorted, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("plus", BIT(varying=True)),  # empty where no bit becomes on; likewise minus
    Column("minus", BIT(varying=True)),
    prefixes=["TEMPORARY"],
)
_SAME = "(old.kind, old.value, old.chunk) = (c.kind, c.value, c.chunk)"
_CHANGE = f"""
UPDATE search_bitmap AS old SET bits = CASE
    WHEN c.minus IS NULL THEN old.bits | c.plus
    WHEN c.plus IS NULL THEN old.bits & ~c.minus
    ELSE (old.bits & ~c.minus) | c.plus END
FROM search_bitmap_change AS c WHERE {_SAME}"""
_ADD = """
INSERT INTO search_bitmap (kind, value, chunk, bits)
SELECT kind, value, chunk, plus FROM search_bitmap_change WHERE plus IS NOT NULL ON CONFLICT DO NOTHING"""
_REMOVE = f"""
DELETE FROM search_bitmap AS old USING search_bitmap_change AS c
WHERE {_SAME} AND c.minus IS NOT NULL AND bit_count(old.bits) = 0"""


def add_texts(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Index texts: rows with ``key`` and, by part, folded and stemmed words. They are asked for one by one."""
    vectors = (
        {
            "key": row["key"],
            "title": vector([(row["title"], "A")]),
            "words": vector([(row[part], weight) for part, weight in _WEIGHTS.items()]),
        }
        for row in rows
    )
    bulk_insert(connection, search_vector, vectors)


def vector(parts: Iterable[tuple[str, str]]) -> str:
    """The text of a ``tsvector`` for lines of words, each with its weight.

    A place is left free between parts, so that a phrase never spans two of them. Words are letters, digits, ``+`` and
    ``#`` only.
    """
    places: dict[str, list[str]] = {}
    at = 0
    for line, weight in parts:
        for word in line.split():
            at += 1
            places.setdefault(word, []).append(f"{at}{weight}")
        at += 1
    places.pop(SEPARATOR, None)
    made = " ".join([f"'{word}':{','.join(found)}" for word, found in places.items()])
    return made if len(made) < _MOST_BYTES // 4 else _shortened(places)


def _shortened(places: Mapping[str, list[str]]) -> str:
    """As many of the words, in the order in which they are met, as a vector has room for."""
    room, kept = 0, []
    for word, found in places.items():
        taken = found[: max(0, (_MOST_BYTES - room - len(word.encode()) - 8) // 2)]
        if taken:
            room += len(word.encode()) + 8 + 2 * len(taken)
            kept.append(f"'{word}':{','.join(taken)}")
    return " ".join(kept)


def remove_texts(connection: Connection, keys: Sequence[int]) -> None:
    """Forget the texts of offerings."""
    connection.execute(delete(search_vector).where(is_among(connection, search_vector.c.key, keys)))


def empty_texts(connection: Connection) -> None:
    """Forget all texts."""
    connection.execute(delete(search_vector))


def keys_with(connection: Connection, term: str, *, in_title: bool) -> Iterator[int]:
    """The keys of the offerings that have a term, in order."""
    column = search_vector.c.title if in_title else search_vector.c.words
    query = select(search_vector.c.key).where(column.op("@@")(cast(f"'{term}'", TSQUERY))).order_by(search_vector.c.key)
    yield from connection.execute(query).scalars()


def terms_in_order(connection: Connection) -> Iterator[tuple[int, set[str], set[str]]]:
    """All offerings in the order of their keys, with the terms of their titles and all their terms."""
    terms = [func.tsvector_to_array(column) for column in (search_vector.c.title, search_vector.c.words)]
    query = select(search_vector.c.key, *terms).order_by(search_vector.c.key)
    for key, titles, words in connection.execute(query, execution_options={"yield_per": 500}):
        yield key, set(titles), set(words)


def write_bitmaps(connection: Connection, changes: Iterable[tuple[Place, bytes, bytes]]) -> None:
    """Turn bits on and off; a bitmap without bits has no row."""
    stream = iter(changes)
    _change.create(connection, checkfirst=True)
    while batch := list(islice(stream, _AT_ONCE)):
        empty(connection, _change)
        rows = [
            {"kind": kind, "value": value, "chunk": chunk, "plus": _bits(on), "minus": _bits(off)}
            for (kind, value, chunk), on, off in batch
        ]
        bulk_insert(connection, _change, rows)
        for statement in (_CHANGE, _ADD, _REMOVE):
            connection.execute(text(statement))


def _bits(given: bytes) -> str | None:
    """Bits as PostgreSQL reads them; None where none is set."""
    return f"x{given.hex()}" if given.count(0) < len(given) else None


def tidy(connection: Connection) -> None:
    """Bring what was written into the indexes themselves, so that no search has to read a list beside them."""
    connection.execute(text("SELECT clean_search_index()"))
