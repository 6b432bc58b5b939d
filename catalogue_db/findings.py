"""The latest judgement of every record of a feed: verdicts and findings, of rejected records too.

Replaced when a candidate goes in. A candidate that waits keeps only its counts by code (`catalogue_db.candidates`);
its records stand in its staged file.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, func, select

from catalogue_db.dialects import bulk_insert, insert_missing, is_among
from catalogue_db.staging import record_hash, reference_of, staged
from catalogue_db.tables import advice, feed, finding, record
from catalogue_db.texts import preferred
from standard.verdict import Finding, JudgedRecord, Verdict

WHOLE_SOURCE = "source"
"""The reference under which the findings of a whole source are kept."""


class RecordVerdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """The latest judgement of one record."""

    path: str
    verdict: Verdict
    source_id: str | None = None
    offering_id: str | None = None
    title: str | None = None
    findings: list[Finding] = []


@lru_cache(maxsize=4096)
def _advice_key(code: str, remedy: str, consequence: str) -> int:
    made_of = "\n".join((code, remedy, consequence)).encode()
    return int.from_bytes(hashlib.blake2b(made_of, digest_size=8).digest()) >> 1


def _finding_row(found: Finding, record_key: int, position: int, advice_key: int) -> dict[str, Any]:
    return {
        "record_key": record_key,
        "position": position,
        "code": found.code,
        "element": found.element,
        "severity": found.severity,
        "path": found.path,
        "value": None if found.value is None else msgspec.json.encode(found.value).decode(),
        "message": found.message,
        "advice_key": advice_key,
    }


class RecordWriter:
    """Writes the judgements that differ from what is kept. Only while the write lock is held."""

    def __init__(self, connection: Connection, feed_key: int) -> None:
        self._connection = connection
        self._feed_key = feed_key
        self._next = int(connection.execute(select(func.coalesce(func.max(record.c.key), 0) + 1)).scalar_one())
        self._replaced: list[int] = []
        self._records: list[dict[str, Any]] = []
        self._findings: list[dict[str, Any]] = []
        self._advice: dict[int, dict[str, Any]] = {}

    def __len__(self) -> int:
        """How many judgements wait to be written."""
        return len(self._records)

    def add(self, judged: JudgedRecord, reference: str, offering_id: str | None, known_key: int | None) -> None:
        """Keep one judgement in place of the one under `known_key`, if any."""
        key = self._next if known_key is None else known_key
        self._next += known_key is None
        if known_key is not None:
            self._replaced.append(known_key)
        offered = judged.offering
        self._records.append(
            {
                "key": key,
                "feed_key": self._feed_key,
                "reference": reference,
                "source_id": judged.source_id or (offered.source_id if offered else None),
                "path": judged.path,
                "verdict": judged.verdict,
                "title": preferred(offered.title, offered.languages)[1] if offered else None,
                "offering_id": offering_id,
                "record_hash": record_hash(judged),
            }
        )
        for position, found in enumerate(judged.findings, 1):
            advice_key = _advice_key(found.code, found.remedy, found.consequence)
            self._findings.append(_finding_row(found, key, position, advice_key))
            if advice_key not in self._advice:
                self._advice[advice_key] = {
                    "key": advice_key,
                    "code": found.code,
                    "remedy": found.remedy,
                    "consequence": found.consequence,
                }

    def flush(self) -> None:
        """Write the batch."""
        if self._replaced:
            for keys in (finding.c.record_key, record.c.key):
                old = is_among(self._connection, keys, self._replaced)
                self._connection.execute(delete(keys.table).where(old))
        insert_missing(self._connection, advice, list(self._advice.values()))
        bulk_insert(self._connection, record, self._records)
        bulk_insert(self._connection, finding, self._findings)
        self._replaced, self._records, self._findings, self._advice = [], [], [], {}

    def whole_source(self, findings: list[Finding]) -> None:
        """Keep the findings of the source as a whole in place of the last ones."""
        same = (record.c.feed_key == self._feed_key) & (record.c.reference == WHOLE_SOURCE)
        known = self._connection.execute(select(record.c.key).where(same)).scalar()
        if known is not None or findings:
            self.add(JudgedRecord(path="", verdict="accepted", findings=findings), WHOLE_SOURCE, None, known)
            self.flush()

    def forget_missing(self) -> None:
        """Drop the judgements of records that are no longer in the feed."""
        here = select(staged.c.n).where(staged.c.reference == record.c.reference).exists()
        gone = select(record.c.key).where(
            record.c.feed_key == self._feed_key, record.c.reference != WHOLE_SOURCE, ~here
        )
        self._connection.execute(delete(finding).where(finding.c.record_key.in_(gone)))
        self._connection.execute(
            delete(record).where(record.c.feed_key == self._feed_key, record.c.reference != WHOLE_SOURCE, ~here)
        )


_FINDINGS = (
    select(finding, advice.c.remedy, advice.c.consequence)
    .join(advice, advice.c.key == finding.c.advice_key)
    .order_by(finding.c.position)
)


def _found(row: Any, source_id: str | None) -> Finding:
    return Finding(
        code=row.code,
        element=row.element,
        severity=row.severity,
        message=row.message,
        remedy=row.remedy,
        consequence=row.consequence,
        source_id=source_id,
        path=row.path,
        value=None if row.value is None else msgspec.json.decode(row.value),
    )


def findings_of_record(connection: Connection, record_key: int, source_id: str | None) -> list[Finding]:
    """The findings kept under one record."""
    rows = connection.execute(_FINDINGS.where(finding.c.record_key == record_key))
    return [_found(row, source_id) for row in rows]


def findings_of_offering(connection: Connection, feed_key: int, source_id: str) -> list[Finding]:
    """The latest findings of the record behind an offering."""
    same = (record.c.feed_key == feed_key) & (record.c.reference == reference_of(source_id))
    key = connection.execute(select(record.c.key).where(same)).scalar()
    return [] if key is None else findings_of_record(connection, key, source_id)


def read_records(
    engine: Engine,
    feed_name: str,
    *,
    verdict: Verdict | None = None,
    code: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[RecordVerdict]:
    """The latest judgements of a feed's records, of one verdict or with one code if given, in the order of keeping."""
    query = select(record).join(feed, feed.c.key == record.c.feed_key)
    query = query.where(feed.c.name == feed_name, record.c.reference != WHOLE_SOURCE)
    if verdict is not None:
        query = query.where(record.c.verdict == verdict)
    if code is not None:
        query = query.where(record.c.key.in_(select(finding.c.record_key).where(finding.c.code == code)))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(record.c.key).limit(limit).offset(offset)).all()
        return [_record_verdict(connection, row) for row in rows]


def _record_verdict(connection: Connection, row: Any) -> RecordVerdict:
    return RecordVerdict(
        path=row.path,
        verdict=row.verdict,
        source_id=row.source_id,
        offering_id=row.offering_id,
        title=row.title,
        findings=findings_of_record(connection, row.key, row.source_id),
    )


def source_findings(engine: Engine, feed_name: str) -> list[Finding]:
    """The latest findings of a source as a whole."""
    query = select(record.c.key).join(feed, feed.c.key == record.c.feed_key)
    with engine.connect() as connection:
        key = connection.execute(query.where(feed.c.name == feed_name, record.c.reference == WHOLE_SOURCE)).scalar()
        return [] if key is None else findings_of_record(connection, key, None)
