"""The engines that are measured side by side: our search on SQLite and PostgreSQL, and Tantivy.

Each is opened from one text (an address or a folder), so that a client in a process of its own can open it too, and
is then called with a query; it reads everything a page of results shows and returns how many offerings were found.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import text

from benchmarks.queries import Query
from catalogue_db.engine import open_catalogue
from catalogue_db.search import SearchQuery, search

Engine = Callable[[Query], int]
TODAY = date(2027, 1, 15)

_LIST = text("SELECT * FROM portal.search_offerings(:text, :lang, CAST(:filters AS jsonb), 20)")
_FACETS = text("SELECT * FROM portal.search_facets(:text, :lang, CAST(:filters AS jsonb))")


def open_engine(kind: str, where: str) -> Engine:
    """Open an engine: ``sqlite`` or ``postgresql`` with an address, a kind of ``tantivy`` with a folder."""
    openers: dict[str, Callable[[str], Engine]] = {
        "sqlite": _python,
        "postgresql": _sql,
        "tantivy": _tantivy,
        "tantivy-everywhere": partial(_tantivy, everywhere=True),
    }
    return openers[kind](where)


def _python(address: str) -> Engine:
    engine = open_catalogue(address)

    def run(query: Query) -> int:
        asked = SearchQuery(text=query.text, lang=query.lang, facets=query.facets, today=TODAY, **query.filters)
        return search(engine, asked).total

    return run


def _sql(address: str) -> Engine:
    """The SQL functions, as a portal calls them, over one connection."""
    connection = open_catalogue(address).connect()

    def run(query: Query) -> int:
        values = {"text": query.text, "lang": query.lang, "filters": json.dumps(query.filters)}
        rows = connection.execute(_LIST, values).mappings().all()
        if query.facets:
            connection.execute(_FACETS, values).all()
        connection.rollback()
        return int(rows[0]["total"]) if rows else 0

    return run


def _tantivy(folder: str, *, everywhere: bool = False) -> Engine:
    from benchmarks.tantivy_index import TantivySearch  # only installed to measure

    return TantivySearch(Path(folder), everywhere=everywhere)


def open_suggest(kind: str, where: str) -> Engine:
    """Open what suggests while a person types; counts the suggestions for a query's text."""
    from catalogue_db.search import suggest

    engine = open_catalogue(where)
    if kind == "postgresql":
        connection = engine.connect()
        asked = text("SELECT * FROM portal.suggest(:text, :lang)")

        def run(query: Query) -> int:
            found = connection.execute(asked, {"text": query.text, "lang": query.lang}).all()
            connection.rollback()
            return len(found)

        return run
    return lambda query: len(suggest(engine, query.text, query.lang))
