"""From measured steps to a page that a person can read."""

from __future__ import annotations

import msgspec

from benchmarks.machine import Machine
from benchmarks.register.generator import Size
from benchmarks.register.passes import Passed

_NOTE = """\
Each way is a process of its own, against a stand-in for DEQAR that runs in another one. **clock** is what a person
waited, **CPU** what the process used (the stand-in's part of the pull is not in it), **memory** the most that was the
process's own during the step, **RSS** the same with the pages of the database's file that happened to lie in memory
(it is mapped; the system takes them back when it needs them). *link* and *recompute* are the first ones, from nothing;
*recompute* links once more. *next day* is the daily check: nothing has changed but the day."""
_AIMED = ("load", "link", "recompute")
_NAMES = {"api": "Web API and Connect API", "csv": "nightly CSV files"}


class Measured(msgspec.Struct):
    """All that was measured on one day on one machine."""

    date: str
    machine: Machine
    size: Size
    ways: list[Passed]


def markdown(measured: Measured) -> str:
    """Return the page."""
    size, machine = measured.size, measured.machine
    parts = [
        f"# Register and trust, {measured.date}",
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GB, {machine.system}; "
        f"Python {machine.python}. Other work when it began: {machine.load:.1f} waiting per core.",
        f"{size.providers:,} providers, {size.reports:,} reports, about {size.programmes:,} programmes in them; "
        f"{size.offerings:,} offerings.",
        _NOTE,
    ]
    for way in measured.ways:
        parts += [f"## {_NAMES[way.way]}", _steps(way), _aims(way)]
    return "\n\n".join(parts) + "\n"


def _steps(way: Passed) -> str:
    lines = [
        f"| {step.name} | {step.wall:.1f} s | {step.cpu:.1f} s | {_megabytes(step.own_bytes)} "
        f"| {_megabytes(step.peak_bytes)} | {step.said} |"
        for step in way.steps
    ]
    return "\n".join(["| step | clock | CPU | memory | RSS | |", "|---|---:|---:|---:|---:|---|", *lines])


def _megabytes(number: int) -> str:
    return f"{number / 10**6:,.0f} MB"


def _aims(way: Passed) -> str:
    by_name = {step.name: step for step in way.steps}
    aimed, daily = [by_name[name] for name in _AIMED], by_name["next day"]
    cpu, wall = sum(step.cpu for step in aimed), sum(step.wall for step in aimed)
    own = max(step.own_bytes for step in way.steps)
    return (
        f"Load, link and recompute: {cpu:.0f} s CPU, {wall:.0f} s on the clock (aim: 180). "
        f"Memory: {_megabytes(own)} (aim: 1,000 MB). "
        f"Daily recompute: {daily.cpu:.1f} s CPU, {daily.wall:.1f} s on the clock (aim: 20). "
        f"Database: {_megabytes(way.database_bytes)}."
    )
