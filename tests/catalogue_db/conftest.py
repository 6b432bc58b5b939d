"""An empty catalogue on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from catalogue_db.engine import open_catalogue


@pytest.fixture
def engine(catalogue_url: str) -> Iterator[Engine]:
    opened = open_catalogue(catalogue_url)
    yield opened
    opened.dispose()
