"""OOAPI v5: the first pass over a snapshot, which finds what records refer to.

OOAPI spreads one offer over several lists that point to each other by id: the course names its education
specification and its organisation, the offering names its course, and a document of offerings may name it by its
address only (``/courses/{id}/offerings``: real offerings do not repeat the course). So everything that is not a
course or programme is read once and kept under its id; runs and test components stay undecoded until their record's
turn. Then courses and programmes are read one by one and joined.

A list may come bare, as a page (``items``), as a single object, or in the envelope of SURF's gateway, whose inner
status counts and not the outer one (reference facts on feeds, section 7, row 2).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from connectors.documents import Document
from connectors.formats import _json_documents as parts
from connectors.formats._json_documents import Members, Part
from connectors.formats._json_fields import count_left_over, identifier, tally, texts
from connectors.formats._ooapi_parts import (
    IGNORED,
    OrganisationEntry,
    Session,
    Specification,
    organisation,
    session,
    specification,
)
from connectors.leftovers import Fields, fold
from connectors.reading import NotReadable, Reading
from standard.observation import Observation
from standard.source_offering import SourceValue

_IDS = {
    "offeringId": "offering",
    "componentId": "component",
    "courseId": "course",
    "programId": "program",
    "educationSpecificationId": "educationSpecification",
    "organizationId": "organization",
    "academicSessionId": "academicSession",
    "personId": "person",
    "associationId": "association",
    "groupId": "group",
    "newsItemId": "newsItem",
    "newsFeedId": "newsFeed",
    "buildingId": "building",
    "roomId": "room",
}
_SIGNS = {
    "offeringType": "offering",
    "componentType": "component",
    "programType": "program",
    "educationSpecificationType": "educationSpecification",
    "organizationType": "organization",
    "academicSessionType": "academicSession",
    "studyLoad": "course",
    "learningOutcomes": "course",
    "teachingLanguage": "course",
}
_LISTS = {
    "courses": "course",
    "programs": "program",
    "education-specifications": "educationSpecification",
    "organizations": "organization",
    "academic-sessions": "academicSession",
    "offerings": "offering",
    "components": "component",
}
_ADDRESS = re.compile(rf"(?:^|/)({'|'.join(_LISTS)})(?:/([^/?#]+)(?:/({'|'.join(_LISTS)}))?)?/?(?:\.json)?(?:[?#]|$)")
RECORDS = ("course", "program")


class Origin(NamedTuple):
    """What a document's role or address says of it: the kind of its items, and the record they belong to."""

    kind: str | None = None
    owner: tuple[str, str] | None = None


class Item(NamedTuple):
    """One item of a document, and the origin it inherits."""

    part: Part
    origin: Origin


class PageSays(NamedTuple):
    """What a page says of itself; None where it says nothing."""

    has_next: bool | None
    page_size: int | None
    total_pages: int | None


class Slice(NamedTuple):
    """An object that waits undecoded for its record's turn: a run or a component. `path` says where it stands."""

    path: str
    data: bytes


