"""``catalogue export``: the views as files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.output import ALL_WELL, AsJson, command, console, emit, stop, table

if TYPE_CHECKING:
    from catalogue_db.export import ExportReport


class Format(StrEnum):
    """What files there can be."""

    CSV = "csv"
    PARQUET = "parquet"


@command
def export(
    export_format: Annotated[Format, typer.Option("--format", help="Kind of files.")],
    out: Annotated[Path, typer.Option(help="Name of the folder: a link to the newest whole export.")],
    view: Annotated[
        list[str] | None, typer.Option(help="Name of a view (v1_...); may be repeated. Default: all.")
    ] = None,
    database: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the catalogue.")] = None,
    as_json: AsJson = False,
) -> int:
    """Write the views that portals read as files, all from one state of the catalogue, with checksums."""
    from catalogue_db.candidate import CatalogueError
    from catalogue_db.export import export_views
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    engine = Workplace(load_settings(database_url=database)).ready_engine
    try:
        report = export_views(engine, out, export_format.value, view or [])
    except CatalogueError as error:
        stop(str(error), as_json)
    if as_json:
        emit(report)
    else:
        _tell(report)
    return ALL_WELL


def _tell(report: ExportReport) -> None:
    shown = table("file", "rows", "bytes")
    for file in report.manifest.files:
        shown.add_row(file.name, f"{file.rows:,}", f"{file.bytes:,}")
    out = console()
    out.print(shown, soft_wrap=False)
    for file in report.manifest.files:
        for column, count in file.unreadable.items():
            out.print(f"{file.name}: {count} values of {column} are not of its type and were left empty.", markup=False)
    out.print(
        f"{report.rows:,} rows, {report.bytes:,} bytes in {report.path}, up to change {report.manifest.cursor}. "
        "manifest.json says how fresh each feed is; sha256sum -c SHA256SUMS checks the files.",
        markup=False,
    )
