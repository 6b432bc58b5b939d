"""The benchmarks measure what the pipeline does: all of it, step by step. No time is held against anything here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks.generator import FORMATS, write_feed
from benchmarks.machine import this_machine
from benchmarks.passes import Measured, take, workplace_in
from benchmarks.report import STEPS, Report, Row, markdown
from benchmarks.stopwatch import Stopwatch

ROOT = Path(__file__).parents[2]
TWICE = "ooapi-5"


def _pass(feed: Path, data: Path, format_name: str) -> Measured:
    answer = data.parent / "answer.json"
    command = [sys.executable, "-m", "benchmarks.passes", str(feed), str(data), format_name, str(answer)]
    subprocess.run(command, check=True, cwd=ROOT)
    return msgspec.json.decode(answer.read_bytes(), type=Measured)


@pytest.mark.slow
@pytest.mark.parametrize("format_name", sorted(set(FORMATS) - {TWICE}))
def test_a_pass_over_a_generated_feed(format_name: str, tmp_path: Path) -> None:
    """Whatever the format, the pipeline takes all of it; how a pass is measured is the same for all, see below."""
    write_feed(format_name, 12, tmp_path / "feed")
    workplace = workplace_in(tmp_path / "data")
    outcome = take(tmp_path / "feed", format_name, workplace, Stopwatch())
    workplace.engine.dispose()
    assert (outcome.load.status, outcome.counts.fetched, outcome.counts.accepted) == ("updated", 12, 12)


@pytest.mark.slow
def test_two_passes_over_a_generated_feed(tmp_path: Path) -> None:
    write_feed(TWICE, 12, tmp_path / "feed")
    first, again = (_pass(tmp_path / "feed", tmp_path / "data", TWICE) for _ in range(2))
    assert (first.status, first.records, first.accepted) == ("updated", 12, 12)
    assert (again.status, again.records, again.accepted) == ("unchanged", 12, 12)
    measured = set(first.sections)
    assert {name for _, sections in STEPS for name in sections} <= measured
    assert not {"parse", "map", "source checks", "offering checks"} & set(again.sections), "nothing is done twice"
    assert 0 < first.great_expectations.cpu < first.whole.cpu
    assert sum(spent.cpu for spent in first.sections.values()) == pytest.approx(first.whole.cpu)
    page = markdown(Report("2027-01-01", this_machine(), [Row(TWICE, 12, first, again)]))
    assert f"| {TWICE} | 12 |" in page
    assert "smaller feeds only" in page


def test_the_same_seed_gives_the_same_feed(tmp_path: Path) -> None:
    one = write_feed("ooapi-5", 600, tmp_path / "one", seed=7)
    other = write_feed("ooapi-5", 600, tmp_path / "other", seed=7)
    another = write_feed("ooapi-5", 600, tmp_path / "another", seed=8)
    assert [file.name for file in one if file.name.startswith("courses")] == [f"courses-000{n}.json" for n in range(3)]
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
    assert [file.read_bytes() for file in one] != [file.read_bytes() for file in another]


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no generator for the format 'punch-cards'"):
        write_feed("punch-cards", 1, tmp_path / "feed")


class _Clock:
    def inner(self) -> str:
        return "done"

    def outer(self) -> str:
        return self.inner()

    def stream(self) -> list[int]:
        return [1, 2, 3]


def test_sections_inside_each_other_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 1000, 10))
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    watch = Stopwatch()
    clock = type("Clock", (_Clock,), {})
    watch.watch(clock, "outer", "outer")
    watch.watch(clock, "inner", "inner")
    assert clock().outer() == "done"
    assert {name: spent.wall for name, spent in watch.spent.items()} == {"outer": 20, "inner": 10}


def test_a_watched_stream_gives_what_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 1000, 10))
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    watch = Stopwatch()
    clock = type("Clock", (_Clock,), {})
    watch.watch_stream(clock, "stream", "stream")
    assert list(clock().stream()) == [1, 2, 3]
    assert watch.spent["stream"].wall == 40, "three items and the end"
