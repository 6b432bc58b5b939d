"""A process that is killed in the middle of a load leaves the old state whole, and the next run picks up."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from catalogue_db import dialects, load
from catalogue_db.candidate import Candidate
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import everything, statuses
from tests.offerings import a_candidate, an_offering, rejected

BEFORE = [an_offering(f"n{number}") for number in range(40)]
AFTER = [
    *(an_offering(f"n{number}", title=f"Changed {number}") for number in range(5, 20)),
    *BEFORE[20:],
    *(an_offering(f"new{number}") for number in range(10)),
]
POINTS = 20


def the_candidate() -> Candidate:
    return a_candidate([*AFTER, rejected("bad")], snapshot_id="after")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def load_and_die(url: str, point: int, passed: Any) -> None:
    """Load until `point` moments have passed, then die at once (only ever called in a process of its own).

    A moment passes with every statement and every record that is read. `passed` counts them where the parent sees it.
    The last one is when everything is written and nothing is committed: nobody lives longer than that.
    """
    engine, candidate = open_catalogue(url), the_candidate()

    def tick(*_: object) -> None:
        passed.value += 1
        if passed.value == point:
            die()

    def records() -> Iterator[JudgedRecord]:
        for judged in candidate.records():
            yield judged
            tick()

    event.listen(engine, "after_cursor_execute", tick)
    event.listen(engine, "commit", lambda connection: die() if is_load(connection) else tick())
    load_candidate(engine, replace(candidate, records=records))


def is_load(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("catalogue_writes"))


def kill_a_load(url: str, point: int = 0) -> int:
    """Let a load die at a point, or at its very end; return how many moments passed."""
    processes = multiprocessing.get_context("fork")
    passed = processes.Value("i", 0)
    loader = processes.Process(target=load_and_die, args=(url, point, passed))
    loader.start()
    loader.join()
    assert loader.exitcode == -signal.SIGKILL, point
    return int(passed.value)


def test_a_killed_load_leaves_the_old_state_whole(catalogue_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 10)
    engine = open_catalogue(catalogue_url)
    load_candidate(engine, a_candidate(BEFORE, snapshot_id="before"))
    before = everything(engine)
    engine.dispose()
    length = kill_a_load(catalogue_url)
    assert length > 2 * POINTS
    for point in (0, *random.Random(2026).sample(range(1, length), POINTS)):
        kill_a_load(catalogue_url, point)
        engine = open_catalogue(catalogue_url)
        assert everything(engine) == before, point
        check_index(engine)
        engine.dispose()
    report = load_candidate(engine, the_candidate())
    assert (report.new, report.changed, report.withdrawn, report.unchanged) == (10, 15, 5, 20)
    assert sum(status == "live" for status in statuses(engine).values()) == 45
    check_index(engine)


def check_index(engine: Engine) -> None:
    """Also shows that the dead loader's lock is not held any more."""
    with engine.connect() as connection, dialects.write_transaction(connection):
        assert dialects.check_index(connection)
