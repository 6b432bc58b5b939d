"""The sensors: partitions in step with the register, and each feed started when its contract's cron says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from croniter import croniter
from dagster import (
    AddDynamicPartitionsRequest,
    DefaultSensorStatus,
    DeleteDynamicPartitionsRequest,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.failures import FeedFailure
from pipelines.jobs import feed_tags
from pipelines.partitions import FEEDS
from pipelines.workplace import CannotStart, Workplace


def register_sensor(workplace: Workplace) -> SensorDefinition:
    """Define the sensor that makes a partition for each contract in the register, and ends those without one."""

    @sensor(
        name="register_of_feeds",
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="Keeps the partitions in step with feeds/: one per contract. What an ended feed gave stays live.",
    )
    def register_of_feeds(context: SensorEvaluationContext) -> SensorResult | SkipReason:
        try:
            wanted = set(workplace.feed_names())
        except CannotStart as error:
            return SkipReason(str(error))
        there = set(context.instance.get_dynamic_partitions(FEEDS.name or ""))
        requests: list[AddDynamicPartitionsRequest | DeleteDynamicPartitionsRequest] = [
            FEEDS.build_add_request(sorted(wanted - there)),
            FEEDS.build_delete_request(sorted(there - wanted)),
        ]
        if wanted == there:
            return SkipReason("The partitions are in step with the register.")
        return SensorResult(dynamic_partitions_requests=requests)

    return register_of_feeds


def due_sensor(workplace: Workplace, job: UnresolvedAssetJobDefinition) -> SensorDefinition:
    """Define the sensor that starts each feed when its contract's cron says so.

    The cursor holds, by feed, the last moment its schedule was seen to. A feed that is new is not started at once but
    at its next moment; after an outage each feed is started once, not once per missed moment.
    """

    @sensor(
        name="feeds_due",
        job=job,
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="Starts a run of each feed whose schedule (cron, UTC, in its contract) has come round.",
    )
    def feeds_due(context: SensorEvaluationContext) -> SensorResult:
        schedules, wrong = schedules_of(workplace, context.instance.get_dynamic_partitions(FEEDS.name or ""))
        for problem in wrong:
            context.log.warning(problem)
        seen: dict[str, str] = json.loads(context.cursor) if context.cursor else {}
        due, cursor = due_feeds(schedules, seen, datetime.now(UTC))
        requests = [
            RunRequest(partition_key=feed, run_key=f"{feed}@{moment}", tags=feed_tags(feed, workplace))
            for feed, moment in due.items()
        ]
        told = None if requests else SkipReason(f"No feed is due. {' '.join(wrong)}".strip())
        return SensorResult(run_requests=requests, cursor=json.dumps(cursor), skip_reason=told)

    return feeds_due


def schedules_of(workplace: Workplace, feeds: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Return the cron expression of each feed that has one, and what is wrong with contracts that cannot be read."""
    schedules, wrong = {}, []
    for feed in feeds:
        try:
            contract = workplace.contract(feed)
        except FeedFailure as failure:
            wrong.append(str(failure))
            continue
        if contract.schedule:
            schedules[feed] = contract.schedule
    return schedules, wrong


def due_feeds(
    schedules: Mapping[str, str], seen: Mapping[str, str], now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """Return which feeds are due (feed → the moment, ISO 8601 UTC) and the new cursor (feed → moment last seen to)."""
    due: dict[str, str] = {}
    cursor: dict[str, str] = {}
    for feed, cron in schedules.items():
        latest = croniter(cron, now).get_prev(datetime).isoformat()
        before = seen.get(feed)
        cursor[feed] = max(latest, before) if before else now.isoformat()
        if before is not None and latest > before:
            due[feed] = latest
    return due, cursor
