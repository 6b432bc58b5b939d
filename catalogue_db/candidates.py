"""The candidates of a feed: every batch that came, with its counts, what the guard said, and what became of it.

``loaded`` went in; ``waiting`` is held back until a person decides; ``refused`` by a person; ``superseded`` was waiting
when a newer candidate came.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from catalogue_db.candidate import Candidate, CandidateStatus
from catalogue_db.dialects import bulk_insert, insert_missing
from catalogue_db.guard import GuardReport, HeldStatistics
from catalogue_db.staging import Tally
from catalogue_db.tables import candidate as table
from catalogue_db.tables import candidate_finding, feed, snapshot
from catalogue_db.texts import moment, to_json_text
from standard.verdict import Counts

_IDENTITY = ("snapshot_id", "mapping_version", "contract_fingerprint", "policy_fingerprint")


class FindingCount(msgspec.Struct, frozen=True):
    """How often a code was raised in a candidate: findings, and records that have it (0 for the source as a whole)."""

    code: str
    severity: str
    records: int
    findings: int


class StoredCandidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A candidate as it is kept. Times are UTC ISO 8601."""

    key: int
    feed: str
    status: CandidateStatus
    snapshot_id: str
    snapshot_taken_at: str
    mapping_version: str
    run_id: str
    last_run_id: str
    created_at: str
    counts: Counts
    fill: dict[str, float]
    guard: GuardReport
    lost: int
    findings: list[FindingCount] = []
    staged_url: str | None = None
    decided_at: str | None = None
    decided_by: str | None = None
    decision_reason: str | None = None


def identity(given: Candidate) -> dict[str, str]:
    """What makes two candidates the same one: the same bytes, read, mapped and judged by the same rules."""
    return {name: getattr(given, name) for name in _IDENTITY}


def newest(connection: Connection, feed_key: int, *statuses: CandidateStatus) -> Any | None:
    """The row of a feed's newest candidate, among those of some statuses if any are named."""
    query = select(table).where(table.c.feed_key == feed_key).order_by(table.c.key.desc()).limit(1)
    return connection.execute(query.where(table.c.status.in_(statuses)) if statuses else query).first()


def is_same(row: Any | None, given: Candidate) -> bool:
    """Whether a kept candidate and a given one are the same."""
    return row is not None and all(row._mapping[name] == value for name, value in identity(given).items())


def held_statistics(row: Any | None) -> HeldStatistics | None:
    """The numbers of a candidate that was held back, for the guard."""
    if row is None or row.status not in ("waiting", "refused"):
        return None
    counts = msgspec.json.decode(row.counts, type=Counts)
    fill = msgspec.json.decode(row.fill, type=dict[str, float])
    return HeldStatistics(counts.accepted, counts.rejected, row.created_at, row.status, row.lost, fill)


def keep_snapshot(connection: Connection, feed_key: int, given: Candidate) -> None:
    """Note that a snapshot was taken (first and last time)."""
    at = moment(given.snapshot_taken_at)
    same = (snapshot.c.feed_key == feed_key) & (snapshot.c.snapshot_id == given.snapshot_id)
    row = {"feed_key": feed_key, "snapshot_id": given.snapshot_id, "first_taken_at": at, "last_taken_at": at}
    insert_missing(connection, snapshot, [row])
    connection.execute(update(snapshot).where(same, snapshot.c.last_taken_at < at).values(last_taken_at=at))


def keep_candidate(
    connection: Connection,
    feed_key: int,
    given: Candidate,
    *,
    status: CandidateStatus,
    counts: Counts,
    guard: GuardReport,
    lost: int,
    tally: Tally,
    at: str,
) -> int:
    """Write a candidate's row and its finding counts; return its key. One that waited until now is superseded."""
    waiting = (table.c.feed_key == feed_key) & (table.c.status == "waiting")
    connection.execute(update(table).where(waiting).values(status="superseded", decided_at=at))
    key = int(connection.execute(select(func.coalesce(func.max(table.c.key), 0) + 1)).scalar_one())
    connection.execute(
        insert(table).values(
            key=key,
            feed_key=feed_key,
            **identity(given),
            snapshot_taken_at=moment(given.snapshot_taken_at),
            run_id=given.run_id,
            last_run_id=given.run_id,
            status=status,
            staged_url=given.staged_url,
            counts=to_json_text(counts),
            fill=to_json_text(given.fill),
            guard=to_json_text(guard),
            lost=lost,
            created_at=at,
        )
    )
    bulk_insert(connection, candidate_finding, _finding_counts(key, tally))
    return key


def _finding_counts(key: int, tally: Tally) -> list[dict[str, Any]]:
    return [
        {"candidate_key": key, "code": code, "severity": severity, "records": records, "findings": findings}
        for (code, severity), findings in sorted(tally.findings.items())
        for records in [tally.records[code, severity]]
    ]


def seen_again(connection: Connection, key: int, given: Candidate) -> None:
    """Note that a run brought a candidate that is here already."""
    connection.execute(
        update(table).where(table.c.key == key).values(last_run_id=given.run_id, staged_url=given.staged_url)
    )


def read_candidates(
    engine: Engine, feed_name: str | None = None, status: CandidateStatus | None = None, limit: int = 100
) -> list[StoredCandidate]:
    """The newest candidates first, of one feed and one status if given."""
    query = select(table, feed.c.name.label("feed")).join(feed, feed.c.key == table.c.feed_key)
    if feed_name is not None:
        query = query.where(feed.c.name == feed_name)
    if status is not None:
        query = query.where(table.c.status == status)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(table.c.key.desc()).limit(limit)).all()
        return [_stored(connection, row) for row in rows]


def _stored(connection: Connection, row: Any) -> StoredCandidate:
    codes = select(candidate_finding).where(candidate_finding.c.candidate_key == row.key)
    counted = connection.execute(codes.order_by(candidate_finding.c.code, candidate_finding.c.severity))
    values = {name: row._mapping[name] for name in StoredCandidate.__struct_fields__ if name in row._mapping}
    values |= {
        "counts": msgspec.json.decode(row.counts, type=Counts),
        "fill": msgspec.json.decode(row.fill, type=dict[str, float]),
        "guard": msgspec.json.decode(row.guard, type=GuardReport),
        "findings": [FindingCount(each.code, each.severity, each.records, each.findings) for each in counted],
    }
    return StoredCandidate(**values)
