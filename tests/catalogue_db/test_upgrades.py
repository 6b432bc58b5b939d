"""Every revision brings a filled database of the one before it along, on both kinds of database, and loses no row.

What an older version of the software had written stands in ``older/<revision>.json``, table by table. A new revision
adds its own file, written by the version that it ends, and never changes one that is there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import zstandard
from alembic import command
from sqlalchemy import Connection, Engine, LargeBinary, MetaData, Table, select, text

from catalogue_db import dialects, migrations
from catalogue_db.changes import read_changes
from catalogue_db.engine import open_catalogue
from catalogue_db.feeds import feed_states
from catalogue_db.load import load_candidate
from catalogue_db.offerings import catalogue_at, document_at, get_offering, live_offerings
from catalogue_db.register import read_state
from catalogue_db.trust import recompute, statements
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_offering
from tests.postgres import FreshCatalogue

OLDER = Path(__file__).parent / "older"
REVISIONS = sorted(file.stem.removeprefix("r") for file in OLDER.glob("r*.json"))

FOUND_AGAIN = ("vocabulary_term", "programme_proposal")
"""Tables that are nobody's data: the upgrade or the next check makes them anew."""

SAID_OTHERWISE = {("offering_version", "document")}
"""Columns that a later revision keeps in another way; what they say is compared through the doors."""

Content = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    on_sqlite = request.param == "sqlite"
    engine = open_catalogue(
        f"sqlite:///{tmp_path}/old.db" if on_sqlite else request.getfixturevalue("blank_postgres_url")
    )
    yield engine
    engine.dispose()


def a_day(day: int) -> date:
    """A day of the month in which the old databases were filled."""
    return date(2026, 1, day)


def content(revision: str) -> Content:
    told: Content = json.loads((OLDER / f"r{revision}.json").read_text(encoding="utf-8"))
    return told


def there(connection: Connection) -> dict[str, Table]:
    """The tables as the database itself describes them."""
    found = MetaData()
    found.reflect(connection, resolve_fks=False)
    return dict(found.tables)


def fill(engine: Engine, revision: str) -> None:
    """Bring an empty database to an old revision and put in what the software of that time had written."""
    with engine.connect() as connection, dialects.write_transaction(connection):
        dialects.prepare(connection)
        command.upgrade(migrations.configuration(connection), revision)
        known = there(connection)
        for name, given in content(revision).items():
            dialects.bulk_insert(connection, known[name], [_decoded(known[name], row) for row in given])


def _decoded(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    return {name: base64.b64decode(value) if name in binary else value for name, value in row.items()}


def kept(engine: Engine, revision: str) -> dict[str, list[str]]:
    """The rows of the tables that were filled at an old revision, in the columns that they had."""
    found = {}
    with engine.connect() as connection:
        here = there(connection)
        for name, given in content(revision).items():
            if given and name not in FOUND_AGAIN:
                columns = [here[name].c[one] for one in given[0] if (name, one) not in SAID_OTHERWISE]
                found[name] = sorted(map(repr, connection.execute(select(*columns))))
    return found


def expected(revision: str) -> dict[str, int]:
    return {name: len(given) for name, given in content(revision).items() if given and name not in FOUND_AGAIN}


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_row_is_lost_no_value_changed_and_the_history_says_what_it_said(blank: Engine, revision: str) -> None:
    fill(blank, revision)
    before = kept(blank, revision)
    assert {name: len(found) for name, found in before.items()} == expected(revision)
    assert migrations.upgrade(blank).up_to_date
    assert kept(blank, revision) == before
    ids = {row["key"]: row["offering_id"] for row in content(revision)["offering"]}
    documents = {row["offering_key"]: row["document"] for row in content(revision)["offering_document"]}
    for row in content(revision)["offering_version"]:
        begun = datetime.fromisoformat(row["valid_from"])
        assert document_at(blank, ids[row["offering_key"]], begun) == _said(row, documents)


def test_what_was_written_by_an_older_version_is_read_and_built_upon(blank: Engine, revision: str) -> None:
    fill(blank, revision)
    migrations.upgrade(blank)
    a, b, _c = (an_offering(source_id).offering_id for source_id in "abc")
    assert live_offerings(blank, "north") == sorted([a, b])
    assert [change.kind for change in read_changes(blank).changes].count("withdrawn") == 1
    assert {state.name for state in feed_states(blank) if state.stale_since} == {"north", "east"}
    assert len(catalogue_at(blank, a_day(1))) == 3
    stored = get_offering(blank, b, a_day(1))
    assert stored is not None
    assert stored.offering.title == {"en": "Soil"}
    assert rows(blank, "SELECT count(*) AS n FROM v1_offering_versions") == [{"n": 5}]
    report = load_candidate(blank, a_candidate([an_offering("a", title="New"), an_offering("b"), an_offering("c")]))
    assert (report.changed, report.returned) == (2, 1)
    assert rows(blank, "SELECT title FROM v1_offerings WHERE source_id = 'a'") == [{"title": "New"}]


def _said(row: dict[str, Any], documents: dict[int, str]) -> bytes:
    """The document of a version: packed until revision 0003, from 0004 on plain, or shared with the offering."""
    if row["document"] is None:
        return documents[row["offering_key"]].encode()
    if row["document"].startswith("{"):
        return str(row["document"]).encode()
    return zstandard.ZstdDecompressor().decompress(base64.b64decode(row["document"]), max_output_size=1 << 20)


@pytest.mark.parametrize("revision", REVISIONS[1:], indirect=True)
def test_statements_of_an_older_version_go_on(blank: Engine, revision: str) -> None:
    fill(blank, revision)
    migrations.upgrade(blank)
    a, _b = an_offering("a").offering_id, an_offering("b").offering_id
    assert read_state(blank).providers == 2
    [statement] = statements(blank, a, a_day(5))
    assert statement.statement.status == "institution_covered"
    assert recompute(blank, today=a_day(9)).changed == 0
    assert [one.statement.status for one in statements(blank, a)] == ["listed_no_valid_report"]
    assert [one.statement.status for one in statements(blank, a, a_day(5))] == ["institution_covered"]


def test_every_revision_has_a_filled_database_of_the_one_before_it() -> None:
    """Only the newest may do without: nobody has written with it yet."""
    scripts = list(migrations.ScriptDirectory.from_config(migrations.configuration()).walk_revisions())
    needed = {f"r{script.revision}.json" for script in scripts[1:]}
    assert needed <= {file.name for file in OLDER.iterdir()}


def test_an_upgrade_waits_for_a_reader_and_nobody_waits_behind_it(fresh_postgres: FreshCatalogue) -> None:
    """A reader in an open transaction holds the views; others read on meanwhile, and the upgrade comes to its end."""
    with fresh_postgres() as url:
        engine = open_catalogue(url)
        load_candidate(engine, a_candidate([an_offering("a")]))
        with engine.begin() as connection:
            connection.execute(text("COMMENT ON SCHEMA catalogue IS 'of another version: 0000001'"))
        upgrading = Thread(target=migrations.upgrade, args=(open_catalogue(url),))
        with engine.connect() as reader:
            reader.execute(text("SELECT count(*) FROM v1_offerings"))
            upgrading.start()
            took = []
            for _round in range(6):
                began = monotonic()
                with engine.connect() as other:
                    assert other.execute(text("SELECT count(*) FROM v1_offerings")).scalar_one() == 1
                took.append(monotonic() - began)
                sleep(0.4)
            assert upgrading.is_alive()
        upgrading.join(30)
        assert not upgrading.is_alive()
        assert migrations.status(engine).up_to_date
        assert max(took) < 5  # it is given up after a second
