"""What a newcomer sees: the demo through the command line, again, and in its next edition."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.demo.content import institutions

ROOT = Path(__file__).resolve().parents[2]
SET_BY_THE_DEMO = (
    *("CATALOGUE_DEMO_URL", "CATALOGUE_ALLOW_PRIVATE_ADDRESSES"),
    *("DEQAR_BASE_URL", "DEQAR_TOKEN", "DAGSTER_HOME"),
)
SLOWLY = "rate: 1 "
COMMAND = ["demo", "run", "--json"]
Told = tuple[int, dict[str, dict[str, Any]]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the test's own to work in, with the project's register; what the demo sets goes with the test.

    DEQAR's stand-in is asked as fast as it answers: the contract's pace, a request a second, is kept for DEQAR itself.
    """
    for name in SET_BY_THE_DEMO:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("CATALOGUE_DATA_DIR", str(tmp_path / "data"))
    feeds = shutil.copytree(ROOT / "feeds", tmp_path / "feeds")
    contract = (feeds / "deqar" / "deqar.yaml").read_text("utf-8")
    assert SLOWLY in contract
    (feeds / "deqar" / "deqar.yaml").write_text(contract.replace(SLOWLY, "rate: 1000 "), "utf-8")
    monkeypatch.setenv("CATALOGUE_FEEDS_DIR", str(feeds))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)


def _in_a_process() -> Told:
    """Run the demo as a newcomer does."""
    command = [sys.executable, "-m", "pipelines.cli", *COMMAND]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, _feeds(done.stdout)


def _here(*arguments: str) -> Told:
    """Run the demo in this process, which has imported what takes a process of its own long."""
    done = CliRunner().invoke(app, [*COMMAND, *arguments])
    return done.exit_code, _feeds(done.stdout)


def _feeds(document: str) -> dict[str, dict[str, Any]]:
    return {feed["feed"]: feed for feed in json.loads(document)["feeds"]}


@pytest.mark.slow
def test_first_run_second_run_next_edition(place: None) -> None:
    code, first = _in_a_process()
    assert code == 0
    assert set(first) == set(institutions())
    assert {feed["status"] for feed in first.values()} == {"updated"}
    assert all(feed["counts"]["new"] == feed["counts"]["accepted"] > 0 for feed in first.values())
    assert sum(feed["counts"]["rejected"] for feed in first.values()) >= 5
    assert sum(feed["counts"]["out_of_scope"] for feed in first.values()) == 2

    code, again = _here()
    assert code == 0
    assert {feed["status"] for feed in again.values()} == {"unchanged"}
    assert all(feed["counts"]["unchanged"] == feed["counts"]["accepted"] for feed in again.values())

    _, second = _here("--edition", "2")
    assert second["greengate"]["status"] == "waiting"
    assert "drop" in second["greengate"]["error"]
    others = [feed for name, feed in second.items() if name != "greengate"]
    assert {feed["status"] for feed in others} == {"updated"}
    for feed in others:
        assert feed["counts"]["new"] == 1
        assert feed["counts"]["withdrawn"] == 1
        assert feed["counts"]["changed"] >= 1
