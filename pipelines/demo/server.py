"""The demo sources on loopback: one small web server that answers as six institutions would.

It listens on 127.0.0.1 only. Paths: ``/valalzette/ooapi/v5/...``, ``/ardennes/moochub/v3/courses``,
``/sauertal/moochub/v2/courses``, ``/moselland/xcri.xml``, ``/minette/offerings.xlsx``,
``/greengate/offerings.csv`` and ``/greengate/instances.csv``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

from pipelines.demo.content import DemoInstitution, institution
from pipelines.demo.rendering import moochub, ooapi, spreadsheet, xcri

DEFAULT_PORT = 8970

Answer = tuple[str, bytes] | None
"""Content type and body; None for 404."""


class Asked(NamedTuple):
    """What was asked: the path below the institution's key, the query, and the address under which we were asked."""

    rest: str
    query: str
    base: str


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def serving(edition: int, port: int = DEFAULT_PORT) -> Iterator[str]:
    """Serve `edition` of the demo sources while the block runs; gives their root address.

    `port` 0 takes any free one. Raises `OSError` where the port is taken.
    """
    server = make_server(edition, port)
    thread = threading.Thread(target=server.serve_forever, name="demo sources", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def make_server(edition: int, port: int) -> ThreadingHTTPServer:
    """Return a server for `edition`, bound to `port` on 127.0.0.1, not yet serving."""

    class Handler(_DemoHandler):
        demo_edition = edition

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class _DemoHandler(BaseHTTPRequestHandler):
    demo_edition = 1
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        base = f"http://{self.headers.get('Host', '127.0.0.1')}"
        answer = respond(self.path, self.demo_edition, base)
        content_type, body = answer or ("text/plain; charset=utf-8", b"There is nothing here.\n")
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent: the pipeline's own log says what was pulled."""


def respond(path: str, edition: int, base: str) -> Answer:
    """Return the answer of the demo sources to a GET of `path` (with its query) in `edition`.

    `base` is the address under which the server was asked, for links in answers.
    """
    split = urlsplit(path)
    key, _, rest = split.path.strip("/").partition("/")
    source = _SOURCES.get(key)
    return source(institution(key, edition), Asked(rest, split.query, base)) if source else None


def _json(document: object | None) -> Answer:
    if document is None:
        return None
    return "application/json; charset=utf-8", json.dumps(document, ensure_ascii=False).encode()


def _ooapi(demo: DemoInstitution, asked: Asked) -> Answer:
    root = "ooapi/v5/"
    return (
        _json(ooapi.answer(demo, asked.rest.removeprefix(root), asked.query)) if asked.rest.startswith(root) else None
    )


def _moochub(version: int) -> Callable[[DemoInstitution, Asked], Answer]:
    def answer(demo: DemoInstitution, asked: Asked) -> Answer:
        expected = f"moochub/v{version}/courses"
        if asked.rest != expected:
            return None
        return _json(moochub.answer(demo, version, f"{asked.base}/{demo.key}/{expected}", asked.query))

    return answer


def _xcri(demo: DemoInstitution, asked: Asked) -> Answer:
    return ("application/xml", xcri.document(demo)) if asked.rest == "xcri.xml" else None


def _workbook(demo: DemoInstitution, asked: Asked) -> Answer:
    return (_XLSX, spreadsheet.workbook(demo)) if asked.rest == "offerings.xlsx" else None


def _csv_pair(demo: DemoInstitution, asked: Asked) -> Answer:
    files = {"offerings.csv": spreadsheet.offerings_csv, "instances.csv": spreadsheet.instances_csv}
    return ("text/csv; charset=utf-8", files[asked.rest](demo)) if asked.rest in files else None


_SOURCES: dict[str, Callable[[DemoInstitution, Asked], Answer]] = {
    "valalzette": _ooapi,
    "ardennes": _moochub(3),
    "sauertal": _moochub(2),
    "moselland": _xcri,
    "minette": _workbook,
    "greengate": _csv_pair,
}
