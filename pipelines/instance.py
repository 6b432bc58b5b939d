"""Dagster's instance: where run history is kept, prepared before Dagster looks for it.

DAGSTER_HOME is `<data folder>/dagster` unless the environment says otherwise. ``python -m pipelines.instance``
prepares it and writes its path to standard output, for shells that start Dagster's own commands.
"""

from __future__ import annotations

import importlib.resources
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    from dagster import DagsterInstance


def prepare_home(settings: Settings) -> Path:
    """Make DAGSTER_HOME, with our `dagster.yaml` where there is none; export it; return it."""
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(importlib.resources.files("pipelines").joinpath("dagster.yaml").read_text("utf-8"), "utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    return home


@contextmanager
def open_instance(settings: Settings) -> Iterator[DagsterInstance]:
    """Open the instance for the length of the block: the same one that the Dagster UI shows."""
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(prepare_home(settings))) as instance:
        yield instance


if __name__ == "__main__":
    sys.stdout.write(f"{prepare_home(load_settings())}\n")
