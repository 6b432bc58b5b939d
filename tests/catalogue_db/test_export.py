"""The views as files: what is in them is what the views give, all of one state, whole or not there at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from catalogue_db.candidate import CatalogueError
from catalogue_db.contract import VIEWS, View
from catalogue_db.dialects import view_name, write_transaction
from catalogue_db.engine import read_transaction
from catalogue_db.export import ExportFormat, export_views, exporting
from catalogue_db.export.csv_files import as_it_was, harmless
from catalogue_db.export.parquet_files import schema_of
from catalogue_db.load import load_candidate
from catalogue_db.tables import instance
from tests.catalogue_db.filled import SOUTH_READ, fill
from tests.offerings import a_candidate, an_offering

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
FORMATS: list[ExportFormat] = ["csv", "parquet"]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    fill(engine)
    return engine


def shown(engine: Engine, view: View) -> list[tuple[Any, ...]]:
    with read_transaction(engine) as connection:
        found = connection.execute(text(f"SELECT * FROM {view_name(engine.dialect.name, view.name)}"))
        return sorted((tuple(row) for row in found), key=repr)


def as_published(kind: str, value: Any) -> Any:
    """A value of a Parquet file as the view gives it."""
    if value is None:
        return None
    if kind == "moment":
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"date": str, "list": lambda each: each}.get(kind, lambda each: each)(value)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: str(view.name))
def test_parquet_has_what_the_view_gives_with_true_types(filled: Engine, tmp_path: Path, view: View) -> None:
    report = export_views(filled, tmp_path / "out", "parquet", [view.name])
    table = pq.read_table(tmp_path / "out" / f"{view.name}.parquet")
    assert table.schema.equals(schema_of(view), check_metadata=True)
    assert [file.rows for file in report.manifest.files] == [table.num_rows]
    kinds = [column.type for column in view.columns]
    read = [tuple(map(as_published, kinds, row.values())) for row in table.to_pylist()]
    expected = [
        tuple(
            json.loads(value) if kind == "list" else bool(value) if kind == "boolean" and value is not None else value
            for kind, value in zip(kinds, row, strict=True)
        )
        for row in shown(filled, view)
    ]
    assert sorted(read, key=repr) == sorted(expected, key=repr)


def test_parquet_types_are_those_of_the_page() -> None:
    types = {column.type: str(schema_of(view).field(column.name).type) for view in VIEWS for column in view.columns}
    assert types == {
        "text": "string", "integer": "int64", "number": "double", "boolean": "bool", "date": "date32[day]",
        "moment": "timestamp[us, tz=UTC]", "list": "list<element: string>", "json": "string",
    }  # fmt: skip


def test_pandas_reads_it(filled: Engine, tmp_path: Path) -> None:
    import pandas as pd

    export_views(filled, tmp_path / "out", "parquet", ["v1_feeds", "v1_offerings"])
    feeds = pd.read_parquet(tmp_path / "out" / "v1_feeds.parquet").set_index("feed")
    assert feeds.loc["south", "data_as_of"] == pd.Timestamp(SOUTH_READ)
    offerings = pd.read_parquet(tmp_path / "out" / "v1_offerings.parquet").set_index("source_id")
    assert list(offerings.loc["rich", "modes"]) == ["online", "blended"]
    assert offerings.loc["rich", "trust_covered_until"] == date(2027, 6, 30)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: str(view.name))
def test_csv_has_what_the_view_gives(filled: Engine, tmp_path: Path, view: View) -> None:
    export_views(filled, tmp_path / "out", "csv", [view.name])
    path = tmp_path / "out" / f"{view.name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *read = csv.reader(file, strict=True)
    assert header == [column.name for column in view.columns]
    assert sorted(map(tuple, read), key=repr) == sorted((as_csv(view, row) for row in shown(filled, view)), key=repr)
    assert path.read_bytes().endswith(b"\r\n")


def as_csv(view: View, row: tuple[Any, ...]) -> tuple[str, ...]:
    def cell(kind: str, value: Any) -> str:
        if value is None:
            return ""
        return ("true" if value else "false") if kind == "boolean" else str(value)

    return tuple(cell(column.type, value) for column, value in zip(view.columns, row, strict=True))


HOSTILE = ["=1+1", "+49 30", "-5 %", "@SUM(A1)", "\tx", "\rx", "'quoted'", '=cmd|"/c calc"!A1', "＝1+1"]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_cell_is_a_formula(engine: Engine, tmp_path: Path, title: str) -> None:
    load_candidate(engine, a_candidate([an_offering("x", title=title)]))
    export_views(engine, tmp_path / "out", "csv", ["v1_offerings"])
    with (tmp_path / "out" / "v1_offerings.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "'" + title
    assert as_it_was(row["title"]) == title


@given(st.text())
def test_every_text_can_be_had_back(written: str) -> None:
    cell = harmless(written)
    assert as_it_was(cell) == written
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


# --- the manifest -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("export_format", FORMATS)
def test_the_manifest_says_what_is_there(filled: Engine, tmp_path: Path, export_format: ExportFormat) -> None:
    report = export_views(filled, tmp_path / "out", export_format, now=NOW)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["contract"] == "v1"
    assert manifest["revision"]
    assert (manifest["format"], manifest["written_at"]) == (export_format, "2026-04-01T12:00:00.000000Z")
    assert manifest["cursor"] == len(shown(filled, next(view for view in VIEWS if view.name == "v1_changes")))
    assert manifest["feeds"] == [
        {
            "feed": "north",
            "status": "live",
            "data_as_of": "2026-03-05T05:00:00.000000Z",
            "last_confirmed": "2026-03-05T05:00:00.000000Z",
        },
        {
            "feed": "south",
            "status": "stale",
            "data_as_of": "2026-03-02T05:00:00.000000Z",
            "last_confirmed": "2026-03-02T05:00:00.000000Z",
        },
    ]
    assert [file["view"] for file in manifest["files"]] == [view.name for view in VIEWS]
    for file in manifest["files"]:
        content = (tmp_path / "out" / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert file["rows"] == len(shown(filled, next(view for view in VIEWS if view.name == file["view"])))
    assert report.bytes == sum(file["bytes"] for file in manifest["files"])


def test_sha256sum_agrees(filled: Engine, tmp_path: Path) -> None:
    export_views(filled, tmp_path / "out", "csv")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    sums = (tmp_path / "out" / "SHA256SUMS").read_text(encoding="ascii")
    assert {line.split("  ")[1] for line in sums.splitlines()} == names - {"SHA256SUMS"}
    checked = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / "out", check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("export_format", FORMATS)
def test_the_same_catalogue_gives_the_same_files(
    filled: Engine, tmp_path: Path, export_format: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = export_views(filled, tmp_path / "one", export_format, now=NOW)
    again = export_views(filled, tmp_path / "two", export_format, now=NOW)
    assert first.manifest == again.manifest
    monkeypatch.setattr(exporting, "BATCH", 2)
    small = export_views(filled, tmp_path / "three", export_format, now=NOW).manifest
    assert [file.rows for file in small.files] == [file.rows for file in first.manifest.files]
    assert export_format == "parquet" or small == first.manifest


def test_an_empty_catalogue_gives_empty_files(engine: Engine, tmp_path: Path) -> None:
    for export_format in FORMATS:
        report = export_views(engine, tmp_path / export_format, export_format, ["v1_offerings", "v1_changes"])
        assert (report.rows, report.manifest.feeds, report.manifest.cursor) == (0, [], 0)
    assert pq.read_table(tmp_path / "parquet" / "v1_offerings.parquet").num_rows == 0


def test_all_files_are_of_one_state(filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load that goes in between two files is in none of them."""
    write = exporting._WRITERS["csv"]

    def load_first(path: Path, view: View, batches: Any) -> dict[str, int]:
        late = f"late-{view.name}"
        load_candidate(filled, a_candidate([an_offering("new", feed=late)], feed=late))
        return write(path, view, batches)

    monkeypatch.setitem(exporting._WRITERS, "csv", load_first)
    report = export_views(filled, tmp_path / "out", "csv", ["v1_offerings", "v1_changes", "v1_feeds"])
    assert [(file.view, file.rows) for file in report.manifest.files] == [
        ("v1_offerings", 5),
        ("v1_changes", 7),
        ("v1_feeds", 2),
    ]
    assert report.manifest.cursor == 7


