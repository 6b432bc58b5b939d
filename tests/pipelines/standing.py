"""States that many tests begin with: each is made once in a process, by a real run, and copied for every further test.

A copy is what the run left: contracts, database, snapshots, staged batches and Dagster's history. A contract names the
port of the test's server and decides whether a feed counts as changed, so the servers of these tests keep their ports
for as long as the process lasts.
"""

from __future__ import annotations

import copy
import gc
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Standing:
    """The states kept so far, each a folder below `folder`, with what its maker returned."""

    folder: Path
    made: dict[str, Any] = field(default_factory=dict)

    def bring(self, name: str, place: Path, make: Callable[[], Any]) -> Any:
        """Put the state `name` into the folder `place` and return what its maker returned.

        `make`: makes the state in `place`; called for the first test that asks for the state, and not again.
        """
        if name not in self.made:
            told = make()
            gc.collect()  # connections that nobody holds any more are closed, so that no file is being written
            shutil.copytree(place, self.folder / name, ignore=shutil.ignore_patterns("*.db-shm"))
            self.made[name] = told
        else:
            shutil.copytree(self.folder / name, place, dirs_exist_ok=True)
        return copy.deepcopy(self.made[name])
