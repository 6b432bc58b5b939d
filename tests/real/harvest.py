"""All real feeds the whole way: over HTTP, through Dagster and the command line, into a catalogue of their own.

Adam Smith College is harvested twice, September's file first, October's four weeks later on the same feed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.reports import JudgeReport, ParseReport
from pipelines.settings import load_settings
from pipelines.steps.map_and_judge import judge_latest
from pipelines.steps.parse import parse_snapshot
from pipelines.steps.pull import latest_snapshot
from pipelines.workplace import Workplace
from tests.http_server import Server, serving
from tests.real.sources import ADAM_SMITH, CONTRACTS, adam_smith, routes

COLLEGE = "adam-smith-college"
_OWN_SETTINGS = ("DATABASE_URL", "SNAPSHOTS_URL", "STAGING_URL", "POLICY", "DATA_DIR", "FEEDS_DIR")


@dataclass
class Harvested:
    """One run of one feed: what the command line said of it, and the reports behind it."""

    edition: str
    told: dict[str, Any]
    parsed: ParseReport
    judged: JudgeReport

    @property
    def counts(self) -> dict[str, int]:
        """The run's counts, as the command line gives them."""
        counts: dict[str, int] = self.told["counts"]
        return counts


@dataclass
class Harvest:
    """All runs, in their order, and the workplace that holds the catalogue they made."""

    workplace: Workplace
    runs: list[Harvested] = field(default_factory=list)

    def of(self, edition: str) -> Harvested:
        """Return the run of an edition (the feed's name, or the name with the month where there are two)."""
        return next(run for run in self.runs if run.edition == edition)


@contextmanager
def harvested(folder: Path) -> Iterator[Harvest]:
    """Harvest every real feed with its data below `folder`; the catalogue is there as long as the block lasts."""
    shutil.copytree(CONTRACTS, folder / "feeds")
    with pytest.MonkeyPatch.context() as patch, serving(routes()) as server:
        for name, value in _environment(folder, server).items():
            patch.setenv(name, value)
        for name in _OWN_SETTINGS:
            patch.delenv(f"CATALOGUE_{name}", raising=False)
        patch.chdir(folder)
        harvest = Harvest(Workplace(load_settings()))
        patch.setenv("DAGSTER_HOME", str(harvest.workplace.settings.home))
        names = harvest.workplace.feed_names()
        _run(harvest, [name for name in names if name != COLLEGE], "")
        _run(harvest, [COLLEGE], ", September")
        server.routes[ADAM_SMITH] = adam_smith("adam_smith_october")
        _run(harvest, [COLLEGE], ", October")
        yield harvest
        harvest.workplace.engine.dispose()


def _environment(folder: Path, server: Server) -> Mapping[str, str]:
    return {
        "REAL_FEEDS_URL": server.url("").rstrip("/"),
        "CATALOGUE_ALLOW_PRIVATE_ADDRESSES": "true",
        "NO_PROXY": "127.0.0.1," + os.environ.get("NO_PROXY", ""),
    }


def _run(harvest: Harvest, feeds: list[str], edition: str) -> None:
    """Run ``catalogue run`` over some feeds and keep what it says, with the reports of each."""
    from pipelines.cli import app

    arguments = [part for feed in feeds for part in ("--feed", feed)]
    called = CliRunner().invoke(app, ["run", "--json", *arguments])
    if called.exit_code not in (0, 1):
        raise AssertionError(called.stderr)
    for told in json.loads(called.stdout)["feeds"]:
        if told["status"] == "failed":
            raise AssertionError(f"{told['feed']}: {told['error']}")
        contract = harvest.workplace.contract(told["feed"])
        snapshot = latest_snapshot(contract.name, harvest.workplace)
        parsed = parse_snapshot(contract, snapshot, harvest.workplace.staging)
        judged = judge_latest(contract, harvest.workplace)
        harvest.runs.append(Harvested(told["feed"] + edition, told, parsed, judged))
