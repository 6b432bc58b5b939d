"""Metadata for people: reports as numbers (drawn over time by the UI) and as small Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from dagster import MaterializeResult, MetadataValue

from pipelines.reports import CodeCount, Reject
from standard.verdict import Counts

REPORT = "report"
"""Metadata key under which a step's whole report is kept, for the command line to read back."""

if TYPE_CHECKING:
    Materialized = MaterializeResult[Any]
else:
    Materialized = MaterializeResult  # Dagster recognises the bare class only

Told = dict[str, MetadataValue[Any]]

_CELL = 160


def report_metadata(report: msgspec.Struct) -> Told:
    """Return the whole report as one JSON entry."""
    return {REPORT: MetadataValue.json(msgspec.to_builtins(report))}


def counts_metadata(counts: Counts, names: Iterable[str]) -> Told:
    """Return the named counts as numbers."""
    return {f"count/{name}": MetadataValue.int(getattr(counts, name)) for name in names}


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], nothing: str = "none") -> MetadataValue[Any]:
    """Return a Markdown table; `nothing` where there are no rows."""
    lines = [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    if not lines:
        return MetadataValue.md(nothing)
    head = [f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}"]
    return MetadataValue.md("\n".join(head + lines))


def codes_table(codes: Sequence[CodeCount]) -> MetadataValue[Any]:
    """Findings by code with examples, most frequent first."""
    rows = ((c.code, c.severity, c.count, ", ".join(c.examples), c.message, c.remedy) for c in codes)
    headings = ("code", "severity", "how often", "for example", "what was found (first case)", "what to do")
    return table(headings, rows, "no findings")


def rejects_table(rejects: Sequence[Reject]) -> MetadataValue[Any]:
    """The first rejected records, each with what blocks it."""
    rows = ((r.source_id or "(no id)", r.title, r.code, r.message, r.path) for r in rejects)
    return table(("record", "title", "blocked by", "why", "where"), rows, "nothing was rejected")


def pairs_table(headings: tuple[str, str], pairs: Mapping[str, object]) -> MetadataValue[Any]:
    """Names with their numbers."""
    return table(headings, pairs.items())


def _cell(value: object) -> str:
    text = " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"
