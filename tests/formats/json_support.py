"""Makers for the tests of the JSON formats: documents out of Python values, readings, a fetcher on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from connectors.documents import Document, Fetched
from connectors.formats import formats
from connectors.reading import NotReadable, Reading
from standard.observation import Observation
from standard.source_offering import SourceOffering, SourceValue, Unreadable
from tests.connectors.support import fetcher
from tests.http_server import Answer, Request, Route, Server, as_json
from tests.shared_data import shared


class Read(NamedTuple):
    """What reading gave."""

    offerings: list[SourceOffering]
    unreadable: list[Unreadable]
    reading: Reading

    @property
    def codes(self) -> list[str]:
        """Codes of the observations about the whole."""
        return [one.code for one in self.reading.observations]


def document(content: Any, name: str = "doc.json", role: str = "", url: str = "", label: str = "") -> Document:
    """A document holding `content`: bytes as they are, anything else as JSON."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Document(name, role, url, label, len(data), "", lambda: BytesIO(data))


def read(name: str, *documents: Document, **options: Any) -> Read:
    """Read documents in a format."""
    reading = Reading()
    records = list(formats()[name].read(documents, reading, options))
    offerings = [one for one in records if isinstance(one, SourceOffering)]
    return Read(offerings, [one for one in records if isinstance(one, Unreadable)], reading)


def refused(name: str, *documents: Document) -> Observation:
    """Read documents that cannot be read, and return why."""
    with pytest.raises(NotReadable) as caught:
        read(name, *documents)
    return caught.value.observation


def sample(*parts: str, role: str = "") -> Document:
    """A real sample file; the test is skipped where the samples are absent."""
    path: Path = shared("data", "feeds", *parts)
    if not path.is_file():
        pytest.skip(f"the real sample {'/'.join(parts)} is not beside the project")
    return document(path.read_bytes(), path.name, role)


def plain(values: list[SourceValue]) -> list[Any]:
    """The values alone."""
    return [one.value for one in values]


def coded(values: list[SourceValue]) -> list[tuple[Any, str | None]]:
    """Values with their scheme."""
    return [(one.value, one.scheme) for one in values]


def tagged(values: list[SourceValue]) -> list[tuple[str | None, Any]]:
    """Values with their language."""
    return [(one.lang, one.value) for one in values]


def pull(name: str, url: str, **options: Any) -> tuple[list[Fetched], list[Observation]]:
    """Pull from `url` in a format, and return the documents and the notes."""
    limits = options.pop("limits", {})
    with fetcher(url, limits=limits, retries={"attempts": 1}) as visitor:
        return list(formats()[name].pull(visitor, url, options)), visitor.notes


def kept(fetched: list[Fetched]) -> list[Document]:
    """Documents as a snapshot would hand them back."""
    return [document(one.body.read(), one.name, one.role, one.url) for one in fetched]


def numbered(*pages: list[Any], **said: Any) -> Route:
    """A route that serves OOAPI pages by number, and an empty page after the last."""

    def route(request: Request) -> Answer:
        number = int(request.query.get("pageNumber", "1"))
        items = pages[number - 1] if number <= len(pages) else []
        page = {"pageSize": 10, "pageNumber": number, "items": items, "hasNextPage": number < len(pages), **said}
        return as_json(page)

    return route


def asked(server: Server, path: str) -> list[Request]:
    """The requests for a path."""
    return [one for one in server.requests if one.path == path]


Maker = Callable[..., Document]
