"""Pulling DEQAR: every way in, all or nothing, whatever the service does meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from connectors.deqar import RegisterReading, read_register
from connectors.deqar.lists import Listing, walk
from connectors.failures import PullFailure
from connectors.http import Fetcher
from connectors.snapshots import SnapshotStore
from pipelines.demo.deqar import Trouble, World, standing_in
from pipelines.demo.deqar.door import Account
from pipelines.demo.deqar.model import Institution, Report
from pipelines.demo.deqar.server import LISTS_DOWN
from tests.connectors.deqar.support import MEMBER, NOW, contract, pull, register, world
from tests.demo.deqar_upstream import NEEDS_RECORDS, upstream_world

WEB: dict[str, Any] = {"providers": {"way": "web_api", "page_size": 3}, "reports": {"page_size": 3, "details": "all"}}
CSV: dict[str, Any] = {"providers": {"way": "csv"}, "agencies": {"way": "csv"}, "reports": {"way": "csv"}}


# -- ways in -----------------------------------------------------------------------------------------------------------


def test_connect_api_and_reports_in_detail(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        found = register(deqar, tmp_path)
    assert [one.provider_id for one in found.providers] == [71001, 71002, 71003, 71004, 71005, 71007, 71010, 71090]
    assert [one.report_id for one in found.reports] == [990001, 990002, 990003, 990004, 990005, 990006, 990007]
    assert [one.agency_id for one in found.agencies] == [801, 802, 803]
    assert found.stubs == frozenset()
    assert found.observations == []
    named = {one.name: one for one in found.reports[0].programmes}
    assert named["Relational Databases and SQL"].identifiers == ["UVA-101"]  # stands in the own record alone


def test_all_three_ways_tell_the_same_story(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        ways = {
            "connect": register(deqar, tmp_path / "connect"),
            "web": register(deqar, tmp_path / "web", **WEB),
            "csv": register(deqar, tmp_path / "csv", environment={}, **CSV),
        }
    facts = {
        way: [
            (
                one.report_id,
                one.agency_id,
                one.decision,
                one.validity,
                one.activity_types,
                [held.provider_id for held in one.institutions],
                sorted(held.name or "" for held in one.programmes),
            )
            for one in found.reports
        ]
        for way, found in ways.items()
    }
    assert facts["connect"] == facts["web"] == facts["csv"]
    reviewed = {held for _, _, _, _, _, among, _ in facts["csv"] for held in among}
    for way, found in ways.items():
        here = {one.provider_id: one for one in found.providers if one.provider_id in reviewed}
        assert {key: (one.deqar_id, one.name, one.eter_id, one.countries()) for key, one in here.items()} == {
            one.provider_id: (one.deqar_id, one.name, one.eter_id, one.countries())
            for one in ways["connect"].providers
            if one.provider_id in reviewed
        }, way
        schac = {held.normalised for held in here[71001].identifiers if held.kind == "schac"}
        assert schac == {"valalzette.example"}
        assert [(one.source_id, one.type, one.target_id) for one in here[71007].historical] == [
            (71003, "succeeded", 71007)
        ]


def test_a_token_is_had_for_user_and_password(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        found = register(deqar, tmp_path, environment={"DEQAR_USERNAME": "demo", "DEQAR_PASSWORD": "demo"})
    assert len(found.reports) == 7
    assert "/accounts/get_token/" in deqar.asked


def test_without_a_token_the_nightly_files_are_read_and_that_is_said(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        snapshot = pull(deqar, tmp_path, environment={})
    assert [one.code for one in snapshot.notes] == ["MC00-DEQAR-WITHOUT-TOKEN"]
    assert not any("/webapi/" in path for path in deqar.asked)
    found = read_register(snapshot.documents)
    assert len(found.reports) == 7
    assert all(one.ects is None for report in found.reports for one in report.programmes)


def test_a_token_that_is_needed_and_missing_is_named(tmp_path: Path) -> None:
    with standing_in(world()) as deqar, pytest.raises(PullFailure) as failure:
        pull(deqar, tmp_path, environment={"DEQAR_USERNAME": "alone"}, without_token="fail")
    assert (failure.value.code, failure.value.kind) == ("MC00-DEQAR-TOKEN-MISSING", "permanent")
    assert "DEQAR_TOKEN" in failure.value.remedy
    assert deqar.asked == []


@pytest.mark.parametrize(
    "environment",
    [{"DEQAR_TOKEN": "f" * 40}, {"DEQAR_USERNAME": "demo", "DEQAR_PASSWORD": "secret-and-wrong"}],
)
def test_a_login_that_is_refused_is_said_clearly_and_never_shown(tmp_path: Path, environment: dict[str, str]) -> None:
    with standing_in(world()) as deqar, pytest.raises(PullFailure) as failure:
        pull(deqar, tmp_path, environment=environment)
    assert failure.value.code == "MC00-DEQAR-TOKEN-REFUSED"
    assert not any(secret in str(failure.value) for name, secret in environment.items() if name != "DEQAR_USERNAME")


def test_a_login_that_was_switched_off_is_refused(tmp_path: Path) -> None:
    with standing_in(world(), accounts=(Account(active=False),)) as deqar, pytest.raises(PullFailure) as failure:
        pull(deqar, tmp_path)
    assert failure.value.code == "MC00-DEQAR-TOKEN-REFUSED"


def test_no_secret_reaches_the_snapshot(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        snapshot = pull(deqar, tmp_path)
    assert MEMBER["DEQAR_TOKEN"] not in msgspec.json.encode(snapshot.manifest).decode()


# -- countries ---------------------------------------------------------------------------------------------------------


def _with_neighbours() -> World:
    """The demo's register and, abroad: a university with a report, and one that nothing connects with us."""
    here = world()
    for number, name in ((81001, "Université voisine"), (81002, "Université lointaine")):
        abroad = {"id": number, "created": "2019-03-01", "deqar_id": f"DEQARINST{number}", "name": name}
        seat = {"locations": [{"country": 60, "city": "Metz", "valid_from": "2010-01-01"}]}
        here.institutions[number] = msgspec.convert({**abroad, **seat}, Institution)
        here.add(_report(990000 + number, number))
    here.add(_report(999999, 71001, 81001))
    return here


