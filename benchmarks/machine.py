"""The machine a benchmark ran on, and what else it had to do: figures without it are hearsay."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

import msgspec

_LIBRARIES = ("great-expectations", "pandas", "sqlalchemy", "msgspec", "lxml", "py3langid")


class Machine(msgspec.Struct):
    """What ran the benchmark. `load`: the run queue's average length over the last minute when it began, by core."""

    cpu: str
    cores: int
    memory_bytes: int
    system: str
    python: str
    versions: dict[str, str]
    load: float


def this_machine() -> Machine:
    """Describe the machine this runs on."""
    cores = os.cpu_count() or 1
    return Machine(
        cpu=_cpu(),
        cores=cores,
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        versions={"sqlite": sqlite3.sqlite_version, **{name: version(name) for name in _LIBRARIES}},
        load=round(os.getloadavg()[0] / cores, 2),
    )


def _cpu() -> str:
    """The processor's name as the kernel has it; where there is no such file, as Python has it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    name = facts.get("model name") or platform.processor() or "unnamed processor"
    clock = f", {float(facts['cpu MHz']):.0f} MHz" if "cpu MHz" in facts else ""
    return f"{name} ({platform.machine()}{clock})"
