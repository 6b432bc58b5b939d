"""Documents made in memory, and reading them: what all tests of file formats share."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.documents import Document
from connectors.formats import formats
from connectors.reading import NotReadable, Reading
from standard.observation import Observation
from standard.source_offering import SourceOffering, SourceValue, Unreadable


def document(data: bytes | str, name: str = "feed.xml", role: str = "") -> Document:
    """Return a document with this content."""
    content = data.encode() if isinstance(data, str) else data
    digest = hashlib.sha256(content).hexdigest()
    return Document(name, role, "", "", len(content), digest, lambda: io.BytesIO(content))


@dataclass
class Outcome:
    """What a reader gave."""

    offerings: list[SourceOffering] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)

    def codes(self) -> list[str]:
        """Return the codes noted about the whole source."""
        return [note.code for note in self.reading.observations]

    def note(self, code: str) -> Observation:
        """Return the one observation with this code, about the source or a record."""
        notes = [*self.reading.observations, *(note for each in self.offerings for note in each.observations)]
        (found,) = [note for note in notes if note.code == code]
        return found


def read(form: str, *documents: Document, options: Mapping[str, Any] | None = None) -> Outcome:
    """Read documents with a format, by its public name."""
    outcome = Outcome()
    for record in formats()[form].read(documents, outcome.reading, dict(options or {})):
        if isinstance(record, Unreadable):
            outcome.unreadable.append(record)
        else:
            outcome.offerings.append(record)
    return outcome


def refused(form: str, *documents: Document) -> Observation:
    """Return why a format cannot read documents. Fails if it can."""
    try:
        read(form, *documents)
    except NotReadable as error:
        return error.observation
    raise AssertionError("it was read")


def plain(values: list[SourceValue]) -> list[object]:
    """Return the bare values."""
    return [value.value for value in values]


def schemed(values: list[SourceValue]) -> list[tuple[object, str | None]]:
    """Return values with their schemes."""
    return [(value.value, value.scheme) for value in values]
