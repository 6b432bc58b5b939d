"""Time and memory of steps that follow one another in one process."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Step(msgspec.Struct):
    """What a step took: seconds on the clock and on the processor, and the most memory (bytes) that the process held
    meanwhile. `peak_bytes`: all of it (RSS); `own_bytes`: without the pages of the database's file that lie in memory
    because it is mapped (shared with the system's cache, which takes them back when it needs them). `said`: what came
    of it, in words."""

    name: str
    wall: float
    cpu: float
    peak_bytes: int
    own_bytes: int
    said: str = ""


class Meter:
    """Measures steps."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def step(self, name: str, work: Callable[[], T], say: Callable[[T], str] = lambda _: "") -> T:
        """Do the work and note what it took."""
        _forget_peak()
        with _Sampler() as own:
            wall, cpu = time.perf_counter(), time.process_time()
            done = work()
            took = time.perf_counter() - wall, time.process_time() - cpu
        peak = _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        self.steps.append(Step(name, *took, peak, own.most or peak, say(done)))
        return done


class _Sampler:
    """Looks at the process's own memory twenty times a second while a block runs; `most`: the most it saw."""

    def __init__(self) -> None:
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> _Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self.most = max(self.most, _status("RssAnon"))
            if self._done.wait(0.05):
                return


def _forget_peak() -> None:
    """Let the kernel count the peak anew, where it can; elsewhere the peak is that of all steps so far."""
    if _CLEAR.exists():
        try:
            _CLEAR.write_text("5", encoding="ascii")
        except OSError:
            return


def _status(name: str) -> int:
    """A figure of the process's status in bytes, 0 where the system does not tell."""
    told = _STATUS.read_text(encoding="ascii") if _STATUS.exists() else ""
    found = next((line for line in told.splitlines() if line.startswith(f"{name}:")), "")
    return int(found.split()[1]) * 1024 if found else 0
