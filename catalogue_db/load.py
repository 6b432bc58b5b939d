"""Lets a candidate in: everything in one transaction, or nothing.

The way of a load:

1. Is this the very candidate that is live already? Then only the time of confirmation is written.
2. The hashes of all records are staged in a temporary table, without a lock.
3. The write lock is taken. The guard compares; a candidate over a threshold waits and the feed becomes stale.
4. What differs is written in batches: offerings, parts, versions, tombstones, change log, findings, search index.
5. Commit. A crash before that leaves the old state whole, and the next run begins again from the candidate.

Readers see the last committed state all the while. A live offering that is missing from the candidate leaves with the
reason "left the feed"; one whose record is there but rejected leaves with "rejected: " and the codes that block it:
what was accepted once was another record, and the source no longer stands by it.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, select, update

from catalogue_db import candidates, guard
from catalogue_db.candidate import Candidate, CandidateStatus, LoadReport
from catalogue_db.changes import ChangeLog, changes_of_candidate, last_cursor
from catalogue_db.dialects import write_transaction
from catalogue_db.feeds import feed_row, keep_feed, make_stale
from catalogue_db.findings import RecordWriter
from catalogue_db.search.indexing import SearchWriter
from catalogue_db.staging import BATCH, Tally, differences, leaving, staging
from catalogue_db.storable import storable, storable_candidate
from catalogue_db.tables import candidate as candidate_table
from catalogue_db.tables import feed, offering
from catalogue_db.texts import moment
from catalogue_db.writing import OfferingWriter, kind_of, withdraw
from standard.verdict import Counts, JudgedRecord

_log = logging.getLogger(__name__)


def load_candidate(engine: Engine, candidate: Candidate, *, now: datetime | None = None) -> LoadReport:
    """Let a candidate in, or keep it waiting if the guard says so.

    Loading the same candidate twice changes nothing. `now` (with offset) is the time written to the history, but
    never one before the feed's last load, so that versions stay in order. Raises `CandidateError` where the
    candidate contradicts itself and `CatalogueError` where the database cannot be written; then nothing has changed.
    """
    at, candidate = moment(now or datetime.now(UTC)), storable_candidate(candidate)
    with engine.connect() as connection:
        if _is_live(connection, candidate):
            connection.rollback()
            with write_transaction(connection):
                if _is_live(connection, candidate):
                    return _confirm(connection, candidate, at)
        connection.rollback()
        with staging(connection, candidate) as tally, write_transaction(connection):
            if _is_live(connection, candidate):  # another process was faster while this one staged
                return _confirm(connection, candidate, at)
            report = _Load(connection, candidate, tally, at).run()
        _log.info("Feed %s: %s", candidate.feed.name, report.status)
        return report


def _is_live(connection: Connection, candidate: Candidate) -> bool:
    """Whether the feed's newest candidate is this one, and went in."""
    known = feed_row(connection, candidate.feed.name)
    if known is None:
        return False
    row = candidates.newest(connection, known.key)
    return row is not None and row.status == "loaded" and candidates.is_same(row, candidate)


def _confirm(connection: Connection, candidate: Candidate, at: str) -> LoadReport:
    """The very same candidate again: what is live is confirmed, nothing else happens."""
    feed_key = int(keep_feed(connection, candidate.feed).key)
    row = candidates.newest(connection, feed_key)
    assert row is not None  # it was just found to be live
    candidates.seen_again(connection, row.key, candidate)
    candidates.keep_snapshot(connection, feed_key, candidate)
    _fresh(connection, feed_key, candidate, row.key, at)
    return LoadReport(
        feed=candidate.feed.name,
        status="unchanged",
        guard=msgspec.json.decode(row.guard, type=guard.GuardReport),
        unchanged=_live_count(connection, feed_key),
        cursor=last_cursor(connection),
        candidate=row.key,
    )


def _fresh(connection: Connection, feed_key: int, candidate: Candidate, candidate_key: int, at: str) -> None:
    """The feed's offerings are what the source says, as of the snapshot."""
    values = {
        "data_as_of": moment(candidate.snapshot_taken_at),
        "last_confirmed": at,
        "stale_since": None,
        "stale_reason": None,
        "loaded_candidate": candidate_key,
    }
    connection.execute(update(feed).where(feed.c.key == feed_key).values(values))


def _live_count(connection: Connection, feed_key: int) -> int:
    query = select(func.count()).where(offering.c.feed_key == feed_key, offering.c.status == "live")
    return int(connection.execute(query).scalar_one())


