"""Scripts in descriptions, titles, names and addresses: nothing that is stored or served can be run by a browser.

Nor by a terminal, and nothing is served as an address that runs when it is followed. `tests/standard` has the same for
every slot of a source offering; here the whole way is gone, from each format to each place where somebody looks.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings
from tests.browser import effects, followed, formula, strings
from tests.pipelines.conftest import Catalogue
from tests.pipelines.sources import Source, contract
from tests.pipelines.spoilt import serve_spoilt

FORMATS = ("spreadsheet", "moochub-3", "xcri-cap-1.2", "ooapi-5")
FOLLOWED = ("homepage", "url", "image", "report", "licence", "@id", "identifiers", "identifier", "source_id")
ASKED = ("", "alert", "data")
MARKS = ("title_marked", "snippet")
"""What the search has escaped and marked: it is HTML by contract, and holds no tag but ``<mark>``."""


@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_that_is_served_or_stored_can_be_run(
    format_name: str, source: Source, settings: Settings, catalogue: Catalogue, kept_history: None
) -> None:
    contract(settings.feeds_dir, "school", serve_spoilt(source, "school", format_name), format_name)
    feed = catalogue.run()["school"]
    assert feed["counts"]["accepted"] > 10, "the texts are cleaned, the records are not lost for it"
    assert not _effects_of(("run", feed))
    for told in _asked(catalogue):
        assert not _effects_of(told)
    for told in _stored(settings):
        assert not _effects_of(told)
    for told in _exported(catalogue, settings.data_dir / "export"):
        assert not _effects_of(told)
        assert not [cell for cell in strings(told) if formula(cell)]


@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_that_a_check_says_can_be_run(
    format_name: str, source: Source, settings: Settings, catalogue: Catalogue, tmp_path: Path
) -> None:
    url = serve_spoilt(source, "school", format_name)
    path = contract(tmp_path, "school", url, format_name)
    arguments = ("check", url, "--format", format_name, "--contract", str(path))
    told = catalogue(*arguments, "--json").json
    assert told["counts"]["accepted"] > 10
    assert not _effects_of(("check", told))
    assert not _effects_of(("check in words", catalogue(*arguments).out))


def _asked(catalogue: Catalogue) -> Iterator[tuple[str, Any]]:
    """What the commands say, in words and as JSON."""
    for words in ASKED:
        page = catalogue("search", words, "--limit", "100", "--json").json
        yield f"search {words!r}", _with_marks_taken_out(page)
        yield f"search {words!r} in words", catalogue("search", words, "--limit", "100").out
    for hit in catalogue("search", "", "--limit", "100", "--json").json["results"][::10]:
        yield f"show {hit['title']}", catalogue("show", hit["offering_id"], "--json").json
        yield f"show {hit['title']} as ELM", catalogue("show", hit["offering_id"], "--elm").json
        yield f"show {hit['title']} in words", catalogue("show", hit["offering_id"]).out


def _with_marks_taken_out(page: dict[str, Any]) -> dict[str, Any]:
    for hit in page["results"]:
        for name in MARKS:
            hit[name] = (hit[name] or "").replace("<mark>", "").replace("</mark>", "")
    return page


def _stored(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Every text of every table of every database: the catalogue's, and that of Dagster with its metadata."""
    files = [file for file in Path(settings.data_dir).rglob("*.db") if file.stat().st_size]
    assert {file.name for file in files} >= {"catalogue.db", "runs.db"}
    for file in files:
        with sqlite3.connect(file) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in names:
                for row in database.execute(f'SELECT * FROM "{name}"'):
                    yield f"{file.name} {name} {row[0]}", [_read(value) for value in row if isinstance(value, str)]


def _exported(catalogue: Catalogue, folder: Path) -> Iterator[tuple[str, Any]]:
    """Every cell of every file that is written for spreadsheets and the like."""
    assert catalogue("export", "--format", "csv", "--out", str(folder)).code == 0
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                yield file.name, row


def _read(text: str) -> Any:
    """JSON as its reader sees it."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _effects_of(told: tuple[str, Any]) -> dict[str, list[str]]:
    where, what = told
    found = {f"{where}: {text[:200]}": found for text in strings(what) if (found := effects(text))}
    return found | {f"{where}: {text[:200]}": ["followed"] for text in _addresses(what) if followed(text)}


def _addresses(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from strings(value) if name in FOLLOWED else _addresses(value)
    elif isinstance(document, list):
        for value in document:
            yield from _addresses(value)
