"""Step: the views as files, in every format, each below a name of its own in the folder of exports."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from catalogue_db.candidate import CatalogueError
from catalogue_db.export import ExportFormat, ExportReport, export_views
from pipelines.failures import FeedFailure
from pipelines.workplace import Workplace


def export_all(workplace: Workplace, now: datetime) -> list[ExportReport]:
    """Write all views as CSV and as Parquet.

    Raises a `FeedFailure` where that cannot be done (it may pass by itself: a full disk); the exports before stay.
    """
    folder = workplace.settings.exports_dir
    try:
        return [export_views(workplace.engine, folder / kind, kind, now=now) for kind in get_args(ExportFormat)]
    except CatalogueError as error:
        may_pass = isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileExistsError)
        raise FeedFailure(
            "EXPORT", str(error), "The export before this one is still there.", transient=may_pass
        ) from error
