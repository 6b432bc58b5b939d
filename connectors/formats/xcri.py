"""XCRI-CAP 1.2: the British exchange format for courses, a profile of MLO (EN 15982).

One XML file, got with one GET: ``catalog`` → ``provider`` → ``course`` → ``presentation``. A course is an offering, a
presentation an instance. Elements are found by local name, because real files use two sets of Dublin Core, the terms
namespace with and without 1.2, and children without a prefix (`connectors.xml`). How each element of a course is read,
and why, stands in `connectors.formats._xcri_course`.

**Identity.** ``source_id`` is the first ``dc:identifier`` without ``xsi:type``; only where all are typed, the first. In
XCRI-CAP the plain identifier is the unique and lasting one, mostly an address; typed ones are codes of some other
system (internal number, UCAS code, learning aim), come and go, and several courses may share one. They are kept as
further identifiers. Adam Smith College's two files of 2012 have one identifier per course and match by it: 8 gone, none
new, 21 changed, 305 the same.

**Whole file.** ``catalog/@generated`` is when the file was written, not when a course was changed: taking it as the
date of modification would change every offering at every pull, so it is not read.

Options (`XcriOptions`): what this publisher means by two elements whose use differs between publishers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from connectors.documents import Document, Fetched
from connectors.formats import Format, Options
from connectors.formats._xcri_course import Provider, XcriOptions, read_course, read_provider, source_id_of
from connectors.reading import NotReadable, Reading
from connectors.xml import Children, Found, Node, Outline, XmlSource, open_xml
from standard.observation import Observation
from standard.source_offering import SourceOffering, Unreadable

if TYPE_CHECKING:
    from connectors.http import Fetcher

_OUTLINE = Outline(root="catalog", containers=frozenset({"catalog", "provider"}), record="course")
_IGNORED_IN_CATALOG = frozenset({"description", "title", "identifier", "url", "contributor"})


def pull(fetcher: Fetcher, url: str, _options: Options) -> Iterator[Fetched]:
    """Yield the one file at `url`. Raises `connectors.failures.PullFailure`."""
    yield fetcher.get(url, role="catalogue", name="catalogue.xml")


def read(documents: Sequence[Document], reading: Reading, options: Options) -> Iterator[SourceOffering | Unreadable]:
    """Yield the courses of each document. Raises `NotReadable` (see `connectors.xml.open_xml`)."""
    if not documents:
        raise NotReadable(Observation("MC00-SOURCE-NO-CONTENT", facts={"document": "(none)"}))
    chosen = XcriOptions.model_validate(options)
    for document in documents:
        yield from _read_document(document, reading, chosen)


def sniff(name: str, head: bytes) -> float:
    """Say how sure it is XCRI-CAP: its namespace on a ``catalog`` is as good as certain, its name alone a hint."""
    plain = head.replace(b"\x00", b"")
    if b"xcri.org/profiles" in plain and b"catalog" in plain:
        return 0.98
    return 0.4 if b"<" in plain[:10] and "xcri" in name.casefold() else 0.0


def _read_document(document: Document, reading: Reading, options: XcriOptions) -> Iterator[SourceOffering | Unreadable]:
    source: XmlSource[Provider] = open_xml(document, reading, _OUTLINE, lambda node: _describe(node, reading))
    for found in source.records():
        provider = source.containers.get(found.container, Provider())
        yield _unreadable(found) or read_course(found.node, provider, reading, options)


def _describe(node: Node, reading: Reading) -> Provider:
    """Return what a container says of the provider; a catalog says nothing of one."""
    if node.name == "provider":
        return read_provider(node, reading)
    children = Children(node, reading.observations)
    children.take("provider")
    children.count_left("catalog", reading, _IGNORED_IN_CATALOG)
    return Provider()


def _unreadable(found: Found) -> Unreadable | None:
    """Return why a course is not taken: damage runs through it, or there is nothing in it."""
    node = found.node
    if found.broken:
        facts = {"reason": found.broken}
        return Unreadable(node.path, Observation("MC00-RECORD-BROKEN", node.path, facts=facts), source_id_of(node))
    if len(node.element) == 0 and node.text() is None:
        return Unreadable(node.path, Observation("MC00-RECORD-EMPTY", node.path))
    return None


FORMATS = [Format("xcri-cap-1.2", "XCRI-CAP 1.2", pull, read, sniff, XcriOptions)]
