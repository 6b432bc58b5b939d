"""The harvest of all real feeds, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.harvest import Harvest, harvested
from tests.real.sources import absent


@pytest.fixture(scope="session")
def harvest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harvest]:
    """Every real feed the whole way into one catalogue; skips, with one line, where the files are not there."""
    missing = absent()
    if missing:
        pytest.skip(f"the real feed files are not beside the project ({len(missing)} missing, such as {missing[0]})")
    folder: Path = tmp_path_factory.mktemp("real-feeds")
    with harvested(folder) as made:
        yield made
