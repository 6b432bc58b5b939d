"""The search's functions on PostgreSQL, called with plain SQL by a reader who may call nothing else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row
from sqlalchemy import Engine

from catalogue_db import migrations
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.roles import RoleNames, roles_sql
from catalogue_db.search import SearchQuery, SearchResult, search, suggest, vocabulary
from tests.catalogue_db.test_search_contract import OFFERINGS, anything, filters, texts
from tests.offerings import a_candidate, an_offering
from tests.postgres import Server

Reader = psycopg.Connection[dict[str, Any]]
Row = dict[str, Any]

OFFERINGS_DOOR = "SELECT * FROM portal.search_offerings(%s, %s, %s, %s, %s, %s)"
FACETS_DOOR = "SELECT * FROM portal.search_facets(%s, %s, %s)"
SUGGEST_DOOR = "SELECT * FROM portal.suggest(%s, %s, %s)"
LISTS = ("modes", "languages", "fields")
"""Columns that are JSON here, and lists in Python."""

HTML = an_offering("html", feed="odd", title='Zebras <b>& "friends"</b>', description={"en": "<i>Zebra's</i> & co"})


@pytest.fixture(scope="module")
def url(postgres_server: Server) -> Iterator[str]:
    """A catalogue in which most words are common."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "COMMON", 2)
        patch.setattr(vocabulary, "RARE", 1)
        address = postgres_server.catalogue()
        engine = open_catalogue(address)
        load_candidate(engine, a_candidate(list(OFFERINGS.values())))
        load_candidate(engine, a_candidate([HTML], feed="odd"))
        engine.dispose()
        yield address
        postgres_server.drop(address)


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    """Python's way to it."""
    opened = open_catalogue(url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def reader(url: str, postgres_server: Server) -> Iterator[Reader]:
    """A session of the portals' role."""
    names = RoleNames(*(f"{role}_{secrets.token_hex(4)}" for role in ("owner", "loader", "reader")))
    database = url.rpartition("/")[2].partition("?")[0]
    postgres_server.run(roles_sql(names, statement_timeout_ms=60_000), database=database)
    with psycopg.connect(postgres_server.url(database, names.reader), autocommit=True, row_factory=dict_row) as opened:
        yield opened
    for role in (names.owner, names.loader, names.reader):
        postgres_server.run(f"REASSIGN OWNED BY {role} TO CURRENT_USER", database=database)
        postgres_server.run(f"DROP OWNED BY {role}", f"DROP ROLE {role}", database=database)


def ask(reader: Reader, text: str | None, lang: str = "en", limit: int | None = 20, **more: Any) -> list[Row]:
    chosen = json.dumps(more.get("filters", {}))
    return reader.execute(
        OFFERINGS_DOOR, (text, lang, chosen, limit, more.get("offset", 0), more.get("cursor"))
    ).fetchall()


# --- the same as from Python ----------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(text=texts, lang=st.sampled_from(["en", "de", "fr-BE"]), limit=st.integers(1, 30), offset=st.integers(0, 20))
def test_plain_sql_finds_what_python_finds(
    reader: Reader, engine: Engine, text: str, lang: str, limit: int, offset: int
) -> None:
    page = search(engine, SearchQuery(text=text, lang=lang, limit=limit, offset=offset, facets=False))
    rows = ask(reader, text, lang, limit, offset=offset)
    shown = [name for name in rows[0] if name in SearchResult.__struct_fields__ and name not in LISTS] if rows else []
    assert [{name: row[name] for name in shown} for row in rows] == [
        {name: getattr(result, name) for name in shown} for result in page.results
    ]
    assert [row["position"] for row in rows] == list(range(offset + 1, offset + len(rows) + 1))
    for row in rows:
        assert (row["total"], row["total_is_exact"]) == (page.total, page.total_is_exact)
        assert (row["did_you_mean"], row["next_cursor"]) == (page.did_you_mean, page.next_cursor)
        assert row["status"] == "live"
        assert row["level"] is None if page.matched == "everything" else row["level"] == int(row["score"] // 1000)


@settings(max_examples=40, deadline=None)
@given(text=texts, chosen=filters)
def test_plain_sql_counts_what_python_counts(reader: Reader, engine: Engine, text: str, chosen: dict[str, Any]) -> None:
    page = search(engine, SearchQuery(text=text, limit=0, **chosen))
    rows = reader.execute(FACETS_DOOR, (text, "en", json.dumps(chosen, default=str))).fetchall()
    told = [
        {"facet": facet, "value": each.value, "label": each.label, "offerings": each.count}
        for facet, values in page.facets.items()
        for each in values
    ]
    assert sorted(rows, key=str) == sorted(told, key=str)
    for facet, values in page.facets.items():
        assert [row["value"] for row in rows if row["facet"] == facet] == [each.value for each in values]


@settings(max_examples=40, deadline=None)
@given(text=texts, lang=st.sampled_from(["en", "de"]), limit=st.integers(0, 12))
def test_plain_sql_suggests_what_python_suggests(
    reader: Reader, engine: Engine, text: str, lang: str, limit: int
) -> None:
    rows = reader.execute(SUGGEST_DOOR, (text, lang, limit)).fetchall()
    assert [tuple(row.values()) for row in rows] == [
        (each.kind, each.text, each.value, each.documents) for each in suggest(engine, text, lang, limit)
    ]


def test_pages_follow_each_other_by_cursor(reader: Reader) -> None:
    for text in ("law", "data -soil", ""):
        whole = [row["offering_id"] for row in ask(reader, text, limit=200)]
        found, cursor = list[str](), None
        while page := ask(reader, text, limit=3, cursor=cursor):
            found += [row["offering_id"] for row in page]
            cursor = page[0]["next_cursor"]
            if cursor is None:
                break
        assert found == whole
        assert len(whole) > 3


# --- whatever is typed ----------------------------------------------------------------------------------------------

sent = anything.map(lambda text: text.replace("\0", "").encode("utf-8", "ignore").decode())
known = st.sampled_from(
    [
        "levels",
        "modes",
        "providers",
        "stackable",
        "free",
        "min_ects",
        "max_ects",
        "start_from",
        "enrolment_open",
        "fields",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | sent
values = st.recursive(
    scalars | st.sampled_from(["2026-09-01", "1e400", "'", "en"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(sent, inner, max_size=2),
    max_leaves=5,
)
no_names = st.dictionaries(known, values, max_size=4) | st.lists(values, max_size=2) | scalars


@settings(max_examples=100, deadline=None)
@given(
    text=sent | st.none(),
    lang=sent | st.none(),
    chosen=no_names,
    limit=st.none() | st.integers(-5, 10**6),
    cursor=sent | st.none(),
)
def test_nothing_that_is_typed_or_chosen_is_an_error(
    reader: Reader, text: str | None, lang: str | None, chosen: Any, limit: int | None, cursor: str | None
) -> None:
    given = json.dumps(chosen)
    reader.execute(OFFERINGS_DOOR, (text, lang, given, limit, limit, cursor)).fetchall()
    reader.execute(FACETS_DOOR, (text, lang, given)).fetchall()
    reader.execute(SUGGEST_DOOR, (text, lang, limit)).fetchall()


def test_nothing_at_all_is_everything(reader: Reader) -> None:
    rows = reader.execute("SELECT * FROM portal.search_offerings(NULL, NULL, NULL, NULL, NULL, NULL)").fetchall()
    assert rows[0]["total"] == len(OFFERINGS) + 1
    assert [row["title"] for row in rows] == [row["title"] for row in ask(reader, "")]
    assert reader.execute("SELECT * FROM portal.suggest(NULL, NULL, NULL)").fetchall() == []


@pytest.mark.parametrize("door", ["portal.search_offerings('law', 'en', %s)", "portal.search_facets('law', 'en', %s)"])
def test_a_filter_that_does_not_exist_is_told(reader: Reader, door: str) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=r'There is no filter "le""vel"\.') as told:
        reader.execute(f"SELECT * FROM {door}", ('{"free": true, "le\\"vel": 5}',))
    assert "levels, modes" in (told.value.diag.message_hint or "")


def test_a_value_of_a_filter_that_no_offering_has_finds_nothing(reader: Reader) -> None:
    assert ask(reader, "law", filters={"levels": ["x"]}) == []
    assert ask(reader, "law", filters={"levels": [{}]}) == []
    assert ask(reader, "law", filters={"levels": []}) == ask(reader, "law")
    assert ask(reader, "law", filters={"levels": 5}) == ask(reader, "law", filters={"levels": ["5.0", 5.0]})


def test_marks_are_the_only_html(reader: Reader) -> None:
    (row,) = ask(reader, "zebra")
    assert row["title_marked"] == "<mark>Zebras</mark> &lt;b&gt;&amp; &quot;friends&quot;&lt;/b&gt;"
    assert row["snippet"] == "&lt;i&gt;<mark>Zebra</mark>&#x27;s&lt;/i&gt; &amp; co"
    assert row["title"] == 'Zebras <b>& "friends"</b>'


# --- who may do what, and for how long ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT catalogue.search_page('law', '{}', 1, 0, NULL, true, current_date)",
        "SELECT catalogue.search_any_of('live', ARRAY[''], 1)",
        "SELECT * FROM catalogue.search_offering",
        "SELECT * FROM catalogue.search_bitmap",
    ],
)
def test_the_reader_reaches_nothing_behind_the_doors(reader: Reader, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(statement)


def test_tables_of_the_reader_s_own_are_not_looked_at(reader: Reader, url: str) -> None:
    """A function that runs with its owner's rights must not read, or call, what the caller has put in its way."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("CREATE TEMPORARY TABLE search_bitmap (kind text, value text, chunk int, bits bit varying)")
        session.execute("SET search_path = pg_temp, portal")
        found = session.execute("SELECT count(*) FROM portal.search_offerings('law')").fetchone()
    assert found == (len(ask(reader, "law")),)


def test_a_search_can_be_stopped(reader: Reader) -> None:
    reader.execute("SET statement_timeout = 100")
    with pytest.raises(psycopg.errors.QueryCanceled):
        reader.execute("SELECT count(*) FROM generate_series(1, 100000) AS n, portal.search_offerings('law ' || n)")
    reader.execute("SET statement_timeout = 60000")
    assert ask(reader, "law")


def test_a_function_that_was_taken_away_comes_back_with_an_upgrade(postgres_url: str) -> None:
    engine = open_catalogue(postgres_url)
    with psycopg.connect(postgres_url) as session:
        session.execute("DROP FUNCTION portal.suggest")
    assert not migrations.status(engine).up_to_date
    assert migrations.upgrade(engine).up_to_date
    assert suggest(engine, "law") == []
    engine.dispose()


def test_the_functions_are_made_anew_with_the_views(postgres_server: Server) -> None:
    """Also where a role owns them that has come after them, as after `catalogue db roles`."""
    address = postgres_server.catalogue()
    database = address.rpartition("/")[2].partition("?")[0]
    owner = f"owner_{secrets.token_hex(4)}"
    names = RoleNames(owner, f"loader_{owner}", f"reader_{owner}")
    try:
        postgres_server.run(roles_sql(names), database=database)
        with psycopg.connect(postgres_server.url(database, owner), autocommit=True) as session:
            session.execute(
                "CREATE FUNCTION catalogue.search_of_an_older_version() RETURNS int LANGUAGE sql AS 'SELECT 1'"
            )
            session.execute("COMMENT ON SCHEMA catalogue IS 'of another version: 1'")
            engine = open_catalogue(postgres_server.url(database, owner))
            assert migrations.upgrade(engine).up_to_date
            engine.dispose()
            left = session.execute(
                "SELECT count(*) FROM pg_proc WHERE proname = 'search_of_an_older_version'"
            ).fetchone()
            assert left == (0,)
        with psycopg.connect(postgres_server.url(database, names.reader)) as session:
            assert session.execute("SELECT count(*) FROM portal.search_offerings('law')").fetchone() == (0,)
    finally:
        postgres_server.drop(address)
        postgres_server.run(*(f"DROP ROLE IF EXISTS {role}" for role in (owner, names.loader, names.reader)))
