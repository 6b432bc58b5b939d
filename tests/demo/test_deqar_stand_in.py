"""The stand-in beyond the recorded answers: logins, refusals, its clock, changes, files, the demo's institutions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from pipelines.demo.deqar import Trouble, World, fictional_world, standing_in
from pipelines.demo.deqar.door import DEMO_TOKEN, Account, Door, Request
from pipelines.demo.deqar.fiction import end_of_month
from pipelines.demo.deqar.model import Programme
from pipelines.demo.deqar.server import LISTS_DOWN

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "http://backend.deqar.eu"
REPORTS = "/webapi/v2/browse/reports/"


def _world(now: datetime = NOW) -> World:
    return fictional_world(lambda: now)


def _ask(
    path: str, world: World | None = None, login: str | None = f"Bearer {DEMO_TOKEN}", **more: str
) -> tuple[int, Any]:
    headers = {**more, **({"authorization": login} if login is not None else {})}
    accounts = (Account(), Account("gone", "gone", "c" * 40, active=False))
    reply = Door(world or _world(), accounts).answer(Request("GET", path, headers), BASE)
    is_json = reply.headers["Content-Type"] == "application/json"
    return reply.status, json.loads(reply.body) if is_json else reply.body.decode()


@pytest.mark.parametrize(
    ("login", "said"),
    [
        (None, "Authentication credentials were not provided."),
        ("Token " + DEMO_TOKEN, "Authentication credentials were not provided."),
        ("Bearer", "Invalid token header. No credentials provided."),
        ("Bearer a b", "Invalid token header. Token string should not contain spaces."),
        ("Bearer " + "f" * 40, "Invalid token."),
        ("Bearer " + "c" * 40, "User inactive or deleted."),
    ],
)
def test_bad_logins_are_403_each_in_its_words(login: str | None, said: str) -> None:
    assert _ask(REPORTS, login=login) == (403, {"detail": said})


def test_who_may_ask_what() -> None:
    assert _ask(REPORTS, login=f"bEARER {DEMO_TOKEN}")[0] == 200
    assert _ask("/connectapi/v1/providers/", login=None)[0] == 200
    assert _ask("/connectapi/v1/providers/", login="Bearer nonsense")[0] == 403  # a bad token is refused anywhere


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{REPORTS}?offset=x", 400, {"detail": "offset should be zero or larger number."}),
        (f"{REPORTS}?limit=5 ", 400, {"detail": "limit should be zero or larger number."}),
        (f"{REPORTS}?country=Atlantis", 400, {"detail": "unknown value [Atlantis] for country"}),
        (f"{REPORTS}?status_id=x", 400, {"detail": "value [x] has wrong type for status_id"}),
        (f"{REPORTS}?year=x", 400, {"detail": "value [x] for year cannot be parsed to int"}),
        (f"{REPORTS}?valid_on=x", 400, {"detail": "value [x] for year cannot be parsed to datetime"}),
        ("/webapi/v2/browse/countries/?external_qaa=9", 400,
         {"external_qaa": ["Select a valid choice. That choice is not one of the available choices."]}),
        ("/webapi/v2/browse/reports/institutional/by-institution/9/", 404,
         {"detail": "No Institution matches the given query."}),
        ("/webapi/v2/browse/countries/9999/", 404, {"detail": "No Country matches the given query."}),
        ("/webapi/v2/browse/institutions/by-eter/XX0000/", 404, {"detail": "Not found."}),
        ("/webapi/v2/browse/institutions/by-identifier/ROR/https%3A%2F%2Fror.org%2F048tbm396", 404, None),
        ("/connectapi/v1/providers/71001/", 404, None),
        (f"{REPORTS}seven/", 404, None),
    ],
)  # fmt: skip
def test_refusals(path: str, status: int, said: Any) -> None:
    found = _ask(path)
    assert found[0] == status
    assert found[1] == said if said is not None else "Not Found" in found[1]


def test_a_quote_breaks_the_filter_of_the_engine() -> None:
    status, body = _ask(f'{REPORTS}?decision=posi"tive')
    assert status == 400
    assert body["error"].startswith("MeilisearchApiError. Error code:")


def test_pages_of_the_engine() -> None:
    assert [row["id"] for row in _ask(f"{REPORTS}?limit=3&offset=4&ordering=valid_from")[1]["results"]] == [
        row["id"] for row in _ask(f"{REPORTS}?limit=3&offset=3&ordering=valid_from")[1]["results"]
    ]
    empty = _ask(f"{REPORTS}?limit=0")[1]
    assert (empty["count"], empty["next"], empty["results"]) == (7, True, [])
    beyond = _ask(f"{REPORTS}?offset=1000")[1]
    assert (beyond["count"], beyond["next"], beyond["results"]) == (7, False, [])


def test_pages_of_the_database_have_links_and_forgive() -> None:
    second = _ask("/webapi/v2/browse/agencies/?registered=All&limit=1&offset=1")[1]
    assert second["previous"] == f"{BASE}/webapi/v2/browse/agencies/?limit=1&registered=All"
    assert second["next"] == f"{BASE}/webapi/v2/browse/agencies/?limit=1&offset=2&registered=All"
    assert len(_ask("/webapi/v2/browse/agencies/?limit=x&offset=-3")[1]["results"]) == 2  # registered ones


def test_the_clock_decides_what_is_valid() -> None:
    last = end_of_month(NOW.date(), 1)
    at = datetime(last.year, last.month, last.day, tzinfo=UTC)
    here = _world()
    for moment, by_detail, by_active in ((at - timedelta(days=1), True, True), (at + timedelta(hours=1), False, False)):
        here.now = lambda moment=moment: moment  # type: ignore[misc]
        assert _ask(f"{REPORTS}990003/", here)[1]["report_valid"] is by_detail
        listed = {row["id"] for row in _ask(f"{REPORTS}?active=true", here)[1]["results"]}
        assert (990003 in listed) is by_active
    on_last_day = {row["id"] for row in _ask(f"{REPORTS}?valid_on={last}", here)[1]["results"]}
    assert 990003 in on_last_day


def test_changes_and_the_lag_of_the_index() -> None:
    here = _world()
    door = Door(here)

    def row(number: int) -> dict[str, Any] | None:
        headers = {"authorization": f"Bearer {DEMO_TOKEN}"}
        body = json.loads(door.answer(Request("GET", f"{REPORTS}?limit=50", headers), BASE).body)
        return next((one for one in body["results"] if one["id"] == number), None)

    first = row(990001)
    assert first is not None
    here.update_by_api(990001)
    moved = row(990001)
    assert moved is not None
    assert moved["date_updated"] == "2026-11-22T00:00:00Z"
    assert moved["programmes"][0]["id"] != first["programmes"][0]["id"]
    here.lagging = True
    here.request_deletion(990001)
    assert row(990001) is not None
    assert _ask(f"{REPORTS}990001/", here)[1]["flag"] == "high level"
    here.reindex()
    assert row(990001) is None
    here.delete(990001)
    assert _ask(f"{REPORTS}990001/", here)[0] == 404


def test_a_programme_without_workload_makes_the_record_fail() -> None:
    here = _world()
    here.edit_in_form(990001, programmes=[Programme(1, "P", outcome=2)])
    status, body = _ask(f"{REPORTS}990001/", here)
    assert status == 500
    assert "Server Error (500)" in body


def test_over_http_with_files_and_troubles() -> None:
    with standing_in(_world()) as deqar:
        answer = requests.get(f"{deqar.url}/static/daily-csv/deqar-reports.csv", timeout=5)
        assert answer.content.startswith(b"\xef\xbb\xbf")
        since = {"If-Modified-Since": answer.headers["Last-Modified"]}
        assert requests.get(answer.url, headers=since, timeout=5).status_code == 304
        deqar.troubles += [Trouble("institutions.csv", 429, times=1, retry_after=7), Trouble(LISTS_DOWN, 500)]
        throttled = requests.get(f"{deqar.url}/static/daily-csv/deqar-institutions.csv", timeout=5)
        assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "7")
        assert requests.get(f"{deqar.url}/connectapi/v1/providers/", timeout=5).status_code == 500
        assert requests.get(f"{deqar.url}/connectapi/v1/providers/71001", timeout=5).status_code == 200
        form = {"username": "demo", "password": "demo"}
        assert requests.post(f"{deqar.url}/accounts/get_token/", data=form, timeout=5).json()["token"] == DEMO_TOKEN


def test_the_demo_shows_every_status() -> None:
    here = _world()
    soon = (NOW + timedelta(days=90)).date().isoformat()
    today = NOW.date().isoformat()
    about = {
        number: [one for one in here.reports.values() if number in one.institutions] for number in here.institutions
    }
    assert any(p.ects == 3 and p.outcome == 2 for one in about[71001] for p in one.programmes)
    assert [today < (one.valid_to or "") <= soon for one in about[71002]] == [True]
    assert about[71003] == []
    assert [(one.valid_to or "") > today for one in about[71007]] == [True]
    assert [(one.valid_to or "") < today for one in about[71004]] == [True]
    assert [(one.decision, one.status) for one in about[71005]] == [(3, 2)]
    domains = {held.value for one in here.institutions.values() for held in one.identifiers if held.resource == "SCHAC"}
    assert "weiterbildung-sauertal.example" not in domains
    assert len(domains) == 5


@pytest.mark.parametrize(("year", "month", "number"), [(2026, 1, 31), (2028, 2, 29), (2030, 12, 31)])
def test_the_demo_never_grows_old(year: int, month: int, number: int) -> None:
    day = datetime(year, month, number, tzinfo=UTC)
    here = _world(day)
    ardennes, minette = here.reports[990003].valid_to, here.reports[990005].valid_to
    assert ardennes is not None
    assert minette is not None
    assert day.date().isoformat() < ardennes <= (day + timedelta(days=90)).date().isoformat()
    assert minette < day.date().isoformat()
