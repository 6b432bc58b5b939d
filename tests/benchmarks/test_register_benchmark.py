"""The benchmark of the trust half measures what it says, on a register small enough for a test. No time is judged."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from benchmarks.register import __main__ as bench
from benchmarks.register.generator import Size, offerings, offerings_of, register, size_of
from benchmarks.register.report import Measured

SMALL = Size(40, 200, 400, 120)
STEPS = ["pull", "read", "judge", "load", "link", "recompute", "again, nothing changed", "next day"]


def test_the_register_has_the_size_that_was_asked_for_and_is_the_same_each_time() -> None:
    one, other = register(SMALL), register(SMALL)
    assert (len(one.institutions), len(one.reports)) == (40, 200)
    assert sum(len(report.programmes) for report in one.reports.values()) == pytest.approx(400, rel=0.2)
    assert one.reports == other.reports
    assert len(list(offerings(SMALL))) == sum(offerings_of(SMALL).values()) == 120
    assert size_of(SMALL.slug) == SMALL


@pytest.mark.slow
def test_both_ways_are_measured_step_by_step(tmp_path: Path) -> None:
    bench.main(["--size", "40,200,400,120", "--work", str(tmp_path / "work"), "--results", str(tmp_path / "results")])
    page = next((tmp_path / "results").glob("*-register.md")).read_text(encoding="utf-8")
    told = msgspec.json.decode(next((tmp_path / "results").glob("*.json")).read_bytes(), type=Measured)
    assert [way.way for way in told.ways] == ["api", "csv"]
    for way in told.ways:
        said = {step.name: step.said for step in way.steps}
        assert list(said)[: len(STEPS)] == STEPS
        assert said["read"].startswith("40 providers, 200 reports")
        assert said["load"] == "updated"
        assert said["recompute"].startswith("8 organisations anew, 120 statements changed")
        assert said["again, nothing changed"].startswith("0 organisations anew, 0 statements changed")
        assert all(step.peak_bytes > 0 for step in way.steps)
    assert "programme_report" in told.ways[0].steps[5].said
    assert "| recompute |" in page


@pytest.mark.parametrize("wrong", ["1,2,3", "1,2,3,0"])
def test_a_size_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--size", wrong])
