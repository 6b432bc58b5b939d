"""Hardened, streaming XML for every XML format: one record in memory at a time, nothing fetched, nothing expanded.

What a format gives is an `Outline` (which elements are containers, which one is a record); what it gets back is an
`XmlSource` that yields the records one by one as `Node`s with their paths. The rules:

- **No DTD, no entities, no network.** A document with a DOCTYPE is refused whole, whatever stands in it: no course
  format needs one, and it is the carrier of entity bombs and of file disclosure.
- **Limits.** Depth and length of names are libxml2's own; one record may not be larger than `LARGEST_RECORD`; texts are
  cut at `connectors.text_limit.LONGEST_TEXT` with an observation.
- **Strict first.** The whole document is read strictly once before the first record is given out (this is also how
  what stands *after* the records, such as a provider's address, is known in time). If that fails, once more with
  repairs (`connectors._xml_repair`), and then the source carries ``MC00-SOURCE-REPAIRED`` with what was wrong and
  where. A record that the damage runs through is given out as *broken*, its neighbours as they are. A document
  that is cut off (no end of its root element) carries ``MC00-SOURCE-TRUNCATED`` instead, which weighs more.
- **Charset** by the rules of `connectors.document_charset`; a wrong label is an observation, not the end.

Paths are XPaths of local names with positions, ``document#/catalog/provider[1]/course[12]/title[1]``: the prefix that
a publisher binds to a namespace is not a property of the data. For the same reason elements and attributes are
looked up by local name everywhere: real feeds use two namespaces for one set of terms, prefix-less children of
another namespace, and prefixes that are bound nowhere.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import BinaryIO, Generic, NamedTuple, TypedDict, TypeVar

from lxml import etree

from connectors._xml_node import Children, Node, local_name
from connectors._xml_repair import Mended, Transcoded, fault_words
from connectors.charsets import Charset
from connectors.document_charset import charset_of
from connectors.documents import Document
from connectors.reading import NotReadable, Reading
from connectors.sniffing import refuse_html
from standard.observation import Observation

__all__ = [
    "LARGEST_RECORD",
    "Children",
    "Found",
    "Node",
    "Outline",
    "XmlSource",
    "has_doctype",
    "open_xml",
    "root_name",
]

LARGEST_RECORD = 128 * 1024 * 1024
"""Bytes between the end of one record and the end of the next; beyond it the document is refused."""

_HEAD = 64 * 1024
_LAST = 256
_SHOWN_LAST = 60
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_RESOURCE_LIMIT = 114
_DEPTH = "Excessive depth"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a format looks for, as local names: its root, the elements around records, and the record itself."""

    root: str
    containers: frozenset[str]
    record: str


class Found(NamedTuple):
    """A record as found. `broken`: why it must not be taken as it stands (only in repaired documents), else None.

    The node is good until the next one is asked for: its memory is given back then.
    """

    node: Node
    broken: str | None
    container: str


@dataclass(frozen=True, slots=True)
class _Mode:
    """How a document is read.

    `charset`: in which charset. `transcode`: decoded here, unreadable bytes replaced, not by libxml2. `repair`: with
    repairs. `huge`: without libxml2's limit on the length of one text.
    """

    charset: Charset
    transcode: bool = False
    repair: bool = False
    huge: bool = False


class XmlSource(Generic[T]):
    """A document that has been read once to its end. `containers`: what the format made of each, by path."""

    def __init__(self, document: Document, outline: Outline, mode: _Mode, containers: Mapping[str, T]) -> None:
        self._document = document
        self._outline = outline
        self._mode = mode
        self.containers = containers

    @property
    def repaired(self) -> bool:
        """Whether the document had to be repaired to be read."""
        return self._mode.repair

    def records(self) -> Iterator[Found]:
        """Yield the records in the order of the document (a broken one where its end was found)."""
        for found in _walk(self._document, self._outline, self._mode):
            if found.container != found.node.path:
                yield found


def open_xml(document: Document, reading: Reading, outline: Outline, describe: Callable[[Node], T]) -> XmlSource[T]:
    """Read the document once, strictly or else with repairs, and return it ready to give out its records.

    `describe` makes of each container (its records already gone) whatever the format wants to keep.
    Raises `NotReadable` for what is no XML, not of this outline, unsafe, or damaged beyond repair.
    """
    mode = _first_mode(document, reading)
    _check_root(document, outline, mode)
    while True:
        faults: list[Observation] = []
        try:
            containers = {
                found.node.path: describe(found.node)
                for found in _walk(document, outline, mode, faults)
                if found.container == found.node.path
            }
        except etree.XMLSyntaxError as error:
            mode = _next_mode(document, outline, reading, mode, error)
            continue
        reading.observations.extend(faults)
        return XmlSource(document, outline, mode, containers)


def has_doctype(head: bytes) -> bool:
    """Say whether a DOCTYPE stands in front of the root element, or may stand there (no element in sight yet)."""
    body = _after_prolog(head)
    return body[:9].upper() == b"<!DOCTYPE" or (not body and bool(head)) or body.startswith(b"<!--")


