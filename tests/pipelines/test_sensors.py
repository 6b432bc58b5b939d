"""When is a feed due, and are the partitions in step with the register?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dagster import DagsterInstance, SensorResult, SkipReason, build_sensor_context
from hypothesis import given
from hypothesis import strategies as st

from pipelines.jobs import one_feed_job
from pipelines.partitions import FEEDS
from pipelines.sensors import due_feeds, due_sensor, register_sensor
from pipelines.settings import Settings
from pipelines.workplace import Workplace
from tests.pipelines.sources import contract

NIGHTLY = {"school": "0 3 * * *"}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_new_feed_waits_for_its_moment() -> None:
    due, cursor = due_feeds(NIGHTLY, {}, NOON)
    assert due == {}
    due, _ = due_feeds(NIGHTLY, cursor, NOON + timedelta(hours=14))
    assert due == {}
    due, _ = due_feeds(NIGHTLY, cursor, NOON + timedelta(hours=15, minutes=1))
    assert due == {"school": "2026-03-02T03:00:00+00:00"}


def test_it_is_started_once_and_after_an_outage_once() -> None:
    _, cursor = due_feeds(NIGHTLY, {}, NOON)
    due, cursor = due_feeds(NIGHTLY, cursor, NOON + timedelta(days=5))
    assert due == {"school": "2026-03-06T03:00:00+00:00"}
    assert due_feeds(NIGHTLY, cursor, NOON + timedelta(days=5, minutes=1))[0] == {}


def test_a_feed_that_left_is_forgotten() -> None:
    _, cursor = due_feeds(NIGHTLY, {}, NOON)
    assert due_feeds({}, cursor, NOON) == ({}, {})


@given(steps=st.lists(st.integers(min_value=0, max_value=100_000), max_size=30))
def test_no_moment_is_started_twice_whatever_the_clock_does(steps: list[int]) -> None:
    cursor: dict[str, str] = {}
    now, started = NOON, []
    for step in steps:
        now += timedelta(seconds=step - 20_000)
        due, cursor = due_feeds({"school": "*/10 * * * *"}, cursor, now)
        started += due.values()
    assert started == sorted(set(started))


def test_the_register_and_the_partitions_are_brought_together(settings: Settings) -> None:
    workplace = Workplace(settings)
    contract(settings.feeds_dir, "one", "https://one.example/feed.csv")
    (settings.feeds_dir / "broken.yaml").write_text("name: [")
    (settings.feeds_dir / "README.md").write_text("not a contract")
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("feeds", ["gone"])
        result = register_sensor(workplace)(build_sensor_context(instance=instance))
        assert isinstance(result, SensorResult)
        added, removed = result.dynamic_partitions_requests or []
        assert (list(added.partition_keys), list(removed.partition_keys)) == (["broken", "one"], ["gone"])


def test_a_missing_register_ends_no_feed(tmp_path: Path) -> None:
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("feeds", ["one"])
        workplace = Workplace(Settings(feeds_dir=tmp_path / "nowhere"))
        result = register_sensor(workplace)(build_sensor_context(instance=instance))
        assert isinstance(result, SkipReason)


def test_a_due_feed_is_requested_with_its_host_and_a_broken_contract_disturbs_nobody(settings: Settings) -> None:
    workplace = Workplace(settings)
    contract(settings.feeds_dir, "one", "https://one.example:8443/feed.csv")
    (settings.feeds_dir / "broken.yaml").write_text("name: [")
    sensor = due_sensor(workplace, one_feed_job(workplace))
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(FEEDS.name or "", ["one", "broken"])
        first = sensor(build_sensor_context(instance=instance))
        assert isinstance(first, SensorResult)
        assert not first.run_requests
        long_ago = '{"one": "2020-01-01T00:00:00+00:00"}'
        second = sensor(build_sensor_context(instance=instance, cursor=long_ago))
        assert isinstance(second, SensorResult)
        (request,) = second.run_requests or []
        assert request.partition_key == "one"
        assert request.tags["catalogue/host"] == "one.example:8443"
        assert (request.run_key or "").startswith("one@")
