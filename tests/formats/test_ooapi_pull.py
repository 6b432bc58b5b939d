"""OOAPI 5, pulled from a real server on loopback: paging, lists of single records, the gateway, failures."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.failures import PullFailure
from tests.formats.json_support import asked, kept, numbered, plain, pull, read
from tests.formats.ooapi_makers import FORMAT, ROOT, SPEC, a_course, a_run
from tests.http_server import Answer, Request, Route, as_json, serving

ONLY_COURSES = {"lists": ["courses"], "references": [], "offerings": "none"}


def courses(*ids: str) -> list[dict[str, Any]]:
    return [a_course(courseId=one) for one in ids]


def small_source(**more: Route) -> dict[str, Route]:
    """Two courses over two pages, one organisation, one specification, runs of the first course only."""
    run = a_run()
    del run["course"]
    return {
        "/v5/courses": numbered(courses("c-1"), courses("c-2")),
        "/v5/organizations": numbered([ROOT]),
        "/v5/education-specifications": numbered([SPEC]),
        "/v5/courses/c-1/offerings": numbered([run]),
        **{f"/v5/{path}": route for path, route in more.items()},
    }


def test_everything_of_a_source_is_pulled_and_reads_as_one() -> None:
    with serving(small_source()) as server:
        fetched, notes = pull(FORMAT, server.url("/v5/"), consumer="eduxchange", query={"alliances.name": "ewuu"})
        found = read(FORMAT, *kept(fetched))
    assert [record.source_id for record in found.offerings] == ["c-1", "c-2"]
    assert [len(record.instances) for record in found.offerings] == [1, 0]
    assert plain(found.offerings[0].awarding_bodies[0].names) == ["University of Examples"]
    assert [one.role for one in fetched] == [
        "courses",
        "courses",
        "organizations",
        "education-specifications",
        "courses/c-1/offerings",
    ]
    assert asked(server, "/v5/courses")[0].query == {
        "consumer": "eduxchange",
        "alliances.name": "ewuu",
        "pageSize": "250",
        "pageNumber": "1",
    }
    assert {note.code: note.facts for note in notes} == {
        "MC00-PULL-LIST-NOT-OFFERED": {"list": "programs", "status": "404"},
        "MC00-PULL-OFFERINGS-ABSENT": {"count": "1", "example": "courses/c-2/offerings"},
    }


def test_a_page_with_fewer_records_than_asked_is_not_the_end_if_it_says_so() -> None:
    with serving({"/courses": numbered(courses("1", "2"), courses("3"))}) as server:
        fetched, _ = pull(FORMAT, server.url(), **ONLY_COURSES)
    assert len(fetched) == 2


def test_without_a_word_on_the_next_page_full_pages_go_on() -> None:
    def route(request: Request) -> Answer:
        first = 10 * int(request.query["pageNumber"])
        return as_json({"items": courses(*(str(at) for at in range(first, first + (10 if first < 30 else 3))))})

    with serving({"/courses": route}) as server:
        fetched, _ = pull(FORMAT, server.url(), page_size=10, **ONLY_COURSES)
    assert len(fetched) == 3


def test_a_list_that_repeats_itself_for_ever_ends() -> None:
    with serving({"/courses": lambda _: as_json({"items": courses("1"), "hasNextPage": True})}) as server:
        fetched, notes = pull(FORMAT, server.url(), **ONLY_COURSES)
        assert server.hits("/courses") == 2
    assert len(fetched) == 1
    assert [note.code for note in notes] == ["MC00-SOURCE-PAGES-CONTRADICT"]


def test_a_list_without_end_stops_at_the_ceiling() -> None:
    def route(request: Request) -> Answer:
        return as_json({"items": courses(request.query["pageNumber"]), "hasNextPage": True})

    with serving({"/courses": route}) as server, pytest.raises(PullFailure) as caught:
        pull(FORMAT, server.url(), limits={"pages": 5}, **ONLY_COURSES)
    assert caught.value.code == "MC00-PULL-ENDLESS"


def test_a_bare_list_is_complete() -> None:
    with serving({"/courses": lambda _: as_json(courses("1", "2"))}) as server:
        fetched, _ = pull(FORMAT, server.url(), **ONLY_COURSES)
        assert server.hits("/courses") == 1
    assert len(read(FORMAT, *kept(fetched)).offerings) == 2


def test_an_empty_list_is_kept_for_the_guard_to_judge() -> None:
    with serving({"/courses": numbered([])}) as server:
        fetched, _ = pull(FORMAT, server.url(), **ONLY_COURSES)
    assert read(FORMAT, *kept(fetched)).offerings == []
    assert len(fetched) == 1


def test_ids_are_quoted_in_addresses_and_the_bases_own_query_stays() -> None:
    routes = {"/v5/courses": numbered(courses("a b")), "/v5/courses/a%20b/offerings": numbered([a_run()])}
    with serving(routes) as server:
        fetched, _ = pull(FORMAT, server.url("/v5?key=1"), lists=["courses"], references=[])
        assert len(read(FORMAT, *kept(fetched)).offerings[0].instances) == 1
        assert asked(server, "/v5/courses/a%20b/offerings")[0].query["key"] == "1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"items": [{"courseId": "1"', "MC00-SOURCE-TRUNCATED"),
        (b'{"status": "500", "title": "Database down"}', "MC00-SOURCE-ERROR"),
        (b'{"some": "thing"}', "MC00-SOURCE-NOT-OOAPI"),
        (b"<!doctype html><title>Log in</title>", "MC00-SOURCE-HTML"),
    ],
)
def test_an_answer_that_is_no_list_ends_the_pull(body: bytes, code: str) -> None:
    with serving({"/courses": lambda _: Answer(body)}) as server, pytest.raises(PullFailure) as caught:
        pull(FORMAT, server.url(), **ONLY_COURSES)
    assert (caught.value.kind, caught.value.code) == ("source", code)


def test_the_first_list_must_be_there() -> None:
    with serving({}) as server, pytest.raises(PullFailure) as caught:
        pull(FORMAT, server.url())
    assert caught.value.code == "MC00-PULL-NOT-FOUND"


def test_a_reference_list_that_fails_for_another_reason_ends_the_pull() -> None:
    routes = small_source(organizations=lambda _: Answer(status=500))
    with serving(routes) as server, pytest.raises(PullFailure) as caught:
        pull(FORMAT, server.url("/v5"))
    assert caught.value.kind == "transient"


def test_a_few_broken_lists_of_runs_are_noted_and_many_end_the_pull() -> None:
    routes = small_source(**{"courses/c-2/offerings": lambda _: Answer(status=500)})
    with serving(routes) as server:
        fetched, notes = pull(FORMAT, server.url("/v5"), lists=["courses"], references=[])
    assert fetched
    assert [(note.code, note.facts["count"]) for note in notes] == [("MC00-PULL-OFFERINGS-FAILED", "1")]
    ids = [str(at) for at in range(9)]
    broken: dict[str, Route] = {f"/courses/{one}/offerings": lambda _: Answer(status=500) for one in ids}
    with serving({"/courses": numbered(courses(*ids)), **broken}) as server, pytest.raises(PullFailure):
        pull(FORMAT, server.url(), lists=["courses"], references=[])


def test_lists_of_single_records_have_a_ceiling_that_is_said() -> None:
    with serving({"/courses": numbered(courses("1", "2", "3"))}) as server:
        _, notes = pull(FORMAT, server.url(), lists=["courses"], references=[], most_record_lists=1)
    assert ("MC00-PULL-OFFERINGS-CAPPED", {"asked": "1", "known": "3"}) in [(note.code, note.facts) for note in notes]


def test_runs_can_be_asked_per_organisation() -> None:
    routes = small_source(**{"organizations/o-root/offerings": numbered([a_run()])})
    with serving(routes) as server:
        fetched, _ = pull(FORMAT, server.url("/v5"), lists=["courses"], offerings="organization")
        assert server.hits("/v5/courses/c-1/offerings") == 0
    assert [len(record.instances) for record in read(FORMAT, *kept(fetched)).offerings] == [1, 0]


def test_components_are_asked_on_demand() -> None:
    test = {"componentId": "t", "componentType": "test", "name": [{"language": "en", "value": "Written exam"}]}
    routes = small_source(**{"courses/c-1/components": numbered([test])})
    with serving(routes) as server:
        fetched, _ = pull(FORMAT, server.url("/v5"), lists=["courses"], components=True, offerings="none")
    assert plain(read(FORMAT, *kept(fetched)).offerings[0].assessment_texts) == ["Written exam"]


# -- the gateway


def behind(route: Route, status: int = 200) -> Route:
    """A route through the gateway: the inner answer in an envelope, the outer status always 200."""

    def answer(request: Request) -> Answer:
        inner = json.loads(route(request).body) if status == 200 else None
        endpoints = {"uni.example": {"responseCode": status}}
        responses = {"uni.example": inner} if status == 200 else {}
        return as_json({"gateway": {"request": request.path, "endpoints": endpoints}, "responses": responses})

    return answer


def test_the_gateway_is_told_whom_to_ask_and_its_envelope_is_walked() -> None:
    # A recorded oddity: asked for 250, the gateway reports 10, and page 2 says that it is page 1.
    routes = {"/courses": behind(numbered(courses("1"), courses("2"), pageNumber=1))}
    with serving(routes) as server:
        fetched, _ = pull(FORMAT, server.url(), gateway={"endpoints": ["uni.example"]}, **ONLY_COURSES)
        request = server.requests[0]
    assert request.headers["x-route"] == "endpoint=uni.example"
    assert request.headers["accept"] == "application/json; version=5"
    assert [record.source_id for record in read(FORMAT, *kept(fetched)).offerings] == ["1", "2"]


@pytest.mark.parametrize(("status", "kind"), [(404, "permanent"), (401, "permanent"), (502, "transient")])
def test_a_failed_endpoint_behind_the_gateway_is_judged_like_an_outer_failure(status: int, kind: str) -> None:
    routes = {"/courses": behind(numbered([]), status)}
    with serving(routes) as server, pytest.raises(PullFailure) as caught:
        pull(FORMAT, server.url(), gateway={"endpoints": ["uni.example"]}, **ONLY_COURSES)
    assert (caught.value.kind, caught.value.status) == (kind, status)
    assert "uni.example" in caught.value.message


def test_an_envelope_without_answer_is_a_failure_and_no_empty_catalogue() -> None:
    body = {"gateway": {"request": "/courses", "endpoints": {}}, "responses": {}}
    with serving({"/courses": lambda _: as_json(body)}) as server, pytest.raises(PullFailure) as caught:
        pull(FORMAT, server.url(), gateway={"endpoints": ["uni.example"]}, **ONLY_COURSES)
    assert caught.value.code == "MC00-SOURCE-GATEWAY-EMPTY"


def test_a_list_that_is_missing_behind_the_gateway_may_be_missing() -> None:
    routes = {
        "/courses": behind(numbered(courses("1"))),
        "/organizations": behind(numbered([]), 404),
        "/courses/1/offerings": behind(numbered([]), 404),
    }
    with serving(routes) as server:
        options = {"lists": ["courses"], "references": ["organizations"], "gateway": {"endpoints": ["uni.example"]}}
        fetched, notes = pull(FORMAT, server.url(), **options)
    assert len(fetched) == 1
    assert [note.code for note in notes] == ["MC00-PULL-LIST-NOT-OFFERED", "MC00-PULL-OFFERINGS-ABSENT"]
