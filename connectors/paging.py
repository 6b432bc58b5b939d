"""Walking a paged list to its true end: never for ever, and never short without saying so.

The stop rules (why: the reference facts on feeds; pages past the end that repeat the last one, empty-string next
links, links to oneself, and two consumers of one standard that disagree on when a list ends):

1. A page whose body or whose records were all served before, or that has no records, is the end; it is not kept.
2. The page numbered ``total pages`` is the last, whatever the page says of a next one.
3. If the page says whether there is a next one, that is followed. A recorded page holds 2 records, a page size of
   10 and "has next": counting would have lost page 2.
4. If it does not say, the walk goes on while pages are full, or while more records were announced than found. A
   "not found" then is the end too, and not an error.
5. At the ceiling (``transport.limits.pages``) the pull fails: a list cut short would withdraw offerings.

A next link may be relative; it may not lead to another host. An empty link, or a link to the page itself, is the end.
Where a source contradicts itself (said more would follow, repeated itself; announced 120 and served 100), the walk
says so in an observation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

import msgspec

from connectors.documents import Fetched
from connectors.failures import PullFailure
from standard.observation import Observation

if TYPE_CHECKING:
    from connectors.http import Fetcher

Stop = Literal["empty", "repeated", "last_page", "no_next", "short_page", "self_link"]


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says of itself and of the list; the format reads this out of the answer.

    `ids`: one key per record, in order (see `record_keys`). `has_next`: what the page says, None if it does not.
    `next_link`: the link as published, None if this format has none. `page_size`: records in a full page, as the
    page reports it. `total_pages`, `total_records`: as announced; None, 0 or less is unknown.
    """

    ids: Sequence[str]
    has_next: bool | None = None
    next_link: str | None = None
    page_size: int | None = None
    total_pages: int | None = None
    total_records: int | None = None


def record_keys(records: Sequence[Any], identify: Callable[[Any], object]) -> list[str]:
    """Return one key per record: its identifier where `identify` gives one, else a hash of the record itself, so that
    repeated pages are recognised in lists without identifiers too."""
    keys = []
    for record in records:
        found = identify(record)
        if isinstance(found, str | int) and str(found).strip():
            keys.append(f"id:{found}")
        else:
            keys.append("hash:" + hashlib.sha256(msgspec.json.encode(record, order="sorted")).hexdigest())
    return keys


