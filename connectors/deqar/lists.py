"""Walking DEQAR's lists to a whole that fits together, or not at all.

DEQAR has two kinds of list. Those behind its search engine (institutions, providers, reports) say with a truth value
whether there is a next page; those behind its database (agencies) with a link. Both count their records. Three things
can silently lose records, and are guarded against here:

- the search engine turns an offset into a page by whole division: every offset is therefore a multiple of the limit;
- a record that comes or goes while we read shifts all later pages, so that one is skipped: all pages must announce
  the same count, and exactly that many different records must be found; otherwise the list is read again;
- the engine never reaches beyond 200,000 hits (3,000 for programmes), and does not count further: a list of that
  size counts as cut.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from connectors.documents import Fetched
from connectors.failures import PullFailure
from connectors.http import Fetcher

logger = logging.getLogger(__name__)

WALKS = 3
"""How often a list that changes under our hands is read before the pull gives up."""
MOST_HITS = 200_000
MOST_PROGRAMMES = 3_000


class _Row(msgspec.Struct):
    id: int


class _Page(msgspec.Struct):
    """A page of either kind of list. `next`: a truth value, a link, or nothing."""

    count: int
    results: list[_Row]
    next: bool | str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be walked. `stem`: of the names of its documents. `most`: what the engine can reach, if it is one."""

    path: str
    role: str
    stem: str
    page_size: int
    params: Mapping[str, str] = field(default_factory=dict)
    most: int | None = MOST_HITS


def walk(fetcher: Fetcher, listing: Listing) -> list[Fetched]:
    """Return all pages of a list as they fit together. Raises `PullFailure`.

    The pages are held until the walk has ended well (on disk where they are large), because only then it is known
    that they belong together.
    """
    for attempt in range(1, WALKS + 1):
        pages: list[Fetched] = []
        counts: set[int] = set()
        ids: set[int] = set()
        for page, said in _pages(fetcher, listing):
            pages.append(page)
            counts.add(said.count)
            ids.update(row.id for row in said.results)
        if counts == {len(ids)}:
            return pages
        for page in pages:
            page.body.close()
        logger.warning("%s changed while it was read (walk %d of %d).", listing.path, attempt, WALKS)
    raise moved(fetcher.shown(listing.path), f"{WALKS} times in a row, the list changed while it was being read")


def _pages(fetcher: Fetcher, listing: Listing) -> Iterator[tuple[Fetched, _Page]]:
    number, more = 0, True
    while more:
        if number >= fetcher.most_pages:
            raise _endless(listing.path, number)
        where = {"limit": str(listing.page_size), "offset": str(number * listing.page_size)}
        answer = ask(fetcher, listing.path, params={**listing.params, **where}, role=listing.role)
        number += 1
        said: _Page = _decoded(answer, _Page)
        if listing.most is not None and said.count >= listing.most:
            raise _capped(answer.url, listing.most)
        more = bool(said.next) and bool(said.results)
        yield on_disk(replace(answer, name=f"{listing.stem}-{number:04d}.json")), said


def ask(
    fetcher: Fetcher,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    role: str,
    name: str | None = None,
) -> Fetched:
    """Return one answer of DEQAR. Raises `PullFailure`; a 403 says what it means here."""
    json = {} if path.endswith(".csv") else {"Accept": "application/json"}
    try:
        return fetcher.get(path, params=params, headers=json, role=role, name=name)
    except PullFailure as failure:
        if failure.status == 403:
            raise _refused(failure.url) from None
        raise


def rows_of(answer: Fetched) -> list[dict[str, Any]]:
    """Return the records of a page, or of an answer that is one plain array; the body is rewound."""
    decoded = record_of(answer)
    rows = decoded.get("results", []) if isinstance(decoded, dict) else decoded
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def record_of(answer: Fetched) -> Any:
    """Return what an answer says, whatever it is; the body is rewound. Raises `PullFailure` if it is no JSON."""
    return _decoded(answer, Any)


def on_disk(answer: Fetched) -> Fetched:
    """Return the answer with its body moved out of memory, where it can be."""
    rollover = getattr(answer.body, "rollover", None)
    if rollover is not None:
        rollover()
    return answer


def _decoded(answer: Fetched, form: Any) -> Any:
    try:
        answer.body.seek(0)
        return msgspec.json.decode(answer.body.read(), type=form)
    except msgspec.MsgspecError as error:
        raise PullFailure(
            "source",
            "MC00-DEQAR-STRANGE-ANSWER",
            url=answer.url,
            message=f"DEQAR's answer has not the form that we know ({error}).",
            remedy="See what the address answers; if DEQAR has changed its answers, this connector must learn the new "
            "form. Until then the last good register stays in use.",
        ) from None
    finally:
        answer.body.seek(0)


def moved(url: str, what: str) -> PullFailure:
    """Return the failure for a register that changes faster than it can be read; a later pull may well succeed."""
    return PullFailure(
        "transient",
        "MC00-DEQAR-LIST-MOVED",
        url=url,
        message=f"DEQAR cannot be read consistently: {what}.",
        remedy="Nothing to do if it goes away; if it stays, pull at a quieter hour (schedule in the contract).",
    )


def _refused(url: str) -> PullFailure:
    return PullFailure(
        "permanent",
        "MC00-DEQAR-TOKEN-REFUSED",
        url=url,
        message="DEQAR does not accept the token (it answers 403, not 401, for a token that is missing or wrong).",
        remedy="Check DEQAR_TOKEN, or DEQAR_USERNAME and DEQAR_PASSWORD; a new token is had from deqar@eqar.eu. Or set "
        "the ways in the contract that need none (connect_api, csv).",
        status=403,
    )


def _capped(url: str, most: int) -> PullFailure:
    return PullFailure(
        "source",
        "MC00-DEQAR-LIST-CAPPED",
        url=url,
        message=f"The list holds as many records as DEQAR's search engine can reach ({most:,}): the rest is cut off.",
        remedy="Name countries in the contract, so that each list is shorter, or take the nightly files (way: csv).",
    )


def _endless(path: str, pages: int) -> PullFailure:
    return PullFailure(
        "source",
        "MC00-PULL-ENDLESS",
        url=path,
        message=f"The list did not end after {pages} pages.",
        remedy="If the list is truly that long, raise transport.limits.pages or the page size in the contract.",
    )
