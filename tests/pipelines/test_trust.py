"""Trust through the doors: the stand-in for DEQAR, runs, outages, decisions, and what the command line says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterInstance, evaluate_automation_conditions

from pipelines.demo.deqar import StandIn, Trouble, fictional_world, standing_in
from pipelines.demo.deqar.door import DEMO_TOKEN
from pipelines.trust_runs import TrustOutcome, run_trust, wants_trust
from pipelines.wiring import build_definitions
from pipelines.workplace import Workplace
from standard.offering import Organisation, offering_id
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_offering

CONTRACT = """
name: deqar
title: DEQAR
transport: {url: "${DEQAR_BASE_URL}", rate: 1000, timeout: 5, retries: {attempts: 1}}
countries: [LU]
expectations: {least_providers: 1, least_reports: 1, least_agencies: 1}
"""
NAME = "University of Val d'Alzette"
COVERED = Organisation(name={"en": NAME}, country="LU", identifiers={"deqar": "DEQARINST71001"})


@pytest.fixture
def deqar(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The stand-in, its contract in the feeds folder, and one offering to speak about."""
    from catalogue_db.load import load_candidate

    folder = workplace.settings.feeds_dir / "deqar"
    folder.mkdir()
    (folder / "deqar.yaml").write_text(CONTRACT, encoding="utf-8")
    load_candidate(workplace.engine, a_candidate([an_offering("c0", awarding_body=COVERED, country="LU")]))
    with standing_in(fictional_world()) as stand_in:
        monkeypatch.setenv("DEQAR_BASE_URL", stand_in.url)
        monkeypatch.setenv("DEQAR_TOKEN", DEMO_TOKEN)
        yield stand_in


def run(workplace: Workplace) -> TrustOutcome:
    with DagsterInstance.ephemeral() as instance:
        return run_trust(workplace, instance, {})


def test_without_contract_and_national_register_nothing_is_run(workplace: Workplace) -> None:
    assert not wants_trust(workplace)


def test_a_run_reads_deqar_and_makes_statements(workplace: Workplace, deqar: StandIn) -> None:
    outcome = run(workplace)
    assert (outcome.register, outcome.mix, outcome.error) == ("updated", {"institution_covered": 1}, None)
    assert (outcome.agencies, outcome.linked) == (3, 1)
    again = run(workplace)
    assert (again.register, again.changed) == ("unchanged", 0)


def test_an_outage_fails_the_pull_and_lowers_nothing(workplace: Workplace, deqar: StandIn) -> None:
    run(workplace)
    deqar.troubles.append(Trouble(r"/connectapi/v1/providers/\?", status=503))
    outcome = run(workplace)
    assert (outcome.register, outcome.mix) == ("failed", {"institution_covered": 1})
    assert outcome.stale_reason
    assert outcome.error
    deqar.troubles.clear()
    back = run(workplace)
    assert (back.register, back.stale_reason, back.error) == ("unchanged", None, None)


def test_a_page_that_fails_always_lets_nothing_in(workplace: Workplace, deqar: StandIn) -> None:
    deqar.troubles.append(Trouble(r"/webapi/v2/browse/reports/\?", status=500))
    outcome = run(workplace)
    assert (outcome.register, outcome.reports, outcome.mix) == ("failed", 0, {"not_checkable": 1})


def test_a_page_that_fails_once_is_asked_for_again_and_the_pull_is_whole(workplace: Workplace, deqar: StandIn) -> None:
    patient = "retries: {attempts: 3, first_wait: 0.01, longest_wait: 1}"
    workplace.settings.deqar_contract.write_text(CONTRACT.replace("retries: {attempts: 1}", patient), encoding="utf-8")
    whole = run(workplace)
    deqar.troubles.append(Trouble(r"/webapi/v2/browse/reports/\?", status=502, times=1))
    asked = len(deqar.asked)
    again = run(workplace)
    pages = [path for path in deqar.asked[asked:] if "/webapi/v2/browse/reports/?" in path]
    assert len(pages) > len(set(pages)), "the page was asked for twice"
    assert (again.register, again.reports, again.mix) == ("unchanged", whole.reports, whole.mix)


