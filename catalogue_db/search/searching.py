"""Runs a search: one query for the page, one for the total and the facets, one for what the page shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, case, func, literal, select

from catalogue_db import dialects
from catalogue_db.search.facets import count
from catalogue_db.search.filters import Condition, as_list, conditions
from catalogue_db.search.matching import Matching, matching
from catalogue_db.search.query import SearchPage, SearchQuery, SearchResult, parse
from catalogue_db.search.snippets import Marker
from catalogue_db.tables import feed, instance, learning_outcome, offering, offering_text, organisation, search_offering
from catalogue_db.texts import as_texts, language_of, preferred

MOST_RESULTS = 200
_FARTHEST = 1_000_000_000
_RANK = 1000.0
_SHOWN = ("description", "prerequisites", "assessment")


def search(engine: Engine, query: SearchQuery) -> SearchPage:
    """Search the live offerings. Never raises for anything a person may type; see `catalogue_db.search.query`."""
    today = query.today or datetime.now(UTC).date()
    parsed = parse(query.text, last_word_begun=query.last_word_begun)
    with engine.connect() as connection:
        asked = matching(connection, parsed)
        filters = conditions(query)
        total, facets = count(connection, lambda some: _hits(asked, some), filters, query, today)
        hits = connection.execute(_page(asked, filters.values(), query)).all()
        results = _Results(connection, query, Marker(asked.groups), today).of(hits)
    return SearchPage(total=total, results=results, facets=facets, matched=asked.kind)


def _hits(asked: Matching, filters: Iterable[Condition]) -> Select[int]:
    """The query for what is found and passes the filters."""
    query = select(search_offering.c.key)
    if asked.matched is not None:
        source, condition = dialects.hits(asked.matched)
        query = query.select_from(source.join(search_offering, search_offering.c.key == dialects.HIT_KEY))
        query = query.where(condition)
    else:
        query = query.select_from(search_offering)
    if asked.without is not None:
        query = query.where(~dialects.is_found_by(search_offering.c.key, asked.without, "unwanted"))
    return query.where(and_(True, *filters))


def _page(asked: Matching, filters: Iterable[Condition], query: SearchQuery) -> Select[Any]:
    """The keys of one page. Equal scores are ordered by offering_id, so that pages never overlap."""
    score = _score(asked) if asked.matched is not None else literal(0.0)
    page = _hits(asked, filters).with_only_columns(search_offering.c.key, score.label("score"))
    order = score.desc() if asked.matched is not None else search_offering.c.title
    page = page.order_by(order, search_offering.c.offering_id)
    return page.limit(min(max(query.limit, 0), MOST_RESULTS)).offset(min(max(query.offset, 0), _FARTHEST))


def _score(asked: Matching) -> ColumnElement[float]:
    """Relevance, raised by so much for each rank that no relevance reaches the next one."""
    key, last = search_offering.c.key, len(asked.ranks)
    raised = [
        (dialects.is_found_by(key, matched, f"rank_{rank}"), (last - rank) * _RANK)
        for rank, matched in enumerate(asked.ranks)
    ]
    return case(*raised, else_=0.0) - dialects.HIT_SCORE if raised else -dialects.HIT_SCORE


class _Results:
    """Reads what a page shows, for all its offerings at once."""

    def __init__(self, connection: Connection, query: SearchQuery, marker: Marker, today: date) -> None:
        self._connection = connection
        self._query = query
        self._marker = marker
        self._today = today.isoformat()

    def of(self, hits: Iterable[Any]) -> list[SearchResult]:
        """The results in the order of the hits."""
        scores = {hit.key: float(hit.score) for hit in hits}
        rows = {row.key: row for row in self._connection.execute(self._rows(list(scores)))}
        titles, texts = self._titles(list(scores)), self._texts(list(scores))
        return [self._result(rows[key], scores[key], titles.get(key, {}), texts.get(key, [])) for key in scores]

    def _rows(self, keys: list[int]) -> Select[Any]:
        upcoming = (instance.c.start_date >= self._today) & instance.c.status.is_distinct_from("cancelled")
        next_start = select(func.min(instance.c.start_date)).where(instance.c.offering_key == offering.c.key, upcoming)
        return (
            select(
                offering,
                feed.c.name.label("feed"),
                feed.c.stale_since.is_not(None).label("stale"),
                organisation.c.names.label("provider_names"),
                organisation.c.organisation_id.label("provider_id"),
                next_start.scalar_subquery().label("next_start"),
            )
            .join(feed, feed.c.key == offering.c.feed_key)
            .outerjoin(organisation, organisation.c.key == offering.c.provider_key)
            .where(offering.c.key.in_(keys))
        )

    def _titles(self, keys: list[int]) -> dict[int, dict[str, str]]:
        query = select(offering_text).where(offering_text.c.offering_key.in_(keys), offering_text.c.kind == "title")
        found: dict[int, dict[str, str]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.offering_key, {})[row.lang] = row.text
        return found

    def _texts(self, keys: list[int]) -> dict[int, list[tuple[str | None, str]]]:
        """Texts to take a snippet from, descriptions first."""
        texts = select(offering_text).where(offering_text.c.offering_key.in_(keys), offering_text.c.kind.in_(_SHOWN))
        texts = texts.order_by(offering_text.c.kind != "description", offering_text.c.kind, offering_text.c.lang)
        outcomes = select(learning_outcome).where(learning_outcome.c.offering_key.in_(keys))
        outcomes = outcomes.order_by(learning_outcome.c.position, learning_outcome.c.lang)
        found: dict[int, list[tuple[str | None, str]]] = {}
        for row in (*self._connection.execute(texts), *self._connection.execute(outcomes)):
            if row.text:
                found.setdefault(row.offering_key, []).append((row.lang, row.text))
        return found

    def _in_order(self, texts: list[tuple[str | None, str]], title_lang: str | None) -> list[tuple[str | None, str]]:
        """The texts in the language asked for first, then those in the title's."""
        wanted, shown = language_of(self._query.lang), language_of(title_lang)
        return sorted(texts, key=lambda each: (language_of(each[0]) != wanted, language_of(each[0]) != shown))

    def _result(
        self, row: Any, score: float, titles: dict[str, str], texts: list[tuple[str | None, str]]
    ) -> SearchResult:
        lang, title = preferred(titles, [self._query.lang, row.title_lang or "en"])
        return SearchResult(
            offering_id=row.offering_id,
            feed=row.feed,
            score=score,
            title=title,
            title_lang=lang,
            title_marked=self._marker.mark(title, lang) if title else None,
            snippet=self._marker.snippet(self._in_order(texts, lang)),
            provider=preferred(as_texts(row.provider_names), [self._query.lang])[1],
            provider_id=row.provider_id,
            country=row.country,
            ects=row.ects,
            eqf_level=row.eqf_level,
            modes=as_list(row.modes),
            languages=as_list(row.languages),
            fields=as_list(row.fields),
            next_start=row.next_start,
            homepage=row.homepage,
            stale=bool(row.stale),
        )
