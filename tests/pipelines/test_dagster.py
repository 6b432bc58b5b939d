"""What is seen in Dagster: the graph, a feed's run with its metadata and checks, retries, tags, all feeds in one go."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetKey,
    DagsterInstance,
    DagsterRunStatus,
    Definitions,
    ExecuteInProcessResult,
)
from dagster._core.events import DagsterEvent, DagsterEventType

from pipelines.instance import open_instance, prepare_home
from pipelines.partitions import FEEDS
from pipelines.runs import PROCESS_TAG, end_orphans
from pipelines.settings import Settings
from pipelines.wiring import build_definitions
from pipelines.workplace import Workplace
from tests.pipelines.sources import ROWS, Source, contract, serve_feed

ASSETS = ["feed_snapshot", "source_offerings", "offerings", "catalogue_offerings"]


@pytest.fixture
def instance(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(settings.home))
    with open_instance(settings) as opened:
        yield opened


def _run(workplace: Workplace, instance: DagsterInstance, feed: str) -> ExecuteInProcessResult:
    instance.add_dynamic_partitions(FEEDS.name or "", [feed])
    job = build_definitions(workplace).resolve_job_def("one_feed")
    return job.execute_in_process(instance=instance, partition_key=feed, raise_on_error=False)


def _checks(result: ExecuteInProcessResult) -> dict[str, AssetCheckEvaluation]:
    found = result.get_asset_check_evaluations()
    return {check.check_name: check for check in found}


def test_the_definitions_load() -> None:
    from pipelines.definitions import defs

    Definitions.validate_loadable(defs)
    assert {sensor.name for sensor in defs.sensors or []} == {"register_of_feeds", "feeds_due", "trust_follows"}


def test_the_graph_is_a_chain_that_says_what_it_is(workplace: Workplace) -> None:
    graph = build_definitions(workplace).resolve_asset_graph()
    for name, before in zip(ASSETS, [None, *ASSETS], strict=False):
        node = graph.get(AssetKey(name))
        assert {key.path[-1] for key in node.parent_keys} == ({before} if before else set())
        assert node.description
        assert node.owners
        assert node.kinds
        assert node.partitions_def == FEEDS
    groups = {graph.get(AssetKey(name)).group_name for name in ASSETS}
    assert groups == {"feeds", "standard", "catalogue"}


def test_a_run_tells_counts_checks_and_tags(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    rows = [*ROWS, {**ROWS[0], "offering_id": "MC-4", "title_en": ""}]
    contract(settings.feeds_dir, "school", serve_feed(source, "school", "spreadsheet", rows))
    result = _run(workplace, instance, "school")
    assert result.success
    told = {
        event.asset_key.path[-1]: event.materialization.metadata
        for event in result.all_events
        if event.is_step_materialization and event.asset_key
    }
    assert list(told) == ASSETS
    assert told["offerings"]["count/rejected"].value == 1
    assert "MC-4" in str(told["offerings"]["rejected"].value)
    assert "MC02-" in str(told["offerings"]["findings by code"].value)
    assert told["catalogue_offerings"]["count/new"].value == 3
    assert "Safe Kitchens" in str(told["catalogue_offerings"]["what changed, losses first"].value)
    checks = _checks(result)
    passed = {name: check.passed for name, check in checks.items()}
    assert passed == {
        "every_item_read": True,
        "contract_demands": True,
        "verdicts": False,
        "guard": True,
        "catalogue_whole": True,
    }
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    assert run.tags["catalogue/host"] == source.url.removeprefix("http://")
    assert run.tags["dagster/partition"] == "school"


def test_a_waiting_candidate_fails_its_run_and_is_not_retried(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    contract(settings.feeds_dir, "school", serve_feed(source, "school", "spreadsheet", ROWS))
    assert _run(workplace, instance, "school").success
    serve_feed(source, "school", "spreadsheet", ROWS[:1])
    result = _run(workplace, instance, "school")
    assert not result.success
    guard = _checks(result)["guard"]
    assert not guard.passed
    assert "drop" in str(guard.metadata["comparison"].value)
    _assert_not_retried(instance, result.run_id)


def test_a_broken_demand_stops_before_the_catalogue(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    file = contract(settings.feeds_dir, "school", url)
    file.write_text(file.read_text().replace("least_offerings: 1", "least_offerings: 50"), "utf-8")
    result = _run(workplace, instance, "school")
    checks = _checks(result)
    assert not checks["contract_demands"].passed
    if workplace.policy.blocks("MC00-SOURCE-TOO-FEW"):
        assert not result.success
        assert "guard" not in checks
        _assert_not_retried(instance, result.run_id)


def test_a_permanent_failure_is_final(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    contract(settings.feeds_dir, "school", f"{source.url}/nowhere.csv")
    patient = Workplace(workplace.settings, step_retries=2, retry_seconds=0)
    result = _run(patient, instance, "school")
    assert not result.success
    assert len(source.asked) == 1
    _assert_not_retried(instance, result.run_id)


def test_a_transient_failure_is_tried_again(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    url = serve_feed(source, "school", "spreadsheet", ROWS)
    (path,) = source.answers
    good = source.answers[path]
    answers = iter([(503, {"Content-Type": "text/plain"}, b"busy"), (503, {"Content-Type": "text/plain"}, b"busy")])
    source.answers[path] = lambda _path, _query: next(answers, good)  # type: ignore[arg-type,return-value]
    contract(settings.feeds_dir, "school", url)
    patient = Workplace(workplace.settings, step_retries=2, retry_seconds=0)
    assert _run(patient, instance, "school").success
    assert len(source.asked) == 3


def test_a_transient_failure_without_patience_fails_but_may_be_run_again(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    source.put("/school/offerings.csv", b"busy", "text/plain", 503)
    contract(settings.feeds_dir, "school", f"{source.url}/school/offerings.csv")
    result = _run(workplace, instance, "school")
    assert not result.success
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    assert "dagster/max_retries" not in run.tags


def test_all_feeds_runs_each_as_its_own_and_fails_aloud(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    contract(settings.feeds_dir, "a-broken", f"{source.url}/nowhere.csv")
    contract(settings.feeds_dir, "b-school", serve_feed(source, "b-school", "spreadsheet", ROWS))
    job = build_definitions(workplace).resolve_job_def("all_feeds")
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    runs = {run.tags.get("dagster/partition"): run.status for run in instance.get_runs() if run.job_name == "one_feed"}
    assert runs == {"a-broken": DagsterRunStatus.FAILURE, "b-school": DagsterRunStatus.SUCCESS}


def test_all_feeds_do_not_wait_for_one_that_is_down(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    source.put("/down/offerings.csv", b"busy", "text/plain", 503)
    contract(settings.feeds_dir, "a-down", f"{source.url}/down/offerings.csv")
    contract(settings.feeds_dir, "b-school", serve_feed(source, "b-school", "spreadsheet", ROWS))
    patient = Workplace(workplace.settings, step_retries=2, retry_seconds=0)
    assert (
        not build_definitions(patient)
        .resolve_job_def("all_feeds")
        .execute_in_process(instance=instance, raise_on_error=False)
        .success
    )
    (down,) = (run for run in instance.get_runs() if run.tags.get("dagster/partition") == "a-down")
    events = [log.dagster_event.event_type for log in instance.all_logs(down.run_id) if log.dagster_event]
    assert DagsterEventType.STEP_FAILURE in events
    assert DagsterEventType.STEP_UP_FOR_RETRY not in events


def test_every_step_can_be_run_again_from_the_snapshot_alone(
    source: Source, settings: Settings, workplace: Workplace, instance: DagsterInstance
) -> None:
    contract(settings.feeds_dir, "school", serve_feed(source, "school", "spreadsheet", ROWS))
    assert _run(workplace, instance, "school").success
    asked = len(source.asked)
    job = build_definitions(workplace).resolve_job_def("one_feed")
    for name in ASSETS[1:]:
        for file in Path(workplace.settings.staging).rglob("*.json*"):
            file.unlink()
        result = job.execute_in_process(
            instance=instance, partition_key="school", asset_selection=[AssetKey(name)], raise_on_error=False
        )
        assert result.success, name
    assert len(source.asked) == asked


def test_runs_of_killed_processes_are_ended(instance: DagsterInstance, workplace: Workplace) -> None:
    job = build_definitions(workplace).resolve_job_def("all_feeds")
    left = instance.create_run_for_job(job, tags={PROCESS_TAG: f"{socket.gethostname()}:{2**22 + 1}"})
    instance.report_dagster_event(DagsterEvent(DagsterEventType.PIPELINE_START.value, job.name), run_id=left.run_id)
    assert end_orphans(instance) == 1
    ended = instance.get_run_by_id(left.run_id)
    assert ended is not None
    assert ended.status == DagsterRunStatus.FAILURE
    assert end_orphans(instance) == 0


def test_the_home_is_prepared_once_and_never_overwritten(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(settings.home))
    home = prepare_home(settings)
    config = home / "dagster.yaml"
    assert "enabled: false" in config.read_text()
    config.write_text("telemetry: {enabled: false}\n# mine\n")
    prepare_home(settings)
    assert "# mine" in config.read_text()


def _assert_not_retried(instance: DagsterInstance, run_id: str) -> None:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.tags["dagster/max_retries"] == "0"
    assert run.tags.get("dagster/will_retry") in (None, "false")
