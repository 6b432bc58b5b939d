"""Small questions to a catalogue, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select, text

from catalogue_db.search import SearchQuery, search
from catalogue_db.search.words import Stems
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
    if engine.dialect.name == "postgresql":
        return _indexed(engine, words)
    page = search(engine, SearchQuery(text=words, **filters))
    return [result.title or "" for result in page.results]


def _indexed(engine: Engine, given: str) -> list[str]:
    """The titles of the offerings in whose search text all the words stand, by title, until PostgreSQL is searched."""
    wanted = set(Stems("en").line(given).split())
    query = """SELECT o.title, tsvector_to_array(t.words) AS words
      FROM search_vector t JOIN offering o ON o.key = t.key ORDER BY o.title"""
    return [row["title"] for row in rows(engine, query) if wanted <= set(row["words"])]


def everything(engine: Engine) -> dict[str, list[tuple[str, ...]]]:
    """The content of all base tables, to compare whole states."""
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(map(repr, row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table.info.get(ONLY) in (None, engine.dialect.name)
        }