class _Load:
    """One load, inside its transaction."""

    def __init__(self, connection: Connection, candidate: Candidate, tally: Tally, at: str) -> None:
        self._connection = connection
        self._candidate = candidate
        self._tally = tally
        self._feed = keep_feed(connection, candidate.feed)
        self._feed_key = int(self._feed.key)
        self._newest = candidates.newest(connection, self._feed_key)
        self._at = max(at, self._feed.last_confirmed or "", self._newest.created_at if self._newest else "")
        self._leaving = [(key, _reason(codes)) for key, codes in connection.execute(leaving(self._feed_key))]

    def run(self) -> LoadReport:
        """Do what the guard allows."""
        candidates.keep_snapshot(self._connection, self._feed_key, self._candidate)
        report = self._compare()
        return self._let_in(report) if report.passed else self._hold(report)

    def _compare(self) -> guard.GuardReport:
        held = candidates.newest(self._connection, self._feed_key, "waiting", "refused")
        if held is not None and held.key < (self._feed.loaded_candidate or 0):
            held = None
        return guard.compare(
            guard.CandidateStatistics(
                self._tally.accepted, self._tally.rejected, len(self._leaving), self._candidate.fill
            ),
            self._live_statistics(),
            candidates.held_statistics(held),
            self._candidate.thresholds,
        )

    def _live_statistics(self) -> guard.LiveStatistics | None:
        loaded = self._feed.loaded_candidate
        if loaded is None:
            return None
        fill = self._connection.execute(select(candidate_table.c.fill).where(candidate_table.c.key == loaded))
        live = _live_count(self._connection, self._feed_key)
        return guard.LiveStatistics(live, msgspec.json.decode(fill.scalar_one(), type=dict[str, float]))

    def _keep(self, status: CandidateStatus, counts: Counts, report: guard.GuardReport) -> int:
        return candidates.keep_candidate(
            self._connection,
            self._feed_key,
            self._candidate,
            status=status,
            counts=counts,
            guard=report,
            lost=len(self._leaving),
            tally=self._tally,
            at=self._at,
        )

    def _hold(self, report: guard.GuardReport) -> LoadReport:
        """Keep the candidate waiting; what is live stays and is labelled stale."""
        newest = self._newest
        if (
            newest is not None
            and newest.status in ("waiting", "refused")
            and candidates.is_same(newest, self._candidate)
        ):
            candidates.seen_again(self._connection, newest.key, self._candidate)
            key = int(newest.key)
        else:
            key = self._keep("waiting", self._candidate.counts, report)
        make_stale(self._connection, self._feed_key, " ".join(report.reasons), self._at)
        return LoadReport(
            feed=self._candidate.feed.name,
            status="waiting",
            guard=report,
            cursor=last_cursor(self._connection),
            candidate=key,
        )

    def _let_in(self, report: guard.GuardReport) -> LoadReport:
        differing = differences(self._feed_key).execution_options(yield_per=BATCH)
        work, last, few = Counter[str](), -1, dict[int, Any]()
        for row in self._connection.execute(differing):
            work[kind_of(row)] += 1
            last = max(last, row.n)
            if len(few) <= BATCH:
                few[row.n] = row
        new, changed = work["inserted"] + work["returned"], work["changed"]
        unchanged = self._tally.accepted - new - changed
        gone = len(self._leaving)
        counts = msgspec.structs.replace(
            self._candidate.counts, new=new, changed=changed, unchanged=unchanged, withdrawn=gone
        )
        key = self._keep("loaded", counts, report)
        log = ChangeLog(self._connection, feed_key=self._feed_key, candidate_key=key, at=self._at)
        self._write(key, log, few if len(few) <= BATCH else None, last)
        _fresh(self._connection, self._feed_key, self._candidate, key, self._at)
        return LoadReport(
            feed=self._candidate.feed.name,
            status="updated" if new or changed or gone else "unchanged",
            guard=report,
            new=new,
            changed=changed,
            unchanged=unchanged,
            withdrawn=gone,
            returned=work["returned"],
            changes=changes_of_candidate(self._connection, key),
            cursor=log.cursor,
            candidate=key,
        )

    def _write(self, candidate_key: int, log: ChangeLog, few: dict[int, Any] | None, last: int) -> None:
        confirmed = self._feed.last_confirmed or self._at
        search = SearchWriter(self._connection)
        withdraw(self._connection, self._leaving, log, search, at=self._at, last_confirmed=confirmed)
        records = RecordWriter(self._connection, self._feed_key)
        records.whole_source(self._candidate.source_findings)
        common = {"at": self._at, "candidate_key": candidate_key}
        offerings = OfferingWriter(self._connection, self._candidate, log, search, common, self._feed_key)
        if few is None:
            self._write_many(offerings, records, last)
        else:
            for n, judged in self._candidate.those(few.keys()):
                self._take(storable(judged), few[n], offerings, records)
        offerings.flush()
        records.flush()
        search.finish()
        records.forget_missing()

    def _write_many(self, offerings: OfferingWriter, records: RecordWriter, last: int) -> None:
        """Read the records once more, up to the last that differs, and write those that do, a batch at a time."""
        stream = enumerate(self._candidate.records())
        for first in range(0, last + 1, BATCH):
            query = differences(self._feed_key, first, first + BATCH - 1)
            work = {row.n: row for row in self._connection.execute(query)}
            for n, judged in islice(stream, BATCH):
                if n in work:
                    self._take(storable(judged), work[n], offerings, records)
            if len(offerings) + len(records) >= BATCH // 2:
                offerings.flush()
                records.flush()

    @staticmethod
    def _take(judged: JudgedRecord, row: Any, offerings: OfferingWriter, records: RecordWriter) -> None:
        if row.record_key is None or row.old_record_hash != row.record_hash:
            records.add(judged, row.reference, row.offering_id, row.record_key)
        if judged.offering is not None and kind_of(row) != "same":
            offerings.take(judged.offering, row)


def _reason(codes: str | None) -> str:
    return "left the feed" if codes is None else f"rejected: {codes or 'by the judge'}"
