"""Time and memory of steps that follow one another in one process."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Step(msgspec.Struct):
    """What a step took: seconds on the clock and on the processor, and the most memory (RSS, bytes) that the process
    held meanwhile. `said`: what came of it, in words."""

    name: str
    wall: float
    cpu: float
    peak_bytes: int
    said: str = ""


class Meter:
    """Measures steps."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def step(self, name: str, work: Callable[[], T], say: Callable[[T], str] = lambda _: "") -> T:
        """Do the work and note what it took."""
        _forget_peak()
        wall, cpu = time.perf_counter(), time.process_time()
        done = work()
        took = time.perf_counter() - wall, time.process_time() - cpu
        self.steps.append(Step(name, *took, _peak(), say(done)))
        return done


def _forget_peak() -> None:
    """Let the kernel count the peak anew, where it can; elsewhere the peak is that of all steps so far."""
    if _CLEAR.exists():
        try:
            _CLEAR.write_text("5", encoding="ascii")
        except OSError:
            return


def _peak() -> int:
    told = _STATUS.read_text(encoding="ascii") if _STATUS.exists() else ""
    for line in told.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
