"""The ten questions of docs/database.md: each runs on both engines and is answered rightly."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, text

from catalogue_db.engine import read_transaction
from catalogue_db.questions import Engine as EngineName
from catalogue_db.questions import from_python, question, questions, read
from standard.offering import offering_id
from tests.catalogue_db.filled import LAPSES, SKILL, day, fill

RICH, BARE, GONE = (offering_id("north", name) for name in ("rich", "bare", "gone"))
SOIL, ETHICS = (offering_id("south", name) for name in ("s1", "s2"))


@pytest.fixture
def filled(engine: Engine) -> Engine:
    fill(engine)
    return engine


def ask(engine: Engine, name: str, **given: Any) -> list[dict[str, Any]]:
    """The answer to a question, as a portal gets it: with nothing but the views on its search path."""
    asked = question(name, "postgresql" if engine.dialect.name == "postgresql" else "sqlite")
    assert {parameter.name for parameter in asked.parameters} == set(given)
    with read_transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL search_path = portal"))
        return [dict(row._mapping) for row in connection.execute(text(asked.sql), given)]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["offering_id"] for row in rows]


def test_a_list_is_the_newest_first_and_pages_follow_one_another(filled: Engine) -> None:
    first = ask(filled, "list", country="SE", before_changed="9999", before_id="9999")
    assert ids(first) == sorted([SOIL, ETHICS], reverse=True)
    assert {row["status"] for row in first} == {"stale"}
    last = first[0]
    page = ask(filled, "list", country="SE", before_changed=last["last_changed"], before_id=last["offering_id"])
    assert ids(page) == ids(first)[1:]
    assert ids(ask(filled, "list", country="FI", before_changed="9999", before_id="9999")) == [RICH]


def test_one_offering_whole(filled: Engine) -> None:
    (shown,) = ask(filled, "detail", offering_id=RICH)
    assert (shown["title"], shown["provider"], shown["eqf_level"]) == ("Data literacy", "Northern University", 6)
    assert json.loads(shown["document"])["title"]["fi"] == "Datan lukutaito"
    (tombstone,) = ask(filled, "detail", offering_id=GONE)
    assert (tombstone["status"], tombstone["withdrawn_reason"]) == ("withdrawn", "left the feed")
    assert json.loads(tombstone["document"])["title"] == {"en": "Gone"}


def test_a_search_from_python(filled: Engine) -> None:
    page = from_python.find(filled, "data", "en")
    assert {result.offering_id for result in page.results} == {RICH, ETHICS}


def test_facets_count_what_is_on_offer(filled: Engine) -> None:
    found = ask(filled, "facets")
    counted = {(row["facet"], row["value"]): row["offerings"] for row in found}
    assert counted == {
        ("country", "SE"): 2, ("country", "FI"): 1, ("eqf_level", "5"): 1, ("eqf_level", "6"): 2,
        ("mode", "online"): 4, ("mode", "blended"): 1, ("language", "en"): 4, ("language", "fi"): 1,
        ("field", "06"): 2, ("field", "05"): 1, ("field", "07"): 1,
    }  # fmt: skip
    levels = [row["value"] for row in found if row["facet"] == "eqf_level"]
    assert levels == ["6", "5"]


def test_following_the_changes_keeps_a_copy(filled: Engine) -> None:
    copy: dict[str, Any] = {}
    changes = ask(filled, "changes", cursor=0)
    for row in changes:
        if row["kind"] == "withdrawn":
            del copy[row["offering_id"]]
        else:
            copy[row["offering_id"]] = json.loads(row["document"])["title"]
    assert copy[RICH]["en"] == "Data literacy"
    assert set(copy) == {RICH, BARE, SOIL, ETHICS}
    assert ids(ask(filled, "changes", cursor=changes[-3]["cursor"])) == ids(changes[-2:])
    assert ask(filled, "changes", cursor=changes[-1]["cursor"]) == []


def test_everything_of_one_institution(filled: Engine) -> None:
    found = ask(filled, "by_provider", scheme="ror", identifier="south")
    assert [(row["role"], row["title"]) for row in found] == [
        ("awarding_body", "Data ethics"),
        ("awarding_body", "Soil"),
        ("provider", "Data ethics"),
        ("provider", "Data literacy"),
        ("provider", "Soil"),
    ]
    assert ask(filled, "by_provider", scheme="ror", identifier="north.example") == []


def test_trust_that_lapses_in_a_period(filled: Engine) -> None:
    found = ask(filled, "lapsing_trust", from_day="2027-06-01", to_day=LAPSES)
    assert {(row["offering_id"], row["covered_until"], row["agency"]) for row in found} == {
        (RICH, LAPSES, "FINEEC"),
        (BARE, LAPSES, "FINEEC"),
    }
    assert ask(filled, "lapsing_trust", from_day="2027-07-01", to_day="2028-01-01") == []


def test_what_is_open_for_enrolment(filled: Engine) -> None:
    found = ask(filled, "open_for_enrolment")
    assert [(row["offering_id"], row["next_start"], row["price_from"]) for row in found] == [
        (SOIL, day(5), 0.0),
        (RICH, day(30), 100.0),
    ]


@pytest.mark.parametrize(
    ("field", "titles"),
    [
        ("06", ["Data ethics", "Data literacy"]),
        ("061", ["Data ethics", "Data literacy"]),
        ("0611", ["Data ethics", "Data literacy"]),
        ("05", ["Soil"]),
        ("07", ["Soil"]),
        ("0", ["Data ethics", "Data literacy", "Soil"]),
        ("0712", []),
    ],
)
def test_by_field_of_education(filled: Engine, field: str, titles: list[str]) -> None:
    assert [row["title"] for row in ask(filled, "by_field", field=field)] == titles


def test_by_skill(filled: Engine) -> None:
    assert ids(ask(filled, "by_skill", skill=SKILL)) == [RICH]
    assert ids(ask(filled, "by_skill", skill=f"{SKILL}2")) == [RICH]
    assert ask(filled, "by_skill", skill="http://data.europa.eu/esco/skill/") == []


@pytest.mark.parametrize(
    ("day_after", "title"),
    [("2026-03-01", None), ("2026-03-02", "Data"), ("2026-03-05", "Data"), ("2026-03-06", "Data literacy")],
)
def test_what_was_said_of_an_offering_on_a_day(filled: Engine, day_after: str, title: str | None) -> None:
    found = ask(filled, "as_of", offering_id=RICH, day_after=day_after)
    assert [json.loads(row["document"])["title"]["en"] for row in found] == ([title] if title else [])


def test_the_catalogue_as_it_was_on_a_day(filled: Engine) -> None:
    def on(day_after: str) -> dict[str, tuple[str | None, float | None]]:
        found = ask(filled, "catalogue_as_of", day_after=day_after)
        return {row["offering_id"]: (row["title"], row["ects"]) for row in found}

    assert on("2026-03-01") == {}
    assert on("2026-03-02") == {RICH: ("Data", 5), BARE: (None, None), GONE: ("Gone", 5)}
    assert on("2026-03-06") == {
        RICH: ("Data literacy", 5),
        BARE: (None, None),
        SOIL: ("Soil", 5),
        ETHICS: ("Data ethics", 2.5),
    }


def test_each_question_is_there_for_each_engine() -> None:
    numbers = {each.number[:2] for each in questions()}
    assert numbers == {f"{number:02d}" for number in range(1, 11)}
    for engine in get_args(EngineName):
        names = [each.name for each in questions() if engine in each.engines]
        assert len(names) == len(set(names))
    assert {each.name for each in questions() if "sqlite" not in each.engines} >= {"search", "facets_of_a_search"}


def test_a_question_without_words_or_without_statement_is_refused() -> None:
    for written in ("SELECT 1", "-- A title\n-- and nothing more"):
        with pytest.raises(ValueError, match="needs a title"):
            read("01_x.sql", written)


def test_an_unknown_question_is_told() -> None:
    with pytest.raises(KeyError, match="weather on sqlite"):
        question("weather", "sqlite")
