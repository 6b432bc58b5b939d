"""Reads what a page of results shows, for all its offerings at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from catalogue_db.search.facts import as_list
from catalogue_db.search.openness import enrolment_open
from catalogue_db.search.query import SearchQuery, SearchResult
from catalogue_db.search.snippets import Marker
from catalogue_db.tables import feed, instance, learning_outcome, offering, offering_text, organisation, search_offering
from catalogue_db.texts import as_texts, language_of, preferred

_SHOWN = ("description", "prerequisites", "assessment")


class Results:
    """Reads what a page shows, for all its offerings at once."""

    def __init__(self, connection: Connection, query: SearchQuery, marker: Marker, today: date) -> None:
        self._connection = connection
        self._query = query
        self._marker = marker
        self._today = today.isoformat()

    def of(self, scores: Mapping[int, float]) -> list[SearchResult]:
        """The results of some hits (key → score), in their order."""
        if not scores:
            return []
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
                search_offering.c.enrolment,
                search_offering.c.trust_status,
                next_start.scalar_subquery().label("next_start"),
            )
            .join(feed, feed.c.key == offering.c.feed_key)
            .join(search_offering, search_offering.c.key == offering.c.key)
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
            enrolment_open=enrolment_open(row.enrolment, self._today),
            trust_status=row.trust_status,
        )
