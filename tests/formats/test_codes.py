"""Every code that file formats raise is in the catalogue of codes, and its message can be filled from its facts."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.text_limit import LONGEST_TEXT
from standard.observation import Observation
from tests.formats.documents import Outcome, document, read, refused
from tests.formats.spreadsheets import SAVED, comma, filled, saved, with_cached_value, zipped

ROOT = Path(__file__).resolve().parents[2]
ENTRIES: dict[str, dict[str, str]] = yaml.safe_load(
    (ROOT / "expectations" / "codes" / "00-file-formats.yaml").read_text(encoding="utf-8")
)
SOURCES = [
    *ROOT.glob("connectors/*xml*.py"),
    *ROOT.glob("connectors/formats/*xcri*.py"),
    *ROOT.glob("connectors/formats/*spreadsheet*.py"),
    *(ROOT / "connectors" / name for name in ("formats/_csv.py", "formats/_xlsx.py", "text_limit.py")),
]
FROM_OTHER_FILES = {"MC00-SOURCE-NO-CONTENT", "MC00-SOURCE-CHARSET-DAMAGED", "MC00-SOURCE-TRUNCATED"}


def test_every_code_in_the_source_has_an_entry_and_every_entry_is_raised() -> None:
    raised = {code for path in SOURCES for code in re.findall(r'"(MC\d\d-[A-Z0-9-]+)"', path.read_text("utf-8"))}
    assert raised - FROM_OTHER_FILES == set(ENTRIES)


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_entries_are_complete_and_their_messages_can_be_filled(code: str) -> None:
    entry = ENTRIES[code]
    assert set(entry) == {"meaning", "message", "remedy", "consequence"}
    note = examples()[code]
    message = entry["message"].format(**{"path": note.path, "value": note.value, **note.facts})
    assert "{" not in message
    assert "None" not in message


@cache
def examples() -> dict[str, Observation]:
    """Return one real observation per code."""
    return {note.code: note for note in (*_xml(), *_refused(), *_csv(), *_xlsx())}


def _notes(found: Outcome) -> list[Observation]:
    of_records = [note for each in found.offerings for note in each.observations]
    return [*found.reading.observations, *of_records, *(each.observation for each in found.unreadable)]


def _xml() -> list[Observation]:
    long = "x" * (LONGEST_TEXT + 1)
    torn = "<course><title>no end</course><course><title>next</title></course>"
    courses = f"<course/><course><title>R&D</title><abstract>{long}</abstract></course>{torn}"
    return _notes(read("xcri-cap-1.2", document(f"<catalog><provider>{courses}</provider></catalog>")))


def _refused() -> list[Observation]:
    xml = ("<!DOCTYPE catalog><catalog/>", "no XML", "<rss/>")
    sheets: tuple[tuple[bytes, str], ...] = (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls"),
        (zipped({"a": b""}), "a.xlsx"),
        (b"a,b\n1,2", "a.csv"),
    )
    return [
        *(refused("xcri-cap-1.2", document(text)) for text in xml),
        *(refused("spreadsheet", document(data, name)) for data, name in sheets),
    ]


def _csv() -> list[Observation]:
    header: list[object] = [
        "offering_id",
        "ECTS",
        "ects",
        "tilte_en",
        "learning_outcomes_en",
        "learning_outcomes_fi",
        "learning_outcomes_esco",
    ]
    rows: list[list[object]] = [header, ["1", "", "", "", "a\nb", "c", "x"], ["2"]]
    runs = comma([["offering_id"], ["nope"]])
    text = comma(rows) + '3,"open'
    return _notes(read("spreadsheet", document(text, "list.csv"), document(runs, "instances.csv")))


def _xlsx() -> list[Observation]:
    book: Any = filled([{"offering_id": 1, "title_en": "T"}, {"offering_id": 2}], [{"start": date(2025, 1, 1)}])
    sheet = book["Offerings"]
    sheet["D2"], sheet["E2"], sheet["F2"] = "=1", "=2", "#REF!"
    sheet["F2"].data_type = "e"
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("B2:B3")
    book["Instances"].sheet_state = "hidden"
    assert SAVED
    return _notes(read("spreadsheet", document(with_cached_value(saved(book), "D2", "x"), "a.xlsx")))
