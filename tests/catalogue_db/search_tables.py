"""The search tables as they stand, to compare with those that are made anew from nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from catalogue_db import dialects
from catalogue_db.search import bitmaps, rebuild_search
from catalogue_db.tables import ONLY, Table, search_state, search_synonym
from catalogue_db.tables import search as search_tables

TABLES = [
    table
    for table in vars(search_tables).values()
    if isinstance(table, Table) and table not in (search_state, search_synonym)
]


def search_rows(engine: Engine) -> dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]:
    """Table → key → row, of everything that follows from the live offerings."""
    with engine.connect() as connection:
        return {
            table.name: {
                tuple(getattr(row, column.name) for column in table.primary_key): tuple(row)
                for row in connection.execute(select(table))
            }
            for table in TABLES
            if table.info.get(ONLY) in (None, engine.dialect.name)
        }


def bits(engine: Engine, kind: str, value: str) -> set[int]:
    """The keys of the offerings that have a value."""
    table = search_tables.search_bitmap
    query = select(table.c.chunk, table.c.bits).where(table.c.kind == kind, table.c.value == value)
    with engine.connect() as connection:
        return {
            (row.chunk << bitmaps.CHUNK_BITS) + place
            for row in connection.execute(query)
            for place, bit in enumerate(_letters(row.bits))
            if bit == "1"
        }


def _letters(given: bytes | str) -> str:
    """A bitmap as noughts and ones, the first offering first."""
    return given if isinstance(given, str) else f"{int.from_bytes(given, 'big'):0{len(given) * 8}b}"


def assert_as_made_anew(engine: Engine) -> None:
    """What loads have kept in step is exactly what making it anew gives, and the full-text index agrees."""
    kept = search_rows(engine)
    with engine.connect() as connection, dialects.write_transaction(connection):
        assert dialects.check_index(connection)
    rebuild_search(engine)
    anew = search_rows(engine)
    assert kept.keys() == anew.keys()
    for name in kept:
        assert kept[name] == anew[name], name
