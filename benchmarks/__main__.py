"""`python -m benchmarks`: measure every format at every size, and write a table to `benchmarks/results/`.

Each pass is a process of its own (`benchmarks.passes`), so that memory is that of one pass and nothing is warm that
would be cold on a server in the night. Feeds are made once and kept under `benchmarks/work/`.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.generator import FORMATS, write_feed
from benchmarks.machine import this_machine
from benchmarks.passes import Measured
from benchmarks.report import Report, Row, markdown

HERE = Path(__file__).parent
WORK, RESULTS = HERE / "work", HERE / "results"
SIZES = (1_000, 10_000)
_log = logging.getLogger("benchmarks")


def main(arguments: list[str] | None = None) -> None:
    """Measure what the command line asks for and write the results."""
    chosen = _options().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    report = Report(datetime.now(UTC).date().isoformat(), this_machine(), [])
    for size in chosen.sizes:
        for format_name in chosen.formats:
            report.rows.append(_measured(format_name, size))
            _write(report, chosen.what)
    _log.info("Written: %s", RESULTS / f"{report.date}-{chosen.what}.md")


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--sizes", type=_sizes, default=SIZES, help="offerings per feed, with commas between")
    options.add_argument("--formats", type=_formats, default=FORMATS, help="formats, with commas between")
    options.add_argument("--what", default="steps", help="what the file of results is called, beside the date")
    return options


def _sizes(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def _formats(text: str) -> list[str]:
    unknown = set(chosen := text.split(",")) - set(FORMATS)
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no generator for {', '.join(sorted(unknown))}; there are {', '.join(FORMATS)}"
        )
    return chosen


def _measured(format_name: str, size: int) -> Row:
    """A first pass over a feed, and a second one in which nothing has changed."""
    feed, data = WORK / "feeds" / f"{format_name}-{size}", WORK / "data"
    if not feed.exists():
        _log.info("%s, %s offerings: making the feed", format_name, f"{size:,}")
        write_feed(format_name, size, part := feed.with_suffix(".part"))
        part.rename(feed)
    shutil.rmtree(data, ignore_errors=True)
    first, again = (_pass(feed, data, format_name) for _ in range(2))
    shutil.rmtree(data)
    _log.info("%s, %s offerings: %.1f s, then %.1f s", format_name, f"{size:,}", first.whole.wall, again.whole.wall)
    return Row(format_name, size, first, again)


def _pass(feed: Path, data: Path, format_name: str) -> Measured:
    """One pass in a process of its own. Raises `subprocess.CalledProcessError` where it fails."""
    answer = WORK / "answer.json"
    command = [sys.executable, "-m", "benchmarks.passes", str(feed), str(data), format_name, str(answer)]
    subprocess.run(command, check=True, cwd=HERE.parent)
    return msgspec.json.decode(answer.read_bytes(), type=Measured)


def _write(report: Report, what: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{report.date}-{what}"
    path.with_suffix(".md").write_text(markdown(report), encoding="utf-8")
    path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))


if __name__ == "__main__":
    main()
