"""Map and judge: from source offerings to offerings, each with its findings and a verdict.

Works in batches: the memory it takes is that of one batch, and Great Expectations is asked three times per batch
instead of per record. `judged` is the work itself, without a place to write to (`catalogue check` uses it as it is);
`judge_snapshot` stages what it yields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from pipelines.collector import looking_seldom
from pipelines.reports import JudgeReport, ParseReport, StagedItem
from pipelines.staging import StagedFile, Staging, staged_file
from pipelines.steps.parse import parse_snapshot, parsed_file
from pipelines.steps.pull import latest_snapshot
from pipelines.tally import Tally
from pipelines.terms import demands, mapping_context
from pipelines.versions import mapping_version, step_version
from standard.mapping import Mapped, MappingContext, map_offering
from standard.observation import Observation
from standard.source_offering import SourceOffering
from standard.verdict import Finding, JudgedRecord

if TYPE_CHECKING:
    from connectors.feeds import FeedContract
    from connectors.snapshots import Snapshot
    from expectations.judge import Judge
    from expectations.policy import Policy
    from pipelines.workplace import Workplace

BATCH = 5_000
"""Records judged at a time. A validation costs some tenths of a second whatever its size, a record some tens of
kilobytes while it is held: this keeps the first small and the second below a few hundred megabytes."""


def judged(
    items: Iterable[StagedItem],
    judge: Judge,
    context: MappingContext,
    policy: Policy,
    tally: Tally,
    batch: int = BATCH,
) -> Iterator[JudgedRecord]:
    """Yield the judged records in scope, in the order of the source; `tally` counts also what is not yielded.

    Items that could not be read, and records out of scope, are counted here and yield nothing.
    """
    todo = iter(items)
    while chunk := list(islice(todo, batch)):
        yield from _judged_batch(_readable(chunk, policy, tally), judge, context, tally)
        chunk.clear()  # before the next one is read: two batches at once are twice the memory


def _judged_batch(
    sources: list[SourceOffering], judge: Judge, context: MappingContext, tally: Tally
) -> Iterator[JudgedRecord]:
    for record in judge.offerings(_in_scope(sources, judge.sources(sources), context, tally)):
        tally.record(record)
        yield record


def _readable(chunk: list[StagedItem], policy: Policy, tally: Tally) -> list[SourceOffering]:
    """Return the source offerings of a chunk; count it, and turn each unreadable item into its finding."""
    from expectations.findings import finding_from

    sources = []
    for item in chunk:
        tally.counts.fetched += 1
        if item.offering is not None:
            tally.counts.parsed += 1
            sources.append(item.offering)
        elif item.unreadable is not None:
            tally.counts.unreadable += 1
            lost = item.unreadable
            tally.unreadable(finding_from(lost.observation, policy, lost.source_id, lost.path))
    return sources


def _in_scope(
    sources: list[SourceOffering], findings: list[list[Finding]], context: MappingContext, tally: Tally
) -> list[tuple[SourceOffering, Mapped, list[Finding]]]:
    in_scope = []
    for source, about in zip(sources, findings, strict=True):
        mapped = map_offering(source, context)
        if mapped.selected:
            in_scope.append((source, mapped, about))
        else:
            tally.counts.out_of_scope += 1
    return in_scope


def judged_file(contract: FeedContract, snapshot_id: str, policy: Policy) -> StagedFile:
    """Name the staged verdicts on a snapshot: by its content, the contract, the mapping and the policy."""
    made_by = (snapshot_id, contract.fingerprint(), mapping_version(), policy.fingerprint(), step_version())
    return staged_file(contract.name, "offerings", *made_by)


def judge_snapshot(
    contract: FeedContract,
    snapshot: Snapshot,
    parsed: StagedFile,
    policy: Policy,
    staging: Staging,
) -> JudgeReport:
    """Stage the verdicts on the source offerings staged in `parsed`, or read the report of an earlier run that did."""
    file = judged_file(contract, snapshot.snapshot_id, policy)
    if staging.has(file):
        return msgspec.structs.replace(staging.report(file, JudgeReport), reused=True)
    reading = staging.report(parsed, ParseReport)
    items = staging.read(parsed, StagedItem)
    day = snapshot.taken_at.date()  # not the day of the run: the same snapshot is judged the same on every day
    judge, tally = judge_for(contract, policy, today=day), Tally()
    records = judged(items, judge, mapping_context(contract, day, snapshot.manifest.get("url")), policy, tally)
    with looking_seldom():
        return staging.write(
            file, records, lambda: report_of(contract.name, snapshot.snapshot_id, judge, tally, reading)
        )


def report_of(feed: str, snapshot_id: str, judge: Judge, tally: Tally, reading: ParseReport) -> JudgeReport:
    """Close the account of one source: judge it as a whole and return the report."""
    from expectations.demands import SourceSummary

    summary = SourceSummary(counts=tally.counts, observations=reading.observations, announced=reading.announced)
    whole = judge.whole_source(summary)
    tally.findings(whole)
    return JudgeReport(
        feed=feed,
        snapshot_id=snapshot_id,
        counts=tally.counts,
        severities=tally.severities,
        by_code=tally.by_code,
        rejects=tally.rejects,
        whole=whole,
        unreadable=tally.unreadable_findings,
        fill=judge.fill(),
        completeness=tally.completeness,
    )


def judge_for(contract: FeedContract | None, policy: Policy, today: date, feed: str = "") -> Judge:
    """Return a judge for one pass over one feed, as of `today`; without a contract nothing is demanded of the whole."""
    from expectations.judge import Judge

    return Judge(policy, contract.name if contract else feed, demands(contract) if contract else None, today)


def finding_of(observation: Observation) -> Finding:
    """Put an observation about a source as a whole into words, with the default policy."""
    from expectations.findings import finding_from
    from expectations.policy import load_policy

    return finding_from(observation, load_policy(None), None, None)


def judge_latest(contract: FeedContract, workplace: Workplace) -> JudgeReport:
    """Map and judge the feed's latest snapshot; what is not staged any more is read again."""
    snapshot = latest_snapshot(contract.name, workplace)
    parse_snapshot(contract, snapshot, workplace.staging)
    parsed = parsed_file(contract, snapshot.snapshot_id)
    return judge_snapshot(contract, snapshot, parsed, workplace.policy, workplace.staging)
