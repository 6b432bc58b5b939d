"""Lists are walked to their true end: never for ever, never short without saying so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.failures import PullFailure
from connectors.paging import Numbering, Page, PageWalker, next_address, record_keys, walk_links, walk_numbered
from tests.connectors.support import describe, fetcher
from tests.http_server import Answer, Request, Server, as_json, serving


def items(*ids: str) -> list[dict[str, str]]:
    return [{"id": one} for one in ids]


def numbered(pages: list[Any], beyond: Answer | None = None, **changes: Any) -> tuple[list[str], list[str], Server]:
    """Walk pages by number and return the ids kept, the codes noted, and the server. `beyond`: for other pages."""

    def answer(request: Request) -> Answer:
        number = int(request.query["pageNumber"])
        if number <= len(pages):
            return as_json(pages[number - 1])
        return beyond or as_json({"items": []})

    with serving({"/list": answer}) as server, fetcher(server.url("/list"), **changes) as way:
        walked = walk_numbered(way, way.url, describe=describe, numbering=Numbering(page_size=2), params={"q": "x"})
        ids = [one["id"] for fetched in walked for one in json.loads(fetched.body.read())["items"]]
        return ids, [note.code for note in way.notes], server


def test_has_next_is_believed_against_the_count() -> None:
    """A recorded page holds 2 records, a page size of 10, and says that a next one follows."""
    first = {"items": items("1", "2"), "pageSize": 10, "hasNext": True}
    ids, codes, server = numbered([first, {"items": items("3"), "hasNext": False}])
    assert (ids, codes, server.hits("/list")) == (["1", "2", "3"], [], 2)
    assert server.requests[0].query == {"pageNumber": "1", "pageSize": "2", "q": "x"}


def test_without_has_next_full_pages_go_on() -> None:
    ids, codes, server = numbered([{"items": items("1", "2")}, {"items": items("3", "4")}, {"items": items("5")}])
    assert (ids, codes, server.hits("/list")) == (["1", "2", "3", "4", "5"], [], 3)


def test_an_empty_page_ends_the_list_and_is_not_kept() -> None:
    ids, codes, server = numbered([{"items": items("1", "2")}])
    assert (ids, codes, server.hits("/list")) == (["1", "2"], [], 2)


def test_an_empty_page_that_promises_more_is_the_end_and_noted() -> None:
    ids, codes, _ = numbered([{"items": items("1"), "hasNext": True}, {"items": [], "hasNext": True}])
    assert (ids, codes) == (["1"], ["MC00-SOURCE-PAGES-CONTRADICT"])


def test_not_found_past_the_end_is_the_end() -> None:
    ids, codes, _ = numbered([{"items": items("1", "2")}], beyond=Answer(b"", 404))
    assert (ids, codes) == (["1", "2"], [])


def test_not_found_where_a_next_page_was_promised_is_a_failure() -> None:
    with pytest.raises(PullFailure, match="status 404"):
        numbered([{"items": items("1", "2"), "hasNext": True}], beyond=Answer(b"", 404))


def test_an_empty_first_page_is_kept() -> None:
    with serving({"/list": lambda _: as_json({"items": []})}) as server, fetcher(server.url("/list")) as way:
        walked = list(walk_numbered(way, way.url, describe=describe, numbering=Numbering(page_size=2)))
    assert len(walked) == 1


@pytest.mark.parametrize("token", [False, True], ids=["the same bytes", "only a token differs"])
def test_a_page_that_repeats_itself_for_ever_ends_the_walk_and_is_noted(token: bool) -> None:
    def answer(request: Request) -> Answer:
        page = {"items": items("1", "2"), "hasNext": True, "pageNumber": 1}
        return as_json({**page, "token": request.query["pageNumber"]} if token else page)

    with serving({"/list": answer}) as server, fetcher(server.url("/list")) as way:
        walked = list(walk_numbered(way, way.url, describe=describe, numbering=Numbering()))
        assert [note.code for note in way.notes] == ["MC00-SOURCE-PAGES-CONTRADICT"]
    assert (len(walked), server.hits("/list")) == (1, 2)


def test_records_without_ids_are_known_by_their_content() -> None:
    page = {"items": [{"name": "a"}, {"name": "b"}], "hasNext": True}
    with (
        serving({"/list": lambda r: as_json({**page, "token": r.query["pageNumber"]})}) as server,
        fetcher(server.url("/list")) as way,
    ):
        assert len(list(walk_numbered(way, way.url, describe=describe, numbering=Numbering()))) == 1


def test_total_pages_is_the_end() -> None:
    pages = [{"items": items(str(n)), "totalPages": 2, "hasNext": True} for n in (1, 2, 3)]
    ids, codes, server = numbered(pages)
    assert (ids, codes, server.hits("/list")) == (["1", "2"], ["MC00-SOURCE-PAGES-CONTRADICT"], 2)


def test_a_total_of_zero_pages_is_unknown() -> None:
    ids, _, _ = numbered([{"items": items("1", "2"), "totalPages": 0}, {"items": items("3"), "totalPages": 0}])
    assert ids == ["1", "2", "3"]


def test_a_server_that_caps_its_pages_in_silence_loses_nothing_if_it_announces_a_total() -> None:
    ids, codes, _ = numbered([{"items": items("1"), "total": 3}, {"items": items("2")}, {"items": items("3")}])
    assert (ids, codes) == (["1", "2", "3"], [])


def test_totals_that_differ_are_noted() -> None:
    _, codes, _ = numbered([{"items": items("1", "2"), "total": 5, "hasNext": False}])
    assert codes == ["MC00-SOURCE-TOTAL-DIFFERS"]


def test_a_total_that_counts_duplicates_is_no_difference() -> None:
    _, codes, _ = numbered([{"items": items("1", "1"), "total": 2, "hasNext": False}])
    assert codes == []


def test_endless_new_pages_fail_at_the_ceiling() -> None:
    with (
        serving({"/list": lambda r: as_json({"items": items(r.query["pageNumber"]), "hasNext": True})}) as server,
        fetcher(server.url("/list"), limits={"pages": 5}) as way,
        pytest.raises(PullFailure) as raised,
    ):
        list(walk_numbered(way, way.url, describe=describe, numbering=Numbering()))
    assert (raised.value.kind, raised.value.code) == ("source", "MC00-PULL-ENDLESS")
    assert server.hits("/list") == 5
    assert "transport.limits.pages" in raised.value.remedy


def test_offsets_are_numbers_with_a_step() -> None:
    offsets = Numbering(number="offset", size="limit", first=0, page_size=2, step=2)
    with (
        serving({"/list": lambda r: as_json({"items": items("a", "b") if r.query["offset"] == "0" else []})}) as server,
        fetcher(server.url("/list")) as way,
    ):
        list(walk_numbered(way, way.url, describe=describe, numbering=offsets))
    assert [request.query["offset"] for request in server.requests] == ["0", "2"]


# -- links ---------------------------------------------------------------------------------------------------------


def linked(routes: dict[str, Any]) -> tuple[list[str], list[str]]:
    with serving() as server:
        for path, page in routes.items():
            server.routes[path] = lambda _, page=page: as_json(  # type: ignore[misc]
                {**page, "next": page["next"].replace("HOST", server.url())} if page.get("next") else page
            )
        with fetcher(server.url("/1")) as way:
            walked = walk_links(way, way.url, describe=describe)
            ids = [one["id"] for fetched in walked for one in json.loads(fetched.body.read())["items"]]
            return ids, [note.code for note in way.notes]


@pytest.mark.parametrize("end", [{}, {"next": None}, {"next": ""}, {"next": "  "}, {"next": "/2"}, {"next": "HOST2"}])
def test_the_ways_in_which_linked_lists_end(end: dict[str, Any]) -> None:
    """Absent, null, empty, blank, and the page's own address (iMooX: self is last)."""
    ids, codes = linked({"/1": {"items": items("a"), "next": "2"}, "/2": {"items": items("b"), **end}})
    assert (ids, codes) == (["a", "b"], [])


