"""Scripts in descriptions, titles, names and addresses: nothing that is stored or served can be run by a browser."""

from __future__ import annotations

import copy
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue
from tests.pipelines.sources import ROWS, Row, Source, contract, serve_feed

PAYLOADS = (
    "<script>alert('in')</script>",
    "<img src=x onerror=alert('in')>",
    "<svg/onload=alert('in')>",
    "<a href=\"javascript:alert('in')\">here</a>",
    "<iframe src='https://evil.example/'></iframe>",
    "&lt;script&gt;alert('in')&lt;/script&gt;",
    "<scr<script>ipt>alert('in')</script>",
    "<img src=x onerror=alert('in') ",
)
RUNNABLE = re.compile(r"<\s*(script|iframe|svg|object|embed)|<[^<>]*\son[a-z]+\s*=|href\s*=\s*.?javascript:", re.I)
SPOILT = (
    *("title_en", "description_en", "learning_outcomes_en", "prerequisites_en", "assessment_en", "grading_scheme_en"),
    *("awarding_body", "provider_en", "keywords_en", "price_note_en", "stackability_en", "licence", "code", "modes"),
    *("contact_url", "contact_email", "image", "eqf_level", "country", "languages", "fields", "type"),
)


def spoilt() -> list[Row]:
    """The rows, and one more for each payload with that payload in every field that takes a text."""
    rows = copy.deepcopy(ROWS)
    for number, payload in enumerate(PAYLOADS, start=4):
        row = {**ROWS[0], "offering_id": f"MC-{number}", "homepage": f"https://practice.example/{number}"}
        rows.append(row | {name: f"{row.get(name, 'Text')} {payload}" for name in SPOILT[:10]})
        rows.append({**row, "offering_id": f"MC-{number} {payload}"} | dict.fromkeys(SPOILT[10:], f"1 {payload}"))
    return rows


@pytest.mark.parametrize("format_name", ["spreadsheet", "moochub-3"])
def test_nothing_that_is_served_or_stored_can_be_run(
    format_name: str, source: Source, settings: Settings, catalogue: Catalogue
) -> None:
    url = serve_feed(source, "school", format_name, spoilt())
    contract(settings.feeds_dir, "school", url, format_name)
    feed = catalogue.run()["school"]
    assert feed["counts"]["accepted"] > len(ROWS), "the texts are cleaned, the records are not lost for it"
    told = {"run": json.dumps(feed), **dict(_asked(catalogue, url, format_name)), **dict(_stored(settings))}
    found = {where: text[match.start() - 120 : match.end()] for where, text in told.items() if (match := _runs(text))}
    assert not found


def _asked(catalogue: Catalogue, url: str, format_name: str) -> Iterator[tuple[str, str]]:
    """What the commands say."""
    yield "check", _unescaped(catalogue("check", url, "--format", format_name, "--json").out)
    for words in ("", "alert", "Data"):
        yield f"search {words!r}", _unescaped(catalogue("search", words, "--limit", "100", "--json").out)
    for hit in catalogue("search", "", "--limit", "100", "--json").json["results"]:
        for option in ("--json", "--elm"):
            yield f"show {option} {hit['title']}", _unescaped(catalogue("show", hit["offering_id"], option).out)


def _stored(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every text of every table and view of the database."""
    files = list(Path(settings.data_dir).rglob("catalogue.db"))
    assert files
    with sqlite3.connect(files[0]) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        for (name,) in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):
                yield f"{name} {row[0]}", " ".join(_unescaped(value) for value in row if isinstance(value, str))


def _runs(text: str) -> re.Match[str] | None:
    return RUNNABLE.search(text)


def _unescaped(text: str) -> str:
    """JSON's own escapes undone, so that what a reader of the JSON sees is looked at."""
    return text.replace('\\"', '"').replace("\\n", " ").replace("\\u003c", "<")
