"""An empty catalogue in a file of its own."""

from __future__ import annotations

from tests.catalogue_db.conftest import engine

__all__ = ["engine"]
