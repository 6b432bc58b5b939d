"""Databases of any size for measuring: made by the catalogue's own load, feed by feed, from the synthetic offerings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine

from benchmarks.corpus import BLOCK, offerings
from catalogue_db.candidate import Candidate, FeedInfo, LoadReport
from catalogue_db.engine import open_catalogue
from catalogue_db.guard import Thresholds
from catalogue_db.load import load_candidate
from catalogue_db.migrations import upgrade
from standard.verdict import Counts, JudgedRecord

FEED_SIZE = 100_000
_OPEN = Thresholds(greatest_drop=1.0, most_ids_lost=1.0, greatest_fill_drop=1.0, most_rejected=1.0, may_be_empty=True)


def judged(feed: str, first: int, count: int, edition: int, changed: float) -> Iterator[JudgedRecord]:
    """The offerings of a feed as the judge would give them, all accepted."""
    for one in offerings(feed, first, count, edition=edition, changed=changed):
        yield JudgedRecord(path=f"bench#/{one.source_id}", verdict="accepted", source_id=one.source_id, offering=one)


def candidate(feed: str, first: int, count: int, *, edition: int = 1, changed: float = 0.0) -> Candidate:
    """A feed's candidate. Editions differ in their snapshot, and in the descriptions of a share of their offerings."""
    return Candidate(
        feed=FeedInfo(name=feed, title=f"Feed {feed}", institution="Bench", country="LU"),
        snapshot_id=f"{feed}-{edition}-{changed}",
        snapshot_taken_at=datetime(2026, 11, 1, tzinfo=UTC),
        mapping_version="bench",
        contract_fingerprint="bench",
        policy_fingerprint="bench",
        run_id=f"bench-{edition}",
        records=lambda: judged(feed, first, count, edition, changed),
        counts=Counts(fetched=count, parsed=count, selected=count, accepted=count),
        thresholds=_OPEN,
    )


def feeds(size: int) -> Iterator[tuple[str, int, int]]:
    """Cut `size` offerings (a multiple of the block) into feeds: name, first number, how many."""
    if size % BLOCK:
        raise ValueError(f"{size} offerings are asked for; give a multiple of {BLOCK}.")
    for number, first in enumerate(range(0, size, FEED_SIZE)):
        yield f"bench{number}", first, min(FEED_SIZE, size - first)


def fill(url: str, size: int) -> tuple[Engine, list[LoadReport]]:
    """Bring the database at `url` to the newest shape and load `size` offerings into it."""
    engine = open_catalogue(url)
    upgrade(engine)
    return engine, [load_candidate(engine, candidate(feed, first, count)) for feed, first, count in feeds(size)]
