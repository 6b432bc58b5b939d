"""What all tests share: a fresh catalogue on each kind of database."""

from __future__ import annotations

pytest_plugins = ["tests.postgres"]