def test_a_page_that_fails_always_leaves_the_last_register(workplace: Workplace, deqar: StandIn) -> None:
    before = run(workplace)
    kept = rows(workplace.engine, "SELECT * FROM register_report")
    deqar.world.delete(990002)
    deqar.troubles.append(Trouble(r"/webapi/v2/browse/reports/\?", status=500))
    outcome = run(workplace)
    assert (outcome.register, outcome.mix, outcome.reports) == ("failed", before.mix, before.reports)
    assert rows(workplace.engine, "SELECT * FROM register_report") == kept
    assert "500" in (outcome.stale_reason or "")


def test_a_contract_that_is_not_valid_says_what_to_do(workplace: Workplace, deqar: StandIn) -> None:
    (workplace.settings.deqar_contract).write_text("name: deqar\n", encoding="utf-8")
    outcome = run(workplace)
    assert outcome.register == "failed"
    assert "Mend the contract" in (outcome.error or "")


def test_a_reviewed_line_that_cannot_be_used_leaves_the_statements(workplace: Workplace, deqar: StandIn) -> None:
    run(workplace)
    workplace.settings.reviewed_links.write_text("providers: [nonsense]", encoding="utf-8")
    outcome = run(workplace)
    assert "links.yaml" in (outcome.error or "")
    shown = rows(workplace.engine, "SELECT trust_status FROM v1_offerings")
    assert shown == [{"trust_status": "institution_covered"}]


GOOD_LINE = f"""
providers:
  - organisation: {{name: {NAME}, country: LU}}
    deqar: DEQARINST71002
    same: true
    by: Mia
    on: 2026-03-01
    reason: They moved.
"""


def test_a_reviewed_line_changes_a_link_survives_a_harvest_and_ends_with_the_line(
    workplace: Workplace, deqar: StandIn
) -> None:
    from catalogue_db.load import load_candidate

    def linked() -> list[tuple[str, str]]:
        query = "SELECT deqar_id, deqar_method FROM v1_providers WHERE name = :name"
        return [(row["deqar_id"], row["deqar_method"]) for row in rows(workplace.engine, query, name=NAME)]

    run(workplace)
    assert linked() == [("DEQARINST71001", "identifier")]
    workplace.settings.reviewed_links.write_text(GOOD_LINE, encoding="utf-8")
    run(workplace)
    assert linked() == [("DEQARINST71002", "confirmed")]
    changed = an_offering("c0", title="Another title", awarding_body=COVERED, country="LU")
    load_candidate(workplace.engine, a_candidate([changed]))
    deqar.world.edit_in_form(990003, decision=2)
    assert run(workplace).register == "updated"
    assert linked() == [("DEQARINST71002", "confirmed")]
    workplace.settings.reviewed_links.write_text("providers: []", encoding="utf-8")
    run(workplace)
    assert linked() == [("DEQARINST71001", "identifier")]


def test_the_national_register_beside_the_contract_is_read(workplace: Workplace, deqar: StandIn) -> None:
    stranger = Organisation(name={"en": "Sauertal Academy"}, country="LU")
    from catalogue_db.load import load_candidate

    load_candidate(workplace.engine, a_candidate([an_offering("c0", awarding_body=stranger, country="LU")]))
    assert run(workplace).mix == {"not_listed": 1}
    row = "{id: N-1, provider: {name: Sauertal Academy, country: LU}, decision: positive, valid_from: 2026-01-01}"
    file = workplace.settings.deqar_contract.with_name("national_register.yaml")
    file.write_text(f"authority: The Agency\nissuers: [{row}]\n", encoding="utf-8")
    assert run(workplace).mix == {"national_register": 1}


def execute(workplace: Workplace, job: str, op: str, **config: Any) -> bool:
    with DagsterInstance.ephemeral() as instance:
        run_config = {"ops": {op: {"config": config}}}
        made = build_definitions(workplace).resolve_job_def(job)
        return bool(made.execute_in_process(run_config=run_config, instance=instance, raise_on_error=False).success)


def test_the_job_relink_keeps_a_refusal(workplace: Workplace, deqar: StandIn) -> None:
    run(workplace)
    word = {"by": "Mia", "reason": "Another one.", "deqar": "DEQARINST71001", "country": "LU"}
    assert execute(workplace, "relink", "keep_word", verdict="DIFFERENT", name=COVERED.name["en"], **word)
    assert run(workplace).mix == {"not_listed": 1}
    assert not execute(workplace, "relink", "keep_word", verdict="SAME", by="Mia", reason="Nothing named.")


