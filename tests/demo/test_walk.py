"""What a newcomer sees: the demo through the command line, again, and in its next edition."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo.content import institutions

ROOT = Path(__file__).resolve().parents[2]


def _demo(folder: Path, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    environment = {**os.environ, "CATALOGUE_DATA_DIR": str(folder), "CATALOGUE_FEEDS_DIR": str(ROOT / "feeds")}
    environment.pop("DAGSTER_HOME", None)
    command = [sys.executable, "-m", "pipelines.cli", "demo", "run", "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, {feed["feed"]: feed for feed in json.loads(done.stdout)["feeds"]}


@pytest.mark.slow
def test_first_run_second_run_next_edition(tmp_path: Path) -> None:
    code, first = _demo(tmp_path)
    assert code == 0
    assert set(first) == set(institutions())
    assert {feed["status"] for feed in first.values()} == {"updated"}
    assert all(feed["counts"]["new"] == feed["counts"]["accepted"] > 0 for feed in first.values())
    assert sum(feed["counts"]["rejected"] for feed in first.values()) >= 5
    assert sum(feed["counts"]["out_of_scope"] for feed in first.values()) == 2

    code, again = _demo(tmp_path)
    assert code == 0
    assert {feed["status"] for feed in again.values()} == {"unchanged"}
    assert all(feed["counts"]["unchanged"] == feed["counts"]["accepted"] for feed in again.values())

    _, second = _demo(tmp_path, "--edition", "2")
    assert second["greengate"]["status"] == "waiting"
    assert "drop" in second["greengate"]["error"]
    others = [feed for name, feed in second.items() if name != "greengate"]
    assert {feed["status"] for feed in others} == {"updated"}
    for feed in others:
        assert feed["counts"]["new"] == 1
        assert feed["counts"]["withdrawn"] == 1
        assert feed["counts"]["changed"] >= 1
