"""The job that writes the files for open-data portals, each morning after the statements of trust."""

from functools import cache

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.assets import catalogue_export

MORNING = "0 5 * * *"


@cache
def export_job() -> UnresolvedAssetJobDefinition:
    """Define the job."""
    return define_asset_job(
        "export",
        AssetSelection.assets(catalogue_export),
        executor_def=in_process_executor,
        description="Writes all views as CSV and Parquet into the folder of exports.",
    )


def export_schedule() -> ScheduleDefinition:
    """Return the schedule (UTC)."""
    return ScheduleDefinition(
        name="export_daily", job=export_job(), cron_schedule=MORNING, default_status=DefaultScheduleStatus.RUNNING
    )
