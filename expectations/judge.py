"""The judge of one feed: every record gets its findings and its verdict, the whole gets its own.

Order of work for who calls it: `Judge.sources` batch after batch, `Judge.offerings` for the records in scope,
`Judge.whole_source` once, and after the load `Judge.catalogue`. Batches of up to some 20,000 records are
best; the verdicts do not depend on how the records are cut into batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from expectations import suites, whole
from expectations.checking import Checker, Rule
from expectations.columns import (
    RunOf,
    instances_frame,
    offerings_frame,
    runs_of,
    sources_frame,
)
from expectations.demands import Demands, LoadedCatalogue, SourceSummary
from expectations.findings import finding_from, verdict
from expectations.policy import Policy
from standard.observation import Observation
from standard.source_offering import SourceOffering
from standard.verdict import Finding, JudgedRecord

if TYPE_CHECKING:
    from standard.mapping import Mapped

    Judged = tuple[SourceOffering, Mapped, list[Finding]]
    """A record in scope: as published, as mapped, and what `Judge.sources` found."""

T = TypeVar("T")


class Judge:
    """Judges one feed under one policy, in one thread. Remembers identifiers and fill rates over its batches."""

    def __init__(self, policy: Policy, feed: str, demands: Demands | None = None, today: date | None = None) -> None:
        """`demands`: of the feed's contract. `today`: the day on which validity is judged (default: today, UTC)."""
        self.policy = policy
        self._demands = whole.checked(demands or Demands(), feed)
        self._first_with_id: dict[str, str] = {}
        self._filled: Counter[str] = Counter()
        self._judged = 0
        self._today = today or datetime.now(UTC).date()
        self._sources = self._checker("source offerings", suites.source_rules())
        self._offerings = self._checker("offerings", suites.offering_rules())
        self._instances = self._checker("instances", suites.instance_rules())

    def sources(self, batch: Sequence[SourceOffering]) -> list[list[Finding]]:
        """Return the findings of each source offering, aligned with the batch: what the reader saw, then the suite."""
        told = [(record, self._earlier(record)) for record in batch]
        findings = [self._noticed(record.observations, record) for record in batch]
        frame = sources_frame([_identifier(record) for record in batch], [first for _, first in told])
        for failure in self._sources.failures(frame):
            for row in failure.rows:
                findings[row].append(self._finding(failure.rule, told[row], batch[row], batch[row].path))
        return findings

    def offerings(self, batch: Sequence[Judged]) -> list[JudgedRecord]:
        """Return each record in scope with all its findings and its verdict, aligned with the batch."""
        mapped = [record for _, record, _ in batch]
        findings = [[*found, *self._noticed(record.observations, source)] for source, record, found in batch]
        explained = [verdict(found) == "rejected" for found in findings]
        frame = offerings_frame(mapped, explained, list(suites.MISSING), self._today)
        for failure in self._offerings.failures(frame):
            for row in failure.rows:
                source, record, _ = batch[row]
                findings[row].append(self._finding(failure.rule, record, source, _path(source, record, failure.rule)))
        self._judge_instances(batch, findings)
        self._count_filled(frame)
        return [_judged(*batch[row][:2], findings[row]) for row in range(len(batch))]

    def fill(self) -> dict[str, float]:
        """Return, by field of the offering, the share of the records judged so far that have it (0-1)."""
        return {field: self._filled[field] / self._judged for field in suites.MISSING} if self._judged else {}

    def whole_source(self, summary: SourceSummary) -> list[Finding]:
        """Return what there is to say about the whole source, measured by its contract."""
        fill = summary.fill if summary.fill is not None else self.fill()
        noticed = [finding_from(observation, self.policy, None, None) for observation in summary.observations]
        return noticed + whole.judge_source(self.policy, self._demands, summary, fill)

    def catalogue(self, loaded: LoadedCatalogue) -> list[Finding]:
        """Return what does not hold together in the catalogue after a load; nothing when all is well."""
        return whole.judge_catalogue(self.policy, loaded)

    def _checker(self, name: str, rules: Sequence[Rule[T]]) -> Checker[T]:
        return Checker(name, rules, self.policy.severity)

    def _earlier(self, record: SourceOffering) -> str | None:
        """Return the path of the first record with the same identifier, if this is not the first."""
        identifier = _identifier(record)
        if identifier is None:
            return None
        first = self._first_with_id.get(identifier)
        if first is None:
            self._first_with_id[identifier] = record.path
        return first

    def _noticed(self, observations: Sequence[Observation], source: SourceOffering) -> list[Finding]:
        return [finding_from(seen, self.policy, source.source_id, source.path) for seen in observations]

    def _finding(self, rule: Rule[T], what: T, source: SourceOffering, path: str) -> Finding:
        return finding_from(rule.observation(what), self.policy, source.source_id, path)

    def _judge_instances(self, batch: Sequence[Judged], findings: list[list[Finding]]) -> None:
        runs = runs_of([record for _, record, _ in batch])
        for failure in self._instances.failures(instances_frame(runs)):
            for row in failure.rows:
                run = runs[row]
                source = batch[run.record][0]
                findings[run.record].append(self._finding(failure.rule, run, source, _run_path(source, run)))

    def _count_filled(self, frame: Any) -> None:
        self._judged += len(frame)
        for field in suites.MISSING:
            self._filled[field] += int(frame[f"{field}_state"].isin(("present", "derived")).sum())


def _identifier(record: SourceOffering) -> str | None:
    return (record.source_id or "").strip() or None


def _judged(source: SourceOffering, record: Mapped, findings: list[Finding]) -> JudgedRecord:
    return JudgedRecord(source.path, verdict(findings), source.source_id, record.offering, findings)


def _path(source: SourceOffering, record: Mapped, rule: Rule[Mapped]) -> str:
    """Return where the judged field stood, as far as the mapping knows; else where the record stands."""
    if rule.field is None or record.offering is None:
        return source.path
    provenance = record.offering.provenance.get(rule.field)
    return (provenance.path if provenance else None) or source.path


def _run_path(source: SourceOffering, run: RunOf) -> str:
    """Return where an instance stood if that is certain (the mapping sorts them), else where the record stands."""
    published = source.instances
    if len(published) == 1:
        return published[0].path
    same = (one.path for one in published if one.source_id and one.source_id.strip() == run.instance.instance_id)
    return next(same, source.path)
