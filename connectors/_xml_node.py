"""One element of a record with its path, its language, and its children taken out one by one.

`Node` is an element where it stands; `Children` are its child elements on the way into a record: whatever a format
does not take is left over, and is counted by name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from connectors.leftovers import credential_scheme
from connectors.reading import Reading
from connectors.text_limit import within_limit
from standard.observation import Observation
from standard.source_offering import SourceValue

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_REMARKS = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_PREFIXED = re.compile(r"<(/?)([^\s<>/:]+):(?=[^\s<>/:])")
_FEW_PREFIXES = 4
_DECLARING = re.compile(r"<[^<>]*\sxmlns[:=][^<>]*>")
_DECLARATION = re.compile(r'\sxmlns(?::[^\s=]+)?="[^"]*"')
_EMPTY = re.compile(r"<([^\s<>/]+)([^<>]*?)/>")


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    """Return a name without namespace and without a prefix that was bound nowhere."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def local_name(element: etree._Element) -> str:
    """Return the local name of an element."""
    return _local(str(element.tag))


class Node(NamedTuple):
    """An element: where it stands (``document#/a/b[1]``) and the language in force there (as published)."""

    element: etree._Element
    path: str
    lang: str | None

    @property
    def name(self) -> str:
        """Local name."""
        return local_name(self.element)

    def children(self) -> Iterator[Node]:
        """Yield the child elements; positions count siblings of the same local name from 1."""
        positions: dict[str, int] = {}
        path, lang = self.path, self.lang
        for child in self.element:
            if isinstance(child.tag, str):
                name = _local(child.tag)
                position = positions[name] = positions.get(name, 0) + 1
                yield Node(child, f"{path}/{name}[{position}]", child.get(_LANG, lang))

    def attribute(self, name: str) -> str | None:
        """Return an attribute by local name (``type`` finds ``xsi:type``); blank is absent."""
        for key, value in self.element.items():
            if _local(str(key)) == name and value.strip():
                return str(value)
        return None

    def type_name(self) -> str | None:
        """Return the local part of ``xsi:type``; the prefix is not looked at, publishers bind it as they like."""
        found = self.attribute("type")
        return found.strip().rpartition(":")[2] if found else None

    def text(self) -> str | None:
        """Return the content: plain text as it stands, or the mark-up inside as HTML. None where there is nothing."""
        text = inner_html(self.element) if self.has_markup() else "".join(map(str, self.element.itertext()))
        return text if text.strip() else None

    def has_markup(self) -> bool:
        """Whether elements stand inside (XHTML in practice), so that `text` gives HTML."""
        return len(self.element) > 0 and any(isinstance(child.tag, str) for child in self.element)

    def value(self, notes: list[Observation], scheme: str | None = None) -> SourceValue | None:
        """Return the content as a value, None where there is nothing. `notes` takes what is to be said of it."""
        text = self.text()
        if text is None:
            return None
        text = within_limit(text, self.path, notes)
        return SourceValue(text, self.path, self.lang, scheme, "html" if self.has_markup() else None)

    def attribute_value(self, name: str, notes: list[Observation], scheme: str | None = None) -> SourceValue | None:
        """Return an attribute as a value with the path ``.../@name``, None where it is absent or blank."""
        found = self.attribute(name)
        if found is None:
            return None
        path = f"{self.path}/@{name}"
        return SourceValue(within_limit(found, path, notes), path, scheme=scheme)


class Children:
    """The children of one element, taken out by local name. `notes`: where values leave their observations."""

    def __init__(self, node: Node, notes: list[Observation]) -> None:
        self.node = node
        self.notes = notes
        self._left: dict[str, list[Node]] = {}
        for child in node.children():
            self._left.setdefault(child.name, []).append(child)

    def take(self, *names: str) -> list[Node]:
        """Take out all children of these names, in the order of the names, then of the document."""
        return [node for name in names for node in self._left.pop(name, ())]

    def values(self, *names: str, scheme: str | None = None) -> list[SourceValue]:
        """Take out children and return the contents of those that have any."""
        return [value for node in self.take(*names) if (value := node.value(self.notes, scheme)) is not None]

    def nested(self, *names: str) -> list[Children]:
        """Take out children that have children of their own to be read."""
        return [Children(node, self.notes) for node in self.take(*names)]

    def refused(self) -> list[SourceValue]:
        """Take out children that belong to an issued credential: their names, for `SourceOffering.refused`. What
        stands in them is personal data and is not kept."""
        return [
            SourceValue(node.name, node.path, scheme=scheme)
            for name in list(self._left)
            if (scheme := credential_scheme(name)) is not None
            for node in self.take(name)
            if _has_content(node.element)
        ]

    def count_left(self, name: str, reading: Reading, ignored: Collection[str] = ()) -> None:
        """Count what nobody took, if it has content, as ``name/child``; `ignored`: not read for a stated reason."""
        for child, nodes in self._left.items():
            filled = sum(1 for node in nodes if _has_content(node.element))
            if filled:
                counter = reading.ignored if child in ignored else reading.unread
                counter[f"{name}/{child}"] += filled


def _has_content(element: etree._Element) -> bool:
    return bool(element.attrib) or any(part.strip() for part in element.itertext())


def inner_html(element: etree._Element) -> str:
    """Return what stands inside an element as HTML: no namespaces, no prefixes, no comments; texts as they are.

    Works on libxml2's own serialisation, in which ``<`` and ``>`` stand for tags and nothing else once comments and
    processing instructions are gone, so that the patterns below cannot meet text.
    """
    whole = etree.tostring(element, encoding="unicode", with_tail=False)
    inside = _REMARKS.sub("", whole[whole.index(">") + 1 : whole.rindex("</")])
    return _EMPTY.sub(_closed, _DECLARING.sub(_undeclared, _without_prefixes(inside)))


def _without_prefixes(markup: str) -> str:
    """Return tags without prefixes; plain replacement for the one or two prefixes of a real text, for speed."""
    for _ in range(_FEW_PREFIXES):
        found = _PREFIXED.search(markup)
        if found is None:
            return markup
        markup = markup.replace(f"<{found[2]}:", "<").replace(f"</{found[2]}:", "</")
    return _PREFIXED.sub(r"<\1", markup)


def _undeclared(tag: re.Match[str]) -> str:
    return _DECLARATION.sub("", tag.group())


def _closed(tag: re.Match[str]) -> str:
    """Return ``<p/>`` as ``<p></p>``, which is what it means; HTML knows it for a few elements only."""
    return tag.group() if tag[1].lower() in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>"
