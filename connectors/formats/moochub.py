"""MOOChub versions 2 and 3 (formats ``moochub-2`` and ``moochub-3``): course lists of German and Austrian platforms.

Both names read both versions, record by record and by content, because real feeds mix them (`_moochub_record`). The
version in the format's name decides what is asked for when pulling; a feed that answers in the other version is read
all the same, and observed. What is read from where, the options, and the oddities that are handled:
``docs/formats/moochub.md``.

Sources: MOOChub schema 2.3 and 3.0.1 (MOOChub/schema); reference facts on feeds, sections 3.6 and 7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict

from connectors.documents import Document, Fetched
from connectors.failures import PullFailure, from_observation
from connectors.formats import Format, Options
from connectors.formats import _json_documents as parts
from connectors.formats._json_documents import Members, Part
from connectors.formats._moochub_record import ATTRIBUTES_OF_2, ATTRIBUTES_OF_3, course, version_of
from connectors.http import Fetcher
from connectors.paging import Page, record_keys, walk_links
from connectors.reading import NotReadable, Reading
from standard.observation import Observation
from standard.source_offering import SourceOffering, Unreadable

_SHARED = frozenset(["name", "courseCode", "courseMode", "description", "startDate", "url", "workload", "access"])
_KNOWN = ATTRIBUTES_OF_2 | ATTRIBUTES_OF_3 | _SHARED


class MoochubOptions(BaseModel):
    """Options of a feed in the format ``moochub-2`` or ``moochub-3``.

    `accept`: the Accept header, where the platform wants another than that of the format's version. `query`: query
    parameters of the first page.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    accept: str | None = None
    query: dict[str, str] = {}


def pull(version: int, fetcher: Fetcher, url: str, options: Options) -> Iterator[Fetched]:
    """Yield the pages of the list at `url`, following their links. Raises `PullFailure`.

    A platform that refuses the version asked for (406) is asked once more for whatever it has, and observed.
    """
    chosen = MoochubOptions.model_validate(options)
    accept = chosen.accept or f"application/vnd.api+json; moochub-version={version}, application/json;q=0.9, */*;q=0.5"
    try:
        yield from _pages(fetcher, url, chosen, accept)
    except PullFailure as failure:
        if failure.status != 406 or chosen.accept is not None:
            raise
        facts = {"version": str(version)}
        fetcher.notes.append(Observation("MC00-PULL-VERSION-REFUSED", path=failure.url, facts=facts))
        yield from _pages(fetcher, url, chosen, "*/*")


def read(
    version: int, documents: Sequence[Document], reading: Reading, options: Options
) -> Iterator[SourceOffering | Unreadable]:
    """Yield the courses of all pages in their order.

    Raises `NotReadable` where a document is no JSON, an error message, or no course list. An item that is no object
    becomes an `Unreadable`, and the rest goes on.
    """
    del options  # how a feed is pulled; reading depends on the documents alone
    versions: Counter[int | None] = Counter()
    for document in documents:
        for part in _items(parts.parts_of(document, reading), reading):
            value = parts.record_of(part)
            if isinstance(value, Unreadable):
                yield value
                continue
            attributes = value.get("attributes")
            versions[version_of(set(attributes if isinstance(attributes, dict) else value))] += 1
            yield _course(value, part, reading)
    other = sum(count for found, count in versions.items() if found not in (None, version))
    if other:
        facts = {"version": str(version), "count": str(other), "total": str(versions.total())}
        reading.observations.append(Observation("MC00-SOURCE-OTHER-VERSION", path=documents[0].name, facts=facts))


def sniff(version: int, name: str, head: bytes) -> float:
    """Say how sure (0-1) it is that a file begins a MOOChub list of this version: by the names of its attributes."""
    del name
    if head.lstrip()[:1] not in (b"{", b"[") or b'"attributes"' not in head:
        return 0.0
    names = {known for known in _KNOWN if f'"{known}"'.encode() in head}
    if len(names) < 4 or b'"courseId"' in head:
        return 0.0
    found = version_of(names)
    if found is None:
        return 0.4
    return 0.9 if found == version else 0.5


def _course(value: dict[str, Any], part: Part, reading: Reading) -> SourceOffering | Unreadable:
    notes: list[Observation] = []
    try:
        offering = course(parts.within_limits(value, part, notes), part.path, reading)
    except RecursionError:
        return parts.too_deep(part)
    offering.observations.extend(notes)
    return offering


def _pages(fetcher: Fetcher, url: str, chosen: MoochubOptions, accept: str) -> Iterator[Fetched]:
    return walk_links(fetcher, url, describe=_describe, params=chosen.query, headers={"Accept": accept}, role="courses")


def _describe(answer: Fetched) -> Page:
    """Read the ids and the next link of a page. Raises `PullFailure` for what is no page."""
    reading = Reading()
    try:
        whole = parts.parts_of(parts.as_document(answer), reading)
        records = [parts.value_of(part) for part in _items(whole, reading)]
    except NotReadable as failure:
        raise from_observation(failure.observation, answer.url) from None
    links = Members(whole).value("links") if parts.shape(whole) == "{" else None
    following = links.get("next") if isinstance(links, dict) else None
    if isinstance(following, dict):  # JSON:API allows a link object
        following = following.get("href")
    keys = record_keys(records, lambda record: record.get("id") if isinstance(record, dict) else None)
    return Page(keys, next_link=following if isinstance(following, str) else None, total_records=reading.announced)


def _items(whole: Part, reading: Reading) -> Iterator[Part]:
    """Yield the items of a page: ``data`` as a list or one object, a bare list, or one course by itself."""
    sign = parts.shape(whole)
    if sign == "[":
        yield from parts.elements(whole)
        return
    if sign != "{":
        raise parts.not_readable("MC00-SOURCE-NOT-MOOCHUB", whole.path, found="a single value", members="")
    found = Members(whole)
    data = found.part("data")
    if data is not None and parts.shape(data) == "[":
        _note_total(found, reading)
        yield from parts.elements(data)
    elif data is not None and parts.shape(data) == "{":
        yield data
    elif found.part("attributes") is not None:
        yield whole
    else:
        raise _nothing_of_ours(whole, found)


def _note_total(found: Members, reading: Reading) -> None:
    meta = found.value("meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    if type(total) is int and total > 0:
        reading.announced = total


def _nothing_of_ours(whole: Part, found: Members) -> NotReadable:
    if (error := parts.error_message(found)) is not None:
        return parts.not_readable("MC00-SOURCE-ERROR", whole.path, **error)
    members = ", ".join(sorted(found.names))[:120]
    return parts.not_readable("MC00-SOURCE-NOT-MOOCHUB", whole.path, found="an object of another kind", members=members)


FORMATS = [
    Format(
        f"moochub-{version}",
        f"MOOChub {version}",
        partial(pull, version),
        partial(read, version),
        partial(sniff, version),
        MoochubOptions,
    )
    for version in (2, 3)
]
