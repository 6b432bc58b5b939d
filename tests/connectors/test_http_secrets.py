"""What the fetch layer does with secrets: sent where they belong, never shown, tokens had once."""

from __future__ import annotations

import logging

import pytest

from connectors.failures import PullFailure
from tests.connectors.support import GOOD, fetcher, to
from tests.http_server import Answer, as_json, one_after_another, serving

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
