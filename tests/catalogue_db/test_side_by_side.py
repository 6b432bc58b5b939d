"""Loads and reads at the same time: each reader sees whole states, each change is told once, in order, to everyone."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, text

from catalogue_db.candidates import read_candidates
from catalogue_db.changes import read_changes
from catalogue_db.engine import open_catalogue
from catalogue_db.history import versions
from catalogue_db.load import load_candidate
from catalogue_db.offerings import live_offerings
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_offering

FEEDS = ("east", "west")
EDITIONS = 4


class Crew:
    """Threads that work at the same time; what fails in any of them fails the test."""

    def __init__(self) -> None:
        self._failures: list[Exception] = []

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self._failures.append(error)

    def start(self, *work: Callable[[], None]) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._guarded, args=(one,)) for one in work]
        for thread in threads:
            thread.start()
        return threads

    def finish(self, threads: list[threading.Thread]) -> None:
        for thread in threads:
            thread.join(timeout=120)
            assert not thread.is_alive()
        if self._failures:
            raise self._failures[0]


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_catalogue(url)
    yield engine
    engine.dispose()


def an_edition(feed: str, number: int) -> list[Any]:
    """Every edition of a feed has other titles, and loses and wins an offering."""
    return [an_offering(f"n{n}", feed=feed, title=f"Edition {number}") for n in range(number, number + 12)]


def load_editions(url: str, feed: str, over: threading.Event | None = None) -> None:
    with opened(url) as engine:
        for number in range(EDITIONS):
            load_candidate(engine, a_candidate(an_edition(feed, number), feed=feed))
    if over is not None:
        over.set()


LOOK = {
    "titles": "SELECT DISTINCT title FROM v1_offerings WHERE feed = :feed AND status = 'live'",
    "live": "SELECT count(*) FROM v1_offerings WHERE feed = :feed AND status = 'live'",
    "counted": "SELECT offerings_live FROM v1_feeds WHERE feed = :feed",
    "told": "SELECT sum(CASE WHEN kind IN ('inserted', 'returned') THEN 1 WHEN kind = 'withdrawn' THEN -1 ELSE 0 END) "
    "FROM v1_changes WHERE feed = :feed",
    "texts": "SELECT DISTINCT t.text FROM v1_offering_texts t JOIN v1_offerings o ON o.offering_id = t.offering_id "
    "WHERE o.feed = :feed AND o.status = 'live' AND t.kind = 'title'",
}


def look(engine: Engine, feed: str) -> None:
    """Ask one state several questions: the answers must agree."""
    with engine.connect() as connection:
        seen = {name: connection.execute(text(query), {"feed": feed}).scalars().all() for name, query in LOOK.items()}
    if seen["counted"]:
        assert len(seen["titles"]) == 1
        assert seen["live"] == seen["counted"] == seen["told"] == [12]
        assert seen["texts"] == seen["titles"]


def test_eight_readers_see_whole_states_while_two_feeds_load(catalogue_url: str) -> None:
    over = [threading.Event() for _feed in FEEDS]
    looks: list[str] = []

    def read() -> None:
        with opened(catalogue_url) as engine:
            while not all(event.is_set() for event in over):
                for feed in FEEDS:
                    look(engine, feed)
                    looks.append(feed)

    crew = Crew()
    loaders = [
        lambda feed=feed, event=event: load_editions(catalogue_url, feed, event)
        for feed, event in zip(FEEDS, over, strict=True)
    ]
    threads = crew.start(*loaders, *[read] * 8)
    for event in over:
        event.wait(timeout=120)
        event.set()  # a loader that failed must not keep the readers
    crew.finish(threads)
    assert len(looks) > 16
    with opened(catalogue_url) as engine:
        assert len(live_offerings(engine)) == 24


def follow(engine: Engine, cursor: int, catalogue: dict[str, str]) -> int:
    """Follow the change log to its end as it is now, and keep what it tells; each change must fit what was before."""
    while True:
        page = read_changes(engine, cursor, limit=7)
        for change in page.changes:
            assert change.cursor > cursor
            cursor = change.cursor
            before = catalogue.get(change.offering_id)
            assert (before == "live") == (change.kind in ("changed", "withdrawn")), change
            assert (before is None) == (change.kind == "inserted"), change
            catalogue[change.offering_id] = "gone" if change.kind == "withdrawn" else "live"
        if not page.more:
            return cursor


def test_who_follows_the_changes_while_three_feeds_load_ends_with_the_catalogue(catalogue_url: str) -> None:
    over, catalogue, cursors = threading.Event(), dict[str, str](), [0]

    def load(feed: str) -> None:
        chance = random.Random(feed)
        with opened(catalogue_url) as engine:
            for edition in range(8):
                some = chance.sample(range(15), chance.randint(1, 12))
                offerings = [an_offering(f"n{n}", feed=feed, title=f"{edition // 2} {n}") for n in some]
                load_candidate(engine, a_candidate(offerings, feed=feed))

    def consume() -> None:
        with opened(catalogue_url) as engine:
            while not over.is_set():
                cursors.append(follow(engine, cursors[-1], catalogue))

    crew = Crew()
    consumer = crew.start(consume)
    crew.finish(crew.start(*(lambda feed=feed: load(feed) for feed in ("east", "west", "north"))))
    over.set()
    crew.finish(consumer)
    with opened(catalogue_url) as engine:
        follow(engine, cursors[-1], catalogue)
        assert sorted(one for one, state in catalogue.items() if state == "live") == live_offerings(engine)
        all_of_them = rows(engine, "SELECT cursor FROM v1_changes ORDER BY cursor")
        assert [row["cursor"] for row in all_of_them] == list(range(1, len(all_of_them) + 1))
    assert len(set(cursors)) > 2  # it did follow while they loaded


def test_two_loads_of_one_feed_come_one_after_the_other(catalogue_url: str) -> None:
    crew = Crew()
    crew.finish(crew.start(*[lambda: load_editions(catalogue_url, "east")] * 2))
    with opened(catalogue_url) as engine:
        last = {offering.offering_id for offering in an_edition("east", EDITIONS - 1)}
        assert set(live_offerings(engine)) == last
        for row in rows(engine, "SELECT offering_id FROM v1_offerings"):
            told = versions(engine, row["offering_id"])
            assert [version.number for version in told] == list(range(1, len(told) + 1))
            assert all(a.valid_to and a.valid_to <= b.valid_from for a, b in pairwise(told))
            assert (told[-1].valid_to is None) == (row["offering_id"] in last)
        assert len(rows(engine, "SELECT * FROM organisation")) == 1


def test_the_same_candidate_from_several_processes_goes_in_once(catalogue_url: str) -> None:
    candidate = a_candidate(an_edition("east", 0), feed="east")
    reports: list[str] = []

    def load() -> None:
        with opened(catalogue_url) as engine:
            reports.append(load_candidate(engine, candidate).status)

    crew = Crew()
    crew.finish(crew.start(*[load] * 4))
    assert sorted(reports) == ["unchanged", "unchanged", "unchanged", "updated"]
    with opened(catalogue_url) as engine:
        assert len(read_candidates(engine, "east")) == 1
        assert len(read_changes(engine).changes) == 12