def test_links_that_go_round() -> None:
    ids, codes = linked({"/1": {"items": items("a"), "next": "/2"}, "/2": {"items": items("b"), "next": "/1"}})
    assert (ids, codes) == (["a", "b"], [])


def test_links_that_bring_nothing_new_are_noted() -> None:
    ids, codes = linked({"/1": {"items": items("a"), "next": "/2"}, "/2": {"items": items("a"), "next": "/3"}})
    assert (ids, codes) == (["a"], ["MC00-SOURCE-PAGES-CONTRADICT"])


def test_a_link_to_another_host_is_refused() -> None:
    with pytest.raises(PullFailure) as raised:
        linked({"/1": {"items": items("a"), "next": "http://internal.example/2"}})
    assert (raised.value.kind, raised.value.code) == ("source", "MC00-PULL-NEXT-ELSEWHERE")
    assert "internal.example" in raised.value.message


def test_a_link_that_forgot_about_tls_keeps_it() -> None:
    here = "https://h.example/list?page=1"
    assert next_address("http://h.example/list?page=2", here) == "https://h.example/list?page=2"
    assert next_address("?page=2", here) == "https://h.example/list?page=2"
    with pytest.raises(PullFailure):
        next_address("https://h.example:444/x", here)


# -- any server ----------------------------------------------------------------------------------------------------

pages_strategy = st.lists(
    st.builds(
        Page,
        st.lists(st.sampled_from("abcdefgh"), max_size=4),
        st.none() | st.booleans(),
        st.none(),
        st.none() | st.integers(-1, 5),
        st.none() | st.integers(-1, 6),
        st.none() | st.integers(-1, 20),
    ),
    min_size=1,
    max_size=8,
)


@given(pages=pages_strategy, asked=st.none() | st.integers(1, 4), ceiling=st.integers(1, 30))
@settings(max_examples=100)
def test_any_server_ends_and_loses_nothing_that_was_served_before_the_stop(
    pages: list[Page], asked: int | None, ceiling: int
) -> None:
    """The server repeats its last page for ever."""
    walker = PageWalker(ceiling, asked)
    kept: set[str] = set()
    served: set[str] = set()
    taken = 0
    while walker.stop is None and walker.pages < walker.ceiling:
        page = pages[min(taken, len(pages) - 1)]
        served.update(page.ids)
        if walker.take(page, digest=repr(page)):
            kept.update(page.ids)
        taken += 1
    assert kept == served
    assert walker.stop is not None or walker.pages == ceiling
    assert taken <= len(pages) + 1
    walker.observations("x")


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["id", "name"]), st.none() | st.integers() | st.sampled_from(["", " ", "a"]))
    )
)
def test_every_record_has_a_key(records: list[dict[str, object]]) -> None:
    keys = record_keys(records, lambda one: one.get("id"))
    assert len(keys) == len(records)
    assert all(keys)
