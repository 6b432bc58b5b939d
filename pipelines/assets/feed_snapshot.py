"""The asset `feed_snapshot`: the bytes a feed gave us, kept as they came."""

from datetime import UTC, datetime

from dagster import AssetExecutionContext, MaterializeResult, MetadataValue, ResourceParam, asset

from pipelines.assets.outcome import told
from pipelines.assets.telling import Materialized, moment, report_metadata
from pipelines.partitions import FEEDS
from pipelines.workplace import Workplace


@asset(
    partitions_def=FEEDS,
    group_name="feeds",
    owners=["team:catalogue"],
    kinds={"python", "http"},
    description=(
        "What the feed's source gave us, byte for byte, addressed by content. The only asset that goes out to the"
        " network; everything after it can be run again from the snapshot alone."
    ),
)
def feed_snapshot(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Pull one feed."""
    from pipelines.steps.pull import pull

    with told(context, workplace):
        contract = workplace.contract(context.partition_key)
        report = pull(contract, workplace, datetime.now(UTC))
    return MaterializeResult(
        metadata={
            "snapshot": MetadataValue.text(report.snapshot_id),
            "taken at": moment(report.taken_at),
            "documents": MetadataValue.int(report.documents),
            "bytes": MetadataValue.int(report.bytes),
            "new content": MetadataValue.bool(report.fresh),
            **report_metadata(report),
        }
    )
