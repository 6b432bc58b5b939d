"""Looking whether a catalogue is whole: each thing that can be wrong is found, with what to do, and nothing else is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, text, update

from catalogue_db import dialects, migrations
from catalogue_db.candidate import CatalogueError
from catalogue_db.engine import open_catalogue
from catalogue_db.health import Check, check
from catalogue_db.load import load_candidate
from catalogue_db.search import rebuild_search
from catalogue_db.tables import offering, search_offering
from tests.offerings import a_candidate, an_offering


def wrong(engine: Engine) -> list[Check]:
    return [each for each in check(engine) if not each.well]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    migrations.upgrade(engine)
    load_candidate(engine, a_candidate([an_offering("a", title={"en": "Glaciers"}), an_offering("b")]))
    return engine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite catalogue with offerings, closed."""
    path = tmp_path / "catalogue.db"
    engine = open_catalogue(f"sqlite:///{path}")
    migrations.upgrade(engine)
    load_candidate(engine, a_candidate([an_offering(f"n{number}") for number in range(20)]))
    engine.dispose()
    return path


def test_a_whole_catalogue_is_well(filled: Engine) -> None:
    load_candidate(filled, a_candidate([an_offering("b")]))  # one has left: its tombstone is in no index
    checks = check(filled)
    names = [each.name for each in checks]
    assert ("the file is not damaged" in names) == (filled.dialect.name == "sqlite")  # a server looks after its own
    assert "the search index agrees with the offerings" in names
    assert [each for each in checks if not each.well or each.found or each.remedy] == []


def test_an_empty_database_lacks_its_revisions(tmp_path: Path) -> None:
    (found,) = wrong(open_catalogue(f"sqlite:///{tmp_path}/new.db"))
    assert "0001" in found.found
    assert "catalogue db upgrade" in found.remedy


def test_a_database_of_a_newer_version_is_told_as_such(filled: Engine) -> None:
    with filled.connect() as connection, dialects.write_transaction(connection):
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    (found,) = wrong(filled)
    assert "newer version" in found.remedy


def test_a_view_that_was_taken_away_is_named_and_comes_back_with_an_upgrade(filled: Engine) -> None:
    with filled.connect() as connection, dialects.write_transaction(connection):
        connection.execute(text(f"DROP VIEW {dialects.view_name(filled.dialect.name, 'v1_changes')}"))
    (found,) = wrong(filled)
    assert "v1_changes" in found.found
    assert "catalogue db upgrade" in found.remedy
    migrations.upgrade(filled)
    assert wrong(filled) == []


def test_an_offering_that_is_not_in_the_index_is_found_and_comes_back(filled: Engine) -> None:
    with filled.connect() as connection, dialects.write_transaction(connection):
        connection.execute(delete(search_offering).where(search_offering.c.title == "glaciers"))
    (found,) = wrong(filled)
    assert "1 live offerings are not in it" in found.found
    assert "rebuild-search" in found.remedy
    rebuild_search(filled)
    assert wrong(filled) == []


def test_an_offering_that_has_left_but_not_the_index_is_found(filled: Engine) -> None:
    with filled.connect() as connection, dialects.write_transaction(connection):
        connection.execute(update(offering).values(status="withdrawn").where(offering.c.source_id == "a"))
    (found,) = wrong(filled)
    assert "1 that are live no more" in found.found


def test_words_that_are_not_those_of_the_texts_are_found(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    (found,) = wrong(open_catalogue(f"sqlite:///{file}"))
    assert "words" in found.found
    assert "rebuild-search" in found.remedy


def test_rows_that_point_nowhere_are_found_by_table(file: Path) -> None:
    with sqlite3.connect(file) as connection:  # foreign keys are not held unless they are asked for
        connection.execute("DELETE FROM feed")
    found = {each.name: each for each in wrong(open_catalogue(f"sqlite:///{file}"))}
    assert "20 rows of offering point to rows of feed" in found["every row points to one that is there"].found
    assert "backup" in found["every row points to one that is there"].remedy


def test_a_damaged_file_is_found(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        size, root = (
            connection.execute(query).fetchone()[0]
            for query in ("PRAGMA page_size", "SELECT rootpage FROM sqlite_master WHERE name = 'ix_offering_country'")
        )
    with file.open("r+b") as pages:
        pages.seek((root - 1) * size + size - 60)
        pages.write(b"\xff" * 40)
    found = [each.name for each in wrong(open_catalogue(f"sqlite:///{file}"))]
    assert "the file is not damaged" in found


@pytest.mark.parametrize("first", [4096, 40960])
def test_a_file_that_is_damaged_at_large_is_told_and_no_command_ends_in_an_error(file: Path, first: int) -> None:
    size = file.stat().st_size
    with file.open("r+b") as pages:
        pages.seek(first)
        pages.write(b"\x5a" * min(200_000, size - first))
    found = wrong(open_catalogue(f"sqlite:///{file}"))
    assert [each.name for each in found] == ["the file is not damaged"]
    assert "backup" in found[0].remedy


def test_a_file_that_is_none_of_sqlite_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_text("Not a database, but long enough to be taken for one. " * 100)
    engine = open_catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}")
    assert [each.name for each in wrong(engine)] == ["the file is not damaged"]
    with pytest.raises(CatalogueError, match="no SQLite file"):
        migrations.upgrade(engine)
