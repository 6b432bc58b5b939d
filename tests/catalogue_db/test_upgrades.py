"""Every revision brings a filled database of the one before it along, on both kinds of database, and loses no row.

What an older version of the software had written stands in ``filled/<revision>.json``, table by table. A new revision
adds its own file, written by the version that it ends, and never changes one that is there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, LargeBinary, Table, inspect, select

from catalogue_db import dialects, migrations
from catalogue_db.changes import read_changes
from catalogue_db.engine import open_catalogue
from catalogue_db.feeds import feed_states
from catalogue_db.load import load_candidate
from catalogue_db.offerings import catalogue_at, get_offering, live_offerings
from catalogue_db.register import read_state
from catalogue_db.trust import recompute, statements
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_offering

FILLED = Path(__file__).parent / "filled"
CODE_LISTS = "vocabulary_term"
"""Brought up to date by every upgrade, and nobody's data."""

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
    told: Content = json.loads((FILLED / f"r{revision}.json").read_text(encoding="utf-8"))
    return told


def old_tables(revision: str) -> dict[str, Table]:
    """The tables as they were at a revision, from the revisions themselves."""
    found: dict[str, Table] = {}
    for script in reversed(list(migrations.ScriptDirectory.from_config(migrations.configuration()).walk_revisions())):
        if script.revision <= revision:
            frozen = import_module(f"catalogue_db.migrations.versions.{Path(script.path).stem}").frozen
            found |= {name: table for name, table in frozen.tables.items() if len(table.columns) > 1}
    return found


def fill(engine: Engine, revision: str) -> None:
    """Bring an empty database to an old revision and put in what the software of that time had written."""
    with engine.connect() as connection, dialects.write_transaction(connection):
        dialects.prepare(connection)
        command.upgrade(migrations.configuration(connection), revision)
        known = old_tables(revision)
        for name, given in content(revision).items():
            dialects.bulk_insert(connection, known[name], [_decoded(known[name], row) for row in given])


def _decoded(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    return {name: base64.b64decode(value) if name in binary else value for name, value in row.items()}


def kept(engine: Engine, revision: str) -> dict[str, list[str]]:
    """The rows of the tables that were filled at an old revision, in the columns that they had."""
    there = set(inspect(engine).get_table_names("catalogue" if engine.dialect.name == "postgresql" else None))
    with engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(*table.columns))))
            for name, table in old_tables(revision).items()
            if name in there and name in content(revision) and name != CODE_LISTS
        }


def expected(revision: str) -> dict[str, int]:
    return {name: len(given) for name, given in content(revision).items() if name != CODE_LISTS}


@pytest.fixture(params=["0001", "0002"])
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_row_is_lost_and_no_value_changed(blank: Engine, revision: str) -> None:
    fill(blank, revision)
    before = kept(blank, revision)
    assert {name: len(found) for name, found in before.items()} == expected(revision)
    assert migrations.upgrade(blank).up_to_date
    assert kept(blank, revision) == before


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


def test_statements_of_an_older_version_go_on(blank: Engine) -> None:
    fill(blank, "0002")
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
    assert needed <= {file.name for file in FILLED.iterdir()}
