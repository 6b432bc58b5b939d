"""Small makers for the tests of this room: a transport, a fetcher, a contract, a format of our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from connectors.documents import Document, Fetched
from connectors.failures import PullFailure
from connectors.feeds import FeedContract, Transport
from connectors.formats import Format, Options
from connectors.http import Fetcher
from connectors.paging import Numbering, Page, record_keys, walk_links, walk_numbered
from connectors.reading import Reading
from standard.source_offering import SourceOffering, Unreadable
from tests.http_server import Answer, serving

GOOD = Answer(b'{"items": []}', headers={"Content-Type": "text/html"})


def transport(url: str, **changes: Any) -> Transport:
    """A transport that does not pace itself and allows loopback."""
    return Transport.model_validate({"url": url, "rate": 100_000, "allow_private_addresses": True, **changes})


def fetcher(url: str, *, slept: list[float] | None = None, private: bool = False, **changes: Any) -> Fetcher:
    """A fetcher that notes its pauses in `slept` instead of pausing."""
    given = {name: changes.pop(name) for name in ("environment", "previous", "resolve") if name in changes}
    pauses: list[float] = [] if slept is None else slept
    way = transport(url, **changes)
    return Fetcher(way, allow_private_addresses=private, feed="test", sleep=pauses.append, **given)


def to(place: str, status: int = 302) -> Answer:
    """The answer of a server that sends its visitors elsewhere."""
    return Answer(b"", status, {"Location": place})


def failure_of(routes: dict[str, object], path: str = "/list", **changes: object) -> PullFailure:
    """Ask a server with these routes for `path`; return the failure that it must end with."""
    with serving(routes) as server, fetcher(server.url(path), **changes) as way:  # type: ignore[arg-type]
        with pytest.raises(PullFailure) as raised:
            way.get(way.url)
        return raised.value


def contract_data(url: str = "https://feeds.example.org/list", **changes: Any) -> dict[str, Any]:
    """The data of a contract with everything that it must have."""
    return {
        "name": "test-feed",
        "title": "A feed for tests",
        "institution": {"name": {"en": "Test University"}, "country": "NL", "identifiers": {"schac": "test.example"}},
        "owner": {"name": "Registry", "email": "registry@test.example"},
        "licence": "CC-BY-4.0",
        "format": "toy",
        "transport": {"url": url, "rate": 100_000, "allow_private_addresses": True},
        "expectations": {"least_offerings": 1},
        **changes,
    }


def contract(url: str, **changes: Any) -> FeedContract:
    """A contract for the toy format."""
    return FeedContract.model_validate(contract_data(url, **changes))


def describe(fetched: Fetched) -> Page:
    """Read the toy format's page: items with ids, and whatever it says of the list."""
    page = json.loads(fetched.body.read())
    items = page.get("items", [])
    return Page(
        record_keys(items, lambda one: one.get("id")),
        has_next=page.get("hasNext"),
        next_link=page.get("next"),
        page_size=page.get("pageSize"),
        total_pages=page.get("totalPages"),
        total_records=page.get("total"),
    )


def _pull(fetcher: Fetcher, url: str, options: Options) -> Iterator[Fetched]:
    if options.get("links"):
        return walk_links(fetcher, url, describe=describe, role="list")
    if options.get("pages"):
        return walk_numbered(fetcher, url, describe=describe, numbering=Numbering(page_size=2), role="list")
    return iter([fetcher.get(url, role="list")])


def _read(documents: Sequence[Document], reading: Reading, options: Options) -> Iterator[SourceOffering | Unreadable]:
    for document in documents:
        for number, item in enumerate(json.loads(document.read())["items"]):
            yield SourceOffering(path=f"{document.name}#/items/{number}", source_id=item["id"])


def toy(options: Any = None, sniff: Callable[[str, bytes], float] | None = None) -> Format:
    """A format whose documents are ``{"items": [{"id": ...}]}``."""
    return Format("toy", "Toy", _pull, _read, sniff or (lambda _, head: 0.9 if b'"items"' in head else 0.0), options)
