"""The formats: one module each, found by looking into this folder.

A format module defines ``FORMATS``, a list of `Format`. Adding a format is adding a file (and its tests);
nothing else has to be told. A format knows two things: how a feed of its kind is *pulled* (which addresses,
how the pages go on) and how kept documents are *read* into source offerings. It normalises nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from connectors.documents import Document, Fetched
    from connectors.http import Fetcher
    from connectors.reading import Reading
    from standard.source_offering import SourceOffering, Unreadable

Options = dict[str, Any]
"""The `format_options` of a feed's contract, already validated by the format's `options` model."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    `name`: the public name (``ooapi-5``). `title`: for people. `pull(fetcher, url, options)`: yields the
    answers of a source at `url`. `read(documents, reading, options)`: yields records in the order of the
    source; writes what concerns the whole into `reading`; raises `connectors.reading.NotReadable` where the
    whole cannot be read. `sniff(name, head)`: how sure (0-1) that a file with this name and these first bytes
    (up to 64 KiB) is of this format. `options`: the model that the `format_options` of a contract must
    fit (unknown keys are errors); None where the format takes them as they are.
    """

    name: str
    title: str
    pull: Callable[[Fetcher, str, Options], Iterator[Fetched]]
    read: Callable[[Sequence[Document], Reading, Options], Iterator[SourceOffering | Unreadable]]
    sniff: Callable[[str, bytes], float]
    options: type[BaseModel] | None = None


@cache
def formats() -> dict[str, Format]:
    """Return every known format by name. Raises `ValueError` when two modules claim one name."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        for entry in getattr(importlib.import_module(f"{__name__}.{module.name}"), "FORMATS", ()):
            if entry.name in found:
                raise ValueError(f"two format modules claim the name {entry.name!r}")
            found[entry.name] = entry
    return found
