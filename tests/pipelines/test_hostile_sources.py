"""Sources that attack, break off or never end, by the whole way: a feed that was live is run again over its bad answer.

Three things must hold each time: the error says what happened and what to do; another feed of the same run goes on;
what was live stays live and is labelled as stale.
"""

from __future__ import annotations

import gzip
import io
import json
import socket
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import openpyxl
import pytest

from pipelines.settings import Settings
from tests.http_server import Answer, Route, Server, serving
from tests.pipelines.conftest import Catalogue
from tests.pipelines.sources import ROWS, contract, moochub, ooapi_courses, spreadsheet, xcri
from tests.pipelines.standing import Standing

LIMITS = "  timeout: 0.5\n  limits: {bytes: 3000000, decompressed_bytes: 30000000, pages: 20, seconds: 20}\n"
"""Small limits, so that a test of them stays small; what happens beyond them does not depend on their size."""

GOOD: dict[str, tuple[str, bytes]] = {
    "spreadsheet": ("text/csv", spreadsheet(ROWS)),
    "moochub-3": ("application/json", moochub(ROWS)),
    "xcri-cap-1.2": ("application/xml", xcri(ROWS)),
    "ooapi-5": ("application/json", ooapi_courses(ROWS)),
}


def workbook(rows: list[dict[str, str]]) -> bytes:
    """The rows as an XLSX file of the template."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Offerings"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def swollen_workbook() -> bytes:
    """An XLSX file of some kilobytes whose sheet unpacks to many megabytes of empty cells."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in whole.namelist():
            part = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                cells = b'<row r="9">' + b"<c/>" * 10_000_000 + b"</row></sheetData>"
                part = part.replace(b"</sheetData>", cells)
            bomb.writestr(name, part)
    return out.getvalue()


def never_ending() -> Iterator[bytes]:
    """Good JSON that never comes to its end."""
    yield b'{"data": ['
    while True:
        yield b'{"type": "Course", "id": "1", "attributes": {"name": "Again and again"}},' * 500


def pages_without_end(_: str) -> Route:
    """New records on each page, and always one page more."""
    numbers = count(1)

    def page(_request: Any) -> Answer:
        rows = [{**row, "offering_id": f"{row['offering_id']}-{next(numbers)}"} for row in ROWS]
        body = json.loads(moochub(rows))
        body["links"]["next"] = f"/feed?page={next(numbers)}"
        return Answer(json.dumps(body).encode(), headers={"Content-Type": "application/json"})

    return page


@dataclass
class Bad:
    """A bad answer: to which format, which answer, and words that the error must hold."""

    format_name: str
    answer: Answer | Route
    told: tuple[str, ...]
    later: dict[str, Route] = field(default_factory=dict)


def _whole(format_name: str) -> bytes:
    return GOOD[format_name][1]


BAD: dict[str, Callable[[], Bad]] = {  # and what a source may do without malice: test_bad_input
    "a gzip bomb": lambda: Bad(
        "moochub-3",
        Answer(gzip.compress(b" " * 100_000_000, 9), headers={"Content-Encoding": "gzip"}),
        ("MC00-PULL-", "limit"),
    ),
    "an XLSX bomb": lambda: Bad("spreadsheet", Answer(swollen_workbook()), ("MC00-SOURCE-UNSAFE", "unpacks to")),
    "a body without end": lambda: Bad("moochub-3", Answer(pieces=never_ending()), ("MC00-PULL-", "limit")),
    "pages without end": lambda: Bad("moochub-3", pages_without_end(""), ("page",)),
    "a connection cut half-way": lambda: Bad(
        "spreadsheet", Answer(_whole("spreadsheet")[:400], length=9_000, cut=True), ("MC00-PULL-CUT-OFF", "half-way")
    ),
    "a chunk cut half-way": lambda: Bad(
        "moochub-3", Answer(pieces=[_whole("moochub-3")[:400]], cut=True), ("MC00-PULL-CUT-OFF", "half-way")
    ),
    "truncated XML": lambda: Bad("xcri-cap-1.2", Answer(_whole("xcri-cap-1.2")[:-120]), ("MC00-SOURCE-TRUNCATED",)),
    "an XML document cut between two records": lambda: Bad(
        "xcri-cap-1.2",
        Answer(_whole("xcri-cap-1.2")[: _whole("xcri-cap-1.2").rindex(b"<course>")]),
        ("MC00-SOURCE-TRUNCATED",),
    ),
    "a login page with status 200": lambda: Bad(
        "xcri-cap-1.2",
        Answer(b"<!doctype html><title>Sign in</title><form><input type='password'></form>"),
        ("login page", "credentials"),
    ),
    "404 inside 200": lambda: Bad(
        "moochub-3", Answer(b'{"status": 404, "title": "Not Found", "detail": "No such list"}'), ("404", "Not Found")
    ),
}


