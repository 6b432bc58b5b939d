"""The load: what goes in, what changes, what leaves, and that nothing happens twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Set
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from catalogue_db.candidate import CandidateError, FeedInfo, LoadReport
from catalogue_db.candidates import read_candidates
from catalogue_db.changes import read_changes
from catalogue_db.feeds import feed_states
from catalogue_db.guard import Thresholds
from catalogue_db.history import versions
from catalogue_db.load import load_candidate
from catalogue_db.offerings import get_offering
from standard.offering import Provenance, offering_id, to_json
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import everything, found, rows, statuses
from tests.offerings import a_candidate, a_finding, accepted, an_instance, an_offering, rejected

STRICT = Thresholds()


def numbers(report: LoadReport) -> tuple[str, int, int, int, int]:
    return report.status, report.new, report.changed, report.unchanged, report.withdrawn


def shown(engine: Engine, source_id: str) -> dict[str, Any]:
    return rows(engine, "SELECT * FROM v1_offerings WHERE source_id = :source_id", source_id=source_id)[0]


def test_a_first_candidate_goes_in_whole(engine: Engine) -> None:
    report = load_candidate(engine, a_candidate([an_offering("a"), an_offering("b"), rejected("c")]))
    assert numbers(report) == ("updated", 2, 0, 0, 0)
    assert statuses(engine) == {"a": "live", "b": "live"}
    assert [change.kind for change in report.changes] == ["inserted", "inserted"]
    assert report.cursor == 2


def test_the_offering_that_comes_out_is_the_one_that_went_in(engine: Engine) -> None:
    offering = an_offering("a", instances=[an_instance(1, amount=10.5, start="2027-01-01T09:00:00+02:00")])
    load_candidate(engine, a_candidate([offering]))
    stored = get_offering(engine, offering.offering_id)
    assert stored is not None
    assert stored.offering == offering
    document = rows(engine, "SELECT document FROM v1_offering_documents")[0]["document"]
    assert document.encode() == to_json(offering)


def test_the_very_same_candidate_again_changes_nothing_but_the_time_of_confirmation(engine: Engine) -> None:
    candidate = a_candidate([an_offering("a"), rejected("b")], source_findings=[a_finding("MC00-X-Y", "informs")])
    load_candidate(engine, candidate)
    before = everything(engine)
    report = load_candidate(engine, candidate)
    after = everything(engine)
    assert numbers(report) == ("unchanged", 0, 0, 1, 0)
    assert {name for name in before if before[name] != after[name]} == {"feed"}


def test_the_same_records_in_a_new_snapshot_change_no_offering(engine: Engine) -> None:
    offerings = [an_offering("a"), an_offering("b")]
    load_candidate(engine, a_candidate(offerings))
    before = everything(engine)
    report = load_candidate(engine, a_candidate(offerings))
    after = everything(engine)
    assert numbers(report) == ("unchanged", 0, 0, 2, 0)
    assert {name for name in before if before[name] != after[name]} == {"candidate", "feed", "snapshot"}


def test_the_very_same_candidate_is_not_even_read(engine: Engine) -> None:
    candidate = a_candidate([an_offering("a")])
    load_candidate(engine, candidate)

    def unreadable() -> Any:
        raise AssertionError("the records were read")

    assert load_candidate(engine, dataclasses.replace(candidate, records=unreadable)).status == "unchanged"


@pytest.mark.parametrize("what", ["mapping_version", "contract_fingerprint", "policy_fingerprint", "snapshot_id"])
def test_a_candidate_made_by_other_rules_is_read(engine: Engine, what: str) -> None:
    candidate = a_candidate([an_offering("a")])
    load_candidate(engine, candidate)
    other = a_candidate([an_offering("a", title="Other")], snapshot_id=candidate.snapshot_id)
    report = load_candidate(engine, dataclasses.replace(other, **{what: "another"}))
    assert numbers(report) == ("updated", 0, 1, 0, 0)


def test_what_changed_is_named(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]))
    report = load_candidate(engine, a_candidate([an_offering("a", title="New", modes=["onsite"]), an_offering("b")]))
    assert numbers(report) == ("updated", 0, 1, 1, 0)
    assert report.changes[0].fields == ["title", "modes"]
    assert shown(engine, "a")["title"] == "New"
    assert shown(engine, "a")["modes"] == '["onsite"]'


def test_parts_that_went_are_gone_from_the_tables(engine: Engine) -> None:
    full = an_offering("a", instances=[an_instance(1), an_instance(2)], languages=["en", "fi"])
    load_candidate(engine, a_candidate([full]))
    load_candidate(engine, a_candidate([an_offering("a", instances=[an_instance(2)], learning_outcomes=[])]))
    assert rows(engine, "SELECT instance_id FROM v1_instances") == [{"instance_id": "i2"}]
    assert rows(engine, "SELECT * FROM v1_learning_outcomes") == []
    assert rows(engine, "SELECT lang FROM offering_language") == [{"lang": "en"}]


def test_a_record_that_only_moved_updates_its_document_silently(engine: Engine) -> None:
    offering = an_offering("a")
    moved = an_offering("a", provenance={"title": Provenance(how="published", path="list#/99/title")})
    load_candidate(engine, a_candidate([offering]))
    report = load_candidate(engine, a_candidate([moved]))
    assert numbers(report) == ("unchanged", 0, 0, 1, 0)
    stored = get_offering(engine, offering.offering_id)
    assert stored is not None
    assert stored.offering == moved
    assert len(versions(engine, offering.offering_id)) == 1
    assert numbers(load_candidate(engine, a_candidate([moved]))) == ("unchanged", 0, 0, 1, 0)


def test_what_leaves_becomes_a_tombstone_with_all_it_said(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b", title="Farewell")]))
    report = load_candidate(engine, a_candidate([an_offering("a")]))
    assert numbers(report) == ("updated", 0, 0, 1, 1)
    tombstone = shown(engine, "b")
    assert (tombstone["status"], tombstone["withdrawn_reason"]) == ("withdrawn", "left the feed")
    assert tombstone["title"] == "Farewell"
    assert tombstone["withdrawn_at"] is not None
    assert found(engine, "farewell") == []


def test_an_accepted_offering_that_becomes_rejected_leaves_with_that_reason(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]))
    report = load_candidate(engine, a_candidate([an_offering("a"), rejected("b", "MC03-COUNTRY-MISSING")]))
    assert report.changes[0].reason == "rejected: MC03-COUNTRY-MISSING"
    assert shown(engine, "b")["withdrawn_reason"] == "rejected: MC03-COUNTRY-MISSING"


def test_a_tombstone_stays_as_it_is(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]))
    load_candidate(engine, a_candidate([an_offering("a")]))
    before = shown(engine, "b")
    report = load_candidate(engine, a_candidate([an_offering("a"), rejected("b")]))
    assert numbers(report) == ("unchanged", 0, 0, 1, 0)
    assert {**shown(engine, "b"), "data_as_of": None} == {**before, "data_as_of": None}


@pytest.mark.parametrize("title", ["Course b", "Another title"])
def test_what_comes_back_keeps_its_identity(engine: Engine, title: str) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]))
    first_seen = shown(engine, "b")["first_seen"]
    load_candidate(engine, a_candidate([an_offering("a")]))
    report = load_candidate(engine, a_candidate([an_offering("a"), an_offering("b", title=title)]))
    assert numbers(report) == ("updated", 1, 0, 1, 0)
    assert report.returned == 1
    assert [change.kind for change in report.changes] == ["returned"]
    back = shown(engine, "b")
    assert (back["status"], back["withdrawn_at"], back["withdrawn_reason"]) == ("live", None, None)
    assert back["first_seen"] == first_seen
    assert found(engine, f'"{title}"') == [title]
    assert len(versions(engine, back["offering_id"])) == 2


def test_losses_come_first_and_at_most_a_hundred_changes_are_told(engine: Engine) -> None:
    many = [an_offering(f"n{number}") for number in range(120)]
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]))
    report = load_candidate(engine, a_candidate([an_offering("a", title="New"), *many]))
    assert [change.kind for change in report.changes[:3]] == ["withdrawn", "changed", "inserted"]
    assert len(report.changes) == 100
    assert report.new == 120


def test_feeds_do_not_touch_each_other(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a")]))
    load_candidate(engine, a_candidate([an_offering("z", feed="south")], feed="south"))
    load_candidate(engine, a_candidate([], feed="south"))
    assert statuses(engine) == {"a": "live", "z": "withdrawn"}


def test_the_same_source_identifier_in_two_feeds_is_two_offerings(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a")]))
    load_candidate(engine, a_candidate([an_offering("a", feed="south")], feed="south"))
    assert len(rows(engine, "SELECT * FROM v1_offerings WHERE source_id = 'a'")) == 2


def test_the_counts_of_a_candidate_close(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b"), an_offering("c")]))
    load_candidate(
        engine, a_candidate([an_offering("a"), an_offering("b", title="B"), an_offering("d"), rejected("e")])
    )
    counts = read_candidates(engine)[0].counts
    assert (counts.new, counts.changed, counts.unchanged, counts.withdrawn) == (1, 1, 1, 1)
    assert counts.accepted == counts.new + counts.changed + counts.unchanged
    assert counts.selected == counts.accepted + counts.rejected


def test_a_feed_larger_than_a_batch_goes_in_in_order(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue_db.load.BATCH", 7)
    offerings = [an_offering(f"n{number}") for number in range(50)]
    load_candidate(engine, a_candidate(offerings))
    changed = [*offerings]
    changed[3::10] = [an_offering(f"n{number}", title=f"T{number}") for number in range(3, 50, 10)]
    report = load_candidate(engine, a_candidate(changed))
    assert numbers(report) == ("updated", 0, 5, 45, 0)
    assert [change.title for change in report.changes] == ["T3", "T13", "T23", "T33", "T43"]


@pytest.mark.parametrize("changes", [1, 7, 8, 20])
def test_records_that_can_be_asked_for_by_number_are_not_all_read_twice(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, changes: int
) -> None:
    monkeypatch.setattr("catalogue_db.load.BATCH", 7)
    load_candidate(engine, a_candidate([an_offering(f"n{number}") for number in range(20)]))
    now = [
        an_offering(f"n{number}", title=f"{'New' if number < changes else 'Course'} n{number}") for number in range(20)
    ]
    candidate = a_candidate(now)
    whole: list[int] = []
    wanted: list[set[int]] = []

    def records() -> Iterator[JudgedRecord]:
        whole.append(1)
        return candidate.records()

    def some_records(numbers: Set[int]) -> Iterator[tuple[int, JudgedRecord]]:
        wanted.append(set(numbers))
        return candidate.those(numbers)

    report = load_candidate(engine, dataclasses.replace(candidate, records=records, some_records=some_records))
    assert numbers(report) == ("updated", 0, changes, 20 - changes, 0)
    assert [shown(engine, f"n{number}")["title"] for number in range(20)] == [one.title["en"] for one in now]
    assert (len(whole), wanted) == ((1, [set(range(changes))]) if changes <= 7 else (2, []))


# --- the guard at work --------------------------------------------------------------------------------------------


def test_a_candidate_over_a_threshold_waits_and_what_is_live_is_stale(engine: Engine) -> None:
    offerings = [an_offering(f"n{number}") for number in range(10)]
    load_candidate(engine, a_candidate(offerings, thresholds=STRICT))
    report = load_candidate(engine, a_candidate(offerings[:4], thresholds=STRICT, staged_url="file:///staged/4"))
    assert report.status == "waiting"
    assert not report.guard.passed
    assert set(statuses(engine).values()) == {"stale"}
    assert len(found(engine, "course")) == 10
    waiting = read_candidates(engine, status="waiting")
    assert [(each.staged_url, each.lost, each.counts.accepted) for each in waiting] == [("file:///staged/4", 6, 4)]
    assert feed_states(engine)[0].stale_reason is not None
    assert "4 offerings after 10" in (feed_states(engine)[0].stale_reason or "")


def test_nothing_of_a_waiting_candidate_is_seen_in_the_change_log(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")], thresholds=STRICT))
    report = load_candidate(engine, a_candidate([an_offering("c")], thresholds=STRICT))
    assert (report.status, report.cursor, report.changes) == ("waiting", 2, [])
    assert len(read_changes(engine).changes) == 2


def test_the_same_waiting_candidate_again_is_one_candidate(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")], thresholds=STRICT))
    candidate = a_candidate([an_offering("a")], thresholds=STRICT)
    first = load_candidate(engine, candidate)
    before = everything(engine)
    again = load_candidate(engine, dataclasses.replace(candidate, run_id="a later run"))
    after = everything(engine)
    assert (again.status, again.candidate) == ("waiting", first.candidate)
    assert {name for name in before if before[name] != after[name]} == {"candidate"}
    assert [(each.run_id, each.last_run_id) for each in read_candidates(engine, status="waiting")] == [
        (candidate.run_id, "a later run")
    ]


def test_a_newer_candidate_supersedes_one_that_waits(engine: Engine) -> None:
    offerings = [an_offering(f"n{number}") for number in range(10)]
    load_candidate(engine, a_candidate(offerings, thresholds=STRICT))
    load_candidate(engine, a_candidate(offerings[:4], thresholds=STRICT))
    second = load_candidate(engine, a_candidate(offerings[:4], thresholds=STRICT))
    assert "same numbers" in (second.guard.note or "")
    healed = load_candidate(engine, a_candidate(offerings, thresholds=STRICT))
    assert healed.status == "unchanged"
    assert set(statuses(engine).values()) == {"live"}
    assert feed_states(engine)[0].stale_since is None
    assert [each.status for each in read_candidates(engine)] == ["loaded", "superseded", "superseded", "loaded"]


def test_an_empty_answer_holds_the_feed_back_and_is_marked_as_empty(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a")], thresholds=STRICT))
    report = load_candidate(engine, a_candidate([], thresholds=STRICT))
    assert (report.status, report.guard.empty) == ("waiting", True)
    assert statuses(engine) == {"a": "stale"}


def test_a_feed_that_begins_empty_waits_too(engine: Engine) -> None:
    report = load_candidate(engine, a_candidate([], thresholds=STRICT))
    assert (report.status, report.guard.empty, report.guard.first_load) == ("waiting", True, True)
    after = load_candidate(engine, a_candidate([an_offering("a")], thresholds=STRICT))
    assert (after.status, after.guard.first_load) == ("updated", True)


def test_the_fill_of_what_is_live_is_what_was_let_in(engine: Engine) -> None:
    offerings = [an_offering("a"), an_offering("b")]
    load_candidate(engine, a_candidate(offerings, thresholds=STRICT, fill={"workload": 1.0}))
    poorer = a_candidate(offerings, thresholds=STRICT, fill={"workload": 0.5})
    assert load_candidate(engine, poorer).status == "waiting"
    again = a_candidate(offerings, thresholds=STRICT, fill={"workload": 0.5})
    assert load_candidate(engine, again).status == "waiting"


# --- time, freshness, identity ------------------------------------------------------------------------------------


def test_freshness_is_the_time_of_the_data_not_of_the_run(engine: Engine) -> None:
    taken = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    candidate = a_candidate([an_offering("a")], snapshot_taken_at=taken)
    load_candidate(engine, candidate, now=taken + timedelta(hours=5))
    assert shown(engine, "a")["data_as_of"] == "2026-03-01T04:00:00.000000Z"
    assert shown(engine, "a")["last_confirmed"] == "2026-03-01T09:00:00.000000Z"
    later = dataclasses.replace(candidate, snapshot_taken_at=taken + timedelta(days=1))
    load_candidate(engine, later, now=taken + timedelta(days=1))
    assert shown(engine, "a")["data_as_of"] == "2026-03-02T04:00:00.000000Z"
    assert shown(engine, "a")["last_changed"] == "2026-03-01T09:00:00.000000Z"


def test_a_tombstone_keeps_the_time_it_was_last_confirmed(engine: Engine) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]), now=now)
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]), now=now + timedelta(days=1))
    load_candidate(engine, a_candidate([an_offering("a")]), now=now + timedelta(days=2))
    load_candidate(engine, a_candidate([an_offering("a")]), now=now + timedelta(days=3))
    assert shown(engine, "b")["last_confirmed"] == "2026-03-02T00:00:00.000000Z"
    assert shown(engine, "a")["last_confirmed"] == "2026-03-04T00:00:00.000000Z"


def test_a_clock_that_goes_back_does_not_turn_the_history_around(engine: Engine) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    load_candidate(engine, a_candidate([an_offering("a")]), now=now)
    load_candidate(engine, a_candidate([an_offering("a", title="New")]), now=now - timedelta(days=5))
    first, second = versions(engine, offering_id("north", "a"))
    assert first.valid_from <= second.valid_from
    assert first.valid_to == second.valid_from


def test_what_the_contract_says_of_a_feed_is_kept(engine: Engine) -> None:
    info = FeedInfo("north", title="New title", licence="CC-BY-4.0")
    load_candidate(engine, a_candidate([an_offering("a")]))
    load_candidate(engine, dataclasses.replace(a_candidate([an_offering("a")]), feed=info))
    assert rows(engine, "SELECT title, licence, institution FROM v1_feeds") == [
        {"title": "New title", "licence": "CC-BY-4.0", "institution": None}
    ]


# --- candidates that contradict themselves ------------------------------------------------------------------------


def test_two_accepted_records_of_one_identity_are_refused_and_nothing_is_loaded(engine: Engine) -> None:
    first, second = an_offering("a"), an_offering("a", title="Twin")
    before = everything(engine)
    with pytest.raises(CandidateError, match="Two accepted records of feed north claim"):
        load_candidate(engine, a_candidate([first, second]))
    assert everything(engine) == before
    assert load_candidate(engine, a_candidate([first])).status == "updated"


def test_a_rejected_twin_is_no_contradiction(engine: Engine) -> None:
    twin = dataclasses.replace(a_candidate([]), records=lambda: iter([accepted(an_offering("a")), *twins]))
    twins = [rejected("a", "MC00-ID-DUPLICATE"), rejected("a", "MC00-ID-DUPLICATE")]
    report = load_candidate(engine, twin)
    assert numbers(report) == ("updated", 1, 0, 0, 0)
    assert len(rows(engine, "SELECT * FROM record WHERE reference <> 'source'")) == 3


@pytest.mark.parametrize("odd", [an_offering("a", feed="south"), None])
def test_a_record_that_cannot_be_of_this_feed_is_refused(engine: Engine, odd: Any) -> None:
    record = accepted(an_offering("a"))
    record = type(record)(path=record.path, verdict="accepted", source_id="a", offering=odd)
    with pytest.raises(CandidateError, match="list#/a"):
        load_candidate(engine, a_candidate([record]))
