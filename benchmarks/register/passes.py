"""One way through the trust half, in a process of its own: from DEQAR's address to statements on every offering.

`python -m benchmarks.register.passes WAY ADDRESS DATA_FOLDER ANSWER` pulls the register that stands at ADDRESS, the
one way or the other, reads and judges it, loads it into the catalogue below DATA_FOLDER, links and makes statements by
the functions the pipeline calls, and writes what each step took to ANSWER (JSON). The catalogue holds its offerings
already (`benchmarks.register.catalogue`).
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks.register.generator import TODAY
from benchmarks.register.meter import Meter, Step
from pipelines.demo.deqar.door import DEMO_TOKEN

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalogue_db.register import RegisterReport
    from catalogue_db.trust import TrustReport
    from connectors.deqar import RegisterReading
    from connectors.snapshots import Snapshot

WAYS: dict[str, dict[str, Any]] = {
    "api": {
        "providers": {"way": "connect_api", "page_size": 1000, "details": False},
        "agencies": {"way": "web_api"},
        "reports": {"way": "web_api", "page_size": 1000, "details": "none"},
    },
    "csv": {"providers": {"way": "csv"}, "agencies": {"way": "csv"}, "reports": {"way": "csv"}},
}
"""The two ways in: the lists of the Connect API and of the Web API, and the nightly files."""


class Passed(msgspec.Struct):
    """What one way took, step by step."""

    way: str
    steps: list[Step]
    database_bytes: int


def measure(way: str, address: str, data: Path) -> Passed:
    """Go one way and say what it took."""
    from catalogue_db.engine import open_catalogue
    from connectors.deqar import read_register

    meter = Meter()
    database = data / "catalogue.db"
    engine = open_catalogue(f"sqlite:///{database}")
    snapshot = meter.step("pull", lambda: _pull(way, address, data), lambda done: f"{len(done.documents)} documents")
    reading = meter.step("read", lambda: read_register(snapshot.documents), _read)
    meter.step("judge", lambda: _judge(reading), lambda findings: f"{len(findings)} findings")
    meter.step("load", lambda: _load(engine, snapshot, reading), lambda report: report.status)
    meter.step("link", lambda: _link(engine), lambda report: f"{report.linked} linked, {report.proposed} proposed")
    meter.step("recompute", lambda: _check(engine, TODAY), _said)
    meter.step("again, nothing changed", lambda: _check(engine, TODAY), _said)
    meter.step("next day", lambda: _check(engine, TODAY + timedelta(days=1)), _said)
    meter.step("the same pull again", lambda: _load(engine, snapshot, reading), lambda report: report.status)
    engine.dispose()
    return Passed(way, meter.steps, sum(file.stat().st_size for file in data.glob("catalogue.db*")))


def _pull(way: str, address: str, data: Path) -> Snapshot:
    from connectors.deqar import DeqarContract, pull_deqar
    from connectors.snapshots import SnapshotStore

    contract = DeqarContract.model_validate(
        {
            "title": "Bench",
            "transport": {"url": address, "rate": 10_000, "allow_private_addresses": True, "timeout": 600},
            "expectations": {"least_providers": 1, "least_reports": 1},
            **WAYS[way],
        }
    )
    store = SnapshotStore(str(data / "snapshots"))
    return pull_deqar(contract, store, now=_at(TODAY, 1), environment={"DEQAR_TOKEN": DEMO_TOKEN})


def _read(reading: RegisterReading) -> str:
    programmes = sum(len(one.programmes) for one in reading.reports)
    return f"{len(reading.providers)} providers, {len(reading.reports)} reports, {programmes} programmes"


def _judge(reading: RegisterReading) -> list[Any]:
    from expectations.policy import load_policy
    from expectations.register import RegisterDemands, judge_register

    return judge_register(load_policy(), RegisterDemands(), reading.agencies, reading.providers, reading.reports)


def _load(engine: Engine, snapshot: Snapshot, reading: RegisterReading) -> RegisterReport:
    from catalogue_db.register import RegisterCandidate, load_register

    candidate = RegisterCandidate(
        snapshot_id=snapshot.snapshot_id,
        taken_at=snapshot.confirmed_at,
        contract_fingerprint="bench",
        run_id="bench",
        entities=reading.entities,
    )
    return load_register(engine, candidate, now=_at(TODAY, 2))


def _link(engine: Engine) -> Any:
    from catalogue_db.linking.link import relink

    return relink(engine, today=TODAY)


def _check(engine: Engine, day: date) -> TrustReport:
    from catalogue_db.trust import recompute

    return recompute(engine, today=day, now=_at(day, 3))


def _said(report: TrustReport) -> str:
    mix = ", ".join(f"{status} {number}" for status, number in report.mix.items())
    return f"{report.organisations_anew} organisations anew, {report.changed} statements changed ({mix})"


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


if __name__ == "__main__":
    _way, _address, _data, _answer = sys.argv[1:]
    Path(_answer).write_bytes(msgspec.json.encode(measure(_way, _address, Path(_data))))
