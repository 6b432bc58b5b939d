"""What holds for the views over any catalogue: types, keys, references, hits that open, changes, the history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from catalogue_db.contract import VIEWS, ViewColumn
from catalogue_db.dialects import view_name
from catalogue_db.engine import open_catalogue, read_transaction
from catalogue_db.feeds import mark_stale
from catalogue_db.load import load_candidate
from catalogue_db.offerings import get_offering
from catalogue_db.questions import question
from catalogue_db.search import SearchQuery, search
from catalogue_db.search.words import split
from standard.offering import to_json
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import rows
from tests.catalogue_db.generated import batches
from tests.offerings import a_candidate
from tests.postgres import FreshCatalogue

FEEDS = ("north", "south")
steps = st.lists(
    st.sampled_from(FEEDS).flatmap(lambda feed: st.tuples(st.just(feed), batches(feed))), min_size=1, max_size=3
)
over_any_catalogue = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Steps = list[tuple[str, list[JudgedRecord]]]


@contextmanager
def a_catalogue(fresh: FreshCatalogue) -> Iterator[Engine]:
    with fresh() as url:
        engine = open_catalogue(url)
        yield engine
        engine.dispose()


def load(engine: Engine, given_steps: Steps) -> None:
    for feed, batch in given_steps:
        load_candidate(engine, a_candidate(batch, feed=feed))


def of_view(engine: Engine, name: str) -> Sequence[Any]:
    with read_transaction(engine) as connection:
        return connection.execute(text(f"SELECT * FROM {view_name(engine.dialect.name, name)}")).fetchall()


@given(steps)
@over_any_catalogue
def test_every_view_gives_what_the_contract_says(fresh_catalogue: FreshCatalogue, given_steps: Steps) -> None:
    with a_catalogue(fresh_catalogue) as engine:
        load(engine, given_steps)
        mark_stale(engine, given_steps[0][0], "It cannot be reached.")
        shown = {view.name: of_view(engine, view.name) for view in VIEWS}
        keys = {
            f"{view.name}.{view.key[0]}": {getattr(row, view.key[0]) for row in shown[view.name]}
            for view in VIEWS
            if len(view.key) == 1
        }
        for view in VIEWS:
            found = shown[view.name]
            assert len({tuple(getattr(row, name) for name in view.key) for row in found}) == len(found), view.name
            for place, column in enumerate(view.columns):
                for value in {row[place] for row in found}:
                    check(f"{view.name}.{column.name}", column, value, engine.dialect.name)
                    if column.references and value is not None:
                        assert value in keys[column.references], f"{view.name}.{column.name} leads nowhere: {value!r}"


def check(where: str, column: ViewColumn, value: Any, engine: str) -> None:
    """One value against what its column promises."""
    if value is None:
        assert column.nullable, f"{where} is empty"
        return
    is_bool = isinstance(value, bool)
    assert is_bool == (column.type == "boolean" and engine == "postgresql"), f"{where} is {value!r}"
    if column.type in ("boolean", "integer"):
        assert isinstance(value, int), f"{where} is {value!r}"
        assert column.type == "integer" or value in (0, 1), f"{where} is {value!r}"
    elif column.type == "number":
        assert isinstance(value, float), f"{where} is {value!r}"
    else:
        check_text(where, column, value)


def check_text(where: str, column: ViewColumn, value: Any) -> None:
    assert isinstance(value, str), f"{where} is {value!r}"
    if column.type == "date":
        assert date.fromisoformat(value).isoformat() == value, where
    elif column.type == "moment":
        assert datetime.fromisoformat(value).strftime("%Y-%m-%dT%H:%M:%S.%fZ") == value, where
    elif column.type == "list":
        assert all(isinstance(each, str) for each in json.loads(value)), where
    elif column.type == "json":
        json.loads(value)


@given(steps)
@over_any_catalogue
def test_the_offerings_of_the_view_are_those_of_the_search(fresh_catalogue: FreshCatalogue, given_steps: Steps) -> None:
    with a_catalogue(fresh_catalogue) as engine:
        load(engine, given_steps)
        on_offer = {
            row["offering_id"]: row["title"]
            for row in rows(engine, "SELECT offering_id, title FROM v1_offerings WHERE status <> 'withdrawn'")
        }
        everything = search(engine, SearchQuery(limit=200, facets=False))
        assert {hit.offering_id for hit in everything.results} == set(on_offer)
        for hit in everything.results:
            stored = get_offering(engine, hit.offering_id)
            assert stored is not None
            assert stored.status != "withdrawn"
        for identity, title in on_offer.items():
            if split(title):
                found = search(engine, SearchQuery(text=title, limit=200, facets=False))
                assert identity in {hit.offering_id for hit in found.results}, title


@given(steps, st.integers(1, 5))
@over_any_catalogue
def test_who_follows_the_changes_has_the_catalogue(
    fresh_catalogue: FreshCatalogue, given_steps: Steps, page: int
) -> None:
    """The way docs/database.md says: from nothing, by the last cursor, in pages, while loads go on in between."""
    with a_catalogue(fresh_catalogue) as engine:
        copy: dict[str, Any] = {}
        cursor = 0
        for feed, batch in given_steps:
            load_candidate(engine, a_candidate(batch, feed=feed))
            cursor = follow(engine, copy, cursor, page)
        follow(engine, copy, cursor, page)
        live = rows(
            engine,
            "SELECT d.offering_id, d.document FROM v1_offering_documents d "
            "JOIN v1_offerings o ON o.offering_id = d.offering_id WHERE o.status <> 'withdrawn'",
        )
        assert copy == {row["offering_id"]: row["document"] for row in live}
        for _, batch in given_steps[-1:]:
            accepted = {each.offering.offering_id: to_json(each.offering).decode() for each in batch if each.offering}
            assert accepted.items() <= copy.items()


def follow(engine: Engine, copy: dict[str, Any], cursor: int, page: int) -> int:
    """Take over what came after a cursor; returns the last cursor that was seen."""
    query = question("changes", "sqlite").sql.replace("LIMIT 1000", f"LIMIT {page}")
    while changes := rows(engine, query, cursor=cursor):
        for change in changes:
            assert change["cursor"] == cursor + 1, "a change is missing"
            cursor = change["cursor"]
            if change["kind"] == "withdrawn":
                copy.pop(change["offering_id"])
            else:
                assert (change["offering_id"] in copy) == (change["kind"] == "changed")
                copy[change["offering_id"]] = change["document"]
    return cursor


@given(steps)
@over_any_catalogue
def test_every_version_keeps_its_document_to_the_byte(fresh_catalogue: FreshCatalogue, given_steps: Steps) -> None:
    """What was once shown as a version is shown so for ever; the newest is what the offering says."""
    with a_catalogue(fresh_catalogue) as engine:
        kept: dict[tuple[str, int], str] = {}
        for feed, batch in given_steps:
            load_candidate(engine, a_candidate(batch, feed=feed))
            for row in rows(engine, "SELECT offering_id, number, document FROM v1_offering_version_documents"):
                before = kept.setdefault((row["offering_id"], row["number"]), row["document"])
                assert row["document"] == before
