"""What callers of the command line rely on, whatever they get wrong: the exit code, and one JSON document."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue
from tests.pipelines.sources import contract


@pytest.mark.parametrize(
    "wrong",
    [
        "search",
        "search x --level high",
        "search x --level 9",
        "search x --limit 0",
        "search x --limit 201",
        "search x --offset -1",
        "search x --min-ects many",
        "search x --nonsense",
        "show",
        "check",
        "nonsense",
        "run --feeds",
        "db",
        "db nonsense",
        "",
    ],
)
def test_a_wrong_call_is_said_in_json_too(catalogue: Catalogue, settings: Settings, wrong: str) -> None:
    called = catalogue(*wrong.split(), "--json")
    assert called.code == 2
    assert called.json["error"]
    assert called.err


def test_a_wrong_call_without_json_says_nothing_on_standard_output(catalogue: Catalogue) -> None:
    called = catalogue("search", "x", "--level", "high")
    assert (called.code, called.out) == (2, "")
    assert "--level" in called.err


def test_help_and_no_command_are_answered(catalogue: Catalogue) -> None:
    assert catalogue("--help").code == 0
    assert "search" in catalogue("--help").out
    assert catalogue("search", "--help").code == 0


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["run"], ["replay", "--preview"], ["check", "feeds", "--format", "spreadsheet"]])
def test_a_policy_that_cannot_be_used_stops_everything(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    for policy in (tmp_path / "none.yaml", tmp_path / "wrong.yaml"):
        (tmp_path / "wrong.yaml").write_text("MC99-NOTHING: {severity: blocks, reason: none}\n", encoding="utf-8")
        monkeypatch.setenv("CATALOGUE_POLICY", str(policy))
        called = filled(*command, "--json")
        assert called.code == 2
        assert "CATALOGUE_POLICY" in called.json["error"]


@pytest.mark.parametrize("url", ["nonsense://bucket/path", "s3://bucket/path"])
def test_snapshots_that_cannot_be_kept_stop_everything(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CATALOGUE_SNAPSHOTS_URL", url)
    called = filled("run", "--json")
    assert called.code == 2
    assert "CATALOGUE_SNAPSHOTS_URL" in called.json["error"]


def test_a_database_that_cannot_be_opened_is_said_once(catalogue: Catalogue, settings: Settings) -> None:
    contract(settings.feeds_dir, "school", "http://127.0.0.1:9/")
    error = catalogue("run", "--database", "nonsense://there", "--json").json["error"]
    assert error.count("cannot be used") == 1


# --- check --------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_said_to_be_missing(catalogue: Catalogue, settings: Settings) -> None:
    for form in ("auto", "spreadsheet"):
        called = catalogue("check", "offerings.csv", "--format", form, "--json")
        assert called.code == 2
        assert "no such file or folder: offerings.csv" in called.json["error"]


def test_the_format_is_guessed_where_none_is_named(filled: Catalogue, settings: Settings, tmp_path: Path) -> None:
    filled("feeds", "template", "--out", str(tmp_path / "template.xlsx"))
    document = filled("check", str(tmp_path / "template.xlsx"), "--json").json
    assert (document["format"], document["format_guessed"] > 0.5) == ("spreadsheet", True)


# --- search -------------------------------------------------------------------------------------------------------


def test_languages_are_understood_as_people_write_them(filled: Catalogue) -> None:
    everything = filled("search", "", "--json").json["total"]
    assert filled("search", "", "--language", "English", "--lang", "GERMAN", "--json").json["total"] == everything
    assert filled("search", "", "--language", "eng", "--json").json["total"] == everything


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--lang", "klingonish", "klingonish"),
        ("--language", "klingonish", "klingonish"),
        ("--mode", "nowhere", "onsite"),
        ("--field", "computing", "0613"),
    ],
)
def test_a_filter_that_can_find_nothing_is_answered_with_what_there_is(
    filled: Catalogue, option: str, value: str, hint: str
) -> None:
    called = filled("search", "", option, value, "--json")
    assert called.code == 2
    assert hint in called.json["error"]


def test_every_hit_opens(filled: Catalogue) -> None:
    for hit in filled("search", "", "--json").json["results"]:
        assert filled("show", hit["offering_id"], "--json").json["offering"]["offering_id"] == hit["offering_id"]


def test_a_page_beyond_the_last_result_says_so(filled: Catalogue) -> None:
    called = filled("search", "", "--offset", "50")
    assert "3 offerings" in called.out
    assert "beyond" in called.out


# --- what people read ---------------------------------------------------------------------------------------------


def test_an_offering_is_shown_for_people(filled: Catalogue) -> None:
    identity = filled("search", "kitchens", "--json").json["results"][0]["offering_id"]
    out = filled("show", identity).out
    assert "Safe Kitchens" in out
    assert "ECTS" in out
    assert "EQF 6" in out
    assert "Completeness" in out
    assert "→" in out  # each finding with what to do
    assert '{"' not in out
    assert "provenance" not in out


def test_a_check_first_says_whether_it_was_accepted(filled: Catalogue, settings: Settings, tmp_path: Path) -> None:
    book = tmp_path / "template.xlsx"
    filled("feeds", "template", "--out", str(book))
    called = filled("check", str(book))
    assert "accept" in called.out.splitlines()[0].lower()


def test_the_register_fits_a_terminal(filled: Catalogue) -> None:
    out = filled("feeds", "list").out
    assert "school" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_state_of_the_database_names_its_feeds(filled: Catalogue) -> None:
    document = filled("db", "status", "--json").json
    assert document["offerings"] == {"live": 3, "withdrawn": 0}
    assert [(feed["name"], feed["live"]) for feed in document["feeds"]] == [("school", 3)]
    assert "school" in filled("db", "status").out
