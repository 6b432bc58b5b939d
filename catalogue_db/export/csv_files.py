"""A view as CSV: RFC 4180, UTF-8, and nothing in it that a spreadsheet would run.

A text that begins with a sign by which spreadsheets know a formula gets an apostrophe in front; so does one that begins
with an apostrophe, so that taking one away always gives the text as it was (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from catalogue_db.contract import View

_MARKED = tuple("=+-@\t\r\n'＝＋－＠")


def write_csv(path: Path, view: View, batches: Iterable[Sequence[Sequence[Any]]]) -> dict[str, int]:
    """Write the rows of a view, batch by batch. Nothing is unreadable here: values stand as the view gives them."""
    is_boolean = [column.type == "boolean" for column in view.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in view.columns])
        for batch in batches:
            writer.writerows([_cell(*pair) for pair in zip(row, is_boolean, strict=True)] for row in batch)
    return {}


def harmless(text: str) -> str:
    """Return a text as no spreadsheet takes it for a formula."""
    return "'" + text if text.startswith(_MARKED) else text


def as_it_was(cell: str) -> str:
    """Return the text that `harmless` made a cell of."""
    return cell.removeprefix("'")


def _cell(value: Any, is_boolean: bool) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if is_boolean and value is not None:
        return "true" if value else "false"
    return value