def _after_prolog(head: bytes) -> bytes:
    """Return what follows XML declaration, comments and processing instructions, in ASCII's terms."""
    plain = head.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf")
    return plain[_PROLOG.match(plain).end() :]  # type: ignore[union-attr]  # matches the empty text, too


def root_name(head: bytes) -> str | None:
    """Return the local name of the root element, read from a document's first bytes in UTF-8, or None."""
    stream = io.BytesIO(head)
    try:
        for _, element in etree.iterparse(stream, ("start",), recover=True, encoding="utf-8", **_SAFE):
            if element.getroottree().docinfo.doctype:
                raise NotReadable(Observation("MC00-SOURCE-UNSAFE", facts={"what": "a DOCTYPE"}))
            return local_name(element)
    except etree.XMLSyntaxError:
        return None
    return None


class _Safe(TypedDict):
    resolve_entities: bool
    load_dtd: bool
    no_network: bool
    dtd_validation: bool


_SAFE: _Safe = {"resolve_entities": False, "load_dtd": False, "no_network": True, "dtd_validation": False}


# Before parsing --------------------------------------------------------------------------------------------------


def _first_mode(document: Document, reading: Reading) -> _Mode:
    with document.open() as stream:
        head = stream.read(_HEAD)
    _refuse_unfit(document, head)
    charset, sound = charset_of(document, reading)
    return _Mode(charset, transcode=not sound)


def _refuse_unfit(document: Document, head: bytes) -> None:
    """Refuse what is no XML at all, and what carries a DOCTYPE, before a parser sees it."""
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise NotReadable(Observation("MC00-SOURCE-NO-CONTENT", document.name, facts={"document": document.name}))
    refuse_html(document.name, head)
    if has_doctype(head):
        raise _unsafe(document, "a DOCTYPE (document type definition)")
    body = _after_prolog(head)
    if not body.startswith(b"<"):
        facts = {"begins": body[:40].decode("utf-8", "replace")}
        raise NotReadable(Observation("MC00-SOURCE-NOT-XML", path=document.name, facts=facts))


def _check_root(document: Document, outline: Outline, mode: _Mode) -> None:
    with closing(_bytes_of(document, replace(mode, repair=True))) as stream:
        try:
            found = root_name(stream.read(_HEAD))
        except NotReadable as refused:
            raise _unsafe(document, refused.observation.facts["what"]) from refused
    if found != outline.root:
        facts = {"root": found or "", "expected": outline.root}
        raise NotReadable(Observation("MC00-SOURCE-OTHER-XML", path=document.name, value=found, facts=facts))


def _unsafe(document: Document, what: str) -> NotReadable:
    return NotReadable(Observation("MC00-SOURCE-UNSAFE", path=document.name, facts={"what": what}))


# After a failure -------------------------------------------------------------------------------------------------


def _next_mode(
    document: Document, outline: Outline, reading: Reading, mode: _Mode, error: etree.XMLSyntaxError
) -> _Mode:
    """Return the next way to try, noting why. Raises `NotReadable` where there is none."""
    if _code(error) == _RESOURCE_LIMIT:
        if mode.huge or _DEPTH in error.msg:
            raise _unsafe(document, "elements nested too deeply, or names too long") from error
        return replace(mode, huge=True)
    if mode.repair:
        raise NotReadable(_fault("MC00-SOURCE-NOT-XML", document, error)) from error
    mode = replace(mode, repair=True)
    reading.observations.append(_wrong(document, outline, mode, error))
    return mode


def _wrong(document: Document, outline: Outline, mode: _Mode, error: etree.XMLSyntaxError) -> Observation:
    """Say what is wrong with a document that is about to be repaired: cut off, or merely not well-formed.

    Without an end of its root element it is cut off, whatever the parser stumbled over first. That weighs more: what
    stands in it may be right, but nobody can tell what is missing.
    """
    ended, ending = _end_of(document, outline, mode)
    if ended:
        return _fault("MC00-SOURCE-REPAIRED", document, error)
    note = f"the end tag of '{outline.root}' is missing"
    facts = {"document": document.name, "size": str(document.size), "ending": ending, "note": note}
    return Observation("MC00-SOURCE-TRUNCATED", path=document.name, facts=facts)


def _end_of(document: Document, outline: Outline, mode: _Mode) -> tuple[bool, str]:
    """Return whether an end tag of the root element stands anywhere in the document, and its last characters."""
    end_tag = re.compile(rf"</(?:[^\s<>:/]+:)?{re.escape(outline.root)}\s*>".encode())
    ended, last = False, b""
    with closing(_bytes_of(document, mode)) as stream:
        while data := stream.read(_HEAD):
            ended = ended or end_tag.search(last + data) is not None
            last = (last + data)[-_LAST:]
    return ended, " ".join(last[-_SHOWN_LAST:].decode("utf-8", "replace").split())


