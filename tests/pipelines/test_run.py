"""The whole way through the command line: formats in, a searchable catalogue out, and what gets in the way."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue, Live
from tests.pipelines.sources import ROWS, Source, contract, serve_feed

FORMATS = ("spreadsheet", "xcri-cap-1.2", "ooapi-5", "moochub-2", "moochub-3")


def _close(counts: dict[str, int]) -> None:
    assert counts["fetched"] == counts["parsed"] + counts["unreadable"]
    assert counts["parsed"] == counts["selected"] + counts["out_of_scope"]
    assert counts["selected"] == counts["accepted"] + counts["rejected"]
    assert counts["accepted"] == counts["new"] + counts["changed"] + counts["unchanged"]


@pytest.fixture
def feeds(settings: Settings) -> Path:
    return settings.feeds_dir


@pytest.mark.parametrize("format_name", FORMATS)
def test_each_format_goes_the_whole_way(format_name: str, source: Source, feeds: Path, catalogue: Catalogue) -> None:
    contract(feeds, "school", serve_feed(source, "school", format_name, ROWS), format_name)
    feed = catalogue.run()["school"]
    assert (feed["status"], feed["error"], catalogue.code) == ("updated", None, 0)
    assert feed["counts"]["accepted"] == feed["counts"]["new"] == 3
    _close(feed["counts"])
    found = catalogue("search", "kitchens", "--json").json
    assert [result["title"] for result in found["results"]] == ["Safe Kitchens"]


def test_a_second_run_says_unchanged_and_asks_the_source_all_the_same(
    source: Source, live: Live, catalogue: Catalogue
) -> None:
    first = live()
    asked = len(source.asked)
    second = catalogue.run()["school"]
    assert (second["status"], catalogue.code) == ("unchanged", 0)
    assert second["snapshot"] == first["snapshot"]
    assert (second["counts"]["unchanged"], second["counts"]["new"], second["counts"]["changed"]) == (3, 0, 0)
    assert {k: second["counts"][k] for k in ("fetched", "parsed", "selected", "accepted")} == {
        k: first["counts"][k] for k in ("fetched", "parsed", "selected", "accepted")
    }
    assert second["findings"] == first["findings"]
    assert len(source.asked) > asked
    assert second["data_as_of"] > first["data_as_of"]
    _close(second["counts"])


def test_what_changes_is_counted_and_what_goes_is_withdrawn(source: Source, feeds: Path, catalogue: Catalogue) -> None:
    rows = copy.deepcopy(ROWS)
    contract(feeds, "school", serve_feed(source, "school", "spreadsheet", rows), expectations=", most_ids_lost: 0.5")
    catalogue.run()
    rows[0]["title_en"] = "Data for Nurses and Midwives"
    rows[1] = {**rows[1], "offering_id": "MC-9"}
    serve_feed(source, "school", "spreadsheet", rows)
    feed = catalogue.run()["school"]
    counts = feed["counts"]
    assert feed["status"] == "updated", feed
    assert (counts["new"], counts["changed"], counts["unchanged"], counts["withdrawn"]) == (1, 1, 1, 1)


def test_a_failed_feed_stops_nobody_else(source: Source, feeds: Path, catalogue: Catalogue) -> None:
    contract(feeds, "a-broken", f"{source.url}/nowhere")
    contract(feeds, "b-school", serve_feed(source, "b-school", "spreadsheet", ROWS))
    (feeds / "c-wrong.yaml").write_text("name: c-wrong\nformat: spreadsheet\n")
    told = catalogue.run()
    assert {name: feed["status"] for name, feed in told.items()} == {
        "a-broken": "failed",
        "b-school": "updated",
        "c-wrong": "failed",
    }
    assert catalogue.code == 1
    assert "404" in told["a-broken"]["error"]
    assert "c-wrong.yaml" in told["c-wrong"]["error"]
    assert told["a-broken"]["snapshot"] is None


def test_a_feed_that_collapses_waits_and_what_was_live_stays(source: Source, live: Live, catalogue: Catalogue) -> None:
    before = live()
    serve_feed(source, "school", "spreadsheet", ROWS[:1])
    feed = catalogue.run()["school"]
    assert (feed["status"], catalogue.code) == ("waiting", 1)
    assert "drop" in feed["error"]
    assert feed["data_as_of"] == before["data_as_of"]
    found = catalogue("search", "kitchens", "--json").json
    assert found["total"] == 1
    assert found["results"][0]["stale"]
    again = catalogue.run()["school"]
    assert (again["status"], catalogue.code) == ("waiting", 1)
    serve_feed(source, "school", "spreadsheet", ROWS)
    back = catalogue.run()["school"]
    assert (back["status"], catalogue.code) == ("unchanged", 0)
    assert not catalogue("search", "kitchens", "--json").json["results"][0].get("stale", False)


def test_only_the_feeds_that_are_named(source: Source, feeds: Path, catalogue: Catalogue) -> None:
    for name in ("one", "two"):
        contract(feeds, name, serve_feed(source, name, "spreadsheet", ROWS))
    assert list(catalogue.run("--feed", "two")) == ["two"]


def test_one_broken_record_among_good_ones_is_left_out(source: Source, feeds: Path, catalogue: Catalogue) -> None:
    rows = [*ROWS, {**ROWS[0], "offering_id": "MC-4", "title_en": ""}]
    contract(feeds, "school", serve_feed(source, "school", "spreadsheet", rows))
    feed = catalogue.run()["school"]
    assert (feed["status"], catalogue.code) == ("updated", 0)
    assert (feed["counts"]["accepted"], feed["counts"]["rejected"]) == (3, 1)
    assert feed["findings"]["blocks"] >= 1
    _close(feed["counts"])


def test_data_as_of_is_the_oldest_of_the_feeds(source: Source, feeds: Path, catalogue: Catalogue) -> None:
    for name in ("one", "two"):
        contract(feeds, name, serve_feed(source, name, "spreadsheet", ROWS))
    document: dict[str, Any] = catalogue("run", "--json").json
    assert document["data_as_of"] == min(feed["data_as_of"] for feed in document["feeds"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--feed", "scool"], "Did you mean 'school'?"),
        (["--feeds-dir", "nowhere"], "no feeds folder"),
        (["--database", "oracle+nothing://x"], "CATALOGUE_DATABASE_URL"),
        (["--database", "sqlite:////proc/nowhere/catalogue.db"], "CATALOGUE_DATABASE_URL"),
    ],
)
def test_what_cannot_start_ends_with_two(
    arguments: list[str], told: str, source: Source, feeds: Path, catalogue: Catalogue
) -> None:
    contract(feeds, "school", serve_feed(source, "school", "spreadsheet", ROWS))
    called = catalogue("run", "--json", *arguments)
    assert called.code == 2
    assert told in called.json["error"]
    assert told in called.err
    assert not source.asked


def test_an_empty_register_is_told(catalogue: Catalogue) -> None:
    called = catalogue("run")
    assert called.code == 2
    assert "no contract" in called.err


def test_a_process_of_its_own_keeps_to_its_streams(source: Source, feeds: Path, settings: Settings) -> None:
    """Nothing but the document on standard output, and nothing of Dagster on standard error."""
    contract(feeds, "school", serve_feed(source, "school", "spreadsheet", ROWS))
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "run", "--json"],
        capture_output=True,
        text=True,
        cwd=feeds.parent,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    import json

    assert json.loads(done.stdout)["feeds"][0]["status"] == "updated"
    assert done.stderr.splitlines() == ["school: updated: 3 accepted, 0 rejected; 3 new, 0 changed, 0 withdrawn."]
