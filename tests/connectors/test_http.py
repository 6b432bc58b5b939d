"""What the fetch layer does with answers: success, failure, retries, limits, redirects, secrets."""

from __future__ import annotations

import gzip
import logging
import pickle
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.failures import PullFailure
from tests.connectors.support import fetcher
from tests.http_server import Answer, Request, as_json, one_after_another, serving

GOOD = Answer(b'{"items": []}', headers={"Content-Type": "text/html"})


def failure_of(routes: dict[str, object], path: str = "/list", **changes: object) -> PullFailure:
    with serving(routes) as server, fetcher(server.url(path), **changes) as way:  # type: ignore[arg-type]
        with pytest.raises(PullFailure) as raised:
            way.get(way.url)
        return raised.value


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


# -- bodies --------------------------------------------------------------------------------------------------------


def deflated(data: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"a": 1}' * 9999)),
        ("x-gzip", gzip.compress(b'{"a": 1}' * 5000) + gzip.compress(b'{"a": 1}' * 4999)),
        ("gzip", gzip.compress(b'{"a": 1}' * 9999) + b"\0" * 512),
        ("deflate", deflated(b'{"a": 1}' * 9999, zlib.MAX_WBITS)),
        ("deflate", deflated(b'{"a": 1}' * 9999, -zlib.MAX_WBITS)),
        ("identity", b'{"a": 1}' * 9999),
    ],
)
def test_content_encodings_are_undone(encoding: str, body: bytes) -> None:
    answer = Answer(body, headers={"Content-Encoding": encoding})
    with serving({"/list": lambda _: answer}) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).body.read() == b'{"a": 1}' * 9999
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_deflate_in_single_bytes() -> None:
    body = deflated(b'{"a": 1}', -zlib.MAX_WBITS)
    answer = Answer(headers={"Content-Encoding": "deflate"}, pieces=[body[i : i + 1] for i in range(len(body))])
    with serving({"/list": lambda _: answer}) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).body.read() == b'{"a": 1}'


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_a_content_encoding_that_was_not_asked_for(encoding: str) -> None:
    failure = failure_of({"/list": lambda _: Answer(b"\x1b\x03", headers={"Content-Encoding": encoding})})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-DAMAGED")


def test_damaged_compression() -> None:
    body = gzip.compress(b"x" * 1000)
    failure = failure_of({"/list": lambda _: Answer(body[:20] + b"\xff" * 20, headers={"Content-Encoding": "gzip"})})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-DAMAGED")


def test_compression_bomb_is_stopped_by_its_ratio() -> None:
    bomb = gzip.compress(b" " * 60_000_000)
    failure = failure_of({"/list": lambda _: Answer(bomb, headers={"Content-Encoding": "gzip"})})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-BOMB")


def test_decompressed_size_has_its_own_limit() -> None:
    body = gzip.compress(b"0123456789" * 10_000)
    answer = Answer(body, headers={"Content-Encoding": "gzip"})
    failure = failure_of({"/list": lambda _: answer}, limits={"decompressed_bytes": 50_000})
    assert failure.code == "MC00-PULL-TOO-LARGE"
    assert "transport.limits.decompressed_bytes" in failure.remedy


def test_an_endless_body_is_stopped_at_the_limit() -> None:
    def endless(_: Request) -> Answer:
        return Answer(pieces=(b"x" * 10_000 for _ in range(1_000_000)))

    failure = failure_of({"/list": endless}, limits={"bytes": 1_000_000})
    assert (failure.kind, failure.code) == ("source", "MC00-PULL-TOO-LARGE")
    assert "1,000,000 bytes" in failure.message


def test_the_limit_holds_for_the_whole_pull() -> None:
    with (
        serving({"/list": lambda _: Answer(b"x" * 600)}) as server,
        fetcher(server.url("/list"), limits={"bytes": 1_000}) as way,
    ):
        way.get(way.url)
        with pytest.raises(PullFailure, match="limit"):
            way.get(way.url)


@pytest.mark.parametrize(
    "cut",
    [
        Answer(b'{"items": [', length=5_000, cut=True),
        Answer(pieces=[b'{"items": ['], cut=True),
        Answer(gzip.compress(b'{"items": []}' * 100)[:-12], headers={"Content-Encoding": "gzip"}),
    ],
    ids=["shorter than its length", "chunks without end", "compressed, without end"],
)
def test_a_connection_cut_half_way_is_tried_again(cut: Answer) -> None:
    with serving({"/list": one_after_another(cut, GOOD)}) as server, fetcher(server.url("/list")) as way:
        assert way.get(way.url).body.read() == GOOD.body
    failure = failure_of({"/list": lambda _: cut})
    assert (failure.kind, failure.code) == ("transient", "MC00-PULL-CUT-OFF")


