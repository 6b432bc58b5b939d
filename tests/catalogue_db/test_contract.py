"""What portals may rely on: the views are what the contract says, column by column."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from catalogue_db import contract, views
from catalogue_db.dialects import bulk_insert, write_transaction
from catalogue_db.feeds import mark_stale
from catalogue_db.load import load_candidate
from catalogue_db.tables import trust_check, trust_evidence, trust_statement
from standard.offering import LearningOutcome, Level, Organisation, Stackability
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_instance, an_offering, rejected

PUBLIC = {
    "v1_offerings", "v1_offering_texts", "v1_learning_outcomes", "v1_instances", "v1_fields", "v1_providers",
    "v1_provider_identifiers", "v1_trust_statements", "v1_changes", "v1_feeds", "v1_offering_versions", "v1_vocabulary",
}  # fmt: skip
PROMISED = set(
    """offering_id feed source_id title title_lang description country awarding_body awarding_body_id provider
    provider_id ects hours eqf_level modes assessment_types supervision fields languages stackable homepage next_start
    enrolment_open price_from currency completeness council_conformant elm_conformant trust_status trust_checked_on
    status first_seen last_changed last_confirmed data_as_of""".split()  # noqa: SIM905 - a list of words reads better
)
TODAY = date.today()  # noqa: DTZ011 - the views ask the database for its day (UTC); a day apart never matters here
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "json": (str,), "integer": (int,), "number": (int, float), "boolean": (int,), "date": (str,),
    "moment": (str,), "list": (str,),
}  # fmt: skip


def day(distance: int) -> str:
    return (TODAY + timedelta(days=distance)).isoformat()


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A catalogue in which every view has rows, and many columns their empty form too."""
    rich = an_offering(
        "rich",
        title={"en": "Rich", "fi": "Rikas"},
        learning_outcomes=[LearningOutcome(text={"en": "reads data"}, esco=["http://data.europa.eu/esco/skill/1"])],
        stackability=Stackability(stackable=True, text={"en": "Counts towards a master."}),
        level=Level(eqf=7, nqf="NQF 7", qf_ehea="second"),
        instances=[an_instance(1, amount=100.0, start=day(30), end=day(60), enrolment_closes=day(10))],
    )
    bare = an_offering(
        "bare", title={"und": "Bare"}, description={}, workload=None, level=None, homepage=None, fields=[]
    )
    load_candidate(engine, a_candidate([rich, bare, an_offering("gone")]))
    load_candidate(engine, a_candidate([rich, bare, rejected("gone")]))
    check = {
        "key": 1, "checked_at": f"{day(0)}T00:00:00.000000Z", "checked_on": day(0), "register_as_of": None,
        "register_stale": None, "rules": "r", "run_id": "1", "offerings": 1, "changed": 1, "statuses": "{}",
    }  # fmt: skip
    evidence = {"key": 1, "evidence_hash": "e", "status": "not_listed", "document": "{}"}
    statement = {
        "offering_key": 1, "role": "awarding_body", "organisation_key": 1, "number": 1, "evidence_key": 1,
        "first_check": 1, "said_from": check["checked_at"],
    }  # fmt: skip
    with engine.connect() as connection, write_transaction(connection):
        bulk_insert(connection, trust_check, [check])
        bulk_insert(connection, trust_evidence, [evidence])
        bulk_insert(connection, trust_statement, [statement])
    return engine


def test_the_promised_views_and_columns_are_there() -> None:
    documented = {view.name: view for view in contract.VIEWS}
    assert set(documented) >= PUBLIC
    assert {column.name for column in documented["v1_offerings"].columns} >= PROMISED


def test_every_view_is_documented_and_every_documented_view_exists() -> None:
    assert [view.name for view in contract.VIEWS] == list(views.VIEWS)


@pytest.mark.parametrize("view", contract.VIEWS, ids=lambda view: str(view.name))
def test_a_view_has_the_columns_types_and_key_of_its_contract(filled: Engine, view: contract.View) -> None:
    with filled.connect() as connection:
        result = connection.execute(text(f"SELECT * FROM {view.name}"))
        assert list(result.keys()) == [column.name for column in view.columns]
        found = [dict(row._mapping) for row in result]
    assert found, "the view shows nothing"
    assert len({tuple(row[name] for name in view.key) for row in found}) == len(found)
    for row in found:
        for column in view.columns:
            check_value(view.name, column, row[column.name])


def check_value(view: str, column: contract.ViewColumn, value: Any) -> None:
    where = f"{view}.{column.name}"
    if value is None:
        assert column.nullable, f"{where} is empty"
        return
    assert isinstance(value, TYPES[column.type]), f"{where} is {value!r}"
    if column.type in ("json", "list"):
        assert column.type == "json" or isinstance(json.loads(value), list), where
    if column.type == "date":
        assert date.fromisoformat(value)
    if column.type == "moment":
        assert len(value) == len("2026-01-01T00:00:00.000000Z"), where
        assert value.endswith("Z")


