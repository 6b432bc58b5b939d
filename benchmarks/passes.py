"""One pass over one feed, in a process of its own: from files to the catalogue, by the functions the pipeline calls.

`python -m benchmarks.passes FEED_FOLDER DATA_FOLDER FORMAT ANSWER` keeps the files of FEED_FOLDER as a snapshot,
parses, maps, judges and loads them into the catalogue below DATA_FOLDER, and writes what that took to ANSWER (JSON).
Where DATA_FOLDER already holds the same feed, that is an unchanged feed. Only the fetch is left out: it is the
network's.

The process stays on one core. Steps that the pipeline interleaves are told apart by timing the rooms' doors.
"""

from __future__ import annotations

import importlib
import os
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks.stopwatch import Spent, Stopwatch

if TYPE_CHECKING:
    from connectors.documents import Fetched
    from connectors.feeds import FeedContract
    from pipelines.steps.load import LoadOutcome
    from pipelines.workplace import Workplace

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_DOORS = (
    ("expectations.checking", "_great_expectations", "start"),
    ("standard.values.languages", "_identifier", "start"),
    ("expectations.judge:Judge", "sources", "source checks"),
    ("pipelines.steps.map_and_judge", "map_offering", "map"),
    ("expectations.judge:Judge", "offerings", "offering checks"),
    ("pipelines.steps.map_and_judge", "report_of", "checks of the whole"),
    ("pipelines.steps.load", "_look_back", "checks of the whole"),
    ("pipelines.staging:Staging", "write", "staged files"),
    ("catalogue_db.load", "load_candidate", "load"),
    ("catalogue_db.search.indexing:SearchWriter", "add", "index"),
    ("catalogue_db.search.indexing:SearchWriter", "forget", "index"),
    ("catalogue_db.search.indexing:SearchWriter", "flush", "index"),
    ("catalogue_db.search.indexing:SearchWriter", "finish", "index"),
)
"""Where each step is entered; what it calls behind another door counts there. Importing Great Expectations and loading
the language model are done once, however large the feed: they count as start."""
_STREAMS = (
    ("pipelines.steps.parse", "items_of", "parse"),
    ("pipelines.staging:Staging", "read", "staged files"),
)
_GREAT_EXPECTATIONS = (
    ("expectations.checking:Checker", "failures"),
    ("expectations.judge", "sources_frame"),
    ("expectations.judge", "offerings_frame"),
    ("expectations.judge", "instances_frame"),
)
"""Great Expectations itself, and the frames that are made for nobody else."""


class Measured(msgspec.Struct):
    """What one pass took. `sections` add up to `whole`; `great_expectations` is a part of the checks' sections."""

    status: str
    records: int
    accepted: int
    feed_bytes: int
    database_bytes: int
    peak_bytes: int
    whole: Spent
    sections: dict[str, Spent]
    great_expectations: Spent


def measure(feed: Path, data: Path, format_name: str) -> Measured:
    """Run one pass and say what it took."""
    watch, judging = Stopwatch(), Stopwatch()
    with watch.section("start"):
        _import_everything()
        _watch_doors(watch, judging)
        workplace = workplace_in(data)
        _ = workplace.engine, workplace.policy
    with watch.section("the rest"):
        outcome = take(feed, format_name, workplace, watch)
        workplace.engine.dispose()
    return Measured(
        status=outcome.load.status,
        records=outcome.counts.fetched,
        accepted=outcome.counts.accepted,
        feed_bytes=sum(file.stat().st_size for file in feed.iterdir()),
        database_bytes=sum(file.stat().st_size for file in data.glob("catalogue.db*")),
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        whole=_sum(watch),
        sections=watch.spent,
        great_expectations=_sum(judging),
    )


def take(feed: Path, format_name: str, workplace: Workplace, watch: Stopwatch) -> LoadOutcome:
    """Take the files of a feed from a snapshot to the catalogue of `workplace`; return what came of the load."""
    from pipelines.steps.load import load_latest
    from pipelines.steps.map_and_judge import judge_latest
    from pipelines.steps.parse import parse_snapshot

    contract = _contract(format_name)
    with watch.section("keep the snapshot"):
        snapshot = workplace.store.keep(contract.name, _answers(feed), datetime.now(UTC), format_name=contract.format)
    parse_snapshot(contract, snapshot, workplace.staging)
    judge_latest(contract, workplace)
    return load_latest(contract, workplace, "benchmark")


def _answers(feed: Path) -> Iterator[Fetched]:
    """The files as a pull would hand them over, in the order of their names."""
    from connectors.documents import Fetched

    for file in sorted(feed.iterdir()):
        with file.open("rb") as body:
            yield Fetched(file.name, file.stem.rstrip("-0123456789"), f"https://bench.example/{file.name}", body)


def workplace_in(data: Path) -> Workplace:
    """A workplace whose snapshots, staged files and catalogue are all below the folder `data`."""
    from pipelines.settings import Settings
    from pipelines.workplace import Workplace

    return Workplace(Settings(data_dir=data))


def _contract(format_name: str) -> FeedContract:
    """A contract as an institution of the demo has it."""
    from connectors.feeds import FeedContract

    return FeedContract.model_validate(
        {
            "name": "bench",
            "title": "Bench University",
            "institution": {"name": {"en": "Bench University"}, "country": "LU", "homepage": "https://bench.example/"},
            "owner": {"name": "Bench", "email": "bench@bench.example"},
            "licence": "CC-BY-4.0",
            "format": format_name,
            "format_options": {"instances": "instances.csv"} if format_name == "spreadsheet" else {},
            "transport": {"url": "https://bench.example/"},
            "schedule": "0 3 * * *",
            "defaults": {"language": "en", "country": "LU"},
            "expectations": {"least_offerings": 1, "least_fill": {"title": 0.9}},
        }
    )


def _import_everything() -> None:
    """Import the rooms at once, so that no step is charged for it; what they put off themselves stays put off."""
    for name in ("connectors.formats", "connectors.snapshots", "expectations.judge", "catalogue_db.load"):
        importlib.import_module(name)


def _watch_doors(watch: Stopwatch, judging: Stopwatch) -> None:
    for place, attribute, name in _DOORS:
        watch.watch(_at(place), attribute, name)
    for place, attribute, name in _STREAMS:
        watch.watch_stream(_at(place), attribute, name)
    for place, attribute in _GREAT_EXPECTATIONS:
        judging.watch(_at(place), attribute, "Great Expectations")


def _at(place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def _sum(watch: Stopwatch) -> Spent:
    spent = watch.spent.values()
    return Spent(sum(one.wall for one in spent), sum(one.cpu for one in spent))


def _on_one_core() -> None:
    """Stay on one core, libraries' threads included, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ.update(dict.fromkeys(_THREADS, "1"))


if __name__ == "__main__":
    _on_one_core()
    _feed, _data, _format, _answer = sys.argv[1:]
    Path(_answer).write_bytes(msgspec.json.encode(measure(Path(_feed), Path(_data), _format)))
