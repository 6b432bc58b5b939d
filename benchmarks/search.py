"""`python -m benchmarks.search`: how long searches take, side by side, and how much of it is lost with eight clients.

Makes databases of the asked sizes (kept under `benchmarks/work/`, made again with ``--fresh``), runs every class of
queries on every engine in turn within each class, and writes a table to `benchmarks/results/`. One client runs alone
on the machine; eight clients are processes of their own that work at the same time for a few seconds.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.corpus import offerings
from benchmarks.databases import feeds, fill
from benchmarks.engines import open_engine, open_suggest
from benchmarks.machine import Machine, this_machine
from benchmarks.queries import CLASSES, Query, query_classes
from benchmarks.report import machine_line, table

HERE = Path(__file__).parent
WORK, RESULTS = HERE / "work", HERE / "results"
ENGINES = ("sqlite", "postgresql", "tantivy", "tantivy-everywhere")
CLIENTS = 8
_SECONDS = 4.0
_OTHERS = 12
"""What other queries than the measured ones are drawn with."""

_log = logging.getLogger("benchmarks")


class Times(msgspec.Struct):
    """Milliseconds of one class on one engine: the middle one, and the slowest of 20 and of 100."""

    p50: float
    p95: float
    p99: float
    found: float
    """Offerings found, on average."""


class Measured(msgspec.Struct):
    """One size: class → engine → times, alone and with eight clients."""

    size: int
    alone: dict[str, dict[str, Times]]
    together: dict[str, dict[str, Times]]


class SearchReport(msgspec.Struct):
    """All that was measured on one day."""

    date: str
    machine: Machine
    sizes: list[Measured]


def main(arguments: list[str] | None = None) -> None:
    """Measure what the command line asks for and write the results."""
    chosen = _options().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    report = SearchReport(datetime.now(UTC).date().isoformat(), this_machine(), [])
    for size in chosen.sizes:
        places = {kind: _place(kind, size, chosen) for kind in chosen.engines if _is_wanted(kind, size, chosen)}
        report.sizes.append(_measure(size, places, chosen))
        _write(report, chosen.what)
    _log.info("Written: %s", RESULTS / f"{report.date}-{chosen.what}.md")


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    numbers = lambda text: [int(one) for one in text.split(",")]  # noqa: E731
    options.add_argument("--sizes", type=numbers, default=[10_000, 100_000], help="offerings, with commas between")
    options.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES))
    options.add_argument("--postgres", help="address of a server on which databases may be made (default: its own)")
    options.add_argument("--queries", type=int, default=120, help="queries of each class")
    options.add_argument("--largest-sqlite", type=int, default=100_000, help="no SQLite above this size")
    options.add_argument("--no-clients", action="store_true", help="leave out the eight clients")
    options.add_argument("--fresh", action="store_true", help="make the databases again")
    options.add_argument("--what", default="search", help="what the file of results is called, beside the date")
    return options


def _is_wanted(kind: str, size: int, chosen: argparse.Namespace) -> bool:
    return kind != "sqlite" or size <= chosen.largest_sqlite


def _place(kind: str, size: int, chosen: argparse.Namespace) -> str:
    """Where the engine's data is, made if it is not there yet."""
    WORK.mkdir(exist_ok=True)
    if kind.startswith("tantivy"):
        return _tantivy(size, fresh=chosen.fresh)
    if kind == "sqlite":
        return _sqlite(WORK / f"catalogue-{size}.db", size, fresh=chosen.fresh)
    from benchmarks.servers import database, read_into_memory

    address = database(chosen.postgres, f"bench_{size}", lambda url: _filled(url, size), fresh=chosen.fresh)
    read_into_memory(address)
    return address


@cache
def _tantivy(size: int, *, fresh: bool) -> str:
    from benchmarks.tantivy_index import build

    folder = WORK / f"tantivy-{size}"
    if fresh or not folder.exists():
        _log.info("tantivy, %s offerings: indexing", f"{size:,}")
        build(folder, (one for feed, first, count in feeds(size) for one in offerings(feed, first, count)))
    return str(folder)


def _sqlite(path: Path, size: int, *, fresh: bool) -> str:
    if fresh or not path.exists():
        part = path.with_suffix(".part")
        for left in path.parent.glob(f"{part.name}*"):
            left.unlink()
        _filled(f"sqlite:///{part}", size)
        part.rename(path)
    return f"sqlite:///{path}"


def _filled(url: str, size: int) -> None:
    _log.info("%s: loading %s offerings", url.split(":")[0], f"{size:,}")
    began = time.perf_counter()
    engine, _reports = fill(url, size)
    engine.dispose()
    _log.info("loaded in %.0f s", time.perf_counter() - began)


