"""Runs feeds through Dagster in this process, one after the other, and says what came of each.

The runs are those of the job `one_feed`, on the same instance that the UI shows; what is told here is read back
from their events, so command line and UI cannot disagree.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from pipelines.assets import FEED_ASSETS
from pipelines.assets.outcome import FAILURE
from pipelines.assets.telling import REPORT
from pipelines.failures import FailureAccount
from pipelines.partitions import FEEDS
from pipelines.reports import JudgeReport, ParseReport, PullReport
from pipelines.steps.load import LoadOutcome
from pipelines.workplace import Workplace
from standard.verdict import Counts

if TYPE_CHECKING:
    from dagster import DagsterEvent, DagsterInstance, ExecuteInProcessResult

Status = Literal["updated", "unchanged", "waiting", "failed"]
PROCESS_TAG = "catalogue/process"
T = TypeVar("T")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class FeedOutcome(msgspec.Struct):
    """What came of one feed's run. `snapshot` is None when the pull itself failed; `error` says what to do."""

    feed: str
    status: Status
    snapshot: str | None
    counts: Counts
    findings: dict[str, int]
    error: str | None
    run_id: str


def run_feeds(
    workplace: Workplace,
    instance: DagsterInstance,
    feeds: Iterable[str],
    tags: Mapping[str, str],
    *,
    from_snapshots: bool = False,
) -> Iterator[FeedOutcome]:
    """Run each feed as a run of its own; yield what came of it. No feed's failure stops another's run.

    `from_snapshots`: leave the source alone and begin with the feed's latest snapshot. Raises `KeyboardInterrupt` when
    a run was ended by Ctrl-C (Dagster has recorded the run as failed by then).
    """
    from pipelines.jobs import feed_tags
    from pipelines.wiring import build_definitions

    one_feed = build_definitions(workplace).resolve_job_def("one_feed")
    assets = [asset.key for asset in FEED_ASSETS[1:]] if from_snapshots else None
    for feed in feeds:
        instance.add_dynamic_partitions(FEEDS.name or "", [feed])
        result = one_feed.execute_in_process(
            run_config=QUIET,
            instance=instance,
            partition_key=feed,
            raise_on_error=False,
            asset_selection=assets,
            tags={**feed_tags(feed, workplace), **process_tags(), **tags},
        )
        if _interrupted(result.all_events):
            raise KeyboardInterrupt
        yield Account(feed, result).outcome


def end_orphans(instance: DagsterInstance) -> int:
    """Mark runs as failed that processes of this machine left behind when they were killed; return how many.

    Such a run would stay "started" for ever and, in the queue, keep its host to itself.
    """
    from dagster import DagsterRunStatus, RunsFilter

    ended = 0
    for run in instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED, DagsterRunStatus.STARTING])):
        machine, _, process = run.tags.get(PROCESS_TAG, "").rpartition(":")
        if machine == socket.gethostname() and not _alive(int(process)):
            instance.report_run_failed(run, "The process of this run is gone; what was live stayed as it was.")
            ended += 1
    return ended


class Account:
    """Reads from a finished run's events what came of its feed."""

    def __init__(self, feed: str, result: ExecuteInProcessResult) -> None:
        self._feed = feed
        self._result = result

    @cached_property
    def outcome(self) -> FeedOutcome:
        """The run in one line."""
        pulled, parsed = self._report("feed_snapshot", PullReport), self._report("source_offerings", ParseReport)
        return FeedOutcome(
            feed=self._feed,
            status=self._status,
            snapshot=pulled.snapshot_id if pulled else parsed.snapshot_id if parsed else None,
            counts=self._counts,
            findings=self._judged.severities if self._judged else {"blocks": 0, "lowers": 0, "informs": 0},
            error=self._error,
            run_id=self._result.run_id,
        )

    @cached_property
    def _judged(self) -> JudgeReport | None:
        return self._report("offerings", JudgeReport)

    @cached_property
    def _loaded(self) -> LoadOutcome | None:
        return self._report("catalogue_offerings", LoadOutcome)

    @property
    def _status(self) -> Status:
        if self._loaded is None or (self._loaded.load.guard.empty and self._loaded.load.status == "waiting"):
            return "failed"
        if self._loaded.load.status == "waiting":
            return "waiting"
        return self._loaded.load.status if self._result.success else "failed"

    @property
    def _counts(self) -> Counts:
        if self._loaded is not None:
            return self._loaded.counts
        if self._judged is not None:
            return self._judged.counts
        parsed = self._report("source_offerings", ParseReport)
        return parsed.counts if parsed else Counts()

    @property
    def _error(self) -> str | None:
        if self._loaded is not None and self._loaded.load.status == "waiting":
            why = " ".join(self._loaded.load.guard.reasons)
            return f"Held back by the guard: {why} What is live stays. Ask the institution whether this is meant."
        if self._judged is not None and self._loaded is None:
            blocking = [f"{f.code}: {f.message} {f.remedy}" for f in self._judged.whole if f.severity == "blocks"]
            if blocking:
                return " ".join(blocking)
        return None if self._result.success else cause(self._result.all_events)

    def _report(self, asset: str, kind: type[T]) -> T | None:
        return report_of(self._result, asset, kind)


def report_of(result: ExecuteInProcessResult, asset: str, kind: type[T]) -> T | None:
    """Return the report that an asset left in a finished run, None where it was not made."""
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key and event.asset_key.path[-1] == asset:
            return msgspec.convert(event.materialization.metadata[REPORT].value, kind)
    return None


def _interrupted(events: Iterable[DagsterEvent]) -> bool:
    errors = (getattr(event.event_specific_data, "error", None) for event in events if event.is_failure)
    return any(error is not None and error.cls_name == "DagsterExecutionInterruptedError" for error in errors)


def cause(events: Iterable[DagsterEvent]) -> str:
    """Return why a run failed, in the words of whoever decided it, or the innermost error of a defect."""
    for event in events:
        if event.is_step_failure:
            data = event.step_failure_data
            told = data.user_failure_data
            if told is not None and FAILURE in told.metadata:
                account = msgspec.convert(told.metadata[FAILURE].value, FailureAccount)
                return f"{account.code}: {account.message} {account.remedy}".strip()
            return _defect(data.error)
    for event in events:
        if event.is_failure:
            return _defect(getattr(event.event_specific_data, "error", None)) or (event.message or "")
    return "The run failed without saying why. See its event log in Dagster."


def _defect(error: Any) -> str:
    while error is not None and error.cause is not None:
        error = error.cause
    what = " ".join(str(error.message).split()) if error is not None else "unknown"
    return (
        f"A defect of the catalogue itself, not of the feed: {what}. See the run's event log in Dagster and report it."
    )


def process_tags() -> dict[str, str]:
    """Return the tag that says which process a run belongs to."""
    return {PROCESS_TAG: f"{socket.gethostname()}:{os.getpid()}"}


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