def one(engine: Engine, source_id: str) -> dict[str, Any]:
    return rows(engine, "SELECT * FROM v1_offerings WHERE source_id = :source_id", source_id=source_id)[0]


def load_with(engine: Engine, *instances: Any) -> dict[str, Any]:
    load_candidate(engine, a_candidate([an_offering("x", instances=list(instances))]))
    return one(engine, "x")


def test_the_next_start_is_the_first_from_today_that_is_not_cancelled(engine: Engine) -> None:
    shown = load_with(
        engine,
        an_instance(1, start=day(-20)),
        an_instance(2, start=day(5), status="cancelled"),
        an_instance(3, start=f"{day(40)}T09:00:00+02:00"),
        an_instance(4, start=day(90)),
    )
    assert shown["next_start"] == day(40)


def test_without_a_coming_run_there_is_no_next_start(engine: Engine) -> None:
    assert load_with(engine, an_instance(1, start=day(-20)))["next_start"] is None


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({}, None),
        ({"start": day(30)}, None),
        ({"enrolment_opens": day(-5), "enrolment_closes": day(5)}, 1),
        ({"enrolment_opens": day(-5)}, 1),
        ({"enrolment_opens": day(-5), "start": day(-3)}, 0),
        ({"enrolment_closes": day(5)}, 1),
        ({"enrolment_opens": day(3)}, 0),
        ({"enrolment_closes": day(-3)}, 0),
        ({"status": "open"}, 1),
        ({"status": "open", "enrolment_closes": day(-3)}, 0),
        ({"status": "closed", "enrolment_closes": day(5)}, 0),
        ({"status": "cancelled"}, 0),
    ],
)
def test_whether_enrolment_is_open(engine: Engine, run: dict[str, Any], expected: int | None) -> None:
    assert load_with(engine, an_instance(1, **run))["enrolment_open"] == expected


def test_the_price_is_the_lowest_of_the_runs_that_are_not_over(engine: Engine) -> None:
    shown = load_with(
        engine,
        an_instance(1, amount=10.0, start=day(-90), end=day(-60)),
        an_instance(2, amount=250.0, start=day(20), currency="SEK"),
        an_instance(3, amount=300.0, start=day(50)),
    )
    assert (shown["price_from"], shown["currency"]) == (250.0, "SEK")


def test_free_is_said_and_unknown_is_empty(engine: Engine) -> None:
    assert load_with(engine, an_instance(1, amount=0.0))["price_from"] == 0
    assert load_with(engine, an_instance(1))["price_from"] is None


def test_a_title_is_preferred_in_the_language_of_instruction(engine: Engine) -> None:
    offering = an_offering("x", title={"en": "Law", "fi": "Oikeus", "sv": "Rätt"}, languages=["sv"])
    load_candidate(engine, a_candidate([offering]))
    assert (one(engine, "x")["title"], one(engine, "x")["title_lang"]) == ("Rätt", "sv")


def test_a_stale_feed_shows_in_its_offerings_but_not_in_tombstones(filled: Engine) -> None:
    assert mark_stale(filled, "north", "The source cannot be reached.")
    assert one(filled, "rich")["status"] == "stale"
    assert one(filled, "gone")["status"] == "withdrawn"
    shown = rows(filled, "SELECT status, stale_reason FROM v1_feeds")
    assert shown == [{"status": "stale", "stale_reason": "The source cannot be reached."}]


def test_trust_shows_where_it_was_checked(filled: Engine) -> None:
    assert (one(filled, "rich")["trust_status"], one(filled, "rich")["trust_checked_on"]) == ("not_listed", day(0))
    assert one(filled, "bare")["trust_status"] is None


def test_fields_show_the_broader_ones(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("x", fields=["0611", "07"])]))
    shown = rows(engine, "SELECT code, broad, narrow, detailed FROM v1_fields ORDER BY code")
    assert shown == [
        {"code": "0611", "broad": "06", "narrow": "061", "detailed": "0611"},
        {"code": "07", "broad": "07", "narrow": None, "detailed": None},
    ]


def test_providers_count_what_they_teach_and_sign(engine: Engine) -> None:
    south = Organisation(name={"en": "South"}, country="FI")
    load_candidate(engine, a_candidate([an_offering("x", providers=[south]), an_offering("y")]))
    shown = rows(engine, "SELECT name, offerings_taught, offerings_awarded FROM v1_providers ORDER BY name")
    assert shown == [
        {"name": "Northern University", "offerings_taught": 1, "offerings_awarded": 2},
        {"name": "South", "offerings_taught": 1, "offerings_awarded": 0},
    ]


@pytest.mark.parametrize("name", list(views.VIEWS))
def test_on_postgresql_a_view_asks_for_today_in_its_own_way(name: str) -> None:
    query = views.view_query(name, "postgresql")
    assert "date('now')" not in query
    assert "{" not in query
