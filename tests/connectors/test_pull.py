"""A whole pull: from a contract to a snapshot, and to the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.documents import Fetched
from connectors.failures import PullFailure
from connectors.formats import Format
from connectors.http import Fetcher
from connectors.pull import documents_of, pull_feed
from connectors.reading import NotReadable
from connectors.snapshots import Snapshot, SnapshotStore
from connectors.sniffing import guess_format, refuse_html
from tests.connectors.support import contract, contract_data, toy, transport
from tests.http_server import Answer, Request, as_json, serving

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = {"items": [{"id": "1"}]}


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(str(tmp_path / "snapshots"))


def pull(url: str, store: SnapshotStore, at: datetime = NOON, **changes: Any) -> Snapshot:
    environment = changes.pop("environment", {})
    return pull_feed(contract(url, **changes), store, now=at, environment=environment, sleep=lambda _: None)


pytestmark = pytest.mark.usefixtures("known")


def test_a_pull_is_kept_with_how_it_was_got(store: SnapshotStore) -> None:
    with serving({"/list": lambda _: as_json(PAGE, Set_Cookie="session=1", X_Internal="y")}) as server:
        snapshot = pull(server.url("/list"), store)
    entry = snapshot.manifest["documents"][0]
    assert json.loads(snapshot.documents[0].read()) == PAGE
    assert (entry["status"], entry["url"], entry["name"]) == (200, server.url("/list"), "list-1.json")
    assert entry["headers"]["content-type"] == "application/json"
    assert not {"set-cookie", "x-internal"} & set(entry["headers"])
    assert snapshot.manifest["format"] == "toy"


def test_an_unchanged_source_is_asked_with_its_validators_and_reused(store: SnapshotStore) -> None:
    def route(request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"v1"':
            return Answer(b"", 304, {"ETag": '"v1"'})
        return as_json(PAGE, ETag='"v1"', Last_Modified="Sun, 01 Mar 2026 10:00:00 GMT")

    with serving({"/list": route}) as server:
        first = pull(server.url("/list"), store)
        second = pull(server.url("/list"), store, NOON + timedelta(days=1))
        third = pull(server.url("/list"), store, NOON + timedelta(days=2))
    assert first.snapshot_id == second.snapshot_id == third.snapshot_id
    assert third.confirmed_at == NOON + timedelta(days=2)
    assert [line.unchanged_documents for line in store.pulls("test-feed")] == [0, 1, 1]
    assert server.requests[2].headers["if-modified-since"] == "Sun, 01 Mar 2026 10:00:00 GMT"


def test_one_page_changed_and_one_not(store: SnapshotStore) -> None:
    edition = {"now": 1}

    def route(request: Request) -> Answer:
        number = int(request.query["pageNumber"])
        tag = f'"{number}-{edition["now"] if number == 2 else 1}"'
        if request.headers.get("if-none-match") == tag:
            return Answer(b"", 304)
        page = {"items": [{"id": str(number)}], "hasNext": number < 2, "edition": tag}
        return as_json(page, ETag=tag)

    with serving({"/list": route}) as server:
        options = {"format_options": {"pages": True}}
        first = pull(server.url("/list"), store, **options)
        edition["now"] = 2
        second = pull(server.url("/list"), store, NOON + timedelta(days=1), **options)
        third = pull(server.url("/list"), store, NOON + timedelta(days=2), **options)
    assert first.snapshot_id != second.snapshot_id == third.snapshot_id
    assert first.documents[0].sha256 == second.documents[0].sha256
    assert json.loads(second.documents[1].read())["edition"] == '"2-2"'
    assert [line.unchanged_documents for line in store.pulls("test-feed")] == [0, 1, 2]
    assert [entry["status"] for entry in second.manifest["documents"]] == [304, 200]


def test_validators_that_lie_do_not_hide_a_change_nor_invent_one(store: SnapshotStore) -> None:
    """A new validator for old content makes no new snapshot: the content's hash has the last word."""
    numbers = iter(range(10))
    with serving({"/list": lambda _: as_json(PAGE, ETag=f'"{next(numbers)}"')}) as server:
        first = pull(server.url("/list"), store)
        second = pull(server.url("/list"), store, NOON + timedelta(days=1))
    assert first.snapshot_id == second.snapshot_id


