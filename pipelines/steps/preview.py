"""Preview: what a replay would change in the catalogue, losses first, without changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from catalogue_db.candidate import CatalogueError, Change
from pipelines.failures import FeedFailure
from pipelines.steps.load import completed, latest_candidate
from standard.verdict import Counts

if TYPE_CHECKING:
    from pipelines.workplace import Workplace


class Preview(msgspec.Struct):
    """What would come of a feed. `status` as of a run; `changes` losses first, at most as many as a load tells."""

    feed: str
    status: str
    counts: Counts
    changes: list[Change] = []
    error: str | None = None


def preview(feed: str, workplace: Workplace) -> Preview:
    """Parse and judge the feed's latest snapshot as a run would, compare with what is live, change nothing."""
    from catalogue_db.preview import preview_candidate

    try:
        candidate = latest_candidate(workplace.contract(feed), workplace, run_id="preview")
        report = preview_candidate(workplace.engine, candidate)
    except (FeedFailure, CatalogueError) as failure:
        return Preview(feed, "failed", Counts(), error=str(failure))
    waits = " ".join(report.guard.reasons) if report.status == "waiting" else None
    return Preview(feed, report.status, completed(candidate.counts, report), report.changes, waits)
