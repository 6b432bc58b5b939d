"""Both databases give the same answers to the same questions, over the same offerings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.search import SearchPage, SearchQuery, search, suggest, vocabulary
from standard.offering import Level, Offering, Organisation
from tests.catalogue_db.test_search_contract import OFFERINGS, TODAY, anything, filters, texts
from tests.offerings import NORTH, a_candidate, an_offering
from tests.postgres import FreshCatalogue

_ROUNDED = 0.0011
"""PostgreSQL computes ranks with fewer digits, so that what lies between two thousandths may become either."""


@pytest.fixture(scope="module", params=["no word is common", "most words are common"])
def twins(
    request: pytest.FixtureRequest, fresh_sqlite: FreshCatalogue, fresh_postgres: FreshCatalogue
) -> Iterator[tuple[Engine, Engine]]:
    with fresh_sqlite() as first, fresh_postgres() as second, pytest.MonkeyPatch.context() as patch:
        if request.param == "most words are common":
            patch.setattr(vocabulary, "COMMON", 2)
            patch.setattr(vocabulary, "RARE", 1)
        engines = open_catalogue(first), open_catalogue(second)
        for engine in engines:
            load_candidate(engine, a_candidate(list(OFFERINGS.values())))
        yield engines
        for engine in engines:
            engine.dispose()


def scores(page: SearchPage) -> dict[str, float]:
    return {each.offering_id: each.score for each in page.results}


@settings(max_examples=80, deadline=None)
@given(text=texts | anything, chosen=filters, lang=st.sampled_from(["en", "de", "fr-BE"]))
def test_the_same_is_found_in_the_same_order(
    twins: tuple[Engine, Engine], text: str, chosen: dict[str, Any], lang: str
) -> None:
    query = SearchQuery(text=text, lang=lang, today=TODAY, limit=200, **chosen)
    here, there = (search(engine, query) for engine in twins)
    assert scores(here) == pytest.approx(scores(there), abs=_ROUNDED)
    if scores(here) == scores(there):
        assert here.results == there.results
    for name in ("total", "total_is_exact", "matched", "did_you_mean", "facets"):
        assert getattr(here, name) == getattr(there, name)


@settings(max_examples=40, deadline=None)
@given(text=texts | anything, size=st.integers(1, 9))
def test_a_cursor_of_one_is_understood_by_the_other(twins: tuple[Engine, Engine], text: str, size: int) -> None:
    first = [search(engine, SearchQuery(text=text, today=TODAY, limit=size, facets=False)) for engine in twins]
    cursors = [page.next_cursor for page in first]
    assert (cursors[0] is None) is (cursors[1] is None)
    if cursors[0] is not None and scores(first[0]) == scores(first[1]):
        pages = [
            search(engine, SearchQuery(text=text, today=TODAY, limit=size, facets=False, cursor=cursor))
            for engine in twins
            for cursor in cursors
        ]
        assert all(scores(page) == pytest.approx(scores(pages[0]), abs=_ROUNDED) for page in pages)


@settings(max_examples=60, deadline=None)
@given(text=texts | anything, lang=st.sampled_from(["en", "de"]), limit=st.integers(0, 12))
def test_the_same_is_suggested(twins: tuple[Engine, Engine], text: str, lang: str, limit: int) -> None:
    here, there = (suggest(engine, text, lang, limit) for engine in twins)
    assert here == there


@pytest.mark.parametrize("several", [True, False], ids=["more providers than offerings", "two providers"])
def test_facets_of_many_are_counted_alike(
    fresh_sqlite: FreshCatalogue, fresh_postgres: FreshCatalogue, several: bool
) -> None:
    """However PostgreSQL counts: few from their facts, many from bitmaps, providers the cheaper way of the two."""
    with fresh_sqlite() as first, fresh_postgres() as second:
        engines = open_catalogue(first), open_catalogue(second)
        for engine in engines:
            load_candidate(engine, a_candidate([_one_of_many(number, several=several) for number in range(510)]))
        everywhere = search(engines[0], SearchQuery(today=TODAY)).facets["provider"][0]
        assert everywhere.count == 510
        chosen: list[dict[str, Any]] = [{}, {"modes": ["online"]}, {"levels": [5]}, {"providers": [everywhere.value]}]
        for filtered in chosen:
            here, there = (search(engine, SearchQuery(today=TODAY, **filtered)) for engine in engines)
            assert here.facets == there.facets
        for engine in engines:
            engine.dispose()


def _one_of_many(number: int, *, several: bool) -> Offering:
    """One of 510 offerings: of a college that all have, and of one of its own or of a second."""
    own = Organisation(name={"en": f"College {number if several else 0}"}, country="FI")
    return an_offering(
        f"c{number}",
        providers=[NORTH, own],
        modes=["online", "onsite"][: 1 + number % 2],
        level=Level(eqf=4 + number % 3),
        fields=["0611", "0311", "04"][number % 3 :],
    )
