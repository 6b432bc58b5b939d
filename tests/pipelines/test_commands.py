"""The smaller commands: feeds, db, search, show, replay; and what every command keeps to."""

from __future__ import annotations

import copy
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue
from tests.pipelines.sources import ROWS, Answer, Source, contract, serve_feed

ROOT = Path(__file__).parents[2]


def test_search_filters_and_pages(filled: Catalogue) -> None:
    page = filled("search", "", "--min-ects", "3", "--limit", "1", "--json").json
    assert (page["total"], len(page["results"])) == (2, 1)
    rest = filled("search", "", "--min-ects", "3", "--limit", "1", "--offset", "1", "--json").json
    assert rest["results"][0]["offering_id"] != page["results"][0]["offering_id"]
    assert filled("search", "kitchens", "--mode", "onsite", "--json").json["total"] == 0
    assert filled("search", "", "--level", "6", "--json").json["total"] == 3
    assert {"offering_id", "title", "provider", "snippet", "score"} >= set(page["results"][0]) & {"title", "score"}


def test_search_says_it_to_people_too(filled: Catalogue) -> None:
    called = filled("search", "kitchens")
    assert called.code == 0
    assert "Safe Kitchens" in called.out
    assert "<mark>" not in called.out
    assert "0 offerings" in filled("search", "zeppelin").out


def test_search_goes_on_where_a_page_ended(filled: Catalogue) -> None:
    first = filled("search", "", "--limit", "2")
    assert "3 offerings found, 1 to 2 shown" in first.out
    cursor = filled("search", "", "--limit", "2", "--json").json["next_cursor"]
    assert cursor in first.out.replace("\n", "")
    rest = filled("search", "", "--limit", "2", "--cursor", cursor)
    assert "1 more shown" in rest.out


def test_search_corrects_a_slip_and_suggests(filled: Catalogue) -> None:
    assert "Did you mean: kitchens" in filled("search", "kitchans").out
    assert filled("search", "kitch", "--suggest", "--json").json[0]["text"] == "Safe Kitchens"
    assert "Safe Kitchens" in filled("search", "kitch", "--suggest").out
    assert "Nothing begins so" in filled("search", "zepp", "--suggest").out


def test_search_filters_by_place_and_enrolment(filled: Catalogue) -> None:
    assert filled("search", "", "--region", "XX", "--json").json["total"] == 0
    assert filled("search", "", "--open", "--json").json["total"] == 0
    assert filled("search", "", "--completeness", "no such band", "--json").json["total"] == 0


def test_show_an_offering_now_then_and_as_elm(filled: Catalogue) -> None:
    identity = filled("search", "kitchens", "--json").json["results"][0]["offering_id"]
    shown = filled("show", identity, "--json").json
    assert shown["offering"]["title"] == {"en": "Safe Kitchens"}
    assert shown["offering"]["source_id"] == "MC-2"
    assert "Safe Kitchens" in filled("show", identity).out
    elm = filled("show", identity, "--elm", "--json").json
    assert "@context" in elm
    before = filled("show", identity, "--as-of", "2020-01-01", "--json")
    assert (before.code, "no offering" in before.json["error"]) == (1, True)
    assert filled("show", "school-unknown", "--json").code == 1
    assert filled("show", identity, "--as-of", "yesterday", "--json").code == 2


@pytest.mark.parametrize("arguments", [("search", "x"), ("show", "x"), ("db", "status")])
def test_readers_make_no_database(arguments: tuple[str, ...], catalogue: Catalogue, tmp_path: Path) -> None:
    called = catalogue(*arguments, "--json")
    assert called.code == 2
    assert "catalogue run" in called.json["error"]
    assert not list(tmp_path.rglob("*.db"))


def test_db_upgrade_then_status(catalogue: Catalogue) -> None:
    assert catalogue("db", "upgrade", "--json").json["up_to_date"]
    status = catalogue("db", "status", "--json")
    assert (status.code, status.json["up_to_date"]) == (0, True)
    assert "up to date" in catalogue("db", "status").out


