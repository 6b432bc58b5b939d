"""How fast one host is asked: a pace per host, shared by all pulls of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_next_free: dict[str, float] = {}
_lock = threading.Lock()


def pace(host: str, rate: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait until `host` (name and port) may be asked again, at most `rate` times per second, and take the turn."""
    with _lock:
        now = time.monotonic()
        turn = max(now, _next_free.get(host, 0.0))
        _next_free[host] = turn + 1.0 / rate
    if turn > now:
        sleep(turn - now)
