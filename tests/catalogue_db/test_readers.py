"""Readers see whole states, at once, whatever a writer does; writers come one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalogue_db import dialects, migrations
from catalogue_db.candidate import CatalogueError
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import found, statuses
from tests.offerings import a_candidate, accepted, an_offering


def test_a_reader_sees_the_old_state_while_a_load_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    load_candidate(engine, a_candidate([an_offering("a", title="Old")]))
    seen: list[object] = []
    real = dialects.index_rows

    def look(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        seen.append((found(engine, "old"), found(engine, "new"), statuses(engine)))

    monkeypatch.setattr(dialects, "index_rows", look)
    load_candidate(engine, a_candidate([an_offering("a", title="New"), an_offering("b", title="New too")]))
    assert seen == [(["Old"], [], {"a": "live"})]
    assert sorted(found(engine, "new")) == ["New", "New too"]


def test_two_loads_at_once_both_go_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/catalogue.db"
    migrations.upgrade(open_catalogue(url))
    failures: list[Exception] = []

    def load(feed: str) -> None:
        try:
            offerings = [an_offering(f"n{number}", feed=feed) for number in range(60)]
            load_candidate(open_catalogue(url), a_candidate(offerings, feed=feed))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=load, args=(feed,)) for feed in ("east", "west", "north")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(found(open_catalogue(url), "", limit=200)) == 180


def test_a_lock_that_is_never_given_back_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialects, "_SQLITE_PRAGMAS", ("PRAGMA journal_mode=WAL", "PRAGMA busy_timeout=50"))
    url = f"sqlite:///{tmp_path}/catalogue.db"
    first, second = open_catalogue(url), open_catalogue(url)
    migrations.upgrade(first)
    with (
        first.connect() as connection,
        dialects.write_transaction(connection),
        pytest.raises(CatalogueError, match="locked by another process"),
    ):
        load_candidate(second, a_candidate([an_offering("a")]))


def test_no_more_than_a_batch_of_records_is_held(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue_db.load.BATCH", 10)
    alive = most = 0

    class Counted(JudgedRecord, frozen=True, weakref=True):
        pass

    def records() -> Iterator[JudgedRecord]:
        import weakref

        nonlocal alive, most

        def gone() -> None:
            nonlocal alive
            alive -= 1

        for number in range(200):
            judged = accepted(an_offering(f"n{number}"))
            counted = Counted(judged.path, judged.verdict, judged.source_id, judged.offering)
            weakref.finalize(counted, gone)
            alive += 1
            most = max(most, alive)
            yield counted

    from dataclasses import replace

    load_candidate(engine, replace(a_candidate([]), records=records))
    assert most <= 10