def _code(error: etree.XMLSyntaxError) -> int:
    """Return libxml2's number of an error (the type stubs do not know the attribute)."""
    return int(getattr(error, "code", 0) or 0)


def _fault(code: str, document: Document, error: etree.XMLSyntaxError) -> Observation:
    line, column = error.position
    facts = {"what": fault_words(_code(error), error.msg), "line": str(line), "column": str(column)}
    facts["begins"] = facts["what"]
    return Observation(code, path=document.name, value=error.msg[:200], facts=facts)


# Parsing ---------------------------------------------------------------------------------------------------------


class _Metered:
    """A stream that knows how much was read since the last record, and stops at `LARGEST_RECORD`."""

    def __init__(self, stream: BinaryIO | Transcoded | Mended, document: Document) -> None:
        self._stream = stream
        self._document = document
        self.since_record = 0
        self.ended = False

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.ended = not data
        self.since_record += len(data)
        if self.since_record > LARGEST_RECORD:
            raise _unsafe(self._document, f"a single record of more than {LARGEST_RECORD // 1024 // 1024} MB")
        return data


def _bytes_of(document: Document, mode: _Mode) -> BinaryIO | Transcoded | Mended:
    """Return the document's bytes as UTF-8, mended where the mode says so."""
    stream = document.open()
    stream.read(mode.charset.mark)
    if mode.repair:
        return Mended(stream, mode.charset.name)
    return Transcoded(stream, mode.charset.name) if mode.transcode else stream


def _walk(
    document: Document, outline: Outline, mode: _Mode, faults: list[Observation] | None = None
) -> Iterator[Found]:
    """Yield records and, at their ends, containers (these with their own path as `container`)."""
    with closing(_bytes_of(document, mode)) as stream:
        metered = _Metered(stream, document)
        tags = [f"{{*}}{name}" for name in (*sorted(outline.containers), outline.record)]
        parser = etree.iterparse(
            metered, ("start", "end"), tag=tags, recover=mode.repair, huge_tree=mode.huge, encoding="utf-8", **_SAFE
        )
        walk = _Walk(document.name, outline, metered)
        for event, element in parser:
            if event == "start":
                walk.start(element)
            elif (found := walk.end(element)) is not None:
                yield found
    if faults is not None and isinstance(stream, (Mended, Transcoded)):
        faults.extend(stream.observations(document.name))


class _Open(NamedTuple):
    """An element whose end has not come yet. `nested`: a record began inside it, so its own end tag is missing."""

    element: etree._Element
    path: str
    container: str


class _Walk:
    """Follows the parser's events: positions, paths, and giving back the memory of records that are done."""

    def __init__(self, name: str, outline: Outline, metered: _Metered) -> None:
        self._outline = outline
        self._metered = metered
        self._name = name
        self._open: list[_Open] = []
        self._torn: set[str] = set()
        self._positions: Counter[str] = Counter()
        self._done: etree._Element | None = None

    def start(self, element: etree._Element) -> None:
        """Note that a container or a record begins. Containers inside a record are part of the record."""
        name = local_name(element)
        inside = self._open and local_name(self._open[-1].element) == self._outline.record
        if inside and (name != self._outline.record):
            return
        if inside:
            self._torn.add(self._open[-1].path)
        container = self._container()
        self._positions[f"{container}/{name}"] += 1
        position = self._positions[f"{container}/{name}"]
        path = f"{container}/{name}[{position}]" if self._open else f"{self._name}#/{name}"
        self._open.append(_Open(element, path, container))

    def end(self, element: etree._Element) -> Found | None:
        """Return what ended, if it is a record or a container of ours."""
        if not self._open or self._open[-1].element is not element:
            return None
        ended = self._open.pop()
        self._free()
        node = Node(element, ended.path, _language(element))
        if local_name(element) != self._outline.record:
            return Found(node, None, ended.path)
        self._metered.since_record = 0
        self._done = element
        return Found(node, self._damage(ended), ended.container)

    def _container(self) -> str:
        """Return the path of the innermost open container: a record inside a torn record is its sibling."""
        for entry in reversed(self._open):
            if local_name(entry.element) != self._outline.record:
                return entry.path
        return f"{self._name}#"

    def _damage(self, ended: _Open) -> str | None:
        if ended.path in self._torn:
            return "it has no end of its own: the next record begins inside it"
        if self._metered.ended:
            return "the document is cut off inside it"
        return None

    def _free(self) -> None:
        """Take the previous record out of the tree; now, not at its own end, when libxml2 still writes beside it."""
        done, self._done = self._done, None
        parent = done.getparent() if done is not None else None
        if done is not None and parent is not None:
            parent.remove(done)


def _language(element: etree._Element) -> str | None:
    """Return the xml:lang in force at an element, from itself or the nearest ancestor that has one."""
    for holder in (element, *element.iterancestors()):
        tag = holder.get("{http://www.w3.org/XML/1998/namespace}lang")
        if tag is not None:
            return tag
    return None
