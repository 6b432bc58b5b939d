"""The asset `source_offerings`: a snapshot read into published items, values untouched."""

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
from pipelines.assets.feed_snapshot import feed_snapshot
from pipelines.assets.outcome import told
from pipelines.assets.telling import Materialized, Told, counts_metadata, pairs_table, report_metadata, table
from pipelines.partitions import FEEDS
from pipelines.reports import ParseReport
from pipelines.workplace import Workplace

EVERY_ITEM_READ = "every_item_read"


@asset(
    partitions_def=FEEDS,
    deps=[feed_snapshot],
    group_name="feeds",
    owners=["team:catalogue"],
    kinds={"python"},
    check_specs=[
        feed_check(
            EVERY_ITEM_READ,
            "source_offerings",
            "Every item of the source could be read as a record, and as many came as the source announced.",
        )
    ],
    description=(
        "The published items as the format's reader found them, each value with its path in the snapshot. Nothing is"
        " normalised here. Fields that nobody read are counted and named."
    ),
)
def source_offerings(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Read the feed's latest snapshot."""
    from pipelines.steps.parse import parse_snapshot
    from pipelines.steps.pull import latest_snapshot

    with told(context, workplace):
        contract = workplace.contract(context.partition_key)
        report = parse_snapshot(contract, latest_snapshot(contract.name, workplace), workplace.staging)
    return MaterializeResult(metadata=_metadata(report), check_results=[_every_item_read(report)])


def _metadata(report: ParseReport) -> Told:
    told_counts = counts_metadata(report.counts, ("fetched", "parsed", "unreadable"))
    notes = ((o.code, o.path or "", o.value or "") for o in report.observations)
    return {
        **told_counts,
        "snapshot": MetadataValue.text(report.snapshot_id),
        "read again": MetadataValue.bool(not report.reused),
        "fields nobody read": pairs_table(("field", "how often"), report.unread),
        "about the source as a whole": table(("code", "where", "value"), notes),
        **report_metadata(report),
    }


def _every_item_read(report: ParseReport) -> AssetCheckResult:
    short = report.announced is not None and report.counts.fetched < report.announced
    announced = {} if report.announced is None else {"announced": MetadataValue.int(report.announced)}
    return AssetCheckResult(
        check_name=EVERY_ITEM_READ,
        passed=report.counts.unreadable == 0 and not short,
        severity=AssetCheckSeverity.WARN,
        metadata={**counts_metadata(report.counts, ("fetched", "unreadable")), **announced},
    )
