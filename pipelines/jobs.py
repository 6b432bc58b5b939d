"""The jobs: one feed as a run of its own, and all feeds one after the other in one process.

`one_feed` runs its steps in one process: a step of its own process would cost more than the work (imports).
`all_feeds` starts the same run for each feed by turns, so that each has its own run, its own history and its own
fate, and the start of a process is paid once.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetSelection,
    Failure,
    MetadataValue,
    OpExecutionContext,
    PartitionedConfig,
    ResourceParam,
    define_asset_job,
    in_process_executor,
    job,
    op,
)

from pipelines.assets import FEED_ASSETS
from pipelines.assets.telling import table
from pipelines.partitions import FEED_TAG, FEEDS, HOST_TAG
from pipelines.steps.pull import host_of_feed
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from dagster import JobDefinition
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition


def feed_tags(feed: str, workplace: Workplace) -> dict[str, str]:
    """Return the tags of a run of `feed`, by which the run queue keeps runs of one host and of one feed apart."""
    from pipelines.failures import FeedFailure

    try:
        host = host_of_feed(workplace.contract(feed))
    except FeedFailure:  # the run itself will say what is wrong with the contract
        return {FEED_TAG: feed}
    return {FEED_TAG: feed, HOST_TAG: host}


def one_feed_job(workplace: Workplace) -> "UnresolvedAssetJobDefinition":
    """Define the job that takes one feed (one partition) the whole way."""

    def tags(feed: str) -> Mapping[str, str]:
        return feed_tags(feed, workplace)

    def no_config(_feed: str) -> Mapping[str, Any]:
        return {}

    return define_asset_job(
        "one_feed",
        AssetSelection.assets(*FEED_ASSETS),
        config=PartitionedConfig(FEEDS, run_config_for_partition_key_fn=no_config, tags_for_partition_key_fn=tags),
        executor_def=in_process_executor,
        description="Takes one feed the whole way: pull, parse, map and judge, load. One partition, one run.",
    )


@op(description="Runs every feed, each as a run of its own; fails at the end if any feed needs a person.")
def each_feed(context: OpExecutionContext, workplace: ResourceParam[Workplace]) -> None:
    """Run the feeds one after the other. A feed that fails is told; the others neither stop nor wait for it."""
    from pipelines.runs import run_feeds

    hasty, by = replace(workplace, step_retries=0), {"catalogue/by": context.run_id}
    outcomes = list(run_feeds(hasty, context.instance, workplace.feed_names(), by))
    rows = [(o.feed, o.status, o.error or "", o.run_id) for o in outcomes]
    told = table(("feed", "status", "what to do", "run"), rows, "the register is empty")
    context.add_output_metadata({"feeds": told, "count": MetadataValue.int(len(rows))})
    troubled = [o for o in outcomes if o.status in ("failed", "waiting")]
    if troubled:
        names = ", ".join(f"{o.feed} ({o.status})" for o in troubled)
        raise Failure(f"{len(troubled)} of {len(rows)} feeds need a person: {names}.", metadata={"feeds": told})


@job(
    executor_def=in_process_executor,
    tags={"dagster/max_retries": "0"},
    description="Takes all feeds the whole way in one process, one after the other, each as a run of its own.",
)
def all_feeds() -> None:
    """Run every feed."""
    each_feed()


def all_feeds_job() -> "JobDefinition":
    """Return the job over all feeds."""
    return all_feeds
