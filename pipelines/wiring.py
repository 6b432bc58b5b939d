"""How assets, jobs and sensors are put together around one workplace: Dagster's and the command line's alike."""

from __future__ import annotations

from dagster import Definitions, in_process_executor

from pipelines.assets import EXPORT_ASSETS, FEED_ASSETS, TRUST_ASSETS
from pipelines.export_jobs import export_job, export_schedule
from pipelines.jobs import all_feeds_job, one_feed_job
from pipelines.sensors import due_sensor, register_sensor
from pipelines.trust_jobs import trust_jobs, trust_schedules, trust_sensor
from pipelines.workplace import Workplace


def build_definitions(workplace: Workplace) -> Definitions:
    """Return everything Dagster needs, around `workplace`."""
    one_feed = one_feed_job(workplace)
    return Definitions(
        assets=[*FEED_ASSETS, *TRUST_ASSETS, *EXPORT_ASSETS],
        jobs=[one_feed, all_feeds_job(), *trust_jobs(), export_job()],
        schedules=[*trust_schedules(workplace), export_schedule()],
        sensors=[register_sensor(workplace), due_sensor(workplace, one_feed), trust_sensor()],
        resources={"workplace": workplace},
        # for what is materialised by hand from the asset graph; processes per step would cost more than the steps
        executor=in_process_executor,
    )