def test_a_kept_document_that_is_damaged_is_asked_for_again(store: SnapshotStore, tmp_path: Path) -> None:
    def route(request: Request) -> Answer:
        return Answer(b"", 304) if "if-none-match" in request.headers else as_json(PAGE, ETag='"v1"')

    with serving({"/list": route}) as server:
        pull(server.url("/list"), store)
        next(iter(tmp_path.rglob("*.zst"))).unlink()
        snapshot = pull(server.url("/list"), store, NOON + timedelta(days=1))
    assert json.loads(snapshot.documents[0].read()) == PAGE
    assert len(server.requests) == 3


def test_other_headers_are_another_request(store: SnapshotStore) -> None:
    """One address of a gateway serves many institutions, told apart by a header."""
    with serving({"/list": lambda _: as_json(PAGE, ETag='"v1"')}) as server:
        for route in ("a", "b"):
            changed = {**contract_data(server.url("/list"))["transport"], "headers": {"X-Route": route}}
            pull(server.url("/list"), store, NOON + timedelta(hours=ord(route)), transport=changed)
    assert all("if-none-match" not in request.headers for request in server.requests)


def test_no_secret_reaches_the_store(store: SnapshotStore, tmp_path: Path) -> None:
    way_in = {"type": "query", "parameter": "key", "value_env": "MY_KEY"}
    with serving({"/list": lambda r: as_json(PAGE, Link=f"</list?key={r.query['key']}&page=2>")}) as server:
        changed = {**contract_data(server.url("/list"))["transport"], "authentication": way_in}
        pull(server.url("/list"), store, transport=changed, environment={"MY_KEY": "s3cr3t"})
    assert server.requests[0].query == {"key": "s3cr3t"}
    for path in tmp_path.rglob("*.json"):
        assert "s3cr3t" not in path.read_text()


def test_a_secret_in_the_path_stays_hidden_in_notes_and_failures_and_links_still_work(
    store: SnapshotStore, tmp_path: Path
) -> None:
    """Some catalogues lie at an address that is itself the key; relative links lead on below it."""
    with serving() as server:
        server.routes["/s3cr3t/1"] = lambda _: as_json({**PAGE, "next": "2", "total": 9})
        server.routes["/s3cr3t/2"] = lambda _: as_json({"items": [{"id": "2"}]})
        url, environment = server.url("/${FEED_KEY}/1"), {"FEED_KEY": "s3cr3t"}
        options: dict[str, Any] = {"format_options": {"links": True}, "environment": environment}
        snapshot = pull(url, store, **options)
        server.routes["/s3cr3t/2"] = lambda _: as_json({"items": [{"id": "2"}], "next": "http://internal/3"})
        with pytest.raises(PullFailure) as raised:
            pull(url, store, NOON + timedelta(days=1), **options)
    assert len(snapshot.documents) == 2
    assert [(note.code, note.path) for note in snapshot.notes] == [("MC00-SOURCE-TOTAL-DIFFERS", server.url("/***/1"))]
    assert raised.value.url == server.url("/***/2")
    assert "s3cr3t" not in str(raised.value) + repr(vars(raised.value))
    assert all("s3cr3t" not in path.read_text() for path in tmp_path.rglob("*.json"))


def test_a_failure_leaves_what_was_there(store: SnapshotStore) -> None:
    with serving({"/list": lambda _: as_json(PAGE)}) as server:
        before = pull(server.url("/list"), store)
        server.routes["/list"] = lambda _: Answer(b"<html><title>Maintenance</title></html>")
        with pytest.raises(PullFailure, match="Maintenance"):
            pull(server.url("/list"), store, NOON + timedelta(days=1))
    latest = store.latest("test-feed")
    assert latest is not None
    assert latest.snapshot_id == before.snapshot_id
    assert len(store.pulls("test-feed")) == 1


