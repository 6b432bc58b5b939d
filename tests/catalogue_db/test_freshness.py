"""How fresh things are, as a portal sees it: ``data_as_of``, ``last_confirmed``, stale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from catalogue_db.feeds import mark_stale
from catalogue_db.guard import Thresholds
from catalogue_db.load import load_candidate
from catalogue_db.texts import moment
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_offering

FIRST = datetime(2026, 3, 1, 5, tzinfo=UTC)
SHOWN = "status, data_as_of, last_confirmed, last_changed"


def offering(engine: Engine, source_id: str) -> dict[str, Any]:
    return rows(engine, f"SELECT {SHOWN} FROM v1_offerings WHERE source_id = :id", id=source_id)[0]


def feed(engine: Engine, name: str = "north") -> dict[str, Any]:
    query = "SELECT status, data_as_of, last_confirmed, stale_since, stale_reason FROM v1_feeds WHERE feed = :name"
    return rows(engine, query, name=name)[0]


def load(engine: Engine, *ids: str, days: float, feed: str = "north", **changes: Any) -> None:
    """A source read so many days after the first, and loaded an hour later."""
    at = FIRST + timedelta(days=days)
    offerings = [an_offering(each, feed=feed) for each in ids]
    load_candidate(
        engine, a_candidate(offerings, feed=feed, snapshot_taken_at=at, **changes), now=at + timedelta(hours=1)
    )


def after(days: float, hours: float = 0) -> str:
    return moment(FIRST + timedelta(days=days, hours=hours))


def test_an_unchanged_offering_is_confirmed_and_not_changed(engine: Engine) -> None:
    load(engine, "a", days=0)
    load(engine, "a", "b", days=3)
    assert offering(engine, "a") == {
        "status": "live",
        "data_as_of": after(3),
        "last_confirmed": after(3, 1),
        "last_changed": after(0, 1),
    }
    assert offering(engine, "b")["last_changed"] == after(3, 1)


def test_the_very_same_candidate_confirms_too(engine: Engine) -> None:
    for days in (0, 2):
        load(engine, "a", days=days, snapshot_id="same")
    assert offering(engine, "a") | {"last_changed": after(0, 1)} == offering(engine, "a")
    assert (offering(engine, "a")["data_as_of"], offering(engine, "a")["last_confirmed"]) == (after(2), after(2, 1))
    assert feed(engine)["data_as_of"] == after(2)


def test_a_feed_that_waits_is_stale_and_as_old_as_what_is_shown(engine: Engine) -> None:
    load(engine, "a", "b", "c", days=0)
    load(engine, "a", days=1, thresholds=Thresholds())
    shown = feed(engine)
    assert (shown["status"], shown["data_as_of"], shown["stale_since"]) == ("stale", after(0), after(1, 1))
    assert shown["stale_reason"]
    assert [offering(engine, each)["status"] for each in "abc"] == ["stale"] * 3
    assert offering(engine, "b")["last_confirmed"] == after(0, 1)


def test_a_source_that_answers_again_ends_it(engine: Engine) -> None:
    load(engine, "a", days=0)
    mark_stale(engine, "north", "It cannot be reached.", now=FIRST + timedelta(days=1))
    assert (offering(engine, "a")["status"], offering(engine, "a")["data_as_of"]) == ("stale", after(0))
    load(engine, "a", days=2)
    assert offering(engine, "a")["status"] == "live"
    assert feed(engine) == {
        "status": "live",
        "data_as_of": after(2),
        "last_confirmed": after(2, 1),
        "stale_since": None,
        "stale_reason": None,
    }


def test_a_tombstone_was_confirmed_before_it_left(engine: Engine) -> None:
    load(engine, "a", "b", days=0)
    load(engine, "a", days=2)
    load(engine, "a", days=4)
    gone = offering(engine, "b")
    assert (gone["status"], gone["last_confirmed"], gone["last_changed"]) == ("withdrawn", after(0, 1), after(2, 1))


def test_feeds_age_apart(engine: Engine) -> None:
    load(engine, "a", days=0)
    load(engine, "s", days=5, feed="south")
    mark_stale(engine, "north", "It cannot be reached.")
    assert (feed(engine)["data_as_of"], feed(engine, "south")["data_as_of"]) == (after(0), after(5))
    assert (offering(engine, "a")["status"], offering(engine, "s")["status"]) == ("stale", "live")
