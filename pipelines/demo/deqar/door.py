"""Who may come in, and what stands where: logins, routes, refusals, in the order in which the backend checks them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.demo.deqar import errors, lists, records, tables
from pipelines.demo.deqar.errors import Refused, Reply, as_json, detail, not_found_page, page
from pipelines.demo.deqar.files import csv_file
from pipelines.demo.deqar.index import Index
from pipelines.demo.deqar.model import World
from pipelines.demo.deqar.parameters import Asked

DEMO_TOKEN = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: method, path with query, headers by lower-case name, body."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Account:
    """Who may use the Web API."""

    username: str = "demo"
    password: str = "demo"
    token: str = DEMO_TOKEN
    active: bool = True


@dataclass(frozen=True, slots=True)
class _Call:
    """A request that has found its route. `parts`: what the path says; `base`: the address under which we are asked."""

    world: World
    index: Index
    parts: tuple[str, ...]
    query: Mapping[str, str]
    url: str
    base: str

    @property
    def asked(self) -> Asked:
        """The request, for the lists."""
        return Asked(self.world, self.index, self.query, self.url)


class Door:
    """Answers requests about one world. `accounts`: who may use the Web API."""

    def __init__(self, world: World, accounts: tuple[Account, ...] = (Account(),)) -> None:
        self.world = world
        self.index = Index(world)
        self.accounts = accounts

    def answer(self, request: Request, base: str) -> Reply:
        """Return the answer to a request. `base`: scheme and host under which we are asked."""
        try:
            return self._answer(request, base)
        except Refused as refused:
            return refused.reply
        except TypeError:
            return page(500, errors.SERVER_ERROR_PAGE)

    def _answer(self, request: Request, base: str) -> Reply:
        parts = urlsplit(request.target)
        path = unquote(parts.path)
        if path.startswith("/static/daily-csv/"):
            return self._file(path.rpartition("/")[2], request, base)
        if path == "/accounts/get_token/":
            return self._token(request)
        route, found = self._route(path, parts.query)
        negotiate(request.headers.get("accept", "*/*"))
        self._authenticate(request.headers.get("authorization"), needed=not route.open)
        if request.method not in ("GET", "HEAD"):
            raise detail(405, f'Method "{request.method}" not allowed.')
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        call = _Call(self.world, self.index, found, query, f"{base}{request.target}", base)
        return as_json(route.view(call))

    def _route(self, path: str, query: str) -> tuple[_Route, tuple[str, ...]]:
        for route in ROUTES:
            found = re.fullmatch(route.pattern, path)
            if found:
                return route, found.groups()
        if any(re.fullmatch(route.pattern, f"{path}/") for route in ROUTES):
            target = f"{path}/?{query}" if query else f"{path}/"
            raise Refused(page(301, "", Location=target))
        raise not_found_page()

    def _authenticate(self, header: str | None, *, needed: bool) -> None:
        """Raise `Refused` for a login that is missing where it is needed, or wrong anywhere: 403, never 401."""
        words = (header or "").split(" ")
        if words[0].lower() != "bearer":
            if needed:
                raise detail(403, "Authentication credentials were not provided.")
            return
        if len(words) == 1 or words[1:] == [""]:
            raise detail(403, "Invalid token header. No credentials provided.")
        if len(words) > 2:
            raise detail(403, "Invalid token header. Token string should not contain spaces.")
        account = next((one for one in self.accounts if one.token == words[1]), None)
        if account is None:
            raise detail(403, "Invalid token.")
        if not account.active:
            raise detail(403, "User inactive or deleted.")

    def _token(self, request: Request) -> Reply:
        if request.method != "POST":
            raise detail(405, f'Method "{request.method}" not allowed.')
        given = _form(request)
        for one in self.accounts:
            if one.active and (given.get("username"), given.get("password")) == (one.username, one.password):
                return as_json({"state": "success", "token": one.token, "account": one.username})
        return as_json({"state": "error", "errorMessage": "Unable to log in with provided credentials."}, 401)

    def _file(self, name: str, request: Request, base: str) -> Reply:
        body = csv_file(name, self.world, base)
        if body is None:
            raise not_found_page()
        changed = self.world.changed_at.replace(microsecond=0)
        headers = {"Content-Type": "text/csv", "Last-Modified": format_datetime(changed, usegmt=True)}
        since = request.headers.get("if-modified-since")
        if since and changed <= parsedate_to_datetime(since):
            return Reply(304, b"", headers)
        return Reply(200, body, headers)


def negotiate(accept: str) -> None:
    """Raise `Refused` (406) where nothing that is asked for can be given; this is looked at before the login."""
    kinds = {one.partition(";")[0].strip().lower() for one in accept.split(",")}
    if not kinds & {"*/*", "application/json", "application/*", "text/html", "text/*", ""}:
        body = {"detail": "Could not satisfy the request Accept header."}
        raise Refused(as_json(body, 406, Vary="Accept, origin"))


def _form(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        try:
            given = json.loads(request.body or b"{}")
        except ValueError:
            return {}
        return given if isinstance(given, dict) else {}
    return dict(parse_qsl(request.body.decode("utf-8", "replace")))


# -- views -------------------------------------------------------------------------------------------------------------


def _institution(call: _Call, one: Any) -> Any:
    if one is None:
        raise detail(404, "Not found.")
    return records.institution(call.world, one, call.base, history=call.query.get("history") == "true")


def _institution_by_id(call: _Call) -> Any:
    return _institution(call, call.world.institutions.get(int(call.parts[0])))


def _institution_by_eter(call: _Call) -> Any:
    found = (one for one in call.world.institutions.values() if one.eter_id == call.parts[0])
    return _institution(call, next(found, None))


def _institution_by_identifier(call: _Call) -> Any:
    wanted = (call.parts[0], call.parts[1])
    found = (
        one
        for one in call.world.institutions.values()
        if any((held.resource, held.value) == wanted for held in one.identifiers)
    )
    return _institution(call, next(found, None))


def _report(call: _Call) -> Any:
    return records.report(call.world, _known(call.world.reports, call, "Report"), call.base)


def _known(table: Mapping[int, Any], call: _Call, kind: str) -> Any:
    found = table.get(int(call.parts[0]))
    if found is None:
        raise detail(404, f"No {kind} matches the given query.")
    return found


def _under(view: Callable[[Asked, int], Any]) -> Callable[[_Call], Any]:
    def answer(call: _Call) -> Any:
        return view(call.asked, _known(call.world.institutions, call, "Institution").id)

    return answer


def _agency(call: _Call) -> Any:
    return tables.agency(call.world, _known(call.world.agencies, call, "Agency"), call.base)


def _country(call: _Call) -> Any:
    found = _known(call.world.countries, call, "Country")
    return records.country(call.world, found.id)


@dataclass(frozen=True, slots=True)
class _Route:
    """A pattern of paths, what answers there, and whether anybody may ask."""

    pattern: str
    view: Callable[[_Call], Any]
    open: bool = False


_BROWSE, _CONNECT = "/webapi/v2/browse", "/connectapi/v1"
ROUTES = (
    _Route(f"{_BROWSE}/institutions/", lambda call: lists.web_institutions(call.asked)),
    _Route(f"{_BROWSE}/institutions/resources/", lambda call: tables.resources(call.world)),
    _Route(rf"{_BROWSE}/institutions/(\d+)/", _institution_by_id),
    _Route(rf"{_BROWSE}/institutions/by-eter/([^/]+)/", _institution_by_eter),
    _Route(rf"{_BROWSE}/institutions/by-identifier/([^/]+)/([^/]+)", _institution_by_identifier),
    _Route(f"{_BROWSE}/reports/", lambda call: lists.reports(call.asked)),
    _Route(rf"{_BROWSE}/reports/(\d+)/", _report),
    _Route(rf"{_BROWSE}/reports/institutional/by-institution/(\d+)/", _under(lists.institutional_reports)),
    _Route(rf"{_BROWSE}/reports/programme/by-institution/(\d+)/", _under(lists.programmes)),
    _Route(
        f"{_BROWSE}/agencies/",
        lambda call: tables.paged(tables.agencies(call.world, call.query, call.base), call.query, call.url),
    ),
    _Route(rf"{_BROWSE}/agencies/(\d+)/", _agency),
    _Route(
        f"{_BROWSE}/agencies/activities/",
        lambda call: tables.paged(tables.activities(call.world), call.query, call.url),
    ),
    _Route(f"{_BROWSE}/agencies/activity-groups/", lambda call: tables.activity_groups(call.world)),
    _Route(f"{_BROWSE}/agencies/decisions/", lambda call: tables.agency_decisions(call.world, call.base)),
    _Route(f"{_BROWSE}/countries/", lambda call: tables.countries(call.world, call.query, call.base)),
    _Route(f"{_BROWSE}/countries/by-reports/", lambda call: tables.countries_by_reports(call.world, call.base)),
    _Route(rf"{_BROWSE}/countries/(\d+)/", _country),
    _Route(f"{_CONNECT}/providers/", lambda call: lists.connect_providers(call.asked), open=True),
    _Route(
        f"{_CONNECT}/institutions/",
        lambda call: lists.connect_providers(call.asked, institutions_only=True),
        open=True,
    ),
    _Route(f"{_CONNECT}/providers/resources/", lambda call: tables.resources(call.world), open=True),
    _Route(rf"{_CONNECT}/providers/(\d+)", _institution_by_id, open=True),
    _Route(rf"{_CONNECT}/providers/by-eter/([^/]+)", _institution_by_eter, open=True),
    _Route(rf"{_CONNECT}/providers/by-identifier/([^/]+)/([^/]+)", _institution_by_identifier, open=True),
)
