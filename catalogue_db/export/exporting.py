"""Writes views into files, all from one state of the database, in batches, so that memory does not grow with the views.

Rows come in the order of the view's key: the same catalogue gives the same files, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Engine, text

from catalogue_db.candidate import CatalogueError
from catalogue_db.contract import VIEWS, View
from catalogue_db.dialects import view_name
from catalogue_db.engine import read_transaction
from catalogue_db.export.csv_files import write_csv
from catalogue_db.export.folders import new_version
from catalogue_db.export.manifest import ExportedFile, Manifest, checksum, describe, write_manifest
from catalogue_db.export.parquet_files import write_parquet

ExportFormat = Literal["csv", "parquet"]
Batches = Iterator[Sequence[Sequence[Any]]]
Writer = Callable[[Path, View, Batches], dict[str, int]]

BATCH = 5_000
_WRITERS: dict[ExportFormat, Writer] = {"csv": write_csv, "parquet": write_parquet}


class ExportReport(msgspec.Struct, frozen=True):
    """What was written: `path` is the link to the folder, `folder` where it leads now."""

    path: str
    folder: str
    rows: int
    bytes: int
    manifest: Manifest


def export_views(
    engine: Engine, path: Path, export_format: ExportFormat, views: Sequence[str] = (), *, now: datetime | None = None
) -> ExportReport:
    """Write views (all where none is named) into a new folder, then let `path` lead there, in one step.

    Raises `CatalogueError` for a view that is not in the contract and where the files cannot be written; what `path`
    led to before is still there then.
    """
    wanted = _named(views)
    written_at = now or datetime.now(UTC)
    try:
        with new_version(path, written_at) as folder:
            manifest = _write(engine, folder, export_format, wanted, written_at)
    except OSError as error:
        raise CatalogueError(
            f"The export could not be written to {path}: {error}. Nothing was replaced; mend the cause and run again."
        ) from error
    return ExportReport(
        path=str(path),
        folder=str(path.resolve()),
        rows=sum(file.rows for file in manifest.files),
        bytes=sum(file.bytes for file in manifest.files),
        manifest=manifest,
    )


def _named(names: Sequence[str]) -> list[View]:
    known = {view.name: view for view in VIEWS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CatalogueError(f"There is no view {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [view for view in VIEWS if not names or view.name in names]


def _write(engine: Engine, folder: Path, export_format: ExportFormat, views: list[View], at: datetime) -> Manifest:
    with read_transaction(engine) as connection:
        manifest = describe(connection, export_format, at)
        files = [_file(connection, folder, export_format, view) for view in views]
    manifest = msgspec.structs.replace(manifest, files=files)
    write_manifest(folder, manifest)
    return manifest


def _file(connection: Connection, folder: Path, export_format: ExportFormat, view: View) -> ExportedFile:
    path = folder / f"{view.name}.{export_format}"
    count = 0

    def counted() -> Batches:
        nonlocal count
        for batch in _batches(connection, view):
            count += len(batch)
            yield batch

    unreadable = _WRITERS[export_format](path, view, counted())
    return ExportedFile(
        name=path.name,
        view=view.name,
        rows=count,
        bytes=path.stat().st_size,
        sha256=checksum(path),
        unreadable=unreadable,
    )


def _batches(connection: Connection, view: View) -> Batches:
    names = ", ".join(column.name for column in view.columns)
    empty = {column.name for column in view.columns if column.nullable}
    order = ", ".join(f"{name} NULLS FIRST" if name in empty else name for name in view.key)
    query = text(f"SELECT {names} FROM {view_name(connection.dialect.name, view.name)} ORDER BY {order}")
    result = connection.execute(query, execution_options={"yield_per": BATCH})
    yield from result.partitions()
