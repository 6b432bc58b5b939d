"""What the fetch layer does with answers: success, failure, retries, redirects."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.failures import PullFailure
from tests.connectors.support import GOOD, failure_of, fetcher, to
from tests.http_server import Answer, Request, one_after_another, serving


def test_json_labelled_as_html_is_taken_as_what_it_is() -> None:
    with serving({"/list": lambda _: GOOD}) as server, fetcher(server.url("/list")) as way:
        fetched = way.get(way.url, role="courses")
    assert fetched.body.read() == b'{"items": []}'
    assert (fetched.name, fetched.role, fetched.status) == ("courses-1.json", "courses", 200)
    assert fetched.url == server.url("/list")


def test_addresses_may_be_relative_to_the_feed() -> None:
    with serving({"/a/two": lambda _: GOOD}) as server, fetcher(server.url("/a/one")) as way:
        fetched = way.get("two")
        assert way.address_of(fetched) == server.url("/a/two")


def test_names_are_unique_and_safe() -> None:
    with serving({"/list": lambda _: GOOD}) as server, fetcher(server.url("/list")) as way:
        names = [way.get(way.url, role="a", name=name).name for name in (None, None, "x/../y.json", "x/../y.json")]
    assert names == ["a-1.json", "a-2.json", "x-..-y.json", "x-..-y-2.json"]


def test_server_error_then_success() -> None:
    slept: list[float] = []
    with (
        serving({"/list": one_after_another(Answer(b"", 500), Answer(b"", 503), GOOD)}) as server,
        fetcher(server.url("/list"), slept=slept) as way,
    ):
        assert way.get(way.url).status == 200
    assert server.hits("/list") == 3
    assert len(slept) == 2
    assert 1.0 <= slept[0] <= 2.0 <= slept[1] <= 3.0


def test_server_error_that_stays_is_transient_and_says_how_often_it_was_tried() -> None:
    with (
        serving({"/list": lambda _: Answer(b"", 502)}) as server,
        fetcher(server.url("/list")) as way,
        pytest.raises(PullFailure, match=r"status 502.*Tried 4 times") as raised,
    ):
        way.get(way.url)
    assert raised.value.kind == "transient"
    assert server.hits("/list") == 4


def test_retry_after_in_seconds_is_honoured() -> None:
    slept: list[float] = []
    busy = Answer(b"", 429, {"Retry-After": "17"})
    with serving({"/list": one_after_another(busy, GOOD)}) as server, fetcher(server.url("/list"), slept=slept) as way:
        way.get(way.url)
    assert slept == [17.0]


def test_retry_after_as_a_date_is_honoured() -> None:
    slept: list[float] = []
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    busy = Answer(b"", 503, {"Retry-After": then})
    with serving({"/list": one_after_another(busy, GOOD)}) as server, fetcher(server.url("/list"), slept=slept) as way:
        way.get(way.url)
    assert 50 < slept[0] <= 60


@pytest.mark.parametrize("wish", ["soon", "-5", "Fri, 99 Nov 2026"])
def test_retry_after_that_means_nothing_falls_back_to_our_own_pause(wish: str) -> None:
    slept: list[float] = []
    busy = Answer(b"", 429, {"Retry-After": wish})
    with serving({"/list": one_after_another(busy, GOOD)}) as server, fetcher(server.url("/list"), slept=slept) as way:
        way.get(way.url)
    assert 1.0 <= slept[0] <= 2.0


def test_a_source_that_wants_us_gone_for_an_hour_is_left_alone() -> None:
    with (
        serving({"/list": lambda _: Answer(b"", 429, {"Retry-After": "3600"})}) as server,
        fetcher(server.url("/list")) as way,
        pytest.raises(PullFailure, match="wait 3600 seconds") as raised,
    ):
        way.get(way.url)
    assert (raised.value.kind, raised.value.retry_after) == ("transient", 3600)
    assert server.hits("/list") == 1


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, "permanent", "MC00-PULL-REFUSED"),
        (401, "permanent", "MC00-PULL-UNAUTHORISED"),
        (403, "permanent", "MC00-PULL-FORBIDDEN"),
        (404, "permanent", "MC00-PULL-NOT-FOUND"),
        (405, "permanent", "MC00-PULL-REFUSED"),
        (410, "permanent", "MC00-PULL-NOT-FOUND"),
        (501, "source", "MC00-PULL-SERVER-ERROR"),
        (204, "source", "MC00-PULL-EMPTY"),
        (206, "source", "MC00-PULL-STRANGE-ANSWER"),
        (304, "source", "MC00-PULL-STRANGE-ANSWER"),
        (300, "source", "MC00-PULL-STRANGE-ANSWER"),
    ],
)
def test_what_will_not_change_is_asked_for_once(status: int, kind: str, code: str) -> None:
    with (
        serving({"/list": lambda _: Answer(b"", status)}) as server,
        fetcher(server.url("/list")) as way,
        pytest.raises(PullFailure) as raised,
    ):
        way.get(way.url)
    assert (raised.value.kind, raised.value.code, raised.value.status) == (
        kind,
        code,
        status if status != 200 else None,
    )
    assert server.hits("/list") == 1
    assert raised.value.remedy


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_transient(status: int) -> None:
    assert failure_of({"/list": lambda _: Answer(b"", status)}).kind == "transient"


@pytest.mark.parametrize("body", [b"", b"  \n"])
def test_success_without_content_is_no_empty_list(body: bytes) -> None:
    failure = failure_of({"/list": lambda _: Answer(body)})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-EMPTY")


def test_a_login_page_with_status_200_is_a_failure_that_names_the_page() -> None:
    page = (
        b"<!DOCTYPE html>\n<html><head><title>Sign in &ndash; Campus</title></head><form><input type='password'></form>"
    )
    failure = failure_of({"/list": lambda _: Answer(page, headers={"Content-Type": "application/json"})})
    assert (failure.kind, failure.code) == ("source", "MC00-SOURCE-HTML")
    assert "a login page" in failure.message
    assert "Sign in – Campus" in failure.message
    assert failure.observation().facts["title"] == "Sign in – Campus"


def test_a_web_page_that_is_wanted_is_taken() -> None:
    with serving({"/page": lambda _: Answer(b"<html></html>")}) as server, fetcher(server.url("/page")) as way:
        assert way.get(way.url, web_page=True).name == "document-1.xml"


# -- redirects -----------------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_a_move_for_good_is_noted() -> None:
    routes = {"/list": lambda _: to("/new", 301), "/new": lambda _: to("newer?x=1", 307), "/newer": lambda _: GOOD}
    with serving(routes) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).url == server.url("/newer?x=1")
        way.get(way.url)
        assert [note.code for note in way.notes] == ["MC00-SOURCE-MOVED"]
        assert way.notes[0].facts["new"] == server.url("/new")


def test_redirect_loop() -> None:
    failure = failure_of({"/list": lambda _: to("/b"), "/b": lambda _: to("/list")})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-REDIRECTS")
    assert "circle" in failure.message


def test_too_many_redirects() -> None:
    def further(request: Request) -> Answer:
        return to(f"/list?n={int(request.query.get('n', 0)) + 1}")

    with (
        serving({"/list": further}) as server,
        fetcher(server.url("/list"), limits={"redirects": 3}) as way,
        pytest.raises(PullFailure, match="more than 3 times"),
    ):
        way.get(way.url)
    assert server.hits("/list") == 4


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1/", "data:,x"])
def test_redirect_away_from_the_web(place: str) -> None:
    assert failure_of({"/list": lambda _: to(place)}).code == "MC00-PULL-REDIRECTS"


def test_redirect_without_an_address() -> None:
    assert failure_of({"/list": lambda _: Answer(b"", 302)}).kind == "source"


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://localhost/",
    ],
)
def test_redirect_to_a_private_address_is_refused_even_if_the_feed_itself_is_private(place: str) -> None:
    failure = failure_of({"/list": lambda _: to(place)})
    assert (failure.kind, failure.code) == ("permanent", "MC00-PULL-ADDRESS-REFUSED")


def test_redirect_with_a_user_part_is_refused() -> None:
    failure = failure_of({"/list": lambda _: to("http://user:pass@127.0.0.1/")})
    assert failure.code == "MC00-PULL-ADDRESS-WRONG"
    assert "pass" not in str(failure)


def test_a_failure_travels_between_processes() -> None:
    failure = failure_of({"/list": lambda _: Answer(b"", 404)})
    copy = pickle.loads(pickle.dumps(failure))
    assert vars(copy) == vars(failure)
    assert str(copy) == str(failure)
