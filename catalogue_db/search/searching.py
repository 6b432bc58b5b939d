"""Runs a search: the words become a ladder of sets, filters and exclusions take away, and one page is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from msgspec import structs
from sqlalchemy import Connection, Engine, select

from catalogue_db import dialects
from catalogue_db.search import cursor, postgres
from catalogue_db.search.attested import Attested
from catalogue_db.search.browsing import Titled, by_title
from catalogue_db.search.correcting import corrected
from catalogue_db.search.cursor import ByRank, ByTitle, Place
from catalogue_db.search.facets import facets
from catalogue_db.search.filters import all_of, filters
from catalogue_db.search.groups import groups
from catalogue_db.search.ladder import Ladder, ladder
from catalogue_db.search.query import (
    MOST_CHARACTERS,
    ParsedText,
    SearchPage,
    SearchQuery,
    SearchResult,
    parse,
    storable,
)
from catalogue_db.search.ranking import Hit, Ranking
from catalogue_db.search.results import Results, marked
from catalogue_db.search.sets import Sets
from catalogue_db.search.snippets import Marker
from catalogue_db.search.words import bare, sorted_as
from catalogue_db.tables import offering, search_offering

MOST_RESULTS = 200
MOST_COUNTED = 10_000
"""Totals are exact up to here; what lies beyond is "more than"."""

_FARTHEST = 1_000_000_000
_LEVEL = 1000.0
"""What a level is worth in a score: more than everything else together."""


def search(engine: Engine, query: SearchQuery) -> SearchPage:
    """Search the live offerings. Never raises for anything a person may type; see `catalogue_db.search.query`."""
    today = query.today or datetime.now(UTC).date()
    query = structs.replace(query, text=storable(query.text), lang=storable(query.lang))
    with engine.connect() as connection:
        if dialects.is_postgres(connection):
            return postgres.search_page(connection, query, today)
        return _Search(connection, query, today).page()


class _Search:
    """One search, in one transaction, so that everything it reads is of the same moment."""

    def __init__(self, connection: Connection, query: SearchQuery, today: date) -> None:
        self._connection = connection
        self._query = query
        self._today = today
        self._attested = Attested(connection)
        self._sets = Sets(connection, self._attested)

    def page(self) -> SearchPage:
        """Everything a page shows."""
        query, day = self._query, self._today.isoformat()
        parsed = self._parsed()
        asked = ladder(self._sets, self._attested, groups(self._attested, parsed.wanted), query.lang, query.text)
        found = self._wanted(asked, parsed)
        passing = filters(self._sets, query, self._today)
        chosen = found & all_of(self._sets, passing.values())
        limit = min(max(query.limit, 0), MOST_RESULTS)
        hits = self._hits(asked, chosen, limit + 1) if limit else []
        results = self._results(asked, hits[:limit])
        return SearchPage(
            total=min(chosen.bit_count(), MOST_COUNTED),
            total_is_exact=chosen.bit_count() <= MOST_COUNTED,
            results=results,
            facets=facets(self._connection, self._sets, found, passing, query.lang, day) if query.facets else {},
            matched=asked.matched,
            did_you_mean=corrected(query.text, asked.meant, marked(results)),
            next_cursor=cursor.write(hits[limit - 1].place) if len(hits) > limit else None,
        )

    def _parsed(self) -> ParsedText:
        """The query understood. What is a title as a whole excludes nothing: ``Data -driven design`` finds itself."""
        query = self._query
        parsed = parse(query.text, last_word_begun=query.last_word_begun)
        if parsed.unwanted:
            text = query.text[:MOST_CHARACTERS].strip()
            titles = select(offering.c.title).join(search_offering, search_offering.c.key == offering.c.key)
            same_words = titles.where(search_offering.c.title == sorted_as(text))
            if bare(text) in map(bare, self._connection.execute(same_words).scalars()):
                return parsed.all_wanted()
        return parsed

    def _wanted(self, asked: Ladder, parsed: ParsedText) -> int:
        """What the words find, without what they exclude."""
        members = 0
        for rung in asked.rungs:
            members |= rung.members
        for group in groups(self._attested, parsed.unwanted):
            members &= ~self._sets.having(group.own)
        return members

    def _hits(self, asked: Ladder, chosen: int, limit: int) -> Sequence[Hit | Titled]:
        """So many hits, from where the query says."""
        after, offset = cursor.read(self._query.cursor), min(max(self._query.offset, 0), _FARTHEST)
        if asked.matched == "everything":
            place = after if isinstance(after, ByTitle) else None
            return by_title(self._connection, self._sets, chosen, limit=limit, offset=offset, after=place)
        ranking = Ranking(
            self._connection, self._sets, self._attested, asked, self._query.lang, self._today.isoformat()
        )
        rungs = [rung.within(chosen) for rung in asked.rungs]
        return ranking.page(rungs, limit=limit, offset=offset, after=after if isinstance(after, ByRank) else None)

    def _results(self, asked: Ladder, hits: Sequence[Hit | Titled]) -> list[SearchResult]:
        terms = frozenset(term for group in asked.groups for term in group.terms)
        surfaces = self._attested.surfaces(terms) if hits and terms else {}
        begun = {group.begun for group in asked.groups if group.begun}
        marker = Marker(surfaces, begun, sum(len(group.surfaces) for group in asked.groups))
        results = Results(self._connection, self._query, marker, self._today)
        return results.of({hit.key: _score(hit.place) for hit in hits})


def _score(place: Place) -> float:
    """What puts a hit where it stands, as one number: first the level, last the relevance (between 0 and 1 here)."""
    if not isinstance(place, ByRank):
        return 0.0
    return place.level * _LEVEL + place.words * 2 + place.in_language + place.relevance / (1 + place.relevance)
