"""`python -m benchmarks.loading`: how long loads take, beside a plain COPY and beside dlt's merge of the same rows.

A feed of the asked size is written to files once per share of changed offerings. The catalogue's load, dlt's merge
and the COPY all read the same files and write to the same PostgreSQL server, each into a database of its own; the
catalogue is also loaded into SQLite. What is compared: the catalogue's load keeps history, tombstones, a change log
and the search, in one transaction; dlt merges rows by key; COPY only copies the rows that the catalogue's first load
wrote, into tables with nothing on them, and once more with all that is searched into the catalogue's own tables.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, inspect, text

from benchmarks.corpus import offerings
from benchmarks.databases import candidate
from benchmarks.machine import Machine, this_machine
from benchmarks.report import machine_line, table
from benchmarks.servers import database
from benchmarks.stopwatch import Stopwatch
from catalogue_db.candidate import Candidate
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.migrations import upgrade
from catalogue_db.rows import instance_rows, offering_row, outcome_rows, text_rows
from catalogue_db.search import indexing
from catalogue_db.tables import metadata
from standard.offering import Offering, from_json, to_json
from standard.verdict import JudgedRecord

HERE = Path(__file__).parent
WORK, RESULTS = HERE / "work", HERE / "results"
FEED = "bench0"
SHARES = (0.0, 0.01, 0.1, 1.0)
DEARER = "100% dearer"
COPIED = (
    "offering",
    "offering_document",
    "offering_version",
    "offering_text",
    "learning_outcome",
    "instance",
    "offering_field",
    "offering_language",
    "offering_mode",
    "offering_organisation",
    "record",
    "change",
)
_log = logging.getLogger("benchmarks")


class Load(msgspec.Struct):
    """One load. Seconds on the clock; `client`: CPU seconds of our process; `index`: of it, in the search."""

    what: str
    wall: float
    client: float
    index: float | None = None


class LoadingReport(msgspec.Struct):
    """All that was measured. `loads`: way → its loads; `rows`: what the first load wrote, table by table."""

    date: str
    machine: Machine
    size: int
    rows: dict[str, int]
    loads: dict[str, list[Load]]


def main(arguments: list[str] | None = None) -> None:
    """Measure what the command line asks for and write the results."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.loading", description=__doc__)
    options.add_argument("--size", type=int, default=20_000, help="offerings (a multiple of 1,000)")
    options.add_argument("--postgres", help="address of a server on which databases may be made (default: its own)")
    options.add_argument("--ways", type=lambda text: text.split(","), default=["sqlite", "postgresql", "copy", "dlt"])
    options.add_argument("--what", default="loading", help="what the file of results is called, beside the date")
    chosen = options.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    report = LoadingReport(datetime.now(UTC).date().isoformat(), this_machine(), chosen.size, {}, {})
    files = _files(chosen.size)
    for way in chosen.ways:
        report.loads[way] = _WAYS[way](files, chosen, report)
        _write(report, chosen.what)
    _log.info("Written: %s", RESULTS / f"{report.date}-{chosen.what}.md")


def _files(size: int) -> dict[str, Path]:
    """The feed's offerings, one JSON document a line: as first seen, and with each share of them changed."""
    WORK.mkdir(exist_ok=True)
    files = {"first": WORK / f"offerings-{size}.jsonl"}
    files |= {f"{share:.0%} changed": WORK / f"offerings-{size}-{share:g}.jsonl" for share in SHARES}
    for (name, path), share in zip(files.items(), (0.0, *SHARES), strict=True):
        edition = 1 if share == 0 else 2 + SHARES.index(share)
        _write_feed(name, path, offerings(FEED, 0, size, edition=edition, changed=share))
    files[DEARER] = WORK / f"offerings-{size}-dearer.jsonl"
    last = offerings(FEED, 0, size, edition=2 + SHARES.index(1.0), changed=1.0)
    _write_feed(DEARER, files[DEARER], map(_dearer, last))
    return files


def _write_feed(name: str, path: Path, stream: Iterable[Offering]) -> None:
    if not path.exists():
        _log.info("writing the feed: %s", name)
        with path.with_suffix(".part").open("wb") as out:
            out.writelines(to_json(one) + b"\n" for one in stream)
        path.with_suffix(".part").rename(path)


