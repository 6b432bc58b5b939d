"""The stand-in against recorded answers of the real backend: each recorded request is asked again, and status and body
are compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo.deqar.door import Account, Door, Request
from tests.demo.deqar_upstream import NEEDS_RECORDS, recorded, recorded_world, upstream_world

pytestmark = [pytest.mark.real, NEEDS_RECORDS]

TOKEN = "a" * 40
ACCOUNTS = (Account("user", "correct", TOKEN),)


@pytest.fixture(scope="module")
def door() -> Door:
    return Door(recorded_world(), ACCOUNTS)


def _request(record: dict[str, Any], name: str) -> Request:
    asked = record["request"]
    headers = {"accept": "application/xml" if name.startswith("error_406") else asked.get("accept", "*/*")}
    if asked.get("authorization"):
        headers["authorization"] = "Bearer " + ("b" * 40 if name.startswith("error_403_bad") else TOKEN)
    if "body" in asked:
        headers["content-type"] = "application/json"
    return Request(asked["method"], asked["path"], headers, json.dumps(asked.get("body", "")).encode())


def _comparable(value: Any) -> Any:
    """Merged lists of countries come out of a set in the real backend: their order means nothing."""
    if isinstance(value, dict):
        return {
            name: sorted(one) if name == "country" and isinstance(one, list) else _comparable(one)
            for name, one in value.items()
        }
    return [_comparable(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("file", recorded(), ids=lambda one: one.stem)
def test_answers_as_the_real_backend_did(file: Path, door: Door) -> None:
    record = json.loads(file.read_text(encoding="utf-8"))
    reply = door.answer(_request(record, file.name), "http://backend.deqar.eu")
    expected = record["response"]
    assert reply.status == expected["status"]
    for name, text in expected.get("headers", {}).items():
        assert reply.headers.get(name) == text
    body = reply.body.decode()
    if isinstance(expected["body"], str):
        assert body == expected["body"]
    else:
        shown = json.loads(body.replace(TOKEN, "<40 hex digits>"))
        assert _comparable(shown) == _comparable(expected["body"])


@NEEDS_RECORDS
def test_search_documents_are_those_of_the_real_index(door: Door) -> None:
    documents = json.loads((recorded()[0].parent / "meili_documents.json").read_text(encoding="utf-8"))
    for index, found in (
        ("institutions-v3", door.index.institutions),
        ("reports-v3", door.index.reports),
        ("programmes-v3", door.index.programmes),
    ):
        expected = documents[index]
        assert next(one for one in found if one["id"] == expected["id"]) == expected


UPSTREAM_COUNTS = {
    "webapi/v2/browse/reports/": 13,
    "webapi/v2/browse/reports/?activity_id=2": 10,
    "webapi/v2/browse/reports/?country=Germany": 12,
    "webapi/v2/browse/reports/?country_id=74": 6,
    "webapi/v2/browse/reports/?status_id=1": 12,
    "webapi/v2/browse/reports/?status=voluntary": 1,
    "webapi/v2/browse/reports/?cross_border=false": 7,
    "webapi/v2/browse/reports/?other_provider_covered=yes": 2,
    "webapi/v2/browse/reports/?year=2014": 8,
    "webapi/v2/browse/reports/?valid_on=2024-11-11": 9,
    "webapi/v2/browse/reports/institutional/by-institution/3/": 6,
    "webapi/v2/browse/institutions/": 5,
    "webapi/v2/browse/institutions/?other_provider=true": 2,
    "connectapi/v1/institutions/": 3,
    "connectapi/v1/providers/": 5,
}


@pytest.mark.parametrize("path", UPSTREAM_COUNTS)
def test_counts_are_those_of_the_backends_own_tests(path: str) -> None:
    world = upstream_world(
        ("institutions/fixtures/institution_demo_closed.yaml", "institutions/fixtures/institution_demo_orgreg.yaml")
    )
    request = Request("GET", f"/{path}", {"authorization": f"Bearer {TOKEN}"})
    reply = Door(world, ACCOUNTS).answer(request, "http://backend.deqar.eu")
    assert json.loads(reply.body)["count"] == UPSTREAM_COUNTS[path]
