"""Pull: from a contract to a snapshot. The only step that goes out to the network."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from expectations.findings import finding_from
from pipelines.failures import FeedFailure
from pipelines.hosts import host_of, only_visitor
from pipelines.reports import PullReport

if TYPE_CHECKING:
    from connectors.failures import PullFailure
    from connectors.feeds import FeedContract
    from connectors.snapshots import Snapshot, SnapshotStore
    from expectations.policy import Policy
    from pipelines.workplace import Workplace


def pull(contract: FeedContract, workplace: Workplace, now: datetime) -> PullReport:
    """Bring the feed's documents and keep them as a snapshot; `now` is when, with its offset.

    Raises `FeedFailure`, transient where the same pull may succeed later. Nothing is kept of a pull that failed.
    """
    from connectors.failures import PullFailure
    from connectors.pull import pull_feed

    settings, store = workplace.settings, workplace.store
    before = _known(contract.name, store)
    try:
        with only_visitor(settings.data_dir, host_of_feed(contract)):
            snapshot = pull_feed(contract, store, allow_private_addresses=settings.allow_private_addresses, now=now)
    except PullFailure as failure:
        raise told_failure(failure, workplace.policy) from failure
    return PullReport(
        feed=contract.name,
        snapshot_id=snapshot.snapshot_id,
        taken_at=snapshot.confirmed_at.isoformat(),
        documents=len(snapshot.documents),
        bytes=sum(document.size for document in snapshot.documents),
        fresh=before != snapshot.snapshot_id,
    )


def host_of_feed(contract: FeedContract) -> str:
    """Return the host a feed is pulled from, with the variables of its address filled in from the environment."""
    from connectors.variables import MissingVariable

    try:
        return host_of(contract.transport.address())
    except (MissingVariable, ValueError):  # the pull itself says what is wrong with the address
        return host_of(contract.transport.url)


def latest_snapshot(feed: str, workplace: Workplace) -> Snapshot:
    """Return the feed's latest snapshot; raise a permanent `FeedFailure` when there is none."""
    from connectors.snapshots import SnapshotProblem

    try:
        snapshot = workplace.store.latest(feed)
    except SnapshotProblem as problem:
        raise damaged(problem) from problem
    if snapshot is None:
        raise FeedFailure(
            "SNAPSHOT", f"Feed {feed!r} has no snapshot yet.", "Pull it first: catalogue run --feed " + feed
        )
    return snapshot


def told_failure(failure: PullFailure, policy: Policy) -> FeedFailure:
    """Carry a pull's failure on in our one shape; what a format could not read in the catalogue of codes' own words."""
    message, remedy = failure.message, failure.remedy
    if failure.facts:
        finding = finding_from(failure.observation(), policy, None, None)
        message, remedy = finding.message, finding.remedy
    return FeedFailure(failure.code, f"{message} [{failure.url}]", remedy, transient=failure.kind == "transient")


def damaged(problem: Exception) -> FeedFailure:
    """A snapshot that cannot be read back: it says itself what to do."""
    return FeedFailure("SNAPSHOT", str(problem), "")


def _known(feed: str, store: SnapshotStore) -> str | None:
    """Return the id of the feed's latest snapshot, None if there is none that can be read."""
    from connectors.snapshots import SnapshotProblem

    try:
        latest = store.latest(feed)
    except SnapshotProblem:  # the pull that follows writes a new one
        return None
    return latest.snapshot_id if latest else None
