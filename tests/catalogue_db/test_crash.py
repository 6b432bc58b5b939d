"""A process that is killed in the middle of a load leaves the old state whole, and the next run picks up."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue_db import dialects, migrations
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from tests.catalogue_db.asking import everything, found, statuses
from tests.offerings import a_candidate, an_offering, rejected

ROOT = Path(__file__).parents[2]

BEFORE = [an_offering(f"n{number}") for number in range(40)]
AFTER = [
    *(an_offering(f"n{number}", title=f"Changed {number}") for number in range(5, 20)),
    *BEFORE[20:],
    *(an_offering(f"new{number}") for number in range(10)),
]

KILLED = """
import os, signal, sys
from catalogue_db import load
from catalogue_db.engine import open_catalogue
from tests.catalogue_db.test_crash import AFTER, where_to_die
from tests.offerings import a_candidate, rejected

load.BATCH = 10
where_to_die(sys.argv[2], lambda: os.kill(os.getpid(), signal.SIGKILL))
load.load_candidate(open_catalogue(sys.argv[1]), a_candidate([*AFTER, rejected("bad")], snapshot_id="after"))
"""

POINTS = ["staging", "guard", "withdrawing", "first batch", "third batch", "index", "records", "report", "commit"]


def where_to_die(point: str, die: object) -> None:
    """Put death at one point of a load (only ever called in a process of its own)."""
    from catalogue_db import load, staging, writing
    from catalogue_db.search import indexing

    places = {
        "staging": (staging, "_check_claims", 1),
        "guard": (load.candidates, "keep_snapshot", 1),
        "withdrawing": (indexing.SearchWriter, "forget", 1),
        "first batch": (writing, "begin_versions", 1),
        "third batch": (writing, "begin_versions", 3),
        "index": (indexing.dialects, "index_rows", 2),
        "records": (load.RecordWriter, "forget_missing", 1),
        "report": (load, "changes_of_candidate", 1),
    }
    if point == "commit":
        _die_after_commit_began(die)
        return
    owner, name, times = places[point]
    original, calls = getattr(owner, name), iter(range(1, 100))

    def replaced(*args: object, **kwargs: object) -> object:
        result = original(*args, **kwargs)
        if next(calls) == times:
            die()  # type: ignore[operator]
        return result

    setattr(owner, name, replaced)


def _die_after_commit_began(die: object) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "commit")
    def _commit(connection: object) -> None:
        if connection.get_execution_options().get("catalogue_writes"):  # type: ignore[attr-defined]
            die()  # type: ignore[operator]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_load_leaves_the_old_state_whole(tmp_path: Path, point: str) -> None:
    url = f"sqlite:///{tmp_path}/catalogue.db"
    engine = open_catalogue(url)
    migrations.upgrade(engine)
    load_candidate(engine, a_candidate(BEFORE, snapshot_id="before"))
    before = everything(engine)
    engine.dispose()

    killed = subprocess.run([sys.executable, "-c", KILLED, url, point], cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    engine = open_catalogue(url)
    assert everything(engine) == before
    with engine.connect() as connection, dialects.write_transaction(connection):
        assert dialects.check_index(connection)
    assert found(engine, "changed") == []
    report = load_candidate(engine, a_candidate([*AFTER, rejected("bad")], snapshot_id="after"))
    assert (report.new, report.changed, report.withdrawn, report.unchanged) == (10, 15, 5, 20)
    assert sum(status == "live" for status in statuses(engine).values()) == 45
    with engine.connect() as connection, dialects.write_transaction(connection):
        assert dialects.check_index(connection)
