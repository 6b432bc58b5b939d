"""Brings a candidate's hashes beside the catalogue, in a temporary table, before the write lock is taken.

What has to be done is then one comparison of two tables, whatever the size of the feed: nobody asks row by row.
Only identifiers and hashes are staged; the records themselves are read again, as a stream, where something has
to be written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, Text, func, literal, select, true, update
from sqlalchemy.sql.selectable import Select

from catalogue_db.candidate import Candidate, CandidateError
from catalogue_db.dialects import analyse, bulk_insert
from catalogue_db.failures import explained
from catalogue_db.rows import encoded_provenance, short_hash
from catalogue_db.storable import LONGEST_KEY, is_storable, lookup_key, storable, storable_text
from catalogue_db.tables import Sorted, offering, record
from standard.offering import content, hash_of_content, offering_id
from standard.verdict import Finding, JudgedRecord

BATCH = 1000
"""Records that are in memory at once."""

T = TypeVar("T")
_encoder = msgspec.json.Encoder()

staged = Table(
    "staged_record",
    MetaData(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("reference", Sorted, nullable=False),
    Column("source_id", Text),
    Column("path", Text, nullable=False),
    Column("offering_id", Sorted),
    Column("content_hash", Text),  # only of accepted records
    Column("provenance_hash", Text),
    Column("record_hash", Text, nullable=False),
    Column("codes", Text),  # what blocks a rejected record
    Index("ix_staged_offering_id", "offering_id"),
    Index("ix_staged_reference", "reference"),
    prefixes=["TEMPORARY"],
)
accepted = staged.c.content_hash.is_not(None)


@dataclass
class Tally:
    """What was counted while staging: records by verdict, findings by code and severity."""

    accepted: int = 0
    rejected: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    records: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, findings: list[Finding], *, of_record: bool = True) -> None:
        """Count the findings of one record (or of the whole source)."""
        if not findings:
            return
        pairs = [(finding.code, finding.severity) for finding in findings]
        self.findings.update(pairs)
        if of_record:
            self.records.update(set(pairs))


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut a stream into lists of at most `size`."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


@contextmanager
def staging(connection: Connection, candidate: Candidate) -> Iterator[Tally]:
    """Stage a candidate's hashes for as long as the block lasts. Nothing of the catalogue is touched or locked.

    Raises `CandidateError` where two accepted records claim one offering, or a record belongs to another feed, and
    `CatalogueError` where the database cannot be reached or is full.
    """
    with explained(), connection.begin():
        staged.drop(connection, checkfirst=True)
        staged.create(connection)
        tally = _stage(connection, candidate)
        analyse(connection, staged, staged.c.n, staged.c.reference, staged.c.offering_id)
        _check_claims(connection, candidate)
        _tell_references_apart(connection)
    try:
        yield tally
    finally:
        if not connection.in_transaction() and not connection.invalidated:
            with connection.begin():
                staged.drop(connection, checkfirst=True)


def _stage(connection: Connection, candidate: Candidate) -> Tally:
    tally = Tally()
    tally.note(candidate.source_findings, of_record=False)
    rows = _staged_rows(candidate, tally)
    while (first := next(rows, None)) is not None:
        bulk_insert(connection, staged, chain([first], islice(rows, BATCH - 1)))
    return tally


def _staged_rows(candidate: Candidate, tally: Tally) -> Iterator[dict[str, Any]]:
    """The rows of all records. No record is held longer than it takes to hash it."""
    for n, given in enumerate(candidate.records()):
        judged, hashes = _storable_and_hashed(given)
        row = _staged_row(n, judged, candidate.feed.name, hashes)
        tally.note(judged.findings)
        tally.accepted += row["content_hash"] is not None
        tally.rejected += row["content_hash"] is None
        yield row


def record_hash(judged: JudgedRecord) -> str:
    """Changes when the verdict, its findings or the place of a record change."""
    return short_hash(_encoded_verdict(judged))


def _encoded_verdict(judged: JudgedRecord) -> bytes:
    return _encoder.encode([judged.path, judged.verdict, judged.findings])


class _Hashes(NamedTuple):
    """`content_hash`, `provenance_hash` and `record_hash` of a record, the first two only of an accepted one."""

    content: str | None
    provenance: str | None
    record: str


def _storable_and_hashed(judged: JudgedRecord) -> tuple[JudgedRecord, _Hashes]:
    """A record of which everything can be kept, and its hashes. What is encoded to be hashed is not encoded again to
    see whether it can be kept: of most feeds this is most of the work."""
    if judged.verdict != "rejected" and storable_text(judged.source_id or "") == (judged.source_id or ""):
        with suppress(UnicodeEncodeError):
            hashes, can_be_kept = _hashes(judged)
            if can_be_kept:
                return judged, hashes
    cleaned = storable(judged)
    return cleaned, _hashes(cleaned)[0]


def _hashes(judged: JudgedRecord) -> tuple[_Hashes, bool]:
    """The hashes, and whether everything that was hashed can be kept."""
    said = _encoded_verdict(judged)
    if judged.verdict == "rejected" or judged.offering is None:
        return _Hashes(None, None, short_hash(said)), is_storable(said)
    told, way = content(judged.offering), encoded_provenance(judged.offering)
    hashes = _Hashes(hash_of_content(told), short_hash(way), short_hash(said))
    return hashes, is_storable(told) and is_storable(way) and is_storable(said)


def reference_of(source_id: str) -> str:
    """Under which the record with an identifier of its source is kept."""
    return lookup_key(f"id:{source_id}")


def _staged_row(n: int, judged: JudgedRecord, feed: str, hashes: _Hashes) -> dict[str, Any]:
    offered, rejected = judged.offering, judged.verdict == "rejected"
    if offered is not None and offered.feed != feed:
        raise CandidateError(f"The record at {judged.path} belongs to feed {offered.feed}, not to {feed}.")
    if offered is None and not rejected:
        raise CandidateError(f"The record at {judged.path} of feed {feed} is accepted but has no offering.")
    source_id = judged.source_id or (offered.source_id if offered else None)
    return {
        "n": n,
        "reference": reference_of(source_id) if source_id else lookup_key(f"at:{judged.path}"),
        "source_id": source_id,
        "path": judged.path,
        "offering_id": offered.offering_id if offered else offering_id(feed, source_id) if source_id else None,
        "content_hash": hashes.content,
        "provenance_hash": hashes.provenance,
        "record_hash": hashes.record,
        "codes": _blocking(judged.findings) if rejected else None,
    }


def _blocking(findings: list[Finding]) -> str:
    return ", ".join(sorted({finding.code for finding in findings if finding.severity == "blocks"}))


def _check_claims(connection: Connection, candidate: Candidate) -> None:
    """Two accepted records of one identity would lose one of them without a name: that is the judge's to settle."""
    claims = (
        select(staged.c.offering_id, func.min(staged.c.path), func.max(staged.c.path))
        .where(accepted)
        .group_by(staged.c.offering_id)
        .having(func.count() > 1)
    )
    for identity, first, second in connection.execute(claims.limit(1)):
        raise CandidateError(
            f"Two accepted records of feed {candidate.feed.name} claim the offering {identity}: {first} and {second}. "
            "Nothing was loaded. The judge must reject all but one of several records with one identifier."
        )


