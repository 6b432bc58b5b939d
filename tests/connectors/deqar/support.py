"""Small makers for the tests of this room: a contract, a pull, documents without a store, a world with every trap."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.deqar import DeqarContract, RegisterReading, pull_deqar, read_register
from connectors.documents import Document
from connectors.snapshots import Snapshot, SnapshotStore
from pipelines.demo.deqar import StandIn, World, fictional_world
from pipelines.demo.deqar.door import DEMO_TOKEN

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEMBER = {"DEQAR_TOKEN": DEMO_TOKEN}


def world() -> World:
    """The demo's fictional register, at a fixed day."""
    return fictional_world(lambda: NOW)


def contract(url: str, **changes: Any) -> DeqarContract:
    """A contract with small pages, no pace, and loopback allowed."""
    return DeqarContract.model_validate(
        {
            "title": "DEQAR for tests",
            "transport": {
                "url": url,
                "rate": 100_000,
                "allow_private_addresses": True,
                "retries": {"attempts": 3, "first_wait": 0.01, "longest_wait": 5},
            },
            "providers": {"page_size": 2},
            "reports": {"page_size": 2},
            "expectations": {"least_providers": 1, "least_reports": 1},
            **changes,
        }
    )


def pull(
    stand_in: StandIn,
    folder: Path,
    *,
    environment: Mapping[str, str] = MEMBER,
    slept: list[float] | None = None,
    now: datetime = NOW,
    **changes: Any,
) -> Snapshot:
    """Pull a stand-in into a store in `folder`; pauses are noted in `slept` instead of made."""
    pauses: list[float] = [] if slept is None else slept
    store = SnapshotStore(str(folder))
    given = contract(stand_in.url, **changes)
    return pull_deqar(given, store, now=now, environment=environment, sleep=pauses.append)


def register(stand_in: StandIn, folder: Path, **changes: Any) -> RegisterReading:
    """Pull a stand-in and read what came."""
    return read_register(pull(stand_in, folder, **changes).documents)


def document(role: str, content: Any, name: str = "", url: str = "") -> Document:
    """A document as a store gives it; `content` is bytes, or something that becomes JSON."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    opened: Callable[[], io.BytesIO] = lambda: io.BytesIO(body)  # noqa: E731 (typed for the caller)
    return Document(name or f"{role}.json", role, url, "", len(body), "", opened)


def page(*rows: Any) -> dict[str, Any]:
    """A page of a list with these rows."""
    return {"count": len(rows), "next": False, "results": list(rows)}


def codes(reading: RegisterReading) -> list[str]:
    """The codes of everything that a reading had to say."""
    return [one.code for one in reading.observations]
