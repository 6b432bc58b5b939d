"""Readers see whole states, at once, whatever a writer does; writers come one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from catalogue_db import dialects, load
from catalogue_db.candidate import CatalogueError
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.offerings import live_offerings
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import found, statuses
from tests.offerings import a_candidate, accepted, an_offering


def test_a_reader_sees_the_old_state_while_a_load_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    load_candidate(engine, a_candidate([an_offering("a", title="Old")]))
    seen: list[object] = []
    real = load.changes_of_candidate

    def look(*args: Any) -> Any:
        """The last thing a load does before it commits."""
        seen.append((found(engine, "old"), found(engine, "new"), statuses(engine)))
        return real(*args)

    monkeypatch.setattr(load, "changes_of_candidate", look)
    load_candidate(engine, a_candidate([an_offering("a", title="New"), an_offering("b", title="New too")]))
    assert seen == [(["Old"], [], {"a": "live"})]
    assert sorted(found(engine, "new")) == ["New", "New too"]


def test_two_loads_at_once_both_go_in(catalogue_url: str) -> None:
    url = catalogue_url
    failures: list[Exception] = []

    def load_feed(feed: str) -> None:
        try:
            offerings = [an_offering(f"n{number}", feed=feed) for number in range(60)]
            load_candidate(open_catalogue(url), a_candidate(offerings, feed=feed))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=load_feed, args=(feed,)) for feed in ("east", "west", "north")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(live_offerings(open_catalogue(url))) == 180


def test_a_lock_that_is_never_given_back_is_said_so(catalogue_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialects, "_SQLITE_PRAGMAS", ("PRAGMA journal_mode=WAL", "PRAGMA busy_timeout=50"))
    monkeypatch.setattr(dialects, "LOCK_TIMEOUT_MS", 50)
    first, second = open_catalogue(catalogue_url), open_catalogue(catalogue_url)
    with (
        first.connect() as connection,
        dialects.write_transaction(connection),
        pytest.raises(CatalogueError, match="locked by another process"),
    ):
        load_candidate(second, a_candidate([an_offering("a")]))
    assert load_candidate(second, a_candidate([an_offering("a")])).new == 1


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