def _tell_references_apart(connection: Connection) -> None:
    """A record is known by its source's identifier; further ones with the same identifier by their path."""
    of_path = func.substr(literal("at:") + staged.c.path, 1, LONGEST_KEY)
    for reference in (of_path, staged.c.reference + literal(" ") + staged.c.n.cast(Text)):
        first = select(staged.c.reference, func.min(staged.c.n).label("n"))
        first_of = first.group_by(staged.c.reference).having(func.count() > 1).subquery()
        again = select(staged.c.n).join(first_of, first_of.c.reference == staged.c.reference)
        again = again.where(staged.c.n > first_of.c.n)
        connection.execute(update(staged).where(staged.c.n.in_(again)).values(reference=reference))


def differences(feed_key: int, first: int | None = None, last: int | None = None) -> Select[Any]:
    """A query for the staged records in which something differs from the catalogue, with what the catalogue has.

    `first` and `last` narrow it to the records with these numbers and those between.
    """
    part = staged.c.n.between(first, last) if first is not None else true()
    same_offering = (offering.c.offering_id == staged.c.offering_id) & accepted
    same_record = (record.c.reference == staged.c.reference) & (record.c.feed_key == feed_key)
    return (
        select(
            staged.c.n,
            staged.c.reference,
            staged.c.offering_id,
            staged.c.content_hash,
            staged.c.provenance_hash,
            staged.c.record_hash,
            offering.c.key.label("offering_key"),
            offering.c.status,
            offering.c.content_hash.label("old_content_hash"),
            offering.c.provenance_hash.label("old_provenance_hash"),
            record.c.key.label("record_key"),
            record.c.record_hash.label("old_record_hash"),
        )
        .select_from(staged.outerjoin(offering, same_offering).outerjoin(record, same_record))
        .where(
            part,
            (accepted & offering.c.key.is_(None))
            | (offering.c.status != "live")
            | (offering.c.content_hash != staged.c.content_hash)
            | (offering.c.provenance_hash != staged.c.provenance_hash)
            | record.c.key.is_(None)
            | (record.c.record_hash != staged.c.record_hash),
        )
        .order_by(staged.c.n)
    )


def leaving(feed_key: int) -> Select[Any]:
    """A query for the live offerings of a feed that the candidate does not have: key, and what rejected them if so."""
    kept = select(staged.c.n).where(staged.c.offering_id == offering.c.offering_id, accepted).exists()
    codes = select(func.min(staged.c.codes)).where(staged.c.offering_id == offering.c.offering_id).scalar_subquery()
    return (
        select(offering.c.key, codes.label("codes"))
        .where(offering.c.feed_key == feed_key, offering.c.status == "live", ~kept)
        .order_by(offering.c.key)
    )
