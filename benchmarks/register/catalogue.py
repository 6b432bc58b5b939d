"""The catalogue that a register is measured with: its offerings, loaded as any feed's are.

`python -m benchmarks.register.catalogue SIZE FILE` makes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

from benchmarks.register.generator import FEED, TODAY, Size, offerings, size_of
from catalogue_db import migrations
from catalogue_db.candidate import Candidate, FeedInfo
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from standard.verdict import Counts, JudgedRecord


def write_catalogue(size: Size, file: Path) -> None:
    """Make a catalogue with the offerings of this size in `file`."""
    engine = open_catalogue(f"sqlite:///{file}")
    migrations.upgrade(engine)
    at = datetime.combine(TODAY, time(0), tzinfo=UTC)
    count = size.offerings
    candidate = Candidate(
        feed=FeedInfo(name=FEED, title="Bench", institution="Bench", country="LU"),
        snapshot_id="bench",
        snapshot_taken_at=at,
        mapping_version="bench",
        contract_fingerprint="bench",
        policy_fingerprint="bench",
        run_id="bench",
        records=lambda: _judged(size),
        counts=Counts(fetched=count, parsed=count, selected=count, accepted=count),
    )
    load_candidate(engine, candidate, now=at)
    engine.dispose()


def _judged(size: Size) -> Iterator[JudgedRecord]:
    for one in offerings(size):
        yield JudgedRecord(path=f"#/{one.source_id}", verdict="accepted", source_id=one.source_id, offering=one)


if __name__ == "__main__":
    write_catalogue(size_of(sys.argv[1]), Path(sys.argv[2]))
