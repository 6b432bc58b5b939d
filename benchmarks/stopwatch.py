"""A stopwatch with sections: where the time of one process goes, in wall time and in CPU time.

Sections nest, and an inner section stops the clock of the one around it, so that the sections of a run add up to the
run. CPU time is what other work on the same machine does not change; wall time is what a person waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Spent(msgspec.Struct):
    """Seconds spent in one section: on the clock, and on the processor."""

    wall: float = 0.0
    cpu: float = 0.0


class Stopwatch:
    """Adds up the time of named sections; what is spent outside of all of them is not counted."""

    def __init__(self) -> None:
        self.spent: dict[str, Spent] = {}
        self._open: list[Spent] = []
        self._wall = self._cpu = 0.0

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Count the time of a block as `name`, without that of sections inside it."""
        self._turn()
        self._open.append(self.spent.setdefault(name, Spent()))
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def steps(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """Pass on `items`; the time it takes to make each of them counts as `name`."""
        stream = iter(items)
        while True:
            with self.section(name):
                try:
                    item = next(stream)
                except StopIteration:
                    return
            yield item

    def watch(self, owner: Any, attribute: str, name: str) -> None:
        """Count every call of a function or method as `name`, from now on and for the life of the process."""
        setattr(owner, attribute, self._timed(getattr(owner, attribute), name))

    def watch_stream(self, owner: Any, attribute: str, name: str) -> None:
        """Count the work of every iterator that a function or method returns as `name`."""
        inner = getattr(owner, attribute)

        @wraps(inner)
        def streamed(*args: Any, **kwargs: Any) -> Iterator[Any]:
            return self.steps(name, inner(*args, **kwargs))

        setattr(owner, attribute, streamed)

    def _timed(self, inner: Callable[..., T], name: str) -> Callable[..., T]:
        @wraps(inner)
        def timed(*args: Any, **kwargs: Any) -> T:
            with self.section(name):
                return inner(*args, **kwargs)

        return timed

    def _turn(self) -> None:
        """Give the time since the last turn to the section that is open."""
        wall, cpu = time.perf_counter(), time.process_time()
        if self._open:
            self._open[-1].wall += wall - self._wall
            self._open[-1].cpu += cpu - self._cpu
        self._wall, self._cpu = wall, cpu