def _report(number: int, *institutions: int, **changes: Any) -> Report:
    facts = {"id": number, "agency": 801, "activities": [411], "status": 1, "decision": 1, "valid_from": "2024-01-01"}
    return msgspec.convert({**facts, "institutions": list(institutions), **changes}, Report)


def test_with_countries_only_what_bears_on_them_is_pulled(tmp_path: Path) -> None:
    with standing_in(_with_neighbours()) as deqar:
        found = register(deqar, tmp_path, countries=["LU"])
    assert {one.report_id for one in found.reports} == {*range(990001, 990008), 999999}
    assert 81002 not in {one.provider_id for one in found.providers}
    assert found.stubs == {81001}  # named by a joint report, and known by name alone


def test_an_alliance_has_no_country_and_is_found_through_its_members(tmp_path: Path) -> None:
    with standing_in(_with_neighbours()) as deqar:
        with_it = register(deqar, tmp_path / "a", countries=["LU"])
        without = register(deqar, tmp_path / "b", countries=["LU"], providers={"related": False})
    assert 990007 in {one.report_id for one in with_it.reports}
    assert 990007 not in {one.report_id for one in without.reports}


def test_a_country_that_deqar_does_not_list_is_named(tmp_path: Path) -> None:
    with standing_in(world()) as deqar, pytest.raises(PullFailure) as failure:
        pull(deqar, tmp_path, countries=["LU", "ZZ"])
    assert failure.value.code == "MC00-DEQAR-COUNTRY-UNKNOWN"
    assert "ZZ" in failure.value.message
    assert "LU" not in failure.value.message


def test_the_web_api_filters_institutions_by_country_too(tmp_path: Path) -> None:
    with standing_in(_with_neighbours()) as deqar:
        found = register(deqar, tmp_path, countries=["LU"], **WEB)
    assert 81002 not in {one.provider_id for one in found.providers}


