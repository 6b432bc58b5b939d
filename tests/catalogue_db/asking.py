"""Small questions to a catalogue, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select, text

from catalogue_db.search import SearchQuery, search
from catalogue_db.tables import ONLY, metadata


def rows(engine: Engine, query: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(query), parameters)]


def statuses(engine: Engine) -> dict[str, str]:
    """source_id → status, as portals see it."""
    return {row["source_id"]: row["status"] for row in rows(engine, "SELECT source_id, status FROM v1_offerings")}


def found(engine: Engine, words: str, **filters: Any) -> list[str]:
    """The titles of what a search finds, in order."""
    page = search(engine, SearchQuery(text=words, **filters))
    return [result.title or "" for result in page.results]


def everything(engine: Engine) -> dict[str, list[tuple[str, ...]]]:
    """The content of all base tables, to compare whole states."""
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(map(repr, row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table.info.get(ONLY) in (None, engine.dialect.name)
        }
