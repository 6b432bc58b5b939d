"""Load: the candidate meets the guard; what may go in goes in, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from catalogue_db.candidate import Candidate, CatalogueError, LoadReport
from pipelines.collector import looking_seldom
from pipelines.failures import FeedFailure
from pipelines.reports import JudgeReport
from pipelines.steps.map_and_judge import judge_latest, judged_file
from pipelines.steps.parse import parsed_file
from pipelines.steps.pull import latest_snapshot
from pipelines.terms import feed_info, thresholds
from pipelines.versions import mapping_version
from standard.verdict import Counts, Finding, JudgedRecord

if TYPE_CHECKING:
    from connectors.feeds import FeedContract
    from connectors.snapshots import Snapshot
    from pipelines.staging import StagedFile
    from pipelines.workplace import Workplace


class LoadOutcome(msgspec.Struct, frozen=True):
    """A load report with the feed's counts completed, and what the judge says of the catalogue after it."""

    load: LoadReport
    counts: Counts
    catalogue_findings: list[Finding] = []


def candidate_of(
    contract: FeedContract,
    snapshot: Snapshot,
    report: JudgeReport,
    file: StagedFile,
    workplace: Workplace,
    run_id: str,
) -> Candidate:
    """Make the candidate out of the staged verdicts; its records are read from the staged file each time."""
    staging = workplace.staging
    return Candidate(
        feed=feed_info(contract),
        snapshot_id=snapshot.snapshot_id,
        snapshot_taken_at=snapshot.confirmed_at,
        mapping_version=mapping_version(),
        contract_fingerprint=contract.fingerprint(),
        policy_fingerprint=workplace.policy.fingerprint(),
        run_id=run_id,
        records=lambda: staging.read(file, JudgedRecord),
        some_records=lambda numbers: staging.read_some(file, JudgedRecord, numbers),
        counts=report.counts,
        source_findings=[*report.whole, *report.unreadable],
        fill=report.fill,
        thresholds=thresholds(contract),
        staged_url=staging.url(file),
    )


def load(candidate: Candidate, workplace: Workplace) -> LoadOutcome:
    """Let the candidate in if the guard agrees; then have the judge look at what stands in the catalogue.

    Raises a permanent `FeedFailure` when the catalogue cannot take it; what was live is as it was.
    """
    from catalogue_db.load import load_candidate

    try:
        with looking_seldom():
            report = load_candidate(workplace.engine, candidate)
    except CatalogueError as error:
        raise FeedFailure("LOAD", str(error), "Nothing was changed in the catalogue.") from error
    return LoadOutcome(report, completed(candidate.counts, report), _look_back(candidate, report, workplace))


def completed(counts: Counts, report: LoadReport) -> Counts:
    """Return the counts of judging with those of a load added."""
    return msgspec.structs.replace(
        counts, new=report.new, changed=report.changed, unchanged=report.unchanged, withdrawn=report.withdrawn
    )


def _look_back(candidate: Candidate, report: LoadReport, workplace: Workplace) -> list[Finding]:
    """Judge the catalogue after a load that changed it; what was only confirmed was judged when it went in."""
    if report.status != "updated":
        return []
    from expectations.judge import Judge
    from pipelines.steps.look_back import loaded_catalogue

    feed = candidate.feed.name
    loaded = loaded_catalogue(workplace.engine, feed, candidate.counts.accepted)
    return Judge(workplace.policy, feed).catalogue(loaded)


def load_latest(contract: FeedContract, workplace: Workplace, run_id: str) -> LoadOutcome:
    """Offer the verdicts on the feed's latest snapshot to the catalogue."""
    outcome = load(latest_candidate(contract, workplace, run_id), workplace)
    snapshot = latest_snapshot(contract.name, workplace).snapshot_id
    kept = (parsed_file(contract, snapshot), judged_file(contract, snapshot, workplace.policy))
    workplace.staging.tidy(contract.name, keep=kept)
    return outcome


def latest_candidate(contract: FeedContract, workplace: Workplace, run_id: str) -> Candidate:
    """Make the candidate of the feed's latest snapshot; what is not staged any more is made again."""
    snapshot = latest_snapshot(contract.name, workplace)
    report = judge_latest(contract, workplace)
    file = judged_file(contract, snapshot.snapshot_id, workplace.policy)
    return candidate_of(contract, snapshot, report, file, workplace, run_id)
