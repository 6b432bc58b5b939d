"""A lost connection or a full disk ends a load cleanly, and the next run repairs what is to be repaired."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url

from catalogue_db import migrations
from catalogue_db.candidate import Candidate, CatalogueError
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.offerings import live_offerings
from catalogue_db.register.state import mark_register_stale
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import everything
from tests.offerings import a_candidate, an_offering
from tests.postgres import FreshCatalogue, Server

BEFORE = [an_offering(f"n{number}") for number in range(5)]
AFTER = [an_offering(f"n{number}", title=f"Changed {number}") for number in range(3, 30)]
RECORDS = len(AFTER)


def interrupted(candidate: Candidate, number: int, what: Callable[[], None]) -> Candidate:
    """Let something happen before the `number`-th record is read; the records are read twice in a load."""
    seen = iter(range(1, 10_000))

    def records() -> Iterator[JudgedRecord]:
        for judged in candidate.records():
            if next(seen) == number:
                what()
            yield judged

    return replace(candidate, records=records)


def a_filled(url: str) -> tuple[Engine, dict[str, Any]]:
    engine = open_catalogue(url)
    load_candidate(engine, a_candidate(BEFORE))
    return engine, everything(engine)


def check_the_next_run(engine: Engine) -> None:
    report = load_candidate(engine, a_candidate(AFTER, snapshot_id="after"))
    assert (report.new, report.changed, report.withdrawn) == (25, 2, 3)
    assert len(live_offerings(engine)) == RECORDS


@pytest.mark.parametrize("number", [1, RECORDS, RECORDS + 1, 2 * RECORDS])
def test_a_lost_connection_is_said_and_the_same_engine_goes_on(
    postgres_server: Server, postgres_url: str, number: int
) -> None:
    """Lost while the hashes are staged, and while the records are written."""
    engine, before = a_filled(postgres_url)
    database = make_url(postgres_url).database

    def lose() -> None:
        postgres_server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

    with pytest.raises(CatalogueError, match=r"connection to the catalogue's database was lost.*run again"):
        load_candidate(engine, interrupted(a_candidate(AFTER, snapshot_id="after"), number, lose))
    assert everything(engine) == before
    check_the_next_run(engine)


def test_a_server_that_is_away_is_said(postgres_url: str) -> None:
    engine = open_catalogue(postgres_url.replace("catalogue-pg-", "catalogue-nowhere-"))
    for work in (lambda: mark_register_stale(engine, "It cannot be reached."), lambda: live_offerings(engine)):
        with pytest.raises(CatalogueError, match=r"cannot be reached, or does not let us in.*No such file"):
            work()


def test_a_full_disk_is_said_on_sqlite(sqlite_url: str) -> None:
    engine, before = a_filled(sqlite_url)
    small = open_catalogue(sqlite_url)
    pages = int(rows_of(engine, "PRAGMA page_count"))
    event.listen(small, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(CatalogueError, match=r"disk of the catalogue's database is full.*Make room"):
        load_candidate(small, a_candidate(AFTER, snapshot_id="after"))
    assert everything(engine) == before
    check_the_next_run(engine)


@pytest.mark.parametrize("table", ["offering", "offering_version", "change", "finding", "feed"])
def test_a_full_disk_is_said_on_postgresql(postgres_server: Server, postgres_url: str, table: str) -> None:
    """The server says what it says when it cannot make a file longer, at one table or another."""
    engine, before = a_filled(postgres_url)
    database = make_url(postgres_url).database
    postgres_server.run(
        """CREATE FUNCTION catalogue.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$""",
        f"""CREATE TRIGGER full_disk AFTER INSERT OR UPDATE OR DELETE ON catalogue.{table}
          FOR EACH STATEMENT EXECUTE FUNCTION catalogue.full_disk()""",
        database=database,
    )
    with pytest.raises(CatalogueError, match=r"disk of the catalogue's database is full.*Make room"):
        load_candidate(engine, a_candidate(AFTER, snapshot_id="after"))
    assert everything(engine) == before
    postgres_server.run(f"DROP TRIGGER full_disk ON catalogue.{table}", database=database)
    check_the_next_run(engine)


def rows_of(engine: Engine, query: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar_one()


@pytest.mark.parametrize(
    ("setting", "told"),
    [("default_transaction_read_only = on", "only reads"), ("statement_timeout = '1ms'", "stopped a statement")],
)
def test_a_server_that_does_not_take_writes_or_stops_statements_is_told(
    fresh_postgres: FreshCatalogue, setting: str, told: str
) -> None:
    with fresh_postgres() as url:
        engine = open_catalogue(url)
        with engine.begin() as connection:
            database = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f"ALTER DATABASE {database} SET {setting}"))
        engine.dispose()
        with pytest.raises(CatalogueError, match=told):
            load_candidate(engine, a_candidate([an_offering(f"a{number}") for number in range(2000)]))


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_letter_is_told(postgres_server: Server, encoding: str) -> None:
    name = f"other_{encoding.lower()}_{os.getpid()}"
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    try:
        with pytest.raises(CatalogueError, match=f"keeps its texts in {encoding}"):
            migrations.upgrade(open_catalogue(postgres_server.url(name)))
    finally:
        postgres_server.run(f"DROP DATABASE {name}")
