"""The stand-in on loopback, and troubles on demand: throttling, outages, pages that fail once or always."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pipelines.demo.deqar.door import Account, Door, Request
from pipelines.demo.deqar.errors import SERVER_ERROR_PAGE, Reply, as_json, page
from pipelines.demo.deqar.model import World

DEFAULT_PORT = 8971
_GATEWAY_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n"
    "</html>\r\n"
)
_TITLES = {502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable", 504: "504 Gateway Time-out"}


@dataclass(slots=True)
class Trouble:
    """What goes wrong with requests whose path and query match `pattern`.

    `status`: 429 is answered as the framework does, 500 with the backend's page, others with the web server's.
    `times`: how often, None for always. `skip`: how many requests pass first. `retry_after`: seconds, for 429.
    """

    pattern: str
    status: int = 500
    times: int | None = None
    skip: int = 0
    retry_after: int = 1

    def reply(self, target: str) -> Reply | None:
        """Return the troubled answer, or None where this request is let through."""
        if not re.search(self.pattern, target) or self.times == 0:
            return None
        if self.skip:
            self.skip -= 1
            return None
        if self.times is not None:
            self.times -= 1
        return self._reply()

    def _reply(self) -> Reply:
        if self.status == 429:
            text = f"Request was throttled. Expected available in {self.retry_after} seconds."
            return as_json({"detail": text}, 429, **{"Retry-After": str(self.retry_after)})
        if self.status == 500:
            return page(500, SERVER_ERROR_PAGE)
        title = _TITLES.get(self.status, str(self.status))
        return Reply(self.status, _GATEWAY_PAGE.format(title=title).encode(), {"Content-Type": "text/html"})


LISTS_DOWN = r"/browse/(institutions|reports)/(\?|$)|by-institution|/connectapi/v1/(providers|institutions)/(\?|$)"
"""Pattern of everything that the search engine answers: with it down, single records still work."""


@dataclass(slots=True)
class StandIn:
    """A running stand-in: its address, its world, its troubles, and what was asked of it.

    `before_each`: called with path and query before a request is answered, for records that change between two pages.
    """

    url: str
    world: World
    troubles: list[Trouble] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    before_each: Callable[[str], None] | None = None

    def trouble(self, request: Request) -> Reply | None:
        """Return the answer of the first trouble that strikes, None where all is well."""
        self.asked.append(request.target)
        if self.before_each is not None:
            self.before_each(request.target)
        replies = (one.reply(request.target) for one in self.troubles)
        return next((reply for reply in replies if reply is not None), None)


@contextmanager
def standing_in(world: World, port: int = 0, accounts: tuple[Account, ...] = (Account(),)) -> Iterator[StandIn]:
    """Serve a world on 127.0.0.1 while the block runs. `port` 0 takes any free one. Raises `OSError`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler)
    stand_in = StandIn(f"http://127.0.0.1:{server.server_address[1]}", world)
    server.RequestHandlerClass = _handler(Door(world, accounts), stand_in)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="DEQAR stand-in", daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _handler(door: Door, stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_HEAD(self) -> None:
            self._serve()

        def do_PUT(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent: the pipeline's own log says what was pulled."""

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): text for name, text in self.headers.items()}
            request = Request(self.command, self.path, headers, self.rfile.read(length))
            base = f"http://{headers.get('host', '127.0.0.1')}"
            with lock:
                reply = stand_in.trouble(request) or door.answer(request, base)
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD" and reply.status != 304:
                self.wfile.write(reply.body)

    return Handler