def _measure(size: int, places: dict[str, str], chosen: argparse.Namespace) -> Measured:
    classes = query_classes(size, chosen.queries)
    engines = {kind: open_engine(kind, where) for kind, where in places.items()}
    suggesting = {kind: open_suggest(kind, where) for kind, where in places.items() if not kind.startswith("tantivy")}
    measured = Measured(size, {}, {})
    _warm_up(engines.values(), query_classes(size, chosen.queries, _OTHERS))
    for name in CLASSES:
        measured.alone[name] = {kind: _timed(run, classes[name]) for kind, run in engines.items()}
        _say(size, name, measured.alone[name])
    for name, typed in _typed(classes).items():
        measured.alone[name] = {kind: _timed(run, typed) for kind, run in suggesting.items()}
        _say(size, name, measured.alone[name])
    if not chosen.no_clients:
        for name in CLASSES:
            measured.together[name] = {kind: _crowd(kind, places[kind], classes[name]) for kind in places}
            _say(size, f"{name}, {CLIENTS} clients", measured.together[name])
    return measured


def _typed(classes: dict[str, list[Query]]) -> dict[str, list[Query]]:
    """What is suggested for: words of which some letters are typed, alone and behind another word."""
    begun = [Query(query.text[:length], query.lang) for query in classes["one common word"] for length in (2, 3, 5)]
    return {"suggestions": begun, "suggestions, second word": classes["word and three letters"]}


def _warm_up(engines: Iterable[Any], classes: dict[str, list[Query]]) -> None:
    """A server in use has its plans made and its data in memory: other queries of all classes are asked before."""
    for run in engines:
        for queries in classes.values():
            for query in queries:
                run(query)


def _timed(run: Any, queries: list[Query]) -> Times:
    """Each query once on the clock, after a few to warm up what any server has warm."""
    for query in queries[:5]:
        run(query)
    return _times([_one(run, query) for query in queries])


def _one(run: Any, query: Query) -> tuple[float, int]:
    began = time.perf_counter()
    found = run(query)
    return (time.perf_counter() - began) * 1000, found


def _times(taken: list[tuple[float, int]]) -> Times:
    sorted_times = sorted(each for each, _found in taken)
    p50, p95, p99 = (sorted_times[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.95, 0.99))
    return Times(p50, p95, p99, sum(found for _each, found in taken) / len(taken))


def _crowd(kind: str, where: str, queries: list[Query]) -> Times:
    """Eight processes search for a few seconds at the same time."""
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        parts = pool.starmap(_client, [(kind, where, queries[at::CLIENTS], time.time() + 6) for at in range(CLIENTS)])
    return _times([each for part in parts for each in part])


def _client(kind: str, where: str, queries: list[Query], start: float) -> list[tuple[float, int]]:
    run = open_engine(kind, where)
    run(queries[0])
    time.sleep(max(0.0, start - time.time()))
    taken: list[tuple[float, int]] = []
    while time.time() < start + _SECONDS:
        taken += [_one(run, query) for query in queries[:5]]
        queries = queries[5:] + queries[:5]
    return taken


def _say(size: int, name: str, times: dict[str, Times]) -> None:
    told = ", ".join(f"{kind} {each.p50:.1f} / {each.p95:.1f} ms" for kind, each in times.items())
    _log.info("%s, %s: %s", f"{size:,}", name, told)


_NOTE = """\
Milliseconds, p50 / p95 / p99, of the first page of 20 with all it shows: titles and passages with the words marked;
classes with facets count every facet too. On SQLite through the Python function, on PostgreSQL through the SQL
functions. Tantivy makes the same page (`benchmarks/tantivy_index.py`): *tantivy* looks in the fields of the query's
language only, *tantivy-everywhere* in those of all languages, as ours does. Before that, PostgreSQL's tables were read
into its memory and as many other queries of each class asked, as on a server in use. The classes are drawn from the
offerings (`benchmarks/queries.py`); *found* is how many offerings a query finds on average, in the engine that finds
most."""


def _write(report: SearchReport, what: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{report.date}-{what}"
    path.with_suffix(".md").write_text(markdown(report), encoding="utf-8")
    path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))


def markdown(report: SearchReport) -> str:
    """Return the page."""
    parts = [f"# Search, {report.date}", machine_line(report.machine), _NOTE]
    for one in report.sizes:
        parts += [f"## {one.size:,} offerings, one client", _classes(one.alone)]
        if one.together:
            parts += [f"## {one.size:,} offerings, {CLIENTS} clients at once", _classes(one.together)]
    return "\n\n".join(parts) + "\n"


def _classes(measured: dict[str, dict[str, Times]]) -> str:
    kinds: Iterable[str] = dict.fromkeys(kind for times in measured.values() for kind in times)
    lines = [
        [name, *(_cell(times.get(kind)) for kind in kinds), f"{max(each.found for each in times.values()):,.0f}"]
        for name, times in measured.items()
        if times
    ]
    return table(["class of query", *kinds, "found"], lines)


def _cell(times: Times | None) -> str:
    return "-" if times is None else f"{times.p50:.1f} / {times.p95:.1f} / {times.p99:.1f}"


if __name__ == "__main__":
    main()
