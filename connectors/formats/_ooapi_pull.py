"""OOAPI version 5: pulling the lists of an endpoint, directly or through SURF's gateway.

Which lists, in this order: courses and programmes; organisations and education specifications (a source need not
offer them); then the runs, for which OOAPI has no list at the root: per course and programme
(``/courses/{id}/offerings``), or per organisation. The paths asked for are kept as the documents' roles, because real
offerings do not repeat which course they belong to.

The gateway answers 200 with an envelope whatever the endpoints behind it said: the inner status counts. An endpoint
that failed, or an envelope without an answer, is a failure of the pull and never an empty catalogue.

Sources: OOAPI 5 specification; eduhub-gateway (X-Route, envelope); reference facts on feeds, sections 3.1 and 7.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.documents import Fetched
from connectors.failures import PullFailure, from_observation, from_status
from connectors.formats import Options
from connectors.formats import _json_documents as parts
from connectors.formats._json_documents import Members
from connectors.formats._json_fields import identifier
from connectors.formats._ooapi_index import PageSays, items_of, key_of
from connectors.http import Fetcher
from connectors.paging import Numbering, Page, walk_numbered
from connectors.reading import NotReadable, Reading
from standard.observation import Observation

NOT_OFFERED = (403, 404, 405, 410, 501)
"""Answers by which a source says that it does not have a list (or not for us)."""

_FEW_FAILURES = 3
_SHARE_OF_FAILURES = 0.02


class Gateway(BaseModel):
    """SURF's gateway: `endpoints` are the institutions asked for (their SCHAC home, ``tue.nl``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: list[str] = Field(min_length=1)


