"""Others write into DEQAR, and it is served on: nothing of it takes effect in a browser or a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from connectors.deqar import RegisterReading, read_register
from connectors.deqar.routes import role_of
from connectors.documents import Document
from pipelines.demo.deqar.door import DEMO_TOKEN, Door, Request
from tests.browser import ADDRESSES, PAYLOADS, effects, followed, strings
from tests.connectors.deqar.support import document, world

BASE = "https://deqar.example"
JSON_PATHS = (
    *("/connectapi/v1/providers/", "/webapi/v2/browse/institutions/", "/webapi/v2/browse/reports/"),
    *("/webapi/v2/browse/agencies/?registered=All", "/connectapi/v1/providers/71001"),
    *("/webapi/v2/browse/reports/990001/", "/webapi/v2/browse/reports/programme/by-institution/71001/"),
)
CSV_PATHS = tuple(f"/static/daily-csv/deqar-{name}.csv" for name in ("institutions", "reports", "agencies"))
KEYS = frozenset({"deqar_id", "report_id", "agency_id", "hei_deqar_id"})


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_the_register_takes_effect(payload: str) -> None:
    found = read_register([*_answers(JSON_PATHS, payload), *_answers(CSV_PATHS, payload)])
    assert len(found.providers) > 5
    assert len(found.reports) > 5
    assert not {text: why for text in strings(_told(found)) if (why := effects(text))}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_of_the_register_runs_when_it_is_followed(address: str) -> None:
    found = read_register(_answers(JSON_PATHS, address, whole=True))
    addresses = [
        *(provider.homepage or "" for provider in found.providers),
        *(agency.homepage or "" for agency in found.agencies),
        *(link.url for report in found.reports for link in report.links),
        *(file.url or "" for report in found.reports for file in report.files),
        *(held.value for provider in found.providers for held in provider.identifiers),
        *(one for report in found.reports for programme in report.programmes for one in programme.outcomes),
    ]
    assert any(addresses)
    assert not [text for text in addresses if followed(text)]


def _told(found: RegisterReading) -> Any:
    everything = [list(found.agencies), list(found.providers), list(found.reports), found.observations]
    return msgspec.to_builtins(everything)


def _answers(paths: tuple[str, ...], payload: str, *, whole: bool = False) -> Iterator[Document]:
    """Yield what the stand-in answers, with every text spoilt: the payload behind it, or instead of it (`whole`)."""
    door = Door(world())
    for path in paths:
        reply = door.answer(Request("GET", path, {"authorization": f"Bearer {DEMO_TOKEN}"}), BASE)
        assert reply.status == 200
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        spoilt = _csv(body, payload) if path in CSV_PATHS else json.dumps(_spoilt(json.loads(body), payload, whole))
        yield document(role_of(BASE + path) or "", spoilt.encode(), path, BASE + path)


def _spoilt(told: Any, payload: str, whole: bool) -> Any:
    if isinstance(told, dict):
        return {name: value if name == "deqar_id" else _spoilt(value, payload, whole) for name, value in told.items()}
    if isinstance(told, list):
        return [_spoilt(value, payload, whole) for value in told]
    return (payload if whole else f"{told} {payload}") if isinstance(told, str) else told


def _csv(body: bytes, payload: str) -> str:
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow({name: text if name in KEYS else f"{text} {payload}" for name, text in row.items()})
    return out.getvalue()