# -- all or nothing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 504])
def test_a_page_that_fails_once_is_asked_for_again(tmp_path: Path, status: int) -> None:
    with standing_in(world()) as deqar:
        whole = pull(deqar, tmp_path / "a").snapshot_id
        deqar.troubles.append(Trouble(r"/browse/reports/\?.*offset=2", status, times=1))
        slept: list[float] = []
        assert pull(deqar, tmp_path / "b", slept=slept).snapshot_id == whole
    assert slept


def test_being_throttled_is_waited_out_as_asked(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        deqar.troubles.append(Trouble(r"/connectapi/", 429, times=1, retry_after=3))
        slept: list[float] = []
        pull(deqar, tmp_path, slept=slept)
    assert 3.0 in slept


@pytest.mark.parametrize(
    "pattern",
    [
        r"/browse/reports/\?.*offset=2",
        r"/browse/reports/990001/",
        r"/connectapi/v1/providers/71003",
        r"/browse/agencies/",
        r"/connectapi/v1/providers/\?.*offset=4",
        LISTS_DOWN,
    ],
)
def test_a_page_that_always_fails_ends_the_pull_and_the_last_good_one_stays(tmp_path: Path, pattern: str) -> None:
    with standing_in(world()) as deqar:
        good = pull(deqar, tmp_path)
        deqar.troubles.append(Trouble(pattern, 500))
        with pytest.raises(PullFailure) as failure:
            pull(deqar, tmp_path)
    assert (failure.value.code, failure.value.kind) == ("MC00-PULL-SERVER-ERROR", "transient")
    latest = SnapshotStore(str(tmp_path)).latest("deqar")
    assert latest is not None
    assert latest.snapshot_id == good.snapshot_id


@pytest.mark.parametrize("name", ["deqar-institutions.csv", "deqar-reports.csv", "deqar-agencies.csv"])
def test_a_nightly_file_that_is_not_there_ends_the_pull(tmp_path: Path, name: str) -> None:
    with standing_in(world()) as deqar:
        deqar.troubles.append(Trouble(name, 404))
        with pytest.raises(PullFailure) as failure:
            pull(deqar, tmp_path, environment={}, **CSV)
    assert failure.value.code == "MC00-PULL-NOT-FOUND"


# -- a register that changes while it is read --------------------------------------------------------------------------


def test_a_report_deleted_between_two_pages_loses_no_other(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        _once(deqar, r"reports/?ordering=date_created&limit=2&offset=2", lambda: deqar.world.delete(990003))
        found = register(deqar, tmp_path)
    assert [one.report_id for one in found.reports] == [990001, 990002, 990004, 990005, 990006, 990007]


def test_a_report_added_between_two_pages_is_found_and_none_is_lost(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        new = _report(980000, 71004, created="2001-01-01")
        _once(deqar, "offset=2", lambda: deqar.world.add(new))
        found = register(deqar, tmp_path)
    assert len(found.reports) == 8


def test_a_list_that_never_holds_still_is_given_up(tmp_path: Path) -> None:
    numbers = iter(range(970000, 980000))
    with standing_in(world()) as deqar:
        deqar.before_each = lambda _: deqar.world.add(_report(next(numbers), 71004, created="2001-01-01"))
        with pytest.raises(PullFailure) as failure:
            pull(deqar, tmp_path)
    assert (failure.value.code, failure.value.kind) == ("MC00-DEQAR-LIST-MOVED", "transient")


def test_a_record_that_went_between_list_and_detail_ends_the_pull_for_now(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        _once(deqar, "/browse/reports/990001/", lambda: deqar.world.delete(990001))
        with pytest.raises(PullFailure) as failure:
            pull(deqar, tmp_path)
    assert (failure.value.code, failure.value.kind) == ("MC00-DEQAR-LIST-MOVED", "transient")


def _once(deqar: Any, part: str, action: Any) -> None:
    left = [action]

    def before(target: str) -> None:
        if part in target and left:
            left.pop()()

    deqar.before_each = before


def test_a_detail_that_deqar_cannot_compute_is_not_asked_for(tmp_path: Path) -> None:
    """A programme without a full degree and without workload makes the own record answer 500; its report keeps an old
    row in the list."""
    with standing_in(world()) as deqar:
        deqar.troubles.append(Trouble("/browse/reports/990006/", 500))

        def without_workload(row: dict[str, Any]) -> None:
            row["programmes"][0]["workload_ects"] = None

        with _rows_changed(deqar.world, 990006, without_workload):
            snapshot = pull(deqar, tmp_path)
    assert [one.code for one in snapshot.notes] == ["MC00-DEQAR-DETAIL-NOT-ASKED"]
    assert 990006 in {one.report_id for one in read_register(snapshot.documents).reports}


class _rows_changed:  # noqa: N801 (reads as a verb)
    """Changes the row of one report in the stand-in's index for the length of a block."""

    def __init__(self, here: World, number: int, change: Any) -> None:
        self._here, self._number, self._change = here, number, change

    def __enter__(self) -> None:
        from pipelines.demo.deqar import lists

        self._original, change, number = lists._REPORTS.convert, self._change, self._number

        def convert(asked: Any, row: dict[str, Any]) -> dict[str, Any]:
            if row["id"] == number:
                change(row)
            return self._original(asked, row)

        object.__setattr__(lists._REPORTS, "convert", convert)

    def __exit__(self, *_: object) -> None:
        from pipelines.demo.deqar import lists

        object.__setattr__(lists._REPORTS, "convert", self._original)


def test_a_page_that_is_not_what_it_should_be_ends_the_pull(tmp_path: Path) -> None:
    """A maintenance page with status 200, say: it must not be taken for the end of a list."""
    with standing_in(world()) as deqar:
        deqar.troubles.append(Trouble(r"/browse/reports/\?.*offset=2", 200))
        with pytest.raises(PullFailure) as failure:
            pull(deqar, tmp_path)
    assert (failure.value.code, failure.value.kind) == ("MC00-SOURCE-HTML", "source")


def test_an_answer_of_another_form_is_no_empty_list() -> None:
    with standing_in(world()) as deqar:
        transport = contract(deqar.url).transport
        with Fetcher(transport, allow_private_addresses=True, feed="deqar") as anonymous:
            listing = Listing("/connectapi/v1/providers/resources/", "connect-providers", "providers", 2)
            with pytest.raises(PullFailure) as failure:
                walk(anonymous, listing)
    assert (failure.value.code, failure.value.kind) == ("MC00-DEQAR-STRANGE-ANSWER", "source")


def test_a_list_as_long_as_the_engine_can_reach_counts_as_cut_off() -> None:
    with standing_in(world()) as deqar:
        transport = contract(deqar.url).transport
        with Fetcher(transport, allow_private_addresses=True, feed="deqar") as anonymous:
            listing = Listing("/connectapi/v1/providers/", "connect-providers", "providers", 2, most=8)
            with pytest.raises(PullFailure) as failure:
                walk(anonymous, listing)
            assert len(walk(anonymous, replace(listing, most=9))) == 4
    assert (failure.value.code, failure.value.kind) == ("MC00-DEQAR-LIST-CAPPED", "source")


def test_every_offset_is_a_multiple_of_the_limit(tmp_path: Path) -> None:
    """DEQAR makes a page number of them by whole division: any other offset would give other records."""
    with standing_in(world()) as deqar:
        pull(deqar, tmp_path, providers={"page_size": 3}, reports={"page_size": 4, "details": "none"})
        asked = [dict(parse_qsl(urlsplit(path).query)) for path in deqar.asked]
    pages = [(int(one["offset"]), int(one["limit"])) for one in asked if "offset" in one]
    assert {limit for _offset, limit in pages} >= {3, 4}
    assert all(offset % limit == 0 for offset, limit in pages)


# -- again and again ---------------------------------------------------------------------------------------------------


def test_pulling_twice_changes_nothing(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        first, second = pull(deqar, tmp_path), pull(deqar, tmp_path)
    assert second.snapshot_id == first.snapshot_id
    assert read_register(second.documents).fingerprint == read_register(first.documents).fingerprint


def test_nightly_files_that_did_not_change_are_not_sent_again(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        first = pull(deqar, tmp_path, environment={}, **CSV)
        second = pull(deqar, tmp_path, environment={}, now=NOW.replace(day=23), **CSV)
    pulls = SnapshotStore(str(tmp_path)).pulls("deqar")
    assert second.snapshot_id == first.snapshot_id
    assert [one.unchanged_documents for one in pulls] == [0, 3]


def test_the_register_is_rebuilt_without_the_network(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        whole = register(deqar, tmp_path)
    kept = SnapshotStore(str(tmp_path)).latest("deqar")
    assert kept is not None
    assert read_register(kept.documents) == whole


def test_an_edit_that_moves_no_date_is_seen_by_content(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        before = register(deqar, tmp_path / "a")
        deqar.world.edit_in_form(990003, decision=3)
        after = register(deqar, tmp_path / "b")
    assert before.fingerprint != after.fingerprint
    assert before.reports[2].updated == after.reports[2].updated


def test_new_ids_of_programmes_alone_are_no_change(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        before = register(deqar, tmp_path / "a")
        deqar.world.update_by_api(990001)
        after = register(deqar, tmp_path / "b")
    assert before.fingerprint == after.fingerprint
    ids = [[one.programme_id for one in found.reports[0].programmes] for found in (before, after)]
    assert ids[0] != ids[1]
    assert [one.key for one in before.reports[0].programmes] == [one.key for one in after.reports[0].programmes]


def test_a_flagged_report_is_gone_from_the_register(tmp_path: Path) -> None:
    with standing_in(world()) as deqar:
        deqar.world.request_deletion(990001)
        found = register(deqar, tmp_path)
    assert 990001 not in {one.report_id for one in found.reports}


# -- the backend's own demo --------------------------------------------------------------------------------------------


@NEEDS_RECORDS
@pytest.mark.real
@pytest.mark.parametrize(("ways", "providers"), [(WEB, 5), ({"providers": {"page_size": 2}}, 5)])
def test_the_counts_are_those_of_the_backends_own_tests(tmp_path: Path, ways: dict[str, Any], providers: int) -> None:
    files = ("institution_demo_closed.yaml", "institution_demo_orgreg.yaml")
    here = upstream_world(tuple(f"institutions/fixtures/{name}" for name in files))
    with standing_in(here) as deqar:
        found = register(deqar, tmp_path, **ways)
    assert len(found.reports) == 13
    assert len(found.providers) == providers
    assert sum(bool(one.other_provider) for one in found.providers) == 2
    assert sum("DE" in _countries_of(found, one) for one in found.reports) == 12
    assert sum(one.status == "voluntary" for one in found.reports) == 1
    assert sum(one.validity.holds_on(date(2024, 11, 11)) for one in found.reports) == 9
    assert sum(any(held.activity_id == 2 for held in one.activities) for one in found.reports) == 10
    assert sum(bool(one.other_provider_covered) for one in found.reports) == 2
    assert sum(one.status == "part of obligatory EQA system" for one in found.reports) == 12
    assert sum(one.crossborder is False for one in found.reports) == 7
    assert sum("HU" in _countries_of(found, one) for one in found.reports) == 6
    in_2014 = (date(2014, 1, 1), date(2014, 12, 31))
    assert sum(_holds_somewhen(one.validity, *in_2014) for one in found.reports) == 8
    third = [one for one in found.reports if 3 in {held.provider_id for held in one.institutions}]
    assert sum(bool(one.activity_types & {"institutional", "institutional/programme"}) for one in third) == 6
    assert sum(not one.other_provider for one in found.providers) == 3


def _holds_somewhen(validity: Any, first: date, last: date) -> bool:
    return bool(validity.valid_from <= last and validity.valid_to_calculated >= first)


def _countries_of(found: RegisterReading, report: Any) -> set[str]:
    here = {one.provider_id: one for one in found.providers}
    return {code for held in report.institutions for code in here[held.provider_id].countries()}
