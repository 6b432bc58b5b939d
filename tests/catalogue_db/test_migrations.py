"""The tables: made by revisions, the same as the definitions, understood by both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from catalogue_db import migrations, tables
from catalogue_db.candidate import CatalogueError
from catalogue_db.dialects import write_transaction
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from tests.catalogue_db.asking import statuses
from tests.offerings import a_candidate, an_offering


def test_an_empty_database_is_brought_to_the_newest_revision(tmp_path: Path) -> None:
    engine = open_catalogue(f"sqlite:///{tmp_path}/deep/down/catalogue.db")
    assert migrations.status(engine).current is None
    after = migrations.upgrade(engine)
    assert after.up_to_date
    assert after.current == after.head


def test_upgrading_again_keeps_what_is_there(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a")]))
    migrations.upgrade(engine)
    assert statuses(engine) == {"a": "live"}


@pytest.mark.filterwarnings("ignore:autogenerate skipping")  # an index that only PostgreSQL has
def test_the_revisions_make_what_the_definitions_say(engine: Engine) -> None:
    def ours(name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or not (name or "").startswith("search_index")

    def here(thing: Any, _name: object, kind: str, *_: object) -> bool:
        owner = thing if kind == "table" else thing.table
        return owner.info.get(tables.ONLY) in (None, engine.dialect.name)

    with engine.connect() as connection:
        options = {"include_name": lambda n, k, _p: ours(n, k), "include_object": here}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.metadata) == []


def test_pages_have_the_room_that_the_definitions_say(postgres_url: str) -> None:
    query = text("SELECT relname, reloptions FROM pg_class WHERE relkind = 'r' AND reloptions IS NOT NULL")
    said = {
        name: sorted(f"{option}={value}" for option, value in room.items())
        for name, table in tables.metadata.tables.items()
        if (room := table.dialect_options["postgresql"]["with"])
    }
    engine = open_catalogue(postgres_url)
    with engine.connect() as connection:
        assert said
        assert {name: sorted(options) for name, options in connection.execute(query)} == said
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_with_what_to_do(engine: Engine) -> None:
    with engine.connect() as connection, write_transaction(connection):
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogueError, match="newer version"):
        migrations.upgrade(engine)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_tables_of_something_else_are_left_alone(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = request.getfixturevalue("blank_postgres_url") if kind == "postgresql" else f"sqlite:///{tmp_path}/feeds.db"
    engine = open_catalogue(url)
    with engine.connect() as connection, write_transaction(connection):
        if kind == "postgresql":
            connection.execute(text("CREATE SCHEMA catalogue"))
        connection.execute(text("CREATE TABLE feed (address TEXT)"))
        connection.execute(text("INSERT INTO feed VALUES ('https://feeds.example/news')"))
    with pytest.raises(CatalogueError, match=r"something else: feed\. Nothing was changed"):
        migrations.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT address FROM feed")).scalars().all() == ["https://feeds.example/news"]
    assert inspect(engine).get_table_names() == ["feed"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_upgrades_at_once_are_one_after_the_other(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("blank_postgres_url") if kind == "postgresql" else f"sqlite:///{tmp_path}/new.db"
    both = Barrier(2)

    def upgraded(_: int) -> bool:
        engine = open_catalogue(url)
        both.wait()
        after = migrations.upgrade(engine)
        engine.dispose()
        return after.up_to_date

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(upgraded, range(2))) == [True, True]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_failed_upgrade_leaves_nothing_behind(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue("blank_postgres_url") if kind == "postgresql" else f"sqlite:///{tmp_path}/new.db"
    engine = open_catalogue(url)
    monkeypatch.setitem(migrations.views.VIEWS, "v1_feeds", "SELECT nonsense FROM nowhere WHERE")
    with pytest.raises(DBAPIError):
        migrations.upgrade(engine)
    assert migrations.status(engine).current is None
    assert inspect(engine).get_table_names("catalogue" if kind == "postgresql" else None) == []


@pytest.mark.parametrize(
    "address", ["not an address", "postgresql+psycopg2://localhost/x", "mysql://localhost/x", "oracle://x/y"]
)
def test_a_database_that_cannot_be_used_is_said_so(address: str) -> None:
    with pytest.raises(CatalogueError, match="sqlite:///"):
        open_catalogue(address)
