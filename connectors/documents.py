"""What a pull brings and what a snapshot keeps: documents, byte for byte as they came.

A pull yields `Fetched` documents; the snapshot store writes them and hands them back as `Document`s that can
be opened again at any time. A reader must manage with a document's bytes alone: `role` and `media_type` are
hints (servers label JSON as ``text/html``, see reference facts on feeds, and a file from disk has no role).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer of a source, before it is kept.

    `name`: short and unique in its pull, used in paths (``courses-1.json``). `role`: what the pull asked for
    (``courses``, ``offerings``, ``catalogue``, ...; empty if unknown). `url`: where it came from in the end,
    without secrets. `headers`: response headers without cookies and secrets. `body`: the decoded bytes
    (content encoding undone), positioned at the start. `status`: 304 where the source said "not modified" and the
    body is the one kept before. `request`: key of the request, by which the next pull finds this answer's validators.
    """

    name: str
    role: str
    url: str
    body: BinaryIO
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    request: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One kept document: `open` gives a fresh stream of its bytes (uncompressed) each time."""

    name: str
    role: str
    url: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO]

    def read(self) -> bytes:
        """Return the whole content. For documents that are known to be small; stream the others."""
        with self.open() as stream:
            return stream.read()