@dataclass(slots=True)
class Index:
    """Everything that courses and programmes refer to, by id."""

    organisations: dict[str, OrganisationEntry] = field(default_factory=dict)
    specifications: dict[str, Specification] = field(default_factory=dict)
    programmes: dict[str, list[SourceValue]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    runs: dict[tuple[str, str], list[Slice]] = field(default_factory=dict)
    components: dict[str, list[Slice]] = field(default_factory=dict)
    carried: dict[tuple[str, str], Slice] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    with_records: set[int] = field(default_factory=set)
    lists: dict[str, list[PageSays]] = field(default_factory=dict)

    def root(self, start: OrganisationEntry | None) -> OrganisationEntry | None:
        """Return the root organisation above `start`, or the only root there is."""
        seen: set[str] = set()
        here = start
        while here is not None and here.kind != "root" and here.parent is not None and here.parent.id not in seen:
            seen.add(here.parent.id or "")
            here = self.organisations.get(here.parent.id or "")
        if here is not None and here.kind == "root":
            return here
        roots = [entry for entry in self.organisations.values() if entry.kind == "root"]
        return roots[0] if len(roots) == 1 else None

    def unfinished_lists(self) -> list[Observation]:
        """Observe lists of which only one page is here, and that page says that more follow."""
        found = []
        for name, pages in self.lists.items():
            if len(pages) == 1 and pages[0].has_next and pages[0].total_pages != 1:
                facts = {"list": name, "total": str(pages[0].total_pages or "an unknown number")}
                found.append(Observation("MC00-SOURCE-PAGES-MISSING", path=name, facts=facts))
        return found


def origin_of(*addresses: str) -> Origin:
    """Return what the first telling address says (``courses/4711/offerings``: runs of the course 4711)."""
    for address in addresses:
        if found := _ADDRESS.search(address):
            first, owner, last = found.groups()
            kind = _LISTS[first]
            return Origin(_LISTS[last or first], (kind, unquote(owner)) if last and kind in RECORDS else None)
    return Origin()


def kind_of(names: Collection[str], origin: Origin) -> str | None:
    """Return what an object with members of these names is: by its id's name, else by where it was asked for, else by
    a telling member."""
    for name, kind in _IDS.items():
        if name in names:
            return kind
    folded = {fold(name) for name in names}
    by_id = next((kind for name, kind in _IDS.items() if fold(name) in folded), None)
    return by_id or origin.kind or next((kind for name, kind in _SIGNS.items() if fold(name) in folded), None)


def items_of(document: Document, reading: Reading, pages: list[PageSays] | None = None) -> Iterator[Item]:
    """Yield the items of a document; what its pages say of themselves is added to `pages`.

    Raises `NotReadable` where it holds an error message, or nothing of this format.
    """
    whole = parts.parts_of(document, reading)
    yield from _items(whole, origin_of(document.role, document.url, document.name), [] if pages is None else pages)


def key_of(item: Item) -> tuple[str | None, str | None]:
    """Return kind and id of an item, as far as it has them."""
    if parts.shape(item.part) != "{":
        return item.origin.kind, None
    found = Members(item.part)
    kind = kind_of(found.names, item.origin)
    return kind, identifier(found.value(f"{kind}Id"))


def build(documents: Sequence[Document], reading: Reading) -> Index:
    """Read all documents once and return the index.

    A document that belongs to one record only (its runs, its components) and cannot be read costs that record its
    runs and is observed; any other document that cannot be read raises `NotReadable`.
    """
    index = Index()
    for position, document in enumerate(documents):
        try:
            pages = index.lists.setdefault(document.role or document.name, [])
            for item in items_of(document, reading, pages):
                _add(index, item, position, reading)
        except NotReadable as failure:
            index.with_records.discard(position)
            if origin_of(document.role, document.url, document.name).owner is None:
                raise
            facts = {"document": document.name, "reason": failure.observation.code}
            reading.observations.append(Observation("MC00-SOURCE-PART-UNREADABLE", path=document.name, facts=facts))
    return index


def _items(part: Part, origin: Origin, pages: list[PageSays]) -> Iterator[Item]:
    sign = parts.shape(part)
    if sign == "[":
        yield from (Item(element, origin) for element in parts.elements(part))
        return
    if sign != "{":
        raise parts.not_readable("MC00-SOURCE-NOT-OOAPI", part.path, found="a single value", members="")
    found = Members(part)
    if found.part("gateway") is not None:
        yield from _gateway(part, found, origin, pages)
    elif (items := found.part("items")) is not None:
        yield from _page(items, found, origin, pages)
    elif kind_of(found.names, Origin()) is not None:
        yield Item(part, origin)
    else:
        raise _nothing_of_ours(part, found)


def _page(items: Part, found: Members, origin: Origin, pages: list[PageSays]) -> Iterator[Item]:
    pages.append(_page_says(found))
    if parts.shape(items) == "{":
        yield Item(items, origin)
        return
    if parts.shape(items) != "[":
        raise parts.not_readable(
            "MC00-SOURCE-NOT-OOAPI", items.path, found="a page whose items are no list", members="items"
        )
    for element in parts.elements(items):
        yield Item(element, origin)


def _page_says(found: Members) -> PageSays:
    following = found.value("hasNextPage")
    if isinstance(following, str):
        following = {"true": True, "false": False}.get(following.strip().lower())
    sizes = [found.value(name) for name in ("pageSize", "totalPages")]
    size, total = (number if type(number) is int and number > 0 else None for number in sizes)
    return PageSays(following if isinstance(following, bool) else None, size, total)


def _gateway(part: Part, found: Members, origin: Origin, pages: list[PageSays]) -> Iterator[Item]:
    gateway = found.value("gateway")
    gateway = gateway if isinstance(gateway, dict) else {}
    inner = origin_of(str(gateway.get("request") or ""))
    for endpoint, status in gateway_failures(gateway):
        raise parts.not_readable("MC00-SOURCE-GATEWAY-FAILED", part.path, endpoint=endpoint, status=status)
    responses = found.part("responses")
    answers = Members(responses).parts() if responses is not None and parts.shape(responses) == "{" else []
    if not answers:
        raise parts.not_readable("MC00-SOURCE-GATEWAY-EMPTY", part.path, request=str(gateway.get("request") or ""))
    for answer in answers:
        yield from _items(answer, inner if inner.kind else origin, pages)


def gateway_failures(gateway: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return endpoint and status for each endpoint behind the gateway that did not answer with 200."""
    endpoints = gateway.get("endpoints")
    found = []
    for name, answer in endpoints.items() if isinstance(endpoints, dict) else ():
        status = identifier(answer.get("responseCode")) if isinstance(answer, dict) else None
        if status != "200":
            found.append((str(name), status or "no status"))
    return found


def _nothing_of_ours(part: Part, found: Members) -> NotReadable:
    if (error := parts.error_message(found)) is not None:
        return parts.not_readable("MC00-SOURCE-ERROR", part.path, **error)
    names = ", ".join(sorted(found.names))[:120]
    return parts.not_readable("MC00-SOURCE-NOT-OOAPI", part.path, found="an object of another kind", members=names)


def _add(index: Index, item: Item, position: int, reading: Reading) -> None:
    found = Members(item.part) if parts.shape(item.part) == "{" else None
    kind = kind_of(found.names, item.origin) if found is not None else item.origin.kind
    index.kinds[kind or "unknown"] += 1
    if kind in RECORDS or kind is None:
        index.with_records.add(position)
        if kind == "program" and found is not None:
            _add_programme(index, found)
    elif found is None:
        tally(reading.unread, f"{kind} that is no object")
    elif kind in ("offering", "component"):
        _add_run(index, kind, item, found, reading)
    elif kind not in _KEPT:
        tally(reading.ignored, kind)
    elif isinstance(value := parts.value_of(item.part), dict):
        fields = Fields(value, item.part.path)
        _KEPT[kind](index, fields)
        count_left_over(reading, fields, kind, IGNORED)


def _add_programme(index: Index, found: Members) -> None:
    own_id = identifier(found.value("programId"))
    name = found.part("name")
    if own_id is not None and name is not None:
        holder = Fields({"name": parts.value_of(name)}, name.path.rsplit("/", 1)[0])
        index.programmes[own_id] = texts(holder, "name")


def _add_organisation(index: Index, fields: Fields) -> None:
    entry = organisation(fields)
    if entry.id:
        index.organisations[entry.id] = entry


def _add_specification(index: Index, fields: Fields) -> None:
    entry = specification(fields)
    if entry.id:
        index.specifications[entry.id] = entry


def _add_session(index: Index, fields: Fields) -> None:
    if (own_id := identifier(fields.take("academicSessionId"))) is not None:
        index.sessions[own_id] = session(fields)


_KEPT = {
    "organization": _add_organisation,
    "educationSpecification": _add_specification,
    "academicSession": _add_session,
}


def _add_run(index: Index, kind: str, item: Item, found: Members, reading: Reading) -> None:
    offered = identifier(found.value("offeringType") or found.value("type"))
    if kind == "offering" and offered == "component":
        tally(reading.ignored, "offering of a component")
        return
    owner = item.origin.owner or _owner(index, found)
    waiting = Slice(item.part.path, bytes(item.part.raw))
    if owner is None:
        index.orphans.append(item.part.path)
    elif kind == "component":
        index.components.setdefault(owner[1], []).append(waiting)
    else:
        index.runs.setdefault(owner, []).append(waiting)


def _owner(index: Index, found: Members) -> tuple[str, str] | None:
    """Return what an offering or component belongs to by its own words; keeps an expanded course for later."""
    for name in RECORDS:
        value = found.part(name)
        if value is None:
            continue
        if parts.shape(value) != "{":
            own_id = identifier(parts.value_of(value))
            return (name, own_id) if own_id else None
        inner = Members(value)
        own_id = identifier(inner.value(f"{name}Id"))
        if own_id:
            index.carried.setdefault((name, own_id), Slice(value.path, bytes(value.raw)))
            return name, own_id
    return None
