"""Promises to portals are kept: the contract is held against what was promised, and the page against the contract."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from catalogue_db import contract, contract_page
from catalogue_db.contract import VIEWS, View, ViewColumn
from catalogue_db.contract_changes import PromisedView, breaking_changes, promises
from catalogue_db.questions import questions
from standard.vocabularies import NAMES

PROMISED = contract_page.read_promises()


def test_no_promise_is_broken() -> None:
    assert breaking_changes(PROMISED, promises(VIEWS)) == []


A = View(
    "v1_a",
    "A thing.",
    ("id",),
    (
        ViewColumn("id", "text", False, "Which."),
        ViewColumn("of", "text", True, "Whose.", references="v1_b.id"),
        ViewColumn("day", "date", True, "When.", vocabulary="modes"),
        ViewColumn("count", "integer", False, "How many."),
    ),
)


def changed(place: int, **values: object) -> View:
    columns = list(A.columns)
    columns[place] = msgspec.structs.replace(columns[place], **values)
    return msgspec.structs.replace(A, columns=tuple(columns))


def with_columns(*columns: ViewColumn) -> View:
    return msgspec.structs.replace(A, columns=columns)


NEW = ViewColumn("new", "text", True, "New.")


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ([], "v1_a is gone."),
        ([msgspec.structs.replace(A, key=("id", "of"))], "v1_a: its key was id and is id, of."),
        ([with_columns(*A.columns[:3])], "v1_a.count is gone."),
        ([changed(3, name="number")], "v1_a.count is gone."),
        ([changed(3, type="number")], "v1_a.count was of type integer and is number."),
        ([changed(3, nullable=True)], "v1_a.count may be empty now."),
        ([with_columns(*A.columns[:3], NEW, A.columns[3])], "v1_a.count moved from place 4 to 5; new columns belong"),
        ([with_columns(*A.columns[:2], A.columns[3], A.columns[2])], "v1_a.day moved from place 3 to 4"),
        ([changed(1, references=None)], "v1_a.of: its references was v1_b.id and is gone."),
        ([changed(2, vocabulary="eqf")], "v1_a.day: its vocabulary was modes and is eqf."),
    ],
)
def test_what_breaks_is_told(now: list[View], sentence: str) -> None:
    told = breaking_changes(promises([A]), promises(now))
    assert any(each.startswith(sentence) for each in told), told


def test_another_type_in_the_database_breaks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = promises([A])
    as_date = msgspec.structs.replace(contract.TYPES["date"], postgresql=("date",))
    monkeypatch.setitem(contract.TYPES, "date", as_date)
    assert breaking_changes(before, promises([A])) == ["v1_a.day is another type in the database than promised."]


@pytest.mark.parametrize(
    "now",
    [
        [A],
        [with_columns(*A.columns, NEW)],
        [A, msgspec.structs.replace(A, name="v1_new")],
        [changed(1, nullable=False)],
        [changed(0, meaning="Said better.")],
        [changed(3, vocabulary="eqf")],
    ],
)
def test_additions_are_welcome(now: list[View]) -> None:
    assert breaking_changes(promises([A]), promises(now)) == []


def test_the_page_is_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert contract_page.main(["--check"]) == 0, capsys.readouterr().out


def test_the_page_is_not_written_over_a_broken_promise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, record = tmp_path / "page.md", tmp_path / "promises.json"
    record.write_bytes(msgspec.json.encode([PromisedView("v1_lost", ["id"], [])]))
    assert contract_page.main(["--page", str(page), "--promises", str(record)]) == 1
    assert "v1_lost is gone." in capsys.readouterr().out
    assert not page.exists()


def test_page_and_record_are_written_and_then_in_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ["--page", str(tmp_path / "page.md"), "--promises", str(tmp_path / "promises.json")]
    assert contract_page.main([*places, "--check"]) == 1
    assert "page.md, promises.json" in capsys.readouterr().out
    assert contract_page.main(places) == 0
    assert contract_page.main([*places, "--check"]) == 0


def test_the_page_shows_every_column_and_question() -> None:
    page = contract_page.page()
    assert "<!--" not in page
    for view in VIEWS:
        section = page.split(f"\n### {view.name}\n")[1].split("\n### ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == [
            column.name for column in view.columns
        ]
    for asked in questions():
        assert f"### {asked.number.lstrip('0')}. {asked.title}\n" in page
        assert asked.sql in page


def test_what_a_column_refers_to_is_there() -> None:
    keys = {f"{view.name}.{view.key[0]}" for view in VIEWS if len(view.key) == 1}
    for view in VIEWS:
        assert set(view.key) <= {column.name for column in view.columns}
        for column in view.columns:
            assert column.references is None or column.references in keys, column
            assert column.vocabulary is None or column.vocabulary in NAMES, column