def test_a_register_that_waits_is_let_in_by_a_person(workplace: Workplace, deqar: StandIn) -> None:
    run(workplace)
    contract = workplace.settings.deqar_contract
    contract.write_text(CONTRACT.replace("least_reports: 1", "least_reports: 1000"), encoding="utf-8")
    held = run(workplace)
    assert (held.register, held.mix) == ("waiting", {"institution_covered": 1})
    assert "decide_register" in (held.error or "")
    assert execute(workplace, "decide_register", "settle", decision="APPROVE", by="Mia", reason="It is so.")
    assert rows(workplace.engine, "SELECT stale_since FROM register_state") == [{"stale_since": None}]
    assert not execute(workplace, "decide_register", "settle", decision="REFUSE", by="Mia", reason="Nothing waits.")


def test_the_command_line_shows_the_evidence(workplace: Workplace, deqar: StandIn, catalogue: Any) -> None:
    run(workplace)
    shown = catalogue("show", offering_id("north", "c0"))
    told = " ".join(shown.out.split())
    for words in ("institution_covered", "who signs", "DEQARINST71001", "https://data.deqar.eu/report/"):
        assert words in told
    trust = catalogue("show", offering_id("north", "c0"), "--json").json["trust"]
    assert trust[0]["statement"]["status"] == "institution_covered"


def test_deqar_is_pulled_nightly_and_statements_are_made_daily(workplace: Workplace, deqar: StandIn) -> None:
    repository = build_definitions(workplace).get_repository_def()
    assert {"register_nightly", "trust_daily"} <= {each.name for each in repository.schedule_defs}
    assert "trust_follows" in {each.name for each in repository.sensor_defs}
    assert {"register", "trust", "relink", "decide_register"} <= {each.name for each in repository.get_all_jobs()}


def test_a_feeds_load_and_a_new_register_are_each_followed_by_statements_once(
    workplace: Workplace, deqar: StandIn
) -> None:
    """What the sensor `trust_follows` does at each tick, on what really happened."""
    definitions = build_definitions(workplace)
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("feeds", ["north"])
        cursor = evaluate_automation_conditions(definitions, instance).cursor

        def requested() -> int:
            nonlocal cursor
            told = evaluate_automation_conditions(definitions, instance, cursor=cursor)
            cursor = told.cursor
            return told.get_num_requested(AssetKey("trust_statements"))

        assert requested() == 0
        for asset, partition in (("catalogue_offerings", "north"), ("deqar_register", None)):
            instance.report_runless_asset_event(AssetMaterialization(asset, partition=partition))
            assert [requested(), requested(), requested()] == [1, 0, 0], asset
        run_trust(workplace, instance, {})
        assert requested() == 0, "what has been made after the register needs no other run"


def test_what_dagster_shows_of_the_trust_half(workplace: Workplace, deqar: StandIn, monkeypatch: Any) -> None:
    from catalogue_db.load import load_candidate

    misspelt = Organisation(name={"en": "Univercity of Val d'Alzette"}, country="LU")
    load_candidate(workplace.engine, a_candidate([an_offering("c0", awarding_body=misspelt, country="LU")]))
    monkeypatch.delenv("DEQAR_TOKEN")
    with DagsterInstance.ephemeral() as instance:
        run_trust(workplace, instance, {})

        def shown(asset: str) -> Any:
            event = instance.get_latest_materialization_event(AssetKey(asset))
            assert event is not None
            assert event.asset_materialization is not None
            return event.asset_materialization.metadata

        pulled, register, trust = map(shown, ("deqar_snapshot", "deqar_register", "trust_statements"))
    assert {row.data["kind of document"] for row in pulled["what was asked for"].records} >= {"csv-reports", "provider"}
    assert [row.data["code"] for row in pulled["said while pulling"].records] == ["MC00-DEQAR-WITHOUT-TOKEN"]
    assert "DEQAR_TOKEN" in pulled["said while pulling"].records[0].data["what to do"]
    assert sum(row.data["reports"] for row in register["reports by decision"].records) == 7
    assert register["reports by agency"].records[0].data["agency"] == "Agency for Quality in the Greater Region"
    assert trust["coverage by country"].records[0].data == {"covered": "0 of 1 (0%)", "country": "LU"}
    assert trust["statuses over time"].records[0].data["statuses"] == "1 not checkable"
    (proposal,) = trust["proposals waiting"].records
    assert (proposal.data["in the catalogue"], proposal.data["number there"]) == (
        "Univercity of Val d'Alzette",
        "DEQARINST71001",
    )