def test_notes_of_the_walk_are_kept(store: SnapshotStore) -> None:
    with serving({"/list": lambda _: as_json({**PAGE, "total": 7, "hasNext": False})}) as server:
        snapshot = pull(server.url("/list"), store, format_options={"pages": True})
    assert [note.code for note in snapshot.notes] == ["MC00-SOURCE-TOTAL-DIFFERS"]


def test_a_pull_without_a_document_is_a_failure(store: SnapshotStore, known: dict[str, Format]) -> None:
    def nothing(fetcher: Fetcher, url: str, options: dict[str, Any]) -> Iterator[Fetched]:
        return iter(())

    known["toy"] = Format("toy", "Toy", nothing, toy().read, toy().sniff)
    with pytest.raises(PullFailure) as raised:
        pull("http://127.0.0.1:9/", store)
    assert raised.value.code == "MC00-PULL-EMPTY"


def test_the_clock_may_be_a_function(store: SnapshotStore) -> None:
    with serving({"/list": lambda _: as_json(PAGE)}) as server:
        snapshot = pull_feed(contract(server.url("/list")), store, now=lambda: NOON)
    assert snapshot.taken_at == NOON


# -- without a store -----------------------------------------------------------------------------------------------


def test_a_file_a_folder_and_an_address_give_documents(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.json").write_text('{"items": []}')
    (tmp_path / "deep" / "a.json").write_text("{}")
    (tmp_path / ".hidden").write_text("x")
    assert [one.name for one in documents_of(str(tmp_path))] == ["b.json", "deep/a.json"]
    single = documents_of(str(tmp_path / "b.json"))
    assert (single[0].name, single[0].media_type, single[0].read()) == ("b.json", "application/json", b'{"items": []}')
    with serving({"/list": lambda _: as_json(PAGE)}) as server:
        fetched = documents_of(server.url("/list"), allow_private_addresses=True)
    assert [json.loads(one.read()) for one in fetched for _ in range(2)] == [PAGE, PAGE]


def test_an_address_is_walked_as_its_format_does() -> None:
    pages = {"1": [{"id": "1"}, {"id": "2"}], "2": [{"id": "3"}]}
    with serving({"/list": lambda r: as_json({"items": pages[r.query["pageNumber"]]})}) as server:
        way = transport(server.url("/elsewhere"), headers={"X-Own": "1"})
        found = documents_of(server.url("/list"), toy(), options={"pages": True}, transport=way)
    assert [one.name for one in found] == ["list-1.json", "list-2.json"]
    assert server.requests[0].headers["x-own"] == "1"


def test_what_was_fetched_for_a_check_goes_with_its_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with serving({"/list": lambda _: as_json(PAGE)}) as server:
        found = documents_of(server.url("/list"), allow_private_addresses=True)
        assert list(tmp_path.iterdir())
        del found
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("source", ["nowhere.json", "empty", "file:///etc/hostname"])
def test_sources_that_are_not_there(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(PullFailure) as raised:
        documents_of(source)
    assert (raised.value.kind, raised.value.code) == ("permanent", "MC00-PULL-NOT-FOUND")


def test_the_format_is_guessed_by_content(known: dict[str, Format], tmp_path: Path) -> None:
    known["other"] = toy(sniff=lambda *_: 0.5)
    (tmp_path / "x.txt").write_text('{"items": []}')
    assert guess_format(documents_of(str(tmp_path))) == ("toy", 0.9)
    (tmp_path / "x.txt").write_text("nothing known")
    assert guess_format(documents_of(str(tmp_path))) == ("other", 0.5)
    assert guess_format([]) == ("", 0.0)


def test_a_file_that_is_a_web_page_is_not_readable() -> None:
    refuse_html("a.xml", b"<?xml version='1.0'?><catalog><p xmlns='http://www.w3.org/1999/xhtml'/></catalog>")
    with pytest.raises(NotReadable) as raised:
        refuse_html("a.xml", b"<?xml version='1.0'?><!-- x --><!DOCTYPE html><html><title>Moved</title></html>")
    assert raised.value.observation.code == "MC00-SOURCE-HTML"
    assert raised.value.observation.facts == {"title": "Moved", "kind": "a web page"}
