"""Metadata for people: reports as numbers (drawn over time by the UI) and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from dagster import MaterializeResult, MetadataValue, TableColumn, TableRecord, TableSchema

from pipelines.reports import CodeCount, Reject
from standard.verdict import Counts, Severity

REPORT = "report"
"""Metadata key under which a step's whole report is kept, for the command line to read back."""

if TYPE_CHECKING:
    Materialized = MaterializeResult[Any]
else:
    Materialized = MaterializeResult  # Dagster recognises the bare class only

Told = dict[str, MetadataValue[Any]]

_CELL = 200
_ROW = 2 * _CELL + 10


def report_metadata(report: msgspec.Struct) -> Told:
    """Return the whole report as one JSON entry."""
    return {REPORT: MetadataValue.json(msgspec.to_builtins(report))}


def counts_metadata(counts: Counts, names: Iterable[str]) -> Told:
    """Return the named counts as numbers."""
    return {f"count/{name}": MetadataValue.int(getattr(counts, name)) for name in names}


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], nothing: str = "none") -> MetadataValue[Any]:
    """Return a table, which the UI shows in place; `nothing` where there are no rows."""
    records = [TableRecord(dict(zip(headings, (_cell(value, _ROW) for value in row), strict=True))) for row in rows]
    if not records:
        return MetadataValue.text(nothing)
    columns = [TableColumn(heading, "int" if _is_counted(heading, records) else "string") for heading in headings]
    return MetadataValue.table(records, TableSchema(columns=columns))


def moment(when: str | None) -> MetadataValue[Any]:
    """A moment, ISO 8601 with its zone, which the UI shows in the reader's own zone; "never" for none."""
    return MetadataValue.timestamp(datetime.fromisoformat(when)) if when else MetadataValue.text("never")


def codes_table(codes: Sequence[CodeCount]) -> MetadataValue[Any]:
    """Findings by code with the first case of each, the gravest first, then the most frequent."""
    ordered = sorted(codes, key=lambda code: get_args(Severity).index(code.severity))
    rows = (
        (c.code, c.severity, c.count, f"{_cell(c.message)} → {_cell(c.remedy)}", ", ".join(c.examples)) for c in ordered
    )
    headings = ("code", "severity", "how often", "what was found (first case) → what to do", "for example")
    return table(headings, rows, "no findings")


def rejects_table(rejects: Sequence[Reject]) -> MetadataValue[Any]:
    """The first rejected records, each with what blocks it."""
    rows = ((r.source_id or "(no id)", r.title, r.code, r.message, r.path) for r in rejects)
    return table(("record", "title", "blocked by", "why", "where"), rows, "nothing was rejected")


def pairs_table(headings: tuple[str, str], pairs: Mapping[str, object]) -> MetadataValue[Any]:
    """Names with their numbers."""
    return table(headings, pairs.items())


def _is_counted(heading: str, records: Sequence[TableRecord]) -> bool:
    return all(isinstance(record.data[heading], int) for record in records)


def _cell(value: object, most: int = _CELL) -> str | int:
    if isinstance(value, int):
        return value
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