def _dearer(one: Offering) -> Offering:
    """The same, at another price."""
    instances = [
        msgspec.structs.replace(
            each, price=[msgspec.structs.replace(p, amount=(p.amount or 0) + 10) for p in each.price]
        )
        for each in one.instances
    ]
    return msgspec.structs.replace(one, instances=instances)


def _read(path: Path) -> Iterator[Offering]:
    with path.open("rb") as lines:
        yield from map(from_json, lines)


def _candidate(name: str, path: Path, size: int) -> Candidate:
    def some_records(numbers: Set[int]) -> Iterator[tuple[int, JudgedRecord]]:
        with path.open("rb") as lines:
            for number, line in enumerate(lines):
                if number in numbers:
                    yield number, _judged(from_json(line))

    return replace(
        candidate(FEED, 0, size),
        snapshot_id=name,
        records=lambda: map(_judged, _read(path)),
        some_records=some_records,
    )


def _judged(one: Offering) -> JudgedRecord:
    return JudgedRecord(f"bench#/{one.source_id}", "accepted", one.source_id, one)


def _timed(what: str, act: Callable[[], Any], watch: Stopwatch | None = None) -> Load:
    wall, cpu = time.perf_counter(), time.process_time()
    before = watch.spent["index"].wall if watch and "index" in watch.spent else 0.0
    act()
    load = Load(what, time.perf_counter() - wall, time.process_time() - cpu)
    if watch:
        load.index = (watch.spent["index"].wall if "index" in watch.spent else 0.0) - before
    _log.info("%s: %.1f s, of it %.1f s CPU here", what, load.wall, load.client)
    return load


def _catalogue(url: str, files: dict[str, Path], size: int) -> list[Load]:
    """The catalogue's own load, one edition after the other; the 0 % edition is another snapshot of the same."""
    engine = open_catalogue(url)
    upgrade(engine)
    watch = _watched()
    loads = [
        _timed(name, partial(load_candidate, engine, _candidate(name, path, size)), watch)
        for name, path in files.items()
    ]
    engine.dispose()
    return loads


_watch: Stopwatch | None = None


def _watched() -> Stopwatch:
    """Count the search writer's work, for the life of the process."""
    global _watch
    if _watch is None:
        _watch = Stopwatch()
        for method in ("add", "flush", "finish"):
            if hasattr(indexing.SearchWriter, method):
                _watch.watch(indexing.SearchWriter, method, "index")
    return _watch


def _sqlite(files: dict[str, Path], chosen: argparse.Namespace, _report: LoadingReport) -> list[Load]:
    for left in WORK.glob("loading.db*"):
        left.unlink()
    return _catalogue(f"sqlite:///{WORK / 'loading.db'}", files, chosen.size)


def _postgresql(files: dict[str, Path], chosen: argparse.Namespace, report: LoadingReport) -> list[Load]:
    url = database(chosen.postgres, "bench_loading", lambda _url: None, fresh=True)
    loads = _catalogue(url, files, chosen.size)
    with open_catalogue(url).connect() as connection:
        report.rows |= {name: _count(connection, name) for name in COPIED}
    return loads


def _columns(source: Connection, name: str) -> str:
    """A table's columns and their types, and nothing else of it."""
    query = text(
        "SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) "
        "FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 AND NOT attisdropped"
    )
    return str(source.execute(query, {"name": name}).scalar_one())


def _copied_out(source: Connection, name: str) -> list[bytes]:
    """A table's rows as PostgreSQL gives and takes them."""
    driver = source.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT BINARY)') as out:
        return [bytes(block) for block in out]


