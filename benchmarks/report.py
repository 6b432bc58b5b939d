"""From measured passes to a page that a person can read: what was measured, where, and against which aims."""

from __future__ import annotations

import msgspec

from benchmarks.machine import Machine
from benchmarks.passes import Measured
from benchmarks.stopwatch import Spent

STEPS = (
    ("parse", ("parse",)),
    ("source checks", ("source checks",)),
    ("map", ("map",)),
    ("offering checks", ("offering checks", "checks of the whole")),
    ("load with index", ("load", "index")),
)
"""The steps of the table, each with the sections of a pass it is made of."""

LARGE = 100_000
"""Offerings of the feed for which the aims are set."""

_NOTE = """\
One pass is one process on one core, from the files of the feed to the catalogue (SQLite): kept as a snapshot, parsed,
checked, mapped, checked, loaded with history and search index, and judged once more as a whole. Only the fetch is left
out. **CPU** is what the process used, **clock** what a person waited; where the machine had other work they differ.
Records per second are per CPU second of the step alone; *again* is a second pass over the same feed, in which nothing
has changed. *Start* is done once per process, whatever the feed: imports, the language model, opening the database.
*GX* is Great Expectations with its import and its frames, as a share of the whole CPU time; *peak* is the
most memory the first pass held."""


class Row(msgspec.Struct):
    """One feed, passed over twice."""

    format: str
    size: int
    first: Measured
    again: Measured


class Report(msgspec.Struct):
    """All that was measured on one day on one machine."""

    date: str
    machine: Machine
    rows: list[Row]


def markdown(report: Report) -> str:
    """Return the page."""
    parts = [f"# Speed and memory, {report.date}", machine_line(report.machine), _NOTE, _whole(report.rows)]
    parts += ["## Records per second, step by step", _rates(report.rows)]
    parts += ["## Where the time goes", _shares(report.rows)]
    parts += ["## Against the aims", _aims([row for row in report.rows if row.size >= LARGE])]
    return "\n\n".join(parts) + "\n"


def machine_line(machine: Machine) -> str:
    """Say what ran the benchmark, in one line."""
    versions = ", ".join(f"{name} {one}" for name, one in machine.versions.items())
    return (
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GB, {machine.system}; "
        f"Python {machine.python}; {versions}. Other work when it began: {machine.load:.1f} waiting per core."
    )


def _whole(rows: list[Row]) -> str:
    head = ["format", "offerings", "feed", "CPU", "clock", "peak", "GX", "database", "again: CPU", "clock", "peak"]
    lines = [
        [
            row.format,
            f"{row.size:,}",
            _megabytes(row.first.feed_bytes),
            f"{row.first.whole.cpu:.1f} s",
            f"{row.first.whole.wall:.1f} s",
            _megabytes(row.first.peak_bytes),
            f"{row.first.great_expectations.cpu / row.first.whole.cpu:.0%}",
            _megabytes(row.first.database_bytes),
            f"{row.again.whole.cpu:.1f} s",
            f"{row.again.whole.wall:.1f} s",
            _megabytes(row.again.peak_bytes),
        ]
        for row in rows
    ]
    return table(head, lines)


def _rates(rows: list[Row]) -> str:
    head = ["format", "offerings", *(name for name, _ in STEPS), "end to end"]
    lines = [
        [
            row.format,
            f"{row.size:,}",
            *(_rate(row.first.records, _seconds(row.first, sections)) for _, sections in STEPS),
            _rate(row.first.records, row.first.whole.cpu),
        ]
        for row in rows
    ]
    return table(head, lines)


def _shares(rows: list[Row]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row.first.sections))
    nothing = Spent()
    lines = [
        [
            row.format,
            f"{row.size:,}",
            *(f"{row.first.sections.get(name, nothing).cpu / row.first.whole.cpu:.0%}" for name in names),
        ]
        for row in rows
    ]
    return table(["format", "offerings", *names], lines)


def _aims(rows: list[Row]) -> str:
    if not rows:
        return f"The aims are set for {LARGE:,} offerings; this run measured smaller feeds only."
    lines = [
        [
            row.format,
            _held(row.first.whole.cpu < 240 * row.size / LARGE, f"{row.first.whole.cpu:.0f} s"),
            _held(row.first.peak_bytes < 10**9, _megabytes(row.first.peak_bytes)),
            _held(row.again.whole.cpu < 10, f"{row.again.whole.cpu:.1f} s"),
            _held(row.first.great_expectations.cpu * 3 < row.first.whole.cpu, _share_of_great_expectations(row)),
        ]
        for row in rows
    ]
    head = ["format", "end to end under 4 minutes", "under 1 GB", "unchanged under 10 s", "GX under a third"]
    return "In CPU time.\n\n" + table(head, lines)


def _share_of_great_expectations(row: Row) -> str:
    return f"{row.first.great_expectations.cpu / row.first.whole.cpu:.0%}"


def _held(held: bool, figure: str) -> str:
    return f"{'yes' if held else '**no**'}: {figure}"


def _seconds(measured: Measured, sections: tuple[str, ...]) -> float:
    return sum(measured.sections[name].cpu for name in sections if name in measured.sections)


def _rate(records: int, seconds: float) -> str:
    return f"{records / seconds:,.0f}" if seconds else "-"


def _megabytes(size: int) -> str:
    return f"{size / 10**6:,.0f} MB"


def table(head: list[str], lines: list[list[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *lines])
