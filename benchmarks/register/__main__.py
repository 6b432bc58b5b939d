"""`python -m benchmarks.register`: measure both ways in, and write a table to `benchmarks/results/`.

Sizes are given as ``--size PROVIDERS,REPORTS,PROGRAMMES,OFFERINGS``. The catalogue of each size is made once and kept
under `benchmarks/work/`.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.machine import this_machine
from benchmarks.register.generator import Size
from benchmarks.register.passes import WAYS, Passed
from benchmarks.register.report import Measured, markdown
from benchmarks.register.stand_in import ROOT, serving

WORK, RESULTS = ROOT / "benchmarks" / "work", ROOT / "benchmarks" / "results"
SMALL = Size(1_000, 15_000, 30_000, 10_000)
_log = logging.getLogger("benchmarks.register")


def main(arguments: list[str] | None = None) -> None:
    """Measure what the command line asks for and write the results."""
    chosen = _options().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    measured = Measured(datetime.now(UTC).date().isoformat(), this_machine(), chosen.size, [])
    catalogue = _catalogue(chosen.size, chosen.work)
    with serving(chosen.size) as address:
        for way in WAYS:
            measured.ways.append(_pass(way, address, catalogue, chosen.work))
            _log.info("%s: %.1f s", way, sum(step.wall for step in measured.ways[-1].steps))
    _write(measured, chosen.results)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks.register", description=__doc__)
    options.add_argument("--size", type=_size, default=SMALL, help="providers,reports,programmes,offerings")
    options.add_argument("--work", type=Path, default=WORK, help="where what is made on the way is kept")
    options.add_argument("--results", type=Path, default=RESULTS, help="where the table is written")
    return options


def _size(text: str) -> Size:
    numbers = [int(one) for one in text.split(",")]
    if len(numbers) != 4 or min(numbers) < 1:
        raise argparse.ArgumentTypeError("give four numbers: providers,reports,programmes,offerings")
    return Size(*numbers)


def _catalogue(size: Size, work: Path) -> Path:
    """The catalogue of this size, in a file that is made where it is not there yet."""
    file = work / "register" / f"{size.slug}-{_made_by()}.db"
    if not file.exists():
        _log.info("making a catalogue of %s offerings", f"{size.offerings:,}")
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        command = [sys.executable, "-m", "benchmarks.register.catalogue", size.slug, str(part)]
        subprocess.run(command, check=True, cwd=ROOT)
        part.rename(file)
    return file


def _made_by() -> str:
    """Changes with what makes a catalogue: its generator, and the tables. One that was made by others is not used."""
    tables = sorted((ROOT / "catalogue_db" / "migrations" / "versions").glob("*.py"))
    made_by = [*sorted(Path(__file__).parent.glob("*.py")), *tables]
    return hashlib.sha256(b"".join(file.read_bytes() for file in made_by)).hexdigest()[:8]


def _pass(way: str, address: str, catalogue: Path, work: Path) -> Passed:
    """One way in a process of its own. Raises `subprocess.CalledProcessError` where it fails."""
    data, answer = work / "register" / "data", work / "register" / "answer.json"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    shutil.copy(catalogue, data / "catalogue.db")
    command = [sys.executable, "-m", "benchmarks.register.passes", way, address, str(data), str(answer)]
    subprocess.run(command, check=True, cwd=ROOT)
    shutil.rmtree(data)
    return msgspec.json.decode(answer.read_bytes(), type=Passed)


def _write(measured: Measured, results: Path) -> None:
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{measured.date}-register"
    path.with_suffix(".md").write_text(markdown(measured), encoding="utf-8")
    path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(measured)))
    _log.info("Written: %s", path.with_suffix(".md"))


if __name__ == "__main__":
    main()
