"""What all tests share: a fresh catalogue on each kind of database."""

from __future__ import annotations

import gc

pytest_plugins = ["tests.postgres"]


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()