# -- time ----------------------------------------------------------------------------------------------------------


def test_a_server_that_says_nothing_times_out() -> None:
    import threading

    hold = threading.Event()

    def silent(_: Request) -> Answer:
        hold.wait(10)
        return GOOD

    failure = failure_of({"/list": silent}, timeout=0.1, retries={"attempts": 1})
    hold.set()
    assert (failure.kind, failure.code) == ("transient", "MC00-PULL-TIMED-OUT")


def test_a_dripping_body_ends_with_the_time_of_the_pull() -> None:
    import threading

    hold = threading.Event()

    def dripping(_: Request) -> Answer:
        def drops() -> object:
            while not hold.wait(0.02):
                yield b"x"

        return Answer(pieces=drops())  # type: ignore[arg-type]

    failure = failure_of({"/list": dripping}, limits={"seconds": 0.3})
    hold.set()
    assert (failure.kind, failure.code) == ("transient", "MC00-PULL-TOO-LONG")


def test_dripping_headers_end_with_the_time_of_the_pull() -> None:
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))
    hold = threading.Event()

    def drip() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not hold.wait(0.02):
                try:
                    peer.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with (
        fetcher(f"http://127.0.0.1:{listener.getsockname()[1]}/", limits={"seconds": 0.3}) as way,
        pytest.raises(PullFailure) as raised,
    ):
        way.get(way.url)
    hold.set()
    thread.join(timeout=5)
    listener.close()
    assert raised.value.code == "MC00-PULL-TOO-LONG"


def test_the_pace_of_a_host_is_kept() -> None:
    slept: list[float] = []
    with serving({"/list": lambda _: GOOD}) as server, fetcher(server.url("/list"), slept=slept, rate=2) as way:
        for _ in range(3):
            way.get(way.url)
    assert len(slept) == 2
    assert 0.3 < slept[0] <= 0.5
    assert 0.7 < slept[1] <= 1.0


# -- redirects -----------------------------------------------------------------------------------------------------


def to(place: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"Location": place})


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


# -- secrets -------------------------------------------------------------------------------------------------------

SECRET = "s3cr3t/+key"


