"""An empty catalogue in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalogue_db import migrations
from catalogue_db.engine import open_catalogue


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_catalogue(f"sqlite:///{tmp_path}/catalogue.db")
    migrations.upgrade(opened)
    yield opened
    opened.dispose()
