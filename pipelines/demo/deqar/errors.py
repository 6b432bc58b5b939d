"""Answers of the stand-in, and the refusals that end a request early."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

JSON = {"Content-Type": "application/json", "Allow": "GET, HEAD, OPTIONS", "Vary": "Accept, origin, Cookie"}
NOT_FOUND_PAGE = (
    '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n'
    "  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n</body>\n</html>\n"
)
SERVER_ERROR_PAGE = (
    '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Server Error (500)</title>\n</head>\n<body>\n'
    "  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers, body."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is answered with an error; `reply` is the answer."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def as_json(value: Any, status: int = 200, **changed: str) -> Reply:
    """Return a JSON answer with the headers of the API. `changed`: headers that differ."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), {**JSON, **changed})


def detail(status: int, text: str) -> Refused:
    """Return a refusal of the usual form."""
    return Refused(as_json({"detail": text}, status))


def bad_request(body: Any) -> Refused:
    """Return a refusal of a parameter; `body` differs from view to view."""
    return Refused(as_json(body, 400))


def page(status: int, text: str, **more: str) -> Reply:
    """Return an HTML page, as everything outside the API's own views is answered."""
    return Reply(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", "Vary": "origin", **more})


def not_found_page() -> Refused:
    """Return the refusal for an address that is none."""
    return Refused(page(404, NOT_FOUND_PAGE))