@dataclass
class Place:
    """Two feeds of one server: `bad`, whose answer a test replaces, and `good`, which stays as it is."""

    server: Server
    settings: Settings
    catalogue: Catalogue
    standing: Standing

    def set_up(self, format_name: str) -> None:
        """Have both feeds live."""
        media_type, body = GOOD[format_name]
        self.path = "/courses" if format_name == "ooapi-5" else "/feed"
        self.server.routes[self.path] = lambda _: Answer(body, headers={"Content-Type": media_type})
        self.server.routes["/good"] = lambda _: Answer(spreadsheet(ROWS), headers={"Content-Type": "text/csv"})
        self.standing.bring(f"hostile-{format_name}", self.settings.feeds_dir.parent, lambda: self._run(format_name))

    def _run(self, format_name: str) -> None:
        base = self.server.url("" if format_name == "ooapi-5" else "/feed")
        file = contract(self.settings.feeds_dir, "bad", base, format_name)
        file.write_text(file.read_text("utf-8").replace("  rate: 500\n", f"  rate: 500\n{LIMITS}"), "utf-8")
        contract(self.settings.feeds_dir, "good", self.server.url("/good"))
        told = self.catalogue.run()
        assert {name: feed["status"] for name, feed in told.items()} == {"bad": "updated", "good": "updated"}, told

    def spoil(self, answer: Answer | Route) -> dict[str, Any]:
        """Replace the answer of `bad`, run both feeds, hold what must hold whatever the answer; return the account."""
        self.server.routes[self.path] = answer if callable(answer) else lambda _: answer
        told = self.catalogue.run()
        assert self.catalogue.code == 1
        assert told["good"]["status"] == "unchanged", told["good"]
        assert "Traceback" not in self.catalogue.err
        stale = {
            hit["offering_id"]: hit.get("stale", False)
            for hit in self.catalogue("search", "", "--json").json["results"]
        }
        assert sum(stale.values()) == 3, "what was live of the feed is still there, and labelled"
        assert len(stale) == 6
        return told["bad"]


@pytest.fixture(scope="module")
def standing_server() -> Iterator[Server]:
    """The server of all tests of this file, on one port."""
    with serving() as server:
        yield server


@pytest.fixture
def place(standing_server: Server, settings: Settings, catalogue: Catalogue, standing: Standing) -> Place:
    """A server with two feeds."""
    standing_server.routes.clear()
    standing_server.requests.clear()
    return Place(standing_server, settings, catalogue, standing)


@pytest.mark.parametrize("name", BAD)
def test_what_was_live_stays_and_the_other_feed_goes_on(name: str, place: Place) -> None:
    bad = BAD[name]()
    place.set_up(bad.format_name)
    feed = place.spoil(bad.answer)

    assert feed["status"] == "failed", feed
    for word in bad.told:
        assert word.lower() in feed["error"].lower(), feed["error"]


def test_a_server_that_says_nothing_is_not_waited_for(place: Place) -> None:
    """A time-out: the port takes the call and never answers."""
    place.set_up("spreadsheet")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        file = place.settings.feeds_dir / "bad.yaml"
        text = file.read_text("utf-8").replace(str(place.server.port), str(silent.getsockname()[1]))
        file.write_text(text, "utf-8")
        feed = place.spoil(Answer(b""))
    assert feed["status"] == "failed"
    assert "MC00-PULL-TIMED-OUT" in feed["error"]


def test_pages_that_repeat_are_walked_once(place: Place) -> None:
    """A next link that leads to the same records again: the records once, and a word about it; nothing is lost."""
    place.set_up("moochub-3")
    body = json.loads(moochub(ROWS))
    numbers = count(2)

    def again(_: object) -> Answer:
        body["links"]["next"] = f"/feed?page={next(numbers)}"
        return Answer(json.dumps(body).encode(), headers={"Content-Type": "application/json"})

    place.server.routes["/feed"] = again
    before = place.server.hits("/feed")
    feed = place.catalogue.run()["bad"]
    assert place.server.hits("/feed") - before == 2
    assert feed["status"] in ("unchanged", "updated"), feed
    assert feed["counts"]["accepted"] == 3


class _Inner(BaseHTTPRequestHandler):
    """What must not be reached: answers everything with a fine feed."""

    def do_GET(self) -> None:
        self.server.asked = True  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(spreadsheet(ROWS[:1]))

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "localhost", "2130706434", "127.2"])
def test_an_allowed_private_source_cannot_send_us_elsewhere_in_its_network(host: str, place: Place) -> None:
    """The contract's own loopback host is allowed; a redirect from it to any other private address is not."""
    place.set_up("spreadsheet")
    family = socket.AF_INET6 if host == "[::1]" else socket.AF_INET
    inner = type("Inner", (ThreadingHTTPServer,), {"address_family": family})(
        ("::1" if host == "[::1]" else "127.0.0.2" if host != "localhost" else "127.0.0.1", 0), _Inner
    )
    inner.asked = False
    Thread(target=inner.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        location = f"http://{host}:{inner.server_address[1]}/admin"
        feed = place.spoil(Answer(b"", 302, {"Location": location}))
        assert not inner.asked
    finally:
        inner.shutdown()
        inner.server_close()
    assert feed["status"] == "failed"
    assert "MC00-PULL-ADDRESS-REFUSED" in feed["error"]
    assert "loopback" in feed["error"] or "private" in feed["error"]


def test_a_long_description_is_cut_and_the_rest_goes_on(place: Place, tmp_path: Path) -> None:
    """50 MB in one field: the record is published with the beginning of the text, its neighbours as they are."""
    place.set_up("spreadsheet")
    rows = [dict(row) for row in ROWS]
    rows[1]["description_en"] = "All work and no play. " * (50 * 1024 * 1024 // 22)
    for name, body in {"feed.csv": spreadsheet(rows), "feed.json": moochub(rows), "feed.xml": xcri(rows)}.items():
        file = tmp_path / name
        file.write_bytes(body)
        checked = place.catalogue("check", str(file), "--format", "auto", "--json").json
        assert checked["counts"]["parsed"] == 3
        record = checked["records"][1]
        assert any(finding["code"] == "MC00-TEXT-TOO-LONG" for finding in record["findings"])
        assert sum(len(text) for text in record["offering"]["description"].values()) < 200_000
        assert len(json.dumps(checked)) < 2_000_000
