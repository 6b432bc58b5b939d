"""Reads what a page of results shows, for all its offerings at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from catalogue_db.search.facts import as_list
from catalogue_db.search.openness import enrolment_open
from catalogue_db.search.query import SearchQuery, SearchResult
from catalogue_db.search.snippets import Marker
from catalogue_db.tables import feed, instance, learning_outcome, offering, offering_text, organisation, search_offering
from catalogue_db.texts import as_texts, language_of, preferred

_SHOWN = ("description", "prerequisites", "assessment")

_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_upcoming = (instance.c.start_date >= bindparam("today")) & instance.c.status.is_distinct_from("cancelled")
_next_start = select(func.min(instance.c.start_date)).where(instance.c.offering_key == offering.c.key, _upcoming)
_ROWS = (
    select(
        offering,
        feed.c.name.label("feed"),
        feed.c.stale_since.is_not(None).label("stale"),
        organisation.c.names.label("provider_names"),
        organisation.c.organisation_id.label("provider_id"),
        search_offering.c.enrolment,
        search_offering.c.trust_status,
        _next_start.scalar_subquery().label("next_start"),
    )
    .join(feed, feed.c.key == offering.c.feed_key)
    .join(search_offering, search_offering.c.key == offering.c.key)
    .outerjoin(organisation, organisation.c.key == offering.c.provider_key)
    .where(offering.c.key.in_(_keys))
)
_text, _outcome = offering_text.c, learning_outcome.c
_TITLES = select(_text.offering_key, _text.lang, _text.text).where(_text.offering_key.in_(_keys), _text.kind == "title")
_TEXTS = (
    select(_text.offering_key, _text.lang, _text.text)
    .where(_text.offering_key.in_(_keys), _text.kind.in_(_SHOWN))
    .order_by(_text.kind != "description", _text.kind, _text.lang)
)
_OUTCOMES = (
    select(_outcome.offering_key, _outcome.lang, _outcome.text)
    .where(_outcome.offering_key.in_(_keys))
    .order_by(_outcome.position, _outcome.lang)
)


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
        given = {"keys": list(scores), "today": self._today}
        rows = {row.key: row for row in self._connection.execute(_ROWS, given)}
        titles, texts = self._titles(list(scores)), self._texts(list(scores))
        return [self._result(rows[key], scores[key], titles.get(key, {}), texts.get(key, [])) for key in scores]

    def _titles(self, keys: list[int]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for key, lang, title in self._connection.execute(_TITLES, {"keys": keys}):
            found.setdefault(key, {})[lang] = title
        return found

    def _texts(self, keys: list[int]) -> dict[int, list[tuple[str | None, str]]]:
        """Texts to take a snippet from, descriptions first."""
        found: dict[int, list[tuple[str | None, str]]] = {}
        for query in (_TEXTS, _OUTCOMES):
            for key, lang, shown in self._connection.execute(query, {"keys": keys}):
                if shown:
                    found.setdefault(key, []).append((lang, shown))
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


def marked(results: Iterable[SearchResult]) -> Iterator[str]:
    """What some results show with words marked: each one's title, then its passage."""
    for result in results:
        yield from (each for each in (result.title_marked, result.snippet) if each)
