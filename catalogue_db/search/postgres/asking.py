"""How Python asks the search's functions: hits, totals and facets come from there, highlights are made here."""

from __future__ import annotations

import json
from datetime import date
from math import isfinite
from typing import Any

from sqlalchemy import Connection, text

from catalogue_db.search.attested import Attested
from catalogue_db.search.correcting import corrected
from catalogue_db.search.query import FacetValue, SearchPage, SearchQuery, Suggestion, storable
from catalogue_db.search.results import Results, marked
from catalogue_db.search.snippets import Marker

_PAGE = text(
    """
    SELECT a.total, a.total_is_exact, a.matched, a.meant, a.terms, a.beginnings, a.words, a.next_cursor,
        ARRAY(SELECT h.key FROM unnest(a.hits) AS h) AS keys,
        ARRAY(
            SELECT catalogue.search_score(h.level, h.words, h.in_language, h.relevance) FROM unnest(a.hits) AS h
        ) AS scores
    FROM catalogue.search_page(:query, :lang, :filters, :limit, :offset, :cursor, :begun, :today) AS a
    """
)
_FACETS = text("SELECT * FROM catalogue.search_facets_page(:query, :lang, :filters, :begun, :today)")
_NAMES = text("SELECT facet FROM catalogue.search_facet_kinds() ORDER BY place")
_SUGGESTIONS = text("SELECT kind, text, value, offerings FROM catalogue.search_suggest(:prefix, :lang, :limit)")

_LARGEST = 1_000_000_000
_LISTS = (
    "levels",
    "modes",
    "fields",
    "providers",
    "trust",
    "languages",
    "countries",
    "regions",
    "feeds",
    "completeness",
)
_SCALARS = ("stackable", "free", "enrolment_open")
_BOUNDS = ("min_ects", "max_ects")
_DAYS = ("start_from", "start_to")


def search_page(connection: Connection, query: SearchQuery, today: date) -> SearchPage:
    """A page of a search. `today`: the day by which enrolment is open or not."""
    asked = {
        "query": query.text,
        "lang": query.lang,
        "filters": json.dumps(_filters(query)),
        "begun": query.last_word_begun,
        "today": today,
    }
    page = {
        "limit": min(max(query.limit, 0), _LARGEST),
        "offset": min(max(query.offset, 0), _LARGEST),
        "cursor": None if query.cursor is None else storable(query.cursor),
    }
    row = connection.execute(_PAGE, {**asked, **page}).one()
    surfaces = Attested(connection).surfaces(row.terms) if row.terms and row.keys else {}
    reader = Results(connection, query, Marker(surfaces, row.beginnings, row.words), today)
    results = reader.of(dict(zip(row.keys, row.scores, strict=True)))
    return SearchPage(
        total=row.total,
        total_is_exact=row.total_is_exact,
        results=results,
        facets=_facets(connection, asked) if query.facets else {},
        matched=row.matched,
        did_you_mean=corrected(query.text, row.meant, marked(results)),
        next_cursor=row.next_cursor,
    )


def suggestions(connection: Connection, prefix: str, lang: str, limit: int) -> list[Suggestion]:
    """At most so many things that may be meant by the beginning of a text."""
    asked = {"prefix": prefix, "lang": lang, "limit": limit}
    return [Suggestion(*row) for row in connection.execute(_SUGGESTIONS, asked)]


def _facets(connection: Connection, asked: dict[str, Any]) -> dict[str, list[FacetValue]]:
    """All facets, in their order; those without a value too."""
    found: dict[str, list[FacetValue]] = {name: [] for name in connection.execute(_NAMES).scalars()}
    for row in connection.execute(_FACETS, asked):
        found[row.facet].append(FacetValue(row.value, row.offerings, row.label))
    return found


def _filters(query: SearchQuery) -> dict[str, Any]:
    """The filters that are set, as the functions take them. A bound that is no number is no bound; a value that no
    database takes is empty, which is the value of nothing."""
    found: dict[str, Any] = {}
    for name in _LISTS:
        if values := getattr(query, name):
            found[name] = ["" if isinstance(each, str) and storable(each) != each else each for each in values]
    found |= {name: value for name in _SCALARS if (value := getattr(query, name)) is not None}
    found |= {name: value for name in _BOUNDS if (value := getattr(query, name)) is not None and isfinite(value)}
    return found | {name: day.isoformat() for name in _DAYS if (day := getattr(query, name)) is not None}
