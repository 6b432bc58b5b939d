"""What a command says of an error that nothing below it could put into words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import typer
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from pipelines.cli.output import COULD_NOT_START, command


@command
def asking_for_a_column_that_is_not_there() -> int:
    """A defect of ours: SQLAlchemy has the same class for it as for a full disk."""
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("SELECT nothing_such"))
    return 0


def test_a_defect_stays_the_error_it_is() -> None:
    with pytest.raises(OperationalError, match="no such column: nothing_such"):
        asking_for_a_column_that_is_not_there()


def test_records_that_cannot_be_written_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "records.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE run (id)")

    @command
    def writing_where_one_may_only_read() -> int:
        with create_engine(f"sqlite:///file:{file}?mode=ro&uri=true").begin() as connection:
            connection.execute(text("INSERT INTO run VALUES (1)"))
        return 0

    with pytest.raises(typer.Exit) as ended:
        writing_where_one_may_only_read()
    assert ended.value.exit_code == COULD_NOT_START
    assert "Dagster cannot keep its records in the data folder: attempt to write a readonly" in capsys.readouterr().err
