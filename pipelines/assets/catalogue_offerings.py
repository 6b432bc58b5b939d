"""The asset `catalogue_offerings`: the feed's offerings in the live catalogue, or a candidate that waits.

(Annotations are evaluated here: Dagster reads the type of `context` when the asset is defined.)
"""

from typing import TYPE_CHECKING, Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
)

from pipelines.assets.checks import feed_check
from pipelines.assets.offerings import offerings
from pipelines.assets.outcome import hold, told
from pipelines.assets.telling import Materialized, Told, counts_metadata, report_metadata, table
from pipelines.partitions import FEEDS
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from catalogue_db.candidate import Change
    from catalogue_db.guard import GuardReport
    from pipelines.steps.load import LoadOutcome

GUARD = "guard"
CATALOGUE_WHOLE = "catalogue_whole"


@asset(
    partitions_def=FEEDS,
    deps=[offerings],
    group_name="catalogue",
    owners=["team:catalogue"],
    kinds={"sql"},
    check_specs=[
        feed_check(
            GUARD,
            "catalogue_offerings",
            "The candidate is close enough to what is live; if not, it waits and the live version stays.",
            blocking=True,
        ),
        feed_check(
            CATALOGUE_WHOLE, "catalogue_offerings", "After the load, the catalogue's part of this feed holds together."
        ),
    ],
    description=(
        "The feed's accepted offerings in the catalogue, loaded in one transaction with history, tombstones, change"
        " log and search index. A candidate that differs too much from what is live waits for a person."
    ),
)
def catalogue_offerings(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Offer the feed's latest judged batch to the catalogue."""
    from pipelines.steps.load import load_latest

    with told(context, workplace):
        outcome = load_latest(workplace.contract(context.partition_key), workplace, context.run.run_id)
    if outcome.load.status == "waiting":
        hold(context, workplace, " ".join(outcome.load.guard.reasons))
    return MaterializeResult(metadata=_metadata(outcome), check_results=[_guard(outcome), _whole(outcome)])


def _metadata(outcome: "LoadOutcome") -> Told:
    names = ("accepted", "new", "changed", "unchanged", "withdrawn")
    return {
        "status": MetadataValue.text(outcome.load.status),
        **counts_metadata(outcome.counts, names),
        "what changed, losses first": _changes(outcome.load.changes),
        "the guard's comparison": _comparison(outcome.load.guard),
        **report_metadata(outcome),
    }


def _guard(outcome: "LoadOutcome") -> AssetCheckResult:
    guard = outcome.load.guard
    waits = outcome.load.status == "waiting"
    return AssetCheckResult(
        check_name=GUARD,
        passed=not waits,
        severity=AssetCheckSeverity.ERROR,
        description=" ".join(guard.reasons) if waits else None,
        metadata={"comparison": _comparison(guard), "held before": MetadataValue.text(guard.note or "nothing")},
    )


def _whole(outcome: "LoadOutcome") -> AssetCheckResult:
    findings = outcome.catalogue_findings
    blocks = any(finding.severity == "blocks" for finding in findings)
    rows = ((f.code, f.severity, f.source_id or "", f.message, f.remedy) for f in findings[:50])
    return AssetCheckResult(
        check_name=CATALOGUE_WHOLE,
        passed=not findings,
        severity=AssetCheckSeverity.ERROR if blocks else AssetCheckSeverity.WARN,
        metadata={
            "found": MetadataValue.int(len(findings)),
            "findings": table(("code", "severity", "record", "what was found", "what to do"), rows, "none"),
        },
    )


def _changes(changes: "list[Change]") -> MetadataValue[Any]:
    rows = ((c.kind, c.title or "", c.offering_id, ", ".join(c.fields), c.reason or "") for c in changes)
    return table(("what", "title", "offering", "fields", "why"), rows, "nothing changed")


def _comparison(guard: "GuardReport") -> MetadataValue[Any]:
    rows = (
        (
            c.measure,
            "within" if c.within else "OVER",
            _number(c.candidate),
            _number(c.live),
            _number(c.held),
            c.sentence,
        )
        for c in guard.comparisons
    )
    return table(("measure", "limit", "candidate", "live", "held before", "in words"), rows, "nothing was compared")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
