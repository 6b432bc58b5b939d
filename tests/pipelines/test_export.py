"""Files for open-data portals through the doors: the command line, and the asset with what it tells."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from dagster import DagsterInstance

from catalogue_db.contract import VIEWS
from catalogue_db.load import load_candidate
from pipelines.assets import catalogue_export
from pipelines.settings import Settings, load_settings
from pipelines.wiring import build_definitions
from pipelines.workplace import Workplace
from tests.offerings import a_candidate, an_offering
from tests.pipelines.conftest import Catalogue


@pytest.fixture
def filled(workplace: Workplace) -> Workplace:
    """A catalogue with two offerings."""
    load_candidate(workplace.engine, a_candidate([an_offering("a"), an_offering("b")]))
    return workplace


def test_all_views_are_written(filled: Workplace, catalogue: Catalogue, tmp_path: Path) -> None:
    called = catalogue("export", "--format", "csv", "--out", str(tmp_path / "out"), "--json")
    assert called.code == 0
    manifest = called.json["manifest"]
    assert [file["view"] for file in manifest["files"]] == [view.name for view in VIEWS]
    assert (manifest["cursor"], manifest["feeds"][0]["data_as_of"]) == (2, "2026-01-01T06:00:00.000000Z")
    with (tmp_path / "out" / "v1_offerings.csv").open(encoding="utf-8", newline="") as file:
        assert {row["source_id"] for row in csv.DictReader(file)} == {"a", "b"}


def test_some_views_are_written_and_told(filled: Workplace, catalogue: Catalogue, tmp_path: Path) -> None:
    views = ["--view", "v1_feeds", "--view", "v1_changes"]
    called = catalogue("export", "--format", "parquet", "--out", str(tmp_path / "out"), *views)
    assert called.code == 0
    assert "v1_changes.parquet" in called.out
    assert "3 rows" in called.out
    assert len(list((tmp_path / "out").iterdir())) == 4


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--format", "csv"], "--out"),
        (["--format", "csv", "--out", "out", "--view", "v1_weather"], "no view v1_weather"),
        (["--format", "csv", "--out", "feeds/x"], None),
        (["--format", "xls", "--out", "out"], "--format"),
        (["--format", "csv", "--out", "."], "give another name"),
    ],
)
def test_what_cannot_be_written_is_told(
    filled: Workplace, catalogue: Catalogue, wrong: list[str], told: str | None
) -> None:
    called = catalogue("export", *wrong, "--json")
    assert called.code == (2 if told else 0)
    assert told is None or told in called.json["error"]


def test_without_a_catalogue_nothing_is_written(settings: Settings, catalogue: Catalogue, tmp_path: Path) -> None:
    called = catalogue("export", "--format", "csv", "--out", str(tmp_path / "out"), "--json")
    assert called.code == 2
    assert "no catalogue" in called.json["error"]
    assert not (tmp_path / "out").exists()


def test_the_asset_writes_every_format_and_tells_what(filled: Workplace) -> None:
    job = build_definitions(filled).resolve_job_def("export")
    with DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance)
        assert result.success
        (event,) = result.asset_materializations_for_node("catalogue_export")
    told = event.metadata
    assert told["path/csv"].value == str(filled.settings.exports_dir / "csv")
    assert told["cursor"].value == 2
    sizes = [file.stat().st_size for file in filled.settings.exports_dir.glob("*/v1_*")]
    assert told["bytes"].value == sum(sizes)
    assert len(sizes) == 2 * len(VIEWS)
    assert "v1_offerings.parquet" in str(told["files"].value)


def test_the_asset_comes_after_load_and_trust_and_each_morning(workplace: Workplace) -> None:
    definitions = build_definitions(workplace)
    graph = definitions.resolve_asset_graph()
    before = {key.path[-1] for key in graph.get(catalogue_export.key).parent_keys}
    assert before == {"catalogue_offerings", "trust_statements"}
    assert "export_daily" in {schedule.name for schedule in definitions.schedules or []}


def test_an_export_that_fails_leaves_the_one_before(filled: Workplace) -> None:
    job = build_definitions(filled).resolve_job_def("export")
    folder = filled.settings.exports_dir
    folder.mkdir(parents=True)
    (folder / "csv").write_text("in the way", encoding="utf-8")
    with DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    assert (folder / "csv").read_text(encoding="utf-8") == "in the way"


def test_where_exports_go(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    assert settings.exports_dir == settings.data_dir / "exports"
    monkeypatch.setenv("CATALOGUE_EXPORTS_DIR", "elsewhere")
    assert load_settings().exports_dir == tmp_path / "elsewhere"
