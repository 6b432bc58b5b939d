"""The register in the catalogue: everything or nothing, history of what left, and a pull that waits for a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from catalogue_db.register import Approval, RegisterThresholds, read_state, refuse_register
from standard.register import HierarchicalRelationship, NameVersion, ProviderName
from standard.verdict import Finding
from tests.catalogue_db.asking import everything, rows
from tests.trust.records import a_programme, a_provider, a_report, load

STRICT = RegisterThresholds(greatest_drop=0.05)
REPORTS = [a_report(number) for number in range(100, 120)]


def test_the_whole_of_what_deqar_says_is_kept_in_tables(engine: Engine) -> None:
    names = [ProviderName(official="Pohjoinen", english="North", versions=[NameVersion("Nord", "NORD")], acronym="NU")]
    link = [HierarchicalRelationship(10, 11, "faculty")]
    provider = a_provider(names=names, hierarchical=link, schac="north.example", homepage="https://www.north.example")
    load(engine, [provider, a_report(programmes=[a_programme(), a_programme("Another", ects=3)])])
    kinds = rows(engine, "SELECT kind, name FROM register_name ORDER BY position")
    assert [row["kind"] for row in kinds] == ["primary", "official", "english", "version", "version", "acronym"]
    assert rows(engine, "SELECT domain FROM register_provider") == [{"domain": "north.example"}]
    shown = rows(engine, "SELECT kind, first_id, second_id, type FROM register_relationship")
    assert shown == [{"kind": "hierarchical", "first_id": 10, "second_id": 11, "type": "faculty"}]
    programmes = rows(engine, "SELECT name, ects, full_degree FROM register_programme ORDER BY position")
    assert programmes[1] == {"name": "Another", "ects": 3.0, "full_degree": 0}
    identifiers = rows(engine, "SELECT kind, normalised FROM register_identifier ORDER BY kind")
    assert [tuple(row.values()) for row in identifiers] == [("deqar", "DEQARINST0010"), ("schac", "north.example")]


def test_the_same_again_changes_nothing_but_the_time_of_confirmation(engine: Engine) -> None:
    again: dict[str, Any] = {"snapshot_id": "one", "now": datetime(2026, 3, 2, 3, 0, tzinfo=UTC)}
    load(engine, [a_provider(), *REPORTS], snapshot_id="one")
    before = everything(engine)
    assert load(engine, [*REPORTS[::-1], a_provider()], **again).status == "unchanged"
    after = everything(engine)
    assert read_state(engine).last_confirmed == "2026-03-02T03:00:00.000000Z"
    assert {name for name in before if before[name] != after[name]} == {"register_state"}


def test_what_changed_and_what_left_has_a_history(engine: Engine) -> None:
    load(engine, [a_provider(), a_report(1), a_report(2)])
    report = load(engine, [a_provider(), a_report(1, decision="negative")], now=datetime(2026, 3, 2, tzinfo=UTC))
    counts = report.counts["report"]
    assert (counts.new, counts.changed, counts.unchanged, counts.left) == (0, 1, 0, 1)
    versions = "SELECT entity_id, number, valid_to IS NULL AS open FROM register_version WHERE kind = 'report'"
    kept = rows(engine, f"{versions} ORDER BY entity_id, number")
    assert [tuple(row.values()) for row in kept] == [(1, 1, 0), (1, 2, 1), (2, 1, 0)]
    assert rows(engine, "SELECT left_at FROM register_report WHERE report_id = 2")[0]["left_at"].startswith(
        "2026-03-02"
    )
    load(engine, [a_provider(), a_report(1), a_report(2)], now=datetime(2026, 3, 3, tzinfo=UTC))
    assert rows(engine, "SELECT count(*) AS n FROM register_report WHERE left_at IS NULL") == [{"n": 2}]


def test_a_pull_that_has_shrunk_waits_and_the_last_register_stays(engine: Engine) -> None:
    load(engine, [a_provider(), *REPORTS])
    before = rows(engine, "SELECT * FROM register_report")
    report = load(engine, [a_provider(), *REPORTS[:18]], thresholds=STRICT)
    assert (report.status, len(report.reasons)) == ("waiting", 1)
    assert "2 of 20 reports are gone (10.0%)" in report.reasons[0]
    assert rows(engine, "SELECT * FROM register_report") == before
    assert "2 of 20" in (read_state(engine).stale_reason or "")


def test_exactly_the_threshold_still_passes(engine: Engine) -> None:
    load(engine, [a_provider(), *REPORTS])
    assert load(engine, [a_provider(), *REPORTS[:19]], thresholds=STRICT).status == "updated"


def test_a_finding_that_blocks_keeps_the_register_out(engine: Engine) -> None:
    broken = Finding("MC00-REGISTER-COUNTRY-EMPTY", 0, "blocks", "DEQAR gave no provider of SE.", "", "")
    report = load(engine, [a_provider(), a_report()], findings=[broken])
    assert (report.status, list(report.reasons)) == ("waiting", ["DEQAR gave no provider of SE."])
    assert not read_state(engine).loaded


def test_a_person_may_let_it_in_or_refuse_it(engine: Engine) -> None:
    load(engine, [a_provider(), *REPORTS])
    shrunk: dict[str, Any] = {"thresholds": STRICT, "snapshot_id": "shrunk"}
    load(engine, [a_provider(), *REPORTS[:10]], **shrunk)
    assert refuse_register(engine, "Mia", "Half is missing.")
    assert not refuse_register(engine, "Mia", "Nothing waits any more.")
    assert load(engine, [a_provider(), *REPORTS[:10]], **shrunk).status == "waiting"
    assert read_state(engine).waiting == []  # refused once is not asked again
    approved = load(engine, [a_provider(), *REPORTS[:10]], approval=Approval("Mia", "EQAR confirmed it."), **shrunk)
    assert approved.status == "updated"
    assert (read_state(engine).reports, read_state(engine).stale_reason) == (10, None)
    kept = rows(engine, "SELECT status, decided_by, decision_reason FROM register_candidate ORDER BY key")
    assert [row["status"] for row in kept] == ["loaded", "refused", "loaded"]
    assert kept[2]["decided_by"] == "Mia"


def test_a_good_pull_ends_the_waiting(engine: Engine) -> None:
    load(engine, [a_provider(), *REPORTS], snapshot_id="good")
    load(engine, [a_provider()], thresholds=STRICT)
    load(engine, [a_provider(), *REPORTS], snapshot_id="good", thresholds=STRICT)
    assert (read_state(engine).waiting, read_state(engine).stale_since) == ([], None)
