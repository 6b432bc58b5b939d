"""A search, from Python: the same on both engines, and the only way on SQLite, whose index does not know languages."""

from __future__ import annotations

from sqlalchemy import Engine

from catalogue_db.search import SearchPage, SearchQuery, search


def find(engine: Engine, words: str, lang: str) -> SearchPage:
    """What a person types, in their language; here among offerings of EQF level 6."""
    return search(engine, SearchQuery(text=words, lang=lang, levels=[6]))
