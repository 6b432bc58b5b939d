"""What is no feed, or half a feed, or attacks: each ends in an error that says what to do; what was live stays."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue, Live
from tests.pipelines.sources import (
    ROWS,
    Answer,
    Row,
    Source,
    contract,
    moochub,
    ooapi_courses,
    serve_feed,
    spreadsheet,
    xcri,
)

LOGIN = (
    b"<!doctype html><html><head><title>Sign in</title></head><body><form><input type=password></form></body></html>"
)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE catalog [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    b'<catalog xmlns="http://xcri.org/profiles/1.2/catalog"><provider><title>&d;</title></provider></catalog>'
)


@dataclass
class Case:
    """A source that goes bad: in which format, what it then answers, and a word that the error must hold."""

    format_name: str
    body: bytes
    told: str
    media_type: str = "application/json"
    status: int = 200


CASES: dict[str, Case] = {
    "login page instead of JSON": Case("moochub-3", LOGIN, "page", "text/html"),
    "login page instead of XML": Case("xcri-cap-1.2", LOGIN, "page", "text/html"),
    "login page instead of a table": Case("spreadsheet", LOGIN, "page", "text/html"),
    "login page labelled as JSON": Case("ooapi-5", LOGIN, "page"),
    "truncated JSON": Case("moochub-3", moochub(ROWS)[:-200], "cut off"),
    "truncated OOAPI": Case("ooapi-5", ooapi_courses(ROWS)[:-200], "MC00-"),
    "entity bomb": Case("xcri-cap-1.2", BOMB, "MC00-", "application/xml"),
    "an empty list": Case("moochub-3", moochub([]), "no offering"),
    "a table with headers only": Case("spreadsheet", spreadsheet([]), "no offering", "text/csv"),
    "nothing at all": Case("spreadsheet", b"", "empty", "text/csv"),
    "not JSON": Case("moochub-3", b"Service temporarily unavailable", "MC00-", "text/plain"),
    "a server error": Case("spreadsheet", b"oops", "MC00-PULL-SERVER-ERROR", "text/plain", 502),
    "a refusal": Case("spreadsheet", b"no", "403", "text/plain", 403),
    "not found": Case("spreadsheet", b"no", "404", "text/plain", 404),
}


@pytest.mark.parametrize("name", CASES)
def test_a_source_that_goes_bad_fails_and_what_was_live_stays(
    name: str, source: Source, live: Live, catalogue: Catalogue
) -> None:
    case = CASES[name]
    before = live(case.format_name)
    path = next(path for path in source.answers)
    source.put(path, case.body, case.media_type, case.status)
    after = catalogue.run()["school"]
    assert (after["status"], catalogue.code) == ("failed", 1), after
    assert case.told in after["error"], after["error"]
    assert after["data_as_of"] == before["data_as_of"]
    found = catalogue("search", "", "--json").json
    assert found["total"] == 3
    assert all(result["stale"] for result in found["results"])


@pytest.mark.parametrize("name", CASES)
def test_a_source_that_was_never_good_fails_too(
    name: str, source: Source, settings: Settings, catalogue: Catalogue
) -> None:
    case = CASES[name]
    url = serve_feed(source, "school", case.format_name, ROWS)
    source.put(next(iter(source.answers)), case.body, case.media_type, case.status)
    contract(settings.feeds_dir, "school", url, case.format_name)
    feed = catalogue.run()["school"]
    assert (feed["status"], catalogue.code) == ("failed", 1), feed
    assert case.told in feed["error"]
    assert feed["data_as_of"] is None


def test_truncated_xml_gives_what_was_whole_and_says_so(source: Source, live: Live, catalogue: Catalogue) -> None:
    body = xcri(ROWS)
    live("xcri-cap-1.2")
    source.put("/school/xcri.xml", body[: body.rindex(b"<course>") + 60], "application/xml")
    feed = catalogue.run()["school"]
    assert feed["status"] in ("waiting", "failed")
    assert catalogue.code == 1
    assert feed["error"]
    assert catalogue("search", "", "--json").json["total"] == 3


def test_a_gateway_that_says_404_inside_200(source: Source, settings: Settings, catalogue: Catalogue) -> None:
    envelope: dict[str, Any] = {
        "gateway": {"endpoints": {"school.example": {"url": "https://school.example", "responseCode": 404}}},
        "responses": {"school.example": {"status": 404, "title": "Not found"}},
    }
    options = "{lists: [courses], references: [], offerings: none, gateway: {endpoints: [school.example]}}"
    source.put("/gateway/courses", json.dumps(envelope))
    file = contract(settings.feeds_dir, "school", f"{source.url}/gateway", "ooapi-5")
    file.write_text(
        file.read_text().replace("{lists: [courses], references: [], offerings: none}", options), encoding="utf-8"
    )
    feed = catalogue.run()["school"]
    assert (feed["status"], catalogue.code) == ("failed", 1)
    assert "404" in feed["error"] or "nothing" in feed["error"].lower()


def test_a_redirect_to_a_private_address_is_refused(
    source: Source, settings: Settings, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOGUE_ALLOW_PRIVATE_ADDRESSES", "false")
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    contract(settings.feeds_dir, "school", url)
    feed = catalogue.run()["school"]
    assert feed["status"] == "failed"
    assert "MC00-PULL-ADDRESS-REFUSED" in feed["error"]
    assert not source.asked


def test_a_redirect_within_what_is_allowed_is_followed_and_one_to_a_file_is_not(
    source: Source, settings: Settings, catalogue: Catalogue
) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    source.put("/moved", b"", "text/plain", 302, Location=url)
    source.put("/trap", b"", "text/plain", 302, Location="file:///etc/passwd")
    contract(settings.feeds_dir, "moved", f"{source.url}/moved")
    contract(settings.feeds_dir, "trap", f"{source.url}/trap")
    told = catalogue.run()
    assert told["moved"]["status"] == "updated", told["moved"]
    assert told["trap"]["status"] == "failed"
    assert "passwd" not in json.dumps(told["trap"]["counts"])


Spoil = Callable[[list[Row]], list[Row]]


def _twice(rows: list[Row]) -> list[Row]:
    return [*rows, {**rows[0], "title_en": "Another with the same number"}]


def _without_id(rows: list[Row]) -> list[Row]:
    return [*rows, {**rows[0], "offering_id": "", "title_en": "One without a number"}]


def _scripted(rows: list[Row]) -> list[Row]:
    rows[0]["description_en"] = "Good.<script>alert('x')</script><img src=x onerror=alert(1)> More."
    return rows


@pytest.mark.parametrize(("spoil", "accepted", "rejected"), [(_twice, 3, 1), (_without_id, 3, 1), (_scripted, 3, 0)])
def test_bad_records_do_not_hold_up_the_good_ones(
    spoil: Spoil, accepted: int, rejected: int, source: Source, settings: Settings, catalogue: Catalogue
) -> None:
    rows = spoil(copy.deepcopy(ROWS))
    contract(settings.feeds_dir, "school", serve_feed(source, "school", "spreadsheet", rows))
    feed = catalogue.run()["school"]
    assert feed["status"] == "updated", feed
    counts = feed["counts"]
    assert (counts["accepted"], counts["rejected"] + counts["unreadable"]) == (accepted, rejected)
    shown = [catalogue("show", result["offering_id"], "--json").json["offering"] for result in _found(catalogue)]
    for offering in shown:
        offering.pop("provenance")  # what stood in the source is kept beside what is shown, as it stood there
    assert "alert(" not in json.dumps(shown)


def _found(catalogue: Catalogue) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = catalogue("search", "", "--json").json["results"]
    return results


def test_endless_pages_end(source: Source, settings: Settings, catalogue: Catalogue) -> None:
    """A source that gives the same page for ever is walked to the repetition and no further."""

    def page(_path: str, query: dict[str, str]) -> Answer:
        items = json.loads(ooapi_courses(ROWS))
        items |= {"hasNextPage": True, "pageNumber": int(query.get("pageNumber", "1"))}
        return 200, {"Content-Type": "application/json"}, json.dumps(items).encode()

    url = serve_feed(source, "school", "ooapi-5", ROWS)
    source.answers["/school/courses"] = page
    contract(settings.feeds_dir, "school", url, "ooapi-5")
    feed = catalogue.run()["school"]
    assert len(source.asked) < 10
    assert feed["counts"]["accepted"] <= 3


def test_the_same_snapshot_gives_the_same_verdict_by_check_and_by_run(
    source: Source, settings: Settings, catalogue: Catalogue, tmp_path: Path
) -> None:
    rows = _without_id(_twice(_scripted(copy.deepcopy(ROWS))))
    url = serve_feed(source, "school", "spreadsheet", rows)
    file = contract(settings.feeds_dir, "school", url)
    ran = catalogue.run()["school"]
    checked = catalogue("check", url, "--format", "spreadsheet", "--contract", str(file), "--json")
    assert checked.code == 1
    counts = checked.json["counts"]
    assert counts == {name: ran["counts"][name] for name in counts}
    by_severity = {"blocks": 0, "lowers": 0, "informs": 0}
    findings = [*checked.json["findings"], *(f for r in checked.json["records"] for f in r["findings"])]
    for finding in findings:
        by_severity[finding["severity"]] += 1
    assert by_severity == ran["findings"]