class OoapiOptions(BaseModel):
    """Options of a feed in the format ``ooapi-5``.

    `lists`: which lists hold the offers; the first must be there. `references`: which lists are pulled because offers
    refer to them. `offerings`: where runs come from: ``per_course`` (one list per course and programme),
    ``organization`` (one list per root organisation), ``expanded`` (they stand inside the courses already), ``none``.
    `components`: also pull each course's components, for its tests. `consumer`, `query`: query parameters of the
    lists of offers. `page_size`: records asked for per page. `most_record_lists`: ceiling for lists that belong to
    one record; what lies beyond is said in an observation. `gateway`: set where the address is SURF's gateway.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lists: list[Literal["courses", "programs"]] = Field(["courses", "programs"], min_length=1)
    references: list[Literal["organizations", "education-specifications", "academic-sessions"]] = [
        "organizations",
        "education-specifications",
    ]
    offerings: Literal["per_course", "expanded", "organization", "none"] = "per_course"
    components: bool = False
    consumer: str | None = None
    query: dict[str, str] = {}
    page_size: Literal[10, 20, 50, 100, 250] = 250
    most_record_lists: int = Field(5_000, ge=0)
    gateway: Gateway | None = None


def pull(fetcher: Fetcher, url: str, options: Options) -> Iterator[Fetched]:
    """Yield the pages of all lists of the endpoint at `url` (its base address, ending in the version).

    Raises `PullFailure` where the first list of offers fails, where another fails for another reason than not being
    offered, and where more than a few of the lists that belong to single records fail.
    """
    chosen = OoapiOptions.model_validate(options)
    visit = _Visit(fetcher, url, chosen)
    for at, name in enumerate(chosen.lists):
        yield from visit.whole_list(name, query=visit.query, optional=at > 0)
    for reference in chosen.references:
        yield from visit.whole_list(reference, query={}, optional=True)
    yield from visit.record_lists()
    visit.conclude()


@dataclass(slots=True)
class _Visit:
    """One pull: what was found so far, and which lists of single records failed."""

    fetcher: Fetcher
    url: str
    options: OoapiOptions
    ids: dict[str, list[str]] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    asked: int = 0
    absent: list[str] = field(default_factory=list)
    failed: list[PullFailure] = field(default_factory=list)

    @property
    def query(self) -> dict[str, str]:
        """Query parameters of the lists of offers."""
        consumer = {"consumer": self.options.consumer} if self.options.consumer else {}
        return {**consumer, **self.options.query}

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every request; the gateway must be told whom to ask, and which version to speak."""
        if self.options.gateway is None:
            return {"Accept": "application/json"}
        route = "endpoint=" + ",".join(self.options.gateway.endpoints)
        return {"Accept": "application/json; version=5", "X-Route": route}

    def whole_list(self, name: str, *, query: dict[str, str], optional: bool) -> Iterator[Fetched]:
        """Yield the pages of a list at the root. An `optional` one that is not offered is noted and passed over."""
        try:
            yield from self._pages(name, query)
        except PullFailure as failure:
            if not optional or failure.status not in NOT_OFFERED:
                raise
            facts = {"list": name, "status": str(failure.status)}
            self.fetcher.notes.append(Observation("MC00-PULL-LIST-NOT-OFFERED", path=failure.url, facts=facts))

    def record_lists(self) -> Iterator[Fetched]:
        """Yield the lists that belong to single records, up to the ceiling."""
        paths = self._paths()
        if len(paths) > self.options.most_record_lists:
            facts = {"asked": str(self.options.most_record_lists), "known": str(len(paths))}
            self.fetcher.notes.append(Observation("MC00-PULL-OFFERINGS-CAPPED", path=self.url, facts=facts))
        for path in paths[: self.options.most_record_lists]:
            self.asked += 1
            try:
                yield from self._pages(path, {})
            except PullFailure as failure:
                self._tolerate(failure, path)

    def conclude(self) -> None:
        """Note which lists of single records were not there or failed."""
        if self.absent:
            facts = {"count": str(len(self.absent)), "example": self.absent[0]}
            self.fetcher.notes.append(Observation("MC00-PULL-OFFERINGS-ABSENT", path=self.absent[0], facts=facts))
        if self.failed:
            first = self.failed[0]
            facts = {"count": str(len(self.failed)), "example": first.url, "reason": first.message}
            self.fetcher.notes.append(Observation("MC00-PULL-OFFERINGS-FAILED", path=first.url, facts=facts))

    def _paths(self) -> list[str]:
        courses, programmes = self.ids.get("course", []), self.ids.get("program", [])
        paths: list[str] = []
        if self.options.offerings == "per_course":
            paths += [f"courses/{one}/offerings" for one in courses]
            paths += [f"programs/{one}/offerings" for one in programmes]
        if self.options.offerings == "organization":
            paths += [f"organizations/{one}/offerings" for one in self.roots or self.ids.get("organization", [])]
        if self.options.components:
            paths += [f"courses/{one}/components" for one in courses]
        return paths

    def _tolerate(self, failure: PullFailure, path: str) -> None:
        """Pass over a single record's list that is missing or broken; raise where too many are, or all would be."""
        if failure.status in (404, 410):
            self.absent.append(path)
            return
        self.failed.append(failure)
        if failure.kind == "permanent" or len(self.failed) > max(_FEW_FAILURES, _SHARE_OF_FAILURES * self.asked):
            raise failure

    def _pages(self, path: str, query: dict[str, str]) -> Iterator[Fetched]:
        return walk_numbered(
            self.fetcher,
            address_of(self.url, path),
            describe=self._describe,
            numbering=Numbering(page_size=self.options.page_size),
            params=query,
            headers=self.headers,
            role=path,
        )

    def _describe(self, answer: Fetched) -> Page:
        """Read what a page says of itself, and remember the ids in it. Raises `PullFailure` for what is no page."""
        pages: list[PageSays] = []
        keys = []
        try:
            for item in items_of(parts.as_document(answer), Reading(), pages):
                kind, own_id = key_of(item)
                keys.append(f"{kind}:{own_id}" if own_id else hashlib.sha256(bytes(item.part.raw)).hexdigest())
                self._remember(kind, own_id, item.part, answer.role)
        except NotReadable as failure:
            raise failure_of(failure.observation, answer.url) from None
        said = [page.has_next for page in pages if page.has_next is not None]
        sizes = [page.page_size for page in pages if page.page_size is not None]
        totals = [page.total_pages for page in pages if page.total_pages is not None]
        bare = None if pages else False  # a list without a page around it is complete
        return Page(keys, any(said) if said else bare, None, min(sizes, default=None), max(totals, default=None))

    def _remember(self, kind: str | None, own_id: str | None, part: parts.Part, role: str) -> None:
        if kind is None or own_id is None or "/" in role:
            return
        self.ids.setdefault(kind, []).append(quote(own_id, safe=""))
        if kind == "organization":
            found = Members(part)
            if identifier(found.value("organizationType")) == "root":
                self.roots.append(quote(own_id, safe=""))


def address_of(base: str, path: str) -> str:
    """Return the address of a list. The base address is a folder whether it ends in a slash or not; its own query
    parameters (a key) stay."""
    split = urlsplit(base)
    return urlunsplit(split._replace(path=f"{split.path.rstrip('/')}/{path}"))


def failure_of(observation: Observation, url: str) -> PullFailure:
    """Return the failure of a pull for an answer that cannot be read: the inner status of a gateway is judged by the
    same table as an outer one."""
    facts = observation.facts
    status = facts.get("status", "")
    if observation.code == "MC00-SOURCE-GATEWAY-FAILED" and status.isdigit():
        return from_status(int(status), url, where=f"Behind the gateway, at {facts.get('endpoint')}: ")
    return from_observation(observation, url)
