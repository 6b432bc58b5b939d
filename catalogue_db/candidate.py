"""What the catalogue is given (a candidate) and what it answers (a load report).

A candidate is a feed's whole judged batch before it is let in. Its records are read as a stream, more than
once, so that a feed of any size needs the memory of one batch only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from catalogue_db.guard import GuardReport, Thresholds
from standard.verdict import Counts, Finding, JudgedRecord

LoadStatus = Literal["updated", "unchanged", "waiting"]
CandidateStatus = Literal["loaded", "waiting", "refused", "superseded"]
ChangeKind = Literal["inserted", "changed", "withdrawn", "returned"]


class CatalogueError(Exception):
    """The catalogue cannot do what it was asked to. The message says what happened, where, and what to do."""


class CandidateError(CatalogueError):
    """A candidate contradicts itself, so that loading it would lose a record without a name."""


class FeedInfo(msgspec.Struct, frozen=True):
    """What the catalogue says of a feed. `institution`: its name for people; `country`: ISO 3166-1 alpha-2."""

    name: str
    title: str | None = None
    institution: str | None = None
    country: str | None = None
    licence: str | None = None
    homepage: str | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A feed's whole judged batch.

    `records` gives a new iterator over the judged records each time it is called, always the same ones in the
    same order; `some_records`, where it is given, those with some numbers (counted from 0), with their numbers, and
    costs less than to read all. `fill` is the share (0-1) of accepted offerings that have each element; the guard
    compares it.
    `staged_url` says where the records are kept, so that a waiting candidate can be let in later.
    `snapshot_taken_at` must know its offset.
    """

    feed: FeedInfo
    snapshot_id: str
    snapshot_taken_at: datetime
    mapping_version: str
    contract_fingerprint: str
    policy_fingerprint: str
    run_id: str
    records: Callable[[], Iterator[JudgedRecord]]
    counts: Counts = field(default_factory=Counts)
    source_findings: list[Finding] = field(default_factory=list)
    fill: dict[str, float] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    staged_url: str | None = None
    some_records: Callable[[Set[int]], Iterator[tuple[int, JudgedRecord]]] | None = None

    def those(self, numbers: Set[int]) -> Iterator[tuple[int, JudgedRecord]]:
        """The records with some numbers (counted from 0), and their numbers, in order."""
        if self.some_records is not None:
            yield from self.some_records(numbers)
            return
        last = max(numbers, default=-1)
        for number, judged in zip(range(last + 1), self.records(), strict=False):
            if number in numbers:
                yield number, judged


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the change log. `cursor` grows by every change; `fields` names what differs; `at` is UTC ISO 8601."""

    cursor: int
    offering_id: str
    feed: str
    kind: ChangeKind
    at: str
    title: str | None = None
    reason: str | None = None
    fields: list[str] = []


class LoadReport(msgspec.Struct, frozen=True):
    """What a load did.

    accepted = new + changed + unchanged; `returned` says how many of the new were here before. `changes` lists
    losses first, then changes, returns and arrivals, at most 100. `cursor` is the end of the change log.
    """

    feed: str
    status: LoadStatus
    guard: GuardReport
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    returned: int = 0
    changes: list[Change] = []
    cursor: int = 0
    candidate: int = 0
