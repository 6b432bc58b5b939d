"""What is offered to the register, when it must wait, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from standard.register import Agency, Entity, RegisterProvider
from standard.verdict import Finding

Kind = Literal["agency", "provider", "report"]
KINDS: tuple[Kind, ...] = ("agency", "provider", "report")


class RegisterThresholds(msgspec.Struct, frozen=True):
    """When a pull must wait. `greatest_drop`: share of agencies, providers or reports that may be gone. Stricter than
    for feeds: DEQAR grows, and hardly anything in it goes away."""

    least_agencies: int = 1
    least_providers: int = 1
    least_reports: int = 1
    greatest_drop: float = 0.05


@dataclass(frozen=True)
class RegisterCandidate:
    """One pull of DEQAR, read into entities.

    `entities` may be called more than once and gives the same each time, in any order; `countries`: alpha-2, what the
    pull was limited to (none: everything); `findings`: of the register suite, one that blocks keeps the pull out.
    `taken_at`: when DEQAR was asked.
    """

    snapshot_id: str
    taken_at: datetime
    contract_fingerprint: str
    run_id: str
    entities: Callable[[], Iterator[Entity]]
    countries: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    thresholds: RegisterThresholds = field(default_factory=RegisterThresholds)


class Approval(msgspec.Struct, frozen=True):
    """A person's decision to let a waiting pull in."""

    by: str
    reason: str


class KindCounts(msgspec.Struct, frozen=True):
    """What a load did with one kind of entity: offered = new + changed + unchanged; `left`: no longer there."""

    offered: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0


class RegisterReport(msgspec.Struct, frozen=True):
    """What came of a pull. `reasons`: why it waits. `counts`: by kind."""

    status: Literal["updated", "unchanged", "waiting"]
    counts: Mapping[Kind, KindCounts]
    reasons: Sequence[str] = ()
    candidate: int = 0


def identity(entity: Entity) -> tuple[Kind, int]:
    """Return the kind and number of an entity."""
    if isinstance(entity, Agency):
        return "agency", entity.agency_id
    if isinstance(entity, RegisterProvider):
        return "provider", entity.provider_id
    return "report", entity.report_id