def _copy(files: dict[str, Path], chosen: argparse.Namespace, report: LoadingReport) -> list[Load]:
    """Copy the rows of a first load out of the catalogue's database, then into bare tables, on the clock; and all that
    the load left behind, what is searched too, into the catalogue's own tables with their keys and indexes."""
    first = database(chosen.postgres, "bench_first", lambda _url: None, fresh=True)
    engine = open_catalogue(first)
    upgrade(engine)
    load_candidate(engine, _candidate("first", files["first"], chosen.size))
    bare = open_catalogue(database(chosen.postgres, "bench_copy", lambda _url: None, fresh=True))
    whole = open_catalogue(database(chosen.postgres, "bench_copy_whole", lambda _url: None, fresh=True))
    upgrade(whole)
    with engine.connect() as source:
        report.rows |= {name: _count(source, name) for name in COPIED}
        with bare.connect() as target:
            for name in COPIED:
                target.execute(text(f'CREATE TABLE public."{name}" ({_columns(source, name)})'))
            given = {f'public."{name}"': _copied_out(source, name) for name in COPIED}
            load = _copied_in(target, given)
        with whole.connect() as target:
            there = inspect(source).get_table_names(schema="catalogue")
            names = [each.name for each in metadata.sorted_tables if each.name in there]
            written = [name for name in names if _count(source, name) and not _count(target, name)]
            given = {f'"{name}"': _copied_out(source, name) for name in written}
            report.loads["copy with indexes"] = [_copied_in(target, given)]
    return [load]


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())


def _copied_in(target: Connection, given: dict[str, list[bytes]]) -> Load:
    """Copy rows into tables, in one transaction, on the clock. `given`: table, as SQL → its rows, as they came."""
    target.commit()
    driver = target.connection.driver_connection
    assert driver is not None

    def act() -> None:
        for name, blocks in given.items():
            with driver.cursor().copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as into:
                for block in blocks:
                    into.write(block)
        driver.commit()

    return _timed("first", act)


def _dlt(files: dict[str, Path], chosen: argparse.Namespace, _report: LoadingReport) -> list[Load]:
    """dlt's merge by key of the same rows: an offering with its texts, outcomes and instances as nested tables."""
    import dlt  # only installed to measure
    from sqlalchemy.engine import make_url

    url = database(chosen.postgres, "bench_dlt", lambda _url: None, fresh=True)
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    pipeline = dlt.pipeline(
        "bench_loading",
        destination=dlt.destinations.postgres(address),
        dataset_name="offerings",
        pipelines_dir=str(WORK / "dlt"),
    )
    pipeline.drop()

    def load(path: Path) -> None:
        rows = dlt.resource(_nested(path), name="offering", primary_key="offering_id", write_disposition="merge")
        pipeline.run(rows).raise_on_failed_jobs()

    return [_timed(name, partial(load, path)) for name, path in files.items()]


def _nested(path: Path) -> Iterator[dict[str, Any]]:
    for one in _read(path):
        yield {
            "offering_id": one.offering_id,
            **offering_row(one),
            "document": to_json(one).decode(),
            "texts": text_rows(one, 0),
            "outcomes": outcome_rows(one, 0),
            "instances": instance_rows(one, 0),
        }


_WAYS = {"sqlite": _sqlite, "postgresql": _postgresql, "copy": _copy, "dlt": _dlt}
_NOTE = """\
Seconds on the clock. *Index* is what of it went into the search (vocabulary, full-text index, bitmaps). Each edition
is the whole feed again with that share of its offerings changed (eight words of the description; in the last one
only the price); nobody tells the loader which. dlt merges the rows
by key and keeps neither history nor tombstones nor a search; COPY copies the rows that the catalogue's first load
wrote into bare tables; *with indexes*: these and all rows that the search is made of, ready-made, into the catalogue's
own tables with their keys and indexes."""


def _write(report: LoadingReport, what: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{report.date}-{what}"
    path.with_suffix(".md").write_text(markdown(report), encoding="utf-8")
    path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))


def markdown(report: LoadingReport) -> str:
    """Return the page."""
    editions = list(dict.fromkeys(load.what for loads in report.loads.values() for load in loads))
    lines = [[way, *(_cell(loads, what, report.size) for what in editions)] for way, loads in report.loads.items()]
    rows = ", ".join(f"{name} {count:,}" for name, count in report.rows.items())
    parts = [f"# Loading {report.size:,} offerings, {report.date}", machine_line(report.machine), _NOTE]
    parts += [table(["", *editions], lines), f"Rows: {rows}."]
    return "\n\n".join(parts) + "\n"


def _cell(loads: list[Load], what: str, size: int) -> str:
    load = next((each for each in loads if each.what == what), None)
    if load is None:
        return "-"
    index = "" if load.index is None else f", index {load.index / load.wall:.0%}"
    return f"{load.wall:.1f} s ({size / load.wall:,.0f}/s{index})"


if __name__ == "__main__":
    main()
