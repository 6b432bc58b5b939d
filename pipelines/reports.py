"""What each step reports: typed, counted so that the counts close, kept beside what the step made.

fetched = parsed + unreadable; parsed = selected + out of scope; selected = accepted + rejected;
accepted = new + changed + unchanged. `unaccounted` names each equation that does not hold: a loss without a name is a
defect.
"""

from __future__ import annotations

import msgspec

from standard.observation import Observation, Scalar
from standard.source_offering import SourceOffering, Unreadable
from standard.verdict import Counts, Finding, Severity

UNNAMED = "check"
"""The feed's name where no contract gives one; it shows only in the offerings' identifiers."""

REJECTS_SHOWN = 25
EXAMPLES_SHOWN = 3


class StagedItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item of a source as staged: a source offering, or the account of an item that could not be read."""

    offering: SourceOffering | None = None
    unreadable: Unreadable | None = None


class PullReport(msgspec.Struct, frozen=True):
    """What a pull brought. `taken_at`: ISO date-time of the pull. `fresh`: the content was not seen before. `kinds`:
    documents by what was asked for. `notes`: code, message and remedy of what was noticed while pulling."""

    feed: str
    snapshot_id: str
    taken_at: str
    documents: int
    bytes: int
    fresh: bool
    kinds: dict[str, int] = {}
    notes: list[tuple[str, str, str]] = []


class ParseReport(msgspec.Struct, frozen=True):
    """What reading a snapshot found. `announced`: how many records the source says it has. `unread`: fields with
    content that nobody read, by name, with how often."""

    feed: str
    snapshot_id: str
    counts: Counts
    announced: int | None
    unread: dict[str, int]
    observations: list[Observation]
    reused: bool = False


class CodeCount(msgspec.Struct):
    """How often a finding was raised, with the records of the first few."""

    code: str
    element: int
    severity: Severity
    message: str
    remedy: str
    count: int = 0
    examples: list[str] = []


class Reject(msgspec.Struct, frozen=True):
    """One rejected record as a person wants to see it: which, where, and what blocks it."""

    source_id: str | None
    path: str
    title: str
    code: str
    message: str
    value: Scalar | None = None


class JudgeReport(msgspec.Struct, frozen=True):
    """What mapping and judging a snapshot's source offerings gave.

    `severities`: findings by severity, of records and of the source as a whole. `by_code`: most frequent first.
    `whole`: findings about the source as a whole; `unreadable`: about items that could not be read.
    `fill`: share (0-1) of records in scope that have each element, by field of the offering.
    """

    feed: str
    snapshot_id: str
    counts: Counts
    severities: dict[str, int]
    by_code: list[CodeCount]
    rejects: list[Reject]
    whole: list[Finding]
    unreadable: list[Finding]
    fill: dict[str, float]
    completeness: float | None
    reused: bool = False


_EQUATIONS = {
    "fetched = parsed + unreadable": ("fetched", "parsed", "unreadable"),
    "parsed = selected + out of scope": ("parsed", "selected", "out_of_scope"),
    "selected = accepted + rejected": ("selected", "accepted", "rejected"),
}


def unaccounted(counts: Counts, *, loaded: bool = False) -> list[str]:
    """Return the equations that do not hold (empty when all close); with `loaded`, the load's one as well."""
    broken = []
    for equation, (whole, first, second) in _EQUATIONS.items():
        if getattr(counts, whole) != getattr(counts, first) + getattr(counts, second):
            broken.append(equation)
    if loaded and counts.accepted != counts.new + counts.changed + counts.unchanged:
        broken.append("accepted = new + changed + unchanged")
    return broken