@pytest.mark.parametrize(
    ("authentication", "header", "sent"),
    [
        ({"type": "header", "header": "api-key", "value_env": "KEY"}, "api-key", SECRET),
        ({"type": "bearer", "token_env": "KEY"}, "authorization", f"Bearer {SECRET}"),
        (
            {"type": "basic", "username_env": "USER_NAME", "password_env": "KEY"},
            "authorization",
            "Basic bWU6czNjcjN0Lytr",
        ),
    ],
)
def test_secrets_are_sent_and_never_shown(
    authentication: dict[str, str], header: str, sent: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")  # the command line quiets it for the process
    environment = {"KEY": SECRET, "USER_NAME": "me"}
    echo = one_after_another(Answer(b"", 500), as_json({}, ETag=SECRET))
    with serving({"/list": echo}) as server:
        way = fetcher(server.url("/list"), authentication=authentication, environment=environment)
        with way:
            fetched = way.get(way.url)
    assert server.requests[-1].headers[header].startswith(sent)
    shown = caplog.text + repr(fetched) + repr(vars(way)["_transport"]) + repr(way.notes)
    assert SECRET not in shown
    assert "czNjcjN0" not in shown
    assert fetched.headers["etag"] == "***"


def test_secret_query_parameters_are_sent_and_hidden(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3")  # the command line quiets it for the process
    way_in = {"type": "query", "parameter": "Key", "value_env": "KEY"}
    routes = {"/list": lambda request: GOOD if request.query == {"Key": SECRET, "q": "1"} else Answer(b"", 401)}
    with (
        serving(routes) as server,
        fetcher(server.url("/list?q=1"), authentication=way_in, environment={"KEY": SECRET}) as way,
    ):
        fetched = way.get(way.url)
        server.routes["/list"] = lambda _: Answer(b"", 404)
        with pytest.raises(PullFailure) as raised:
            way.get(way.url)
    assert fetched.url == server.url("/list?q=1&Key=***")
    shown = caplog.text + str(raised.value) + repr(raised.value.observation())
    assert SECRET not in shown
    assert "s3cr3t" not in shown
    assert "/list" in caplog.text


def test_variables_in_addresses_and_headers_are_filled_and_secret_ones_hidden() -> None:
    environment = {"PATH_TOKEN": "abc123", "ROUTE": "endpoint=x"}
    routes = {"/abc123/list": lambda request: GOOD if request.headers["x-route"] == "endpoint=x" else Answer(b"", 400)}
    with serving(routes) as server:
        url = server.url("/${PATH_TOKEN}/${NAME:-list}")
        with fetcher(url, headers={"X-Route": "${ROUTE}"}, environment=environment) as way:
            assert way.get(way.url).url == server.url("/***/list")


@pytest.mark.parametrize(
    "changes",
    [
        {"authentication": {"type": "bearer", "token_env": "MY_TOKEN"}},
        {"headers": {"X": "a ${MY_TOKEN}"}},
        {"url": "https://example.org/${MY_TOKEN}"},
    ],
)
@pytest.mark.parametrize("environment", [{}, {"MY_TOKEN": ""}])
def test_a_missing_secret_is_permanent_and_named(changes: dict[str, object], environment: dict[str, str]) -> None:
    given = {"url": "https://example.org/", "environment": environment, **changes}
    with pytest.raises(PullFailure, match="MY_TOKEN") as raised:
        fetcher(**given)
    assert (raised.value.kind, raised.value.code) == ("permanent", "MC00-PULL-SECRET-MISSING")


def test_credentials_stay_with_their_origin() -> None:
    """Another port on the same host is another origin (and the only other one a test on loopback can offer)."""
    secret = {"type": "header", "header": "api-key", "value_env": "KEY"}
    with serving({"/other": lambda _: GOOD}) as elsewhere:
        routes = {
            "/list": lambda _: to(elsewhere.url("/other")),
            "/same": lambda _: to("/there"),
            "/there": lambda _: GOOD,
        }
        with serving(routes) as server:
            changes = {"authentication": secret, "headers": {"X-Plain": "p"}, "environment": {"KEY": SECRET}}
            with fetcher(server.url("/list"), **changes) as way:
                way.get(way.url, headers={"X-Own": "o", "Accept": "application/json"})
                way.get(elsewhere.url("/other"))
                way.get(server.url("/same"))
    assert server.requests[0].headers["api-key"] == SECRET
    assert server.requests[-1].headers["api-key"] == SECRET
    for request in elsewhere.requests:
        assert not {"api-key", "x-plain", "x-own"} & set(request.headers)
    assert elsewhere.requests[0].headers["accept"] == "application/json"


OAUTH = {
    "type": "oauth2_client_credentials",
    "client_id_env": "CLIENT",
    "client_secret_env": "KEY",
    "scope": "courses",
}


def test_oauth_asks_for_a_token_once() -> None:
    with serving() as server:
        way_in = {**OAUTH, "token_url": server.url("/token")}
        server.routes["/token"] = lambda _: as_json({"access_token": "tok-1", "expires_in": 600})
        server.routes["/list"] = lambda r: (
            GOOD if r.headers.get("authorization") == "Bearer tok-1" else Answer(b"", 401)
        )
        with fetcher(server.url("/list"), authentication=way_in, environment={"CLIENT": "c", "KEY": SECRET}) as way:
            way.get(way.url)
            way.get(way.url)
    assert server.hits("/token") == 1
    asked = server.requests[0]
    assert (asked.method, asked.body) == ("POST", b"grant_type=client_credentials&scope=courses")
    assert asked.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"", 401), "MC00-PULL-UNAUTHORISED"),
        (as_json({"error": "x"}), "MC00-PULL-NO-TOKEN"),
        (Answer(b"<html>"), "MC00-PULL-NO-TOKEN"),
        (to("http://10.0.0.1/"), "MC00-PULL-STRANGE-ANSWER"),
    ],
)
def test_oauth_without_a_token(answer: Answer, code: str) -> None:
    with serving({"/token": lambda _: answer}) as server:
        way_in = {**OAUTH, "token_url": server.url("/token")}
        with (
            fetcher(server.url("/list"), authentication=way_in, environment={"CLIENT": "c", "KEY": SECRET}) as way,
            pytest.raises(PullFailure) as raised,
        ):
            way.get(way.url)
    assert raised.value.code == code
    assert server.hits("/list") == 0


def test_a_failure_travels_between_processes() -> None:
    failure = failure_of({"/list": lambda _: Answer(b"", 404)})
    copy = pickle.loads(pickle.dumps(failure))
    assert vars(copy) == vars(failure)
    assert str(copy) == str(failure)