def test_db_status_says_what_is_pending(catalogue: Catalogue, settings: Settings) -> None:
    catalogue("db", "upgrade")
    with sqlite3.connect(settings.data_dir / "catalogue.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    called = catalogue("db", "status", "--json")
    assert (called.code, called.json["up_to_date"]) == (1, False)
    assert called.json["pending"][0]["revision"] == "0002"
    assert "pending: 0002 The register of quality assurance" in catalogue("db", "status").out


def test_db_status_says_when_views_are_of_another_version(catalogue: Catalogue, settings: Settings) -> None:
    catalogue("db", "upgrade")
    with sqlite3.connect(settings.data_dir / "catalogue.db") as connection:
        connection.execute("PRAGMA user_version = 1")
    called = catalogue("db", "status")
    assert called.code == 1
    assert "pending: views" in called.out
    assert catalogue("db", "upgrade", "--json").json["views_current"]


def test_db_roles_writes_sql_and_nothing_else(catalogue: Catalogue) -> None:
    called = catalogue("db", "roles", "--reader", "library_reader")
    assert called.code == 0
    assert called.out.rstrip().endswith("COMMIT;")
    assert "GRANT SELECT ON ALL TABLES IN SCHEMA portal TO catalogue_loader, library_reader;" in called.out
    assert called.out.strip() == catalogue("db", "roles", "--reader", "library_reader", "--json").json["sql"].strip()
    assert catalogue("db", "roles", "--reader", "x; DROP").code == 2


def test_there_is_no_way_back_and_it_is_said(catalogue: Catalogue) -> None:
    called = catalogue("db", "downgrade")
    assert called.code == 2
    assert "backup" in called.err


def test_feeds_are_listed_and_problems_are_told_with_their_line(settings: Settings, catalogue: Catalogue) -> None:
    contract(settings.feeds_dir, "school", "https://school.example/feed.csv")
    assert catalogue("feeds", "list", "--json").json["feeds"][0]["feed"] == "school"
    assert catalogue("feeds", "check").code == 0
    file = contract(settings.feeds_dir, "other", "https://other.example/feed.csv")
    file.write_text(file.read_text().replace("licence:", "licens:"), "utf-8")
    called = catalogue("feeds", "check", "--json")
    assert called.code == 1
    (problem,) = called.json["problems"]
    assert problem["file"].endswith("other.yaml")
    assert problem["line"] > 1
    assert problem["remedy"]
    assert "other.yaml" in catalogue("feeds", "list").out


def test_an_exception_whose_day_has_come_is_told_and_needs_a_person(settings: Settings, catalogue: Catalogue) -> None:
    file = contract(settings.feeds_dir, "school", "https://school.example/feed.csv")
    entry = "exceptions:\n  - {{what: transport.rate, reason: Agreed by letter., until: {until}}}\n"
    file.write_text(file.read_text() + entry.format(until="2999-01-01"), "utf-8")
    assert catalogue("feeds", "check").code == 0
    file.write_text(file.read_text().replace("2999", "2020"), "utf-8")
    called = catalogue("feeds", "check", "--json")
    assert (called.code, called.json["problems"]) == (1, [])
    assert [(one["feed"], one["what"]) for one in called.json["overdue_exceptions"]] == [("school", "transport.rate")]
    assert "Agreed by letter." in catalogue("feeds", "check").out


def test_the_template_is_written_and_reads_back(catalogue: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "ours.xlsx"
    called = catalogue("feeds", "template", "--out", str(out), "--lang", "en", "--lang", "lb", "--json")
    assert (called.code, called.json) == (0, {"files": [str(out)]})
    again = catalogue("feeds", "template", "--out", str(out))
    assert again.code == 2
    assert "--force" in again.err
    assert catalogue("feeds", "template", "--out", str(out), "--force").code == 0
    checked = catalogue("check", str(out), "--format", "auto", "--json").json
    assert (checked["format"], checked["counts"]["fetched"]) == ("spreadsheet", 0)


def test_a_replay_asks_no_source_and_changes_nothing(filled: Catalogue, source: Source) -> None:
    asked = len(source.asked)
    called = filled("replay", "--json")
    assert called.code == 0
    assert called.json["feeds"][0]["status"] == "unchanged"
    assert len(source.asked) == asked


def test_a_preview_says_what_would_change_losses_first_and_changes_nothing(
    filled: Catalogue, settings: Settings
) -> None:
    file = settings.feeds_dir / "school.yaml"
    file.write_text(
        file.read_text().replace("least_offerings: 1", "least_offerings: 1, most_ids_lost: 1, greatest_drop: 1")
        + "select: {source_ids: [MC-1, MC-2]}\nlookups: {modes: {online: onsite}}\n"
    )
    called = filled("replay", "--preview", "--json")
    (feed,) = called.json["feeds"]
    assert (called.code, feed["status"]) == (0, "updated")
    assert (feed["counts"]["withdrawn"], feed["counts"]["changed"]) == (1, 2)
    assert [change["kind"] for change in feed["changes"]] == ["withdrawn", "changed", "changed"]
    assert "modes" in feed["changes"][1]["fields"]
    assert filled("search", "", "--json").json["total"] == 3
    assert "1 would leave" in filled("replay", "--preview").out
    assert filled("replay", "--json").json["feeds"][0]["counts"]["withdrawn"] == 1
    assert filled("search", "", "--json").json["total"] == 2


def test_a_replay_without_a_snapshot_says_what_to_do(settings: Settings, catalogue: Catalogue) -> None:
    contract(settings.feeds_dir, "school", "https://school.example/feed.csv")
    for arguments in (("replay", "--json"), ("replay", "--preview", "--json")):
        called = catalogue(*arguments)
        assert called.code == 1
        assert "catalogue run --feed school" in called.json["feeds"][0]["error"]


def test_a_source_cannot_write_into_the_terminal(source: Source, settings: Settings, catalogue: Catalogue) -> None:
    rows = copy.deepcopy(ROWS)
    rows[1]["title_en"] = "Safe [bold red]Kitchens[/] [/b] [link=http://evil.example]here[/link]"
    contract(settings.feeds_dir, "school", serve_feed(source, "school", "spreadsheet", rows))
    catalogue.run()
    assert "[bold red]" in catalogue("search", "kitchens").out


def test_help_needs_no_heavy_library() -> None:
    heavy = ("dagster", "great_expectations", "pandas", "sqlalchemy", "lxml")
    script = f"import sys; import pipelines.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(source: Source, settings: Settings, catalogue: Catalogue) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    (path,) = source.answers
    good = source.answers[path]

    def slow(_path: str, _query: dict[str, str]) -> Answer:
        time.sleep(20)
        return 500, {}, b""

    source.answers[path] = slow
    contract(settings.feeds_dir, "school", url)
    process = subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "run", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=settings.feeds_dir.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    deadline = time.monotonic() + 60
    while not source.asked and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Ctrl-C" in json.loads(out)["error"]
    assert "Traceback" not in err
    assert "Ctrl-C" in err
    source.answers[path] = good
    assert catalogue.run()["school"]["status"] == "updated"