@dataclass(slots=True)
class PageWalker:
    """The stop rules as a machine without input or output: `take` each page in turn, until it says stop.

    `ceiling`: most pages that may be taken. `asked_size`: the page size that was asked for, if any.
    """

    ceiling: int
    asked_size: int | None = None
    pages: int = 0
    announced: int | None = None
    stop: Stop | None = None
    contradicted: bool = False
    served: int = 0
    _ids: set[str] = field(default_factory=set)
    _bodies: set[str] = field(default_factory=set)

    @property
    def found(self) -> int:
        """Number of different records seen so far."""
        return len(self._ids)

    def take(self, page: Page, digest: str) -> bool:
        """Take the next page and return whether it brings anything (it should be kept).

        `digest`: a hash of the page's bytes. Afterwards `stop` says whether, and why, the walk is over.
        """
        self.pages += 1
        if page.total_records is not None and page.total_records > 0:
            self.announced = page.total_records
        fresh = self._remember(page, digest)
        if not fresh:
            self.stop = "empty" if not page.ids else "repeated"
            self.contradicted = page.has_next is True
            return self.pages == 1
        self.served += len(page.ids)
        self.stop = self._after(page)
        self.contradicted = self.stop == "last_page" and page.has_next is True
        return True

    def _remember(self, page: Page, digest: str) -> bool:
        fresh = digest not in self._bodies and any(one not in self._ids for one in page.ids)
        self._bodies.add(digest)
        self._ids.update(page.ids)
        return fresh

    def _after(self, page: Page) -> Stop | None:
        """Return why the walk ends after a page that brought something, or None if it goes on."""
        total_pages = page.total_pages if page.total_pages and page.total_pages > 0 else None
        if total_pages is not None and self.pages >= total_pages:
            return "last_page"
        if page.has_next is not None:
            return None if page.has_next else "no_next"
        if total_pages is not None or (self.announced is not None and self.found < self.announced):
            return None
        return None if self._is_full(page) else "short_page"

    def _is_full(self, page: Page) -> bool:
        sizes = [size for size in (self.asked_size, page.page_size) if size is not None and size > 0]
        return bool(sizes) and len(page.ids) >= min(sizes)

    def observations(self, path: str) -> list[Observation]:
        """Return what is to be said about the finished walk: contradictions and totals that differ."""
        notes = []
        if self.contradicted:
            facts = {"pages": str(self.pages)}
            notes.append(Observation("MC00-SOURCE-PAGES-CONTRADICT", path=path, value=self.pages, facts=facts))
        if self.announced is not None and self.announced not in (self.found, self.served):
            facts = {"announced": str(self.announced), "found": str(self.found)}
            notes.append(Observation("MC00-SOURCE-TOTAL-DIFFERS", path=path, value=self.found, facts=facts))
        return notes


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a list is numbered: the query parameters, the first number, the size to ask for (None: do not ask).

    `step`: 1 for page numbers; the page size for offsets.
    """

    number: str = "pageNumber"
    size: str | None = "pageSize"
    first: int = 1
    page_size: int | None = None
    step: int = 1


def walk_numbered(
    fetcher: Fetcher,
    url: str,
    *,
    describe: Callable[[Fetched], Page],
    numbering: Numbering,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    role: str = "",
) -> Iterator[Fetched]:
    """Yield the pages of a list whose pages are asked for by number.

    `describe` reads what a page says of itself; it may move the body's position. Raises `PullFailure`.
    """
    walker = PageWalker(fetcher.most_pages, numbering.page_size)
    query = dict(params or {})
    if numbering.size and numbering.page_size:
        query[numbering.size] = str(numbering.page_size)
    said_more = False
    while walker.stop is None:
        _check_ceiling(walker, fetcher.shown(url))
        query[numbering.number] = str(numbering.first + walker.pages * numbering.step)
        try:
            answer = fetcher.get(url, params=query, headers=dict(headers or {}), role=role)
        except PullFailure as failure:
            if walker.pages and not said_more and failure.status in (404, 416):
                break
            raise
        page = describe(answer)
        said_more = page.has_next is True
        if _take(walker, page, answer):
            yield answer
    fetcher.notes.extend(walker.observations(answer.url))


def walk_links(
    fetcher: Fetcher,
    url: str,
    *,
    describe: Callable[[Fetched], Page],
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    role: str = "",
) -> Iterator[Fetched]:
    """Yield the pages of a list whose pages link to the next one. Raises `PullFailure`."""
    walker = PageWalker(fetcher.most_pages)
    visited: set[str] = set()
    target: str | None = url
    query = dict(params or {})
    while target is not None:
        _check_ceiling(walker, fetcher.shown(url))
        visited.add(target)
        answer = fetcher.get(target, params=query, headers=dict(headers or {}), role=role)
        here = fetcher.address_of(answer)
        visited.add(here)
        page = describe(answer)
        following = next_address(page.next_link, here)
        walked = Page(
            page.ids, following is not None and following not in visited, None, None, None, page.total_records
        )
        if _take(walker, walked, answer):
            yield answer
        target, query = (following if walker.stop is None else None), {}
    fetcher.notes.extend(walker.observations(fetcher.shown(url)))


def next_address(link: str | None, current: str) -> str | None:
    """Return the absolute address of a next link, None where there is none (absent, blank).

    A link that only differs in saying ``http`` where the list itself came by ``https`` (servers behind a proxy do)
    is followed by ``https``. Raises `PullFailure` for a link to another host.
    """
    if link is None or not link.strip():
        return None
    here, there = urlsplit(current), urlsplit(urljoin(current, link.strip()))
    if (
        there.hostname == here.hostname
        and (here.scheme, there.scheme) == ("https", "http")
        and there.port in (None, 80)
    ):
        there = there._replace(scheme="https", netloc=here.netloc)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        raise PullFailure(
            "source",
            "MC00-PULL-NEXT-ELSEWHERE",
            url=current,
            message=f"The page links to its next page on another host ({there.scheme}://{there.hostname}); "
            "such a link is not followed.",
            remedy="Ask the source's owner to publish next links with its public address.",
        )
    return urlunsplit(there._replace(fragment=""))


def _take(walker: PageWalker, page: Page, answer: Fetched) -> bool:
    answer.body.seek(0)
    digest = hashlib.sha256()
    while piece := answer.body.read(1024 * 1024):
        digest.update(piece)
    answer.body.seek(0)
    return walker.take(page, digest.hexdigest())


def _check_ceiling(walker: PageWalker, url: str) -> None:
    if walker.pages >= walker.ceiling:
        raise PullFailure(
            "source",
            "MC00-PULL-ENDLESS",
            url=url,
            message=f"The list did not end after {walker.ceiling} pages ({walker.found} different records).",
            remedy="If the list is truly that long, raise transport.limits.pages in the contract; else tell the owner.",
        )
