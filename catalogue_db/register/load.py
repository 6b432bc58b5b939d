"""Lets a pull of DEQAR into the catalogue: everything in one transaction, or nothing.

The entities are read twice: once to hash them, once to write those that differ. Only numbers and hashes are held in
memory. An entity that comes twice (a list moved while it was paged through) is taken once; of two different ones the
one with the greater hash, so that the order of pages does not matter. Loading the same pull twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select

from catalogue_db.dialects import write_transaction
from catalogue_db.register import state
from catalogue_db.register.candidate import (
    KINDS,
    Approval,
    Kind,
    KindCounts,
    RegisterCandidate,
    RegisterReport,
    RegisterThresholds,
    identity,
)
from catalogue_db.register.writing import HEADS, RegisterWriter, id_column
from catalogue_db.staging import batches
from catalogue_db.storable import storable
from catalogue_db.texts import moment
from standard.register import Entity, content_hash

_log = logging.getLogger(__name__)
Hashes = dict[int, str]


def load_register(
    engine: Engine, candidate: RegisterCandidate, *, approval: Approval | None = None, now: datetime | None = None
) -> RegisterReport:
    """Let a pull in, or keep it waiting: when a finding blocks it or it has shrunk too much, unless a person approves.

    `now` (with offset): the time written to the history. Raises `CatalogueError` where the database cannot be
    written; then nothing has changed.
    """
    at, candidate = moment(now or datetime.now(UTC)), _storable(candidate)
    offered = _offered(candidate)
    with engine.connect() as connection, write_transaction(connection):
        report = _Load(connection, candidate, offered, approval, at).run()
    _log.info("Register: %s", report.status)
    return report


def _storable(given: RegisterCandidate) -> RegisterCandidate:
    """A pull of which everything can be kept."""
    findings = [storable(finding) for finding in given.findings]
    return replace(given, entities=lambda: map(storable, given.entities()), findings=findings)


def _offered(candidate: RegisterCandidate) -> dict[Kind, Hashes]:
    """The hashes of everything the pull has."""
    found: dict[Kind, Hashes] = {kind: {} for kind in KINDS}
    for entity in candidate.entities():
        kind, number = identity(entity)
        found[kind][number] = max(content_hash(entity), found[kind].get(number, ""))
    return found


def guard(
    offered: dict[Kind, int], live: dict[Kind, int], lost: dict[Kind, int], limits: RegisterThresholds
) -> list[str]:
    """Return why a pull must wait, one sentence each; nothing where it may go in. A pure function over counts."""
    least = {"agency": limits.least_agencies, "provider": limits.least_providers, "report": limits.least_reports}
    reasons = [
        f"DEQAR gave {offered[kind]} {_plural(kind)}, at least {least[kind]} are expected."
        for kind in KINDS
        if offered[kind] < least[kind]
    ]
    for kind in KINDS:
        share = lost[kind] / live[kind] if live[kind] else 0.0
        if share > limits.greatest_drop + 1e-9:
            reasons.append(
                f"{lost[kind]} of {live[kind]} {_plural(kind)} are gone ({share:.1%}); "
                f"at most {limits.greatest_drop:.1%} may go at once."
            )
    return reasons


def _plural(kind: Kind) -> str:
    return "agencies" if kind == "agency" else f"{kind}s"


class _Load:
    """One load, inside its transaction."""

    def __init__(
        self,
        connection: Connection,
        candidate: RegisterCandidate,
        offered: dict[Kind, Hashes],
        approval: Approval | None,
        at: str,
    ) -> None:
        self._connection = connection
        self._candidate = candidate
        self._offered = offered
        self._approval = approval
        self._at = max(at, state.last_moment(connection) or "")
        self._live = {kind: self._read_live(kind) for kind in KINDS}

    def _read_live(self, kind: Kind) -> Hashes:
        head = HEADS[kind]
        query = select(head.c[id_column(kind)], head.c.content_hash).where(head.c.left_at.is_(None))
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def run(self) -> RegisterReport:
        """Do what the guard, the findings and a person allow."""
        reasons = self._reasons()
        counts = {kind: self._count(kind) for kind in KINDS}
        if reasons and self._approval is None:
            key = state.keep_waiting(self._connection, self._candidate, counts, reasons, self._at)
            return RegisterReport("waiting", counts, reasons, key)
        key = state.keep_loaded(self._connection, self._candidate, counts, reasons, self._approval, self._at)
        changed = any(each.new or each.changed or each.left for each in counts.values())
        if changed:
            self._write(key)
        return RegisterReport("updated" if changed else "unchanged", counts, reasons, key)

    def _reasons(self) -> list[str]:
        offered = {kind: len(self._offered[kind]) for kind in KINDS}
        live = {kind: len(self._live[kind]) for kind in KINDS}
        lost = {kind: len(self._live[kind].keys() - self._offered[kind].keys()) for kind in KINDS}
        blocking = [each.message for each in self._candidate.findings if each.severity == "blocks"]
        return blocking + guard(offered, live, lost, self._candidate.thresholds)

    def _count(self, kind: Kind) -> KindCounts:
        offered, live = self._offered[kind], self._live[kind]
        new = len(offered.keys() - live.keys())
        same = sum(live.get(number) == digest for number, digest in offered.items())
        left = len(live.keys() - offered.keys())
        return KindCounts(len(offered), new, len(offered) - new - same, same, left)

    def _write(self, key: int) -> None:
        writers = {kind: RegisterWriter(self._connection, kind, at=self._at, candidate=key) for kind in KINDS}
        rows = {kind: self._with_rows(kind) for kind in KINDS}
        for batch in batches(self._differing()):
            for kind in KINDS:
                if of_kind := [(entity, digest) for k, entity, digest in batch if k == kind]:
                    writers[kind].write(of_kind, rows[kind])
        for kind in KINDS:
            writers[kind].leave(self._live[kind].keys() - self._offered[kind].keys())

    def _with_rows(self, kind: Kind) -> set[int]:
        """Numbers that have a row: live ones, and those that left once and may come back."""
        return set(self._connection.execute(select(HEADS[kind].c[id_column(kind)])).scalars())

    def _differing(self) -> Iterator[tuple[Kind, Entity, str]]:
        """The entities that are not as they are kept, each once."""
        done: set[tuple[Kind, int]] = set()
        for entity in self._candidate.entities():
            kind, number = identity(entity)
            wanted = self._offered[kind][number]
            if (kind, number) in done or self._live[kind].get(number) == wanted:
                continue
            if content_hash(entity) == wanted:
                done.add((kind, number))
                yield kind, entity, wanted
