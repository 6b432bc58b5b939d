"""Counts what the judge says while records stream by; memory grows with the number of codes, not of records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipelines.reports import EXAMPLES_SHOWN, REJECTS_SHOWN, CodeCount, Reject
from standard.offering import Offering
from standard.verdict import Counts, Finding, JudgedRecord

UNREADABLE_KEPT = 500


class Tally:
    """The running account of one feed's judging."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.rejects: list[Reject] = []
        self.unreadable_findings: list[Finding] = []
        self._severities: Counter[str] = Counter()
        self._codes: dict[tuple[str, str], CodeCount] = {}
        self._scores = 0.0

    def record(self, judged: JudgedRecord) -> None:
        """Count one judged record, its findings and what it fills."""
        self.counts.selected += 1
        self.findings(judged.findings)
        if judged.verdict == "rejected":
            self.counts.rejected += 1
            if len(self.rejects) < REJECTS_SHOWN:
                self.rejects.append(_reject(judged))
            return
        self.counts.accepted += 1
        completeness = judged.offering.completeness if judged.offering else None
        if completeness is not None:
            self._scores += completeness.score

    def findings(self, findings: Iterable[Finding]) -> None:
        """Count findings, of a record or of the whole source."""
        for finding in findings:
            self._severities[finding.severity] += 1
            key = (finding.code, finding.severity)
            entry = self._codes.get(key)
            if entry is None:
                entry = CodeCount(finding.code, finding.element, finding.severity, finding.message, finding.remedy)
                self._codes[key] = entry
            entry.count += 1
            where = finding.source_id or finding.path
            if where and len(entry.examples) < EXAMPLES_SHOWN:
                entry.examples.append(where)

    def unreadable(self, finding: Finding) -> None:
        """Count an item that could not be read; the first `UNREADABLE_KEPT` are kept word for word."""
        self.findings([finding])
        if len(self.unreadable_findings) < UNREADABLE_KEPT:
            self.unreadable_findings.append(finding)

    @property
    def severities(self) -> dict[str, int]:
        """Findings by severity, every severity named."""
        return {name: self._severities[name] for name in ("blocks", "lowers", "informs")}

    @property
    def by_code(self) -> list[CodeCount]:
        """Findings by code, most frequent first."""
        return sorted(self._codes.values(), key=lambda entry: (-entry.count, entry.code))

    @property
    def completeness(self) -> float | None:
        """Mean completeness of the accepted offerings, None when there are none."""
        return self._scores / self.counts.accepted if self.counts.accepted else None


def _reject(judged: JudgedRecord) -> Reject:
    cause = next((f for f in judged.findings if f.severity == "blocks"), None)
    return Reject(
        source_id=judged.source_id,
        path=(cause.path if cause else None) or judged.path,
        title=_title(judged.offering),
        code=cause.code if cause else "",
        message=cause.message if cause else "",
        value=cause.value if cause else None,
    )


def _title(offering: Offering | None) -> str:
    return next(iter(offering.title.values()), "") if offering else ""
