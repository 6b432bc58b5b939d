"""The cycle collector, told to look less often while records stream by.

Python looks for garbage cycles after every 700 new containers, and a record is some hundred of them, none in a cycle:
over a feed of 100,000 that was a tenth of the whole time (`benchmarks/README.md`), most of it spent walking over the
imported libraries again and again. What is not in a cycle is freed at once as ever, so this costs no memory.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (10_000, 50, 50)


@contextmanager
def looking_seldom() -> Iterator[None]:
    """Let the collector look less often for the length of the block; then as before."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
