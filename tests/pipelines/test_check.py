"""``catalogue check``: files, folders, addresses; no database, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue
from tests.pipelines.sources import ROWS, Source, contract, moochub, ooapi_courses, serve_feed, spreadsheet, xcri

FILES = {
    "spreadsheet": ("offerings.csv", spreadsheet(ROWS)),
    "moochub-3": ("courses.json", moochub(ROWS)),
    "xcri-cap-1.2": ("feed.xml", xcri(ROWS)),
    "ooapi-5": ("courses.json", ooapi_courses(ROWS)),
}


@pytest.mark.parametrize("format_name", FILES)
@pytest.mark.parametrize("given", ["named", "auto"])
def test_a_file_of_each_format(format_name: str, given: str, catalogue: Catalogue, tmp_path: Path) -> None:
    name, body = FILES[format_name]
    file = tmp_path / name
    file.write_bytes(body)
    called = catalogue("check", str(file), "--format", format_name if given == "named" else "auto", "--json")
    document = called.json
    assert (document["source"], document["format"]) == (str(file), format_name)
    assert ("format_guessed" in document) == (given == "auto")
    assert document["counts"]["fetched"] == document["counts"]["selected"] == len(document["records"]) == 3
    assert called.code == (1 if document["counts"]["rejected"] else 0)
    for record in document["records"]:
        assert set(record) == {"source_id", "path", "verdict", "offering", "findings"}


def test_a_folder_is_read_as_one_source(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "offerings.csv").write_bytes(spreadsheet(ROWS))
    document = catalogue("check", str(folder), "--format", "spreadsheet", "--json").json
    assert document["counts"]["accepted"] == 3


def test_an_address(source: Source, catalogue: Catalogue) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    called = catalogue("check", url, "--format", "auto", "--json")
    assert (called.code, called.json["counts"]["accepted"]) == (0, 3)


def test_nothing_is_written(source: Source, catalogue: Catalogue, settings: Settings, tmp_path: Path) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    catalogue("check", url, "--format", "spreadsheet")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["feeds"]


def test_a_rejected_record_says_what_to_do(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "offerings.csv"
    file.write_bytes(spreadsheet([*ROWS, {**ROWS[0], "offering_id": "MC-4", "title_en": ""}]))
    called = catalogue("check", str(file), "--format", "spreadsheet", "--json")
    assert called.code == 1
    (rejected,) = [record for record in called.json["records"] if record["verdict"] == "rejected"]
    (blocking,) = [finding for finding in rejected["findings"] if finding["severity"] == "blocks"]
    assert rejected["source_id"] == blocking["source_id"] == "MC-4"
    assert blocking["code"].startswith("MC02-")
    assert all(blocking[word] for word in ("message", "remedy", "consequence"))
    words = catalogue("check", str(file), "--format", "spreadsheet")
    assert words.code == 1
    assert blocking["code"] in words.out


def test_the_contract_says_what_is_in_scope(source: Source, catalogue: Catalogue, tmp_path: Path) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    file = contract(tmp_path / "feeds", "school", url, more="select: {source_ids: [MC-1]}\n")
    counts = catalogue("check", url, "--format", "spreadsheet", "--contract", str(file), "--json").json["counts"]
    assert (counts["parsed"], counts["selected"], counts["out_of_scope"]) == (3, 1, 2)


def test_a_page_instead_of_a_feed_is_one_finding(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "courses.json"
    file.write_text("<!doctype html><html><head><title>Log in</title></head></html>")
    called = catalogue("check", str(file), "--format", "moochub-3", "--json")
    assert called.code == 1
    assert called.json["records"] == []
    assert [finding["code"] for finding in called.json["findings"]] == ["MC00-SOURCE-HTML"]


def test_an_address_without_anything_is_one_finding(source: Source, catalogue: Catalogue) -> None:
    called = catalogue("check", f"{source.url}/nowhere.csv", "--format", "spreadsheet", "--json")
    assert called.code == 1
    (finding,) = called.json["findings"]
    assert finding["code"] == "MC00-PULL-NOT-FOUND"
    assert finding["remedy"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.csv", "--format", "spreadsheet"], "no such file"),
        (["{file}", "--format", "spreadshet"], "spreadshet"),
        (["{file}", "--format", "auto"], "--format"),
        (["{file}", "--format", "spreadsheet", "--contract", "{file}"], "not valid"),
    ],
)
def test_what_cannot_be_begun_ends_with_two(
    arguments: list[str], told: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Nothing that any format knows.\n")
    called = catalogue("check", *(argument.format(file=file) for argument in arguments), "--json")
    assert called.code == 2
    assert told.lower() in json.loads(called.out)["error"].lower()


def test_no_format_is_a_usage_error(catalogue: Catalogue) -> None:
    assert catalogue("check", "feed.csv").code == 2