# --- whole or not at all ------------------------------------------------------------------------------------------


def test_a_new_export_takes_the_place_of_the_old_in_one_step(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out"
    reports = [export_views(filled, out, "csv", ["v1_feeds"], now=NOW + timedelta(hours=n)) for n in range(4)]
    assert out.is_symlink()
    assert out.resolve() == Path(reports[-1].folder)
    kept = sorted(each.name for each in (tmp_path / "out.versions").iterdir() if each.is_dir())
    assert kept == [Path(report.folder).name for report in reports[-2:]]


@pytest.mark.parametrize("sign", ["batch", "disk"])
def test_what_fails_in_the_middle_leaves_the_old_one(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    out = tmp_path / "out"
    before = export_views(filled, out, "csv", ["v1_feeds"], now=NOW)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if sign == "disk":
            patch.setattr(os, "fsync", full)
        else:
            patch.setitem(exporting._WRITERS, "csv", full)
        with pytest.raises(CatalogueError, match=r"No space left on device.*Nothing was replaced"):
            export_views(filled, out, "csv", ["v1_feeds"])
    assert out.resolve() == Path(before.folder)
    assert [each.name for each in out.parent.glob("out.versions/*") if each.is_dir()] == [Path(before.folder).name]


_KILLED = """
import os, signal, sys
from pathlib import Path
from catalogue_db.engine import open_catalogue
from catalogue_db.export import export_views, exporting
write = exporting._WRITERS["csv"]
def dying(path, view, batches):
    if view.name == "v1_feeds":
        os.kill(os.getpid(), signal.SIGKILL)
    return write(path, view, batches)
exporting._WRITERS["csv"] = dying
export_views(open_catalogue(sys.argv[1]), Path(sys.argv[2]), "csv")
"""


def test_a_killed_export_leaves_the_old_one_and_the_next_tidies_up(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = export_views(filled, out, "csv", now=NOW)
    url = filled.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", _KILLED, url, str(out)], check=False)
    assert killed.returncode == -9
    assert out.resolve() == Path(before.folder)
    left = [each for each in (tmp_path / "out.versions").iterdir() if each.name.endswith(".unfinished")]
    assert len(left) == 1
    after = export_views(filled, out, "csv", now=NOW + timedelta(days=1))
    assert out.resolve() == Path(after.folder)
    assert not left[0].exists()


def test_an_empty_folder_gives_way_and_nothing_else_is_touched(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    export_views(filled, tmp_path / "empty", "csv", ["v1_feeds"])
    assert (tmp_path / "empty" / "v1_feeds.csv").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to("mine")
    for name in ("mine", "file", "link"):
        with pytest.raises(CatalogueError, match="give another name"):
            export_views(filled, tmp_path / name, "csv", ["v1_feeds"])
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "dear"


# --- what cannot be exported --------------------------------------------------------------------------------------


def test_an_unknown_view_is_told_with_those_there_are(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"no view v1_weather.*v1_offerings"):
        export_views(filled, tmp_path / "out", "csv", ["v1_weather"])
    assert list(tmp_path.glob("out*")) == []


def test_a_text_that_is_no_day_is_left_empty_and_counted(filled: Engine, tmp_path: Path) -> None:
    with filled.connect() as connection, write_transaction(connection):
        connection.execute(instance.update().where(instance.c.position == 2).values(start_date="2026-02-30"))
    report = export_views(filled, tmp_path / "out", "parquet", ["v1_instances"])
    assert report.manifest.files[0].unreadable == {"start_date": 1}
    assert report.manifest.files[0].rows == pq.read_table(tmp_path / "out" / "v1_instances.parquet").num_rows


def test_a_moment_that_must_be_there_and_is_none_stops_the_export(filled: Engine, tmp_path: Path) -> None:
    with filled.connect() as connection, write_transaction(connection):
        connection.execute(text("UPDATE change SET at = 'yesterday'"))
    with pytest.raises(CatalogueError, match=r"v1_changes.changed_at has 'yesterday'"):
        export_views(filled, tmp_path / "out", "parquet", ["v1_changes"])
    assert not (tmp_path / "out").exists()
