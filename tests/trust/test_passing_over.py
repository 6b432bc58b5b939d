"""Organisations are passed over while nothing behind their statements has changed, and never longer than that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from catalogue_db.dialects import write_transaction
from catalogue_db.engine import open_catalogue
from catalogue_db.linking.decisions import Decisions, ProgrammeDecision, ProviderDecision, WhichOrganisation, decide
from catalogue_db.load import load_candidate
from catalogue_db.trust import NationalRegister, TrustReport, proposals, recompute, statements
from catalogue_db.trust import subjects as subjects_room
from catalogue_db.trust.national import Issuer
from standard.offering import Organisation, offering_id
from standard.register import Agency, HierarchicalRelationship, HistoricalRelationship, ProviderName
from tests.catalogue_db.asking import everything, rows
from tests.offerings import a_candidate, an_offering
from tests.postgres import FreshCatalogue
from tests.trust.records import AGENCY, DAY, LATE_AGENCY, a_programme, a_provider, a_report, load

NEXT = DAY + timedelta(days=1)


def body(name: str, **identifiers: str) -> Organisation:
    return Organisation(name={"en": name}, country="FI", identifiers=identifiers)


NORTH, SOUTH = body("Northern University", schac="north.example"), body("Southern University", schac="south.example")


def feed(engine: Engine, **changes: Any) -> None:
    """One offering of each of two universities; `changes` are to the first."""
    first = an_offering("c0", awarding_body=NORTH, providers=[NORTH], **changes)
    second = an_offering("c1", awarding_body=SOUTH, providers=[SOUTH])
    load_candidate(engine, a_candidate([first, second]), now=datetime(2026, 2, 1, tzinfo=UTC))


def registered(*reports: Any, agencies: Any = (AGENCY, LATE_AGENCY), **changes: Any) -> list[Any]:
    """The two universities in the register, the second with a report; `changes` are to the first."""
    north = a_provider(10, schac="north.example", **changes)
    south = a_provider(11, "Southern University", schac="south.example")
    return [*agencies, north, south, a_report(900, 11), *reports]


def check(engine: Engine, day: date = DAY, **changes: Any) -> TrustReport:
    return recompute(engine, today=day, now=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), **changes)


def status(engine: Engine, source_id: str = "c0") -> str:
    return statements(engine, offering_id("north", source_id))[0].statement.status


def forget(engine: Engine) -> None:
    """Forget from what statements were made, so that the next check makes all of them."""
    with engine.connect() as connection, write_transaction(connection):
        connection.execute(text("DELETE FROM trust_subject"))


def test_nobody_is_looked_at_again_while_nothing_changes(engine: Engine) -> None:
    feed(engine)
    load(engine, registered(a_report(100, 10)))
    assert check(engine).organisations_anew == 2
    assert [check(engine, DAY + timedelta(days=days)).organisations_anew for days in (0, 1, 2, 30)] == [0, 0, 0, 0]


def test_only_whom_it_concerns_is_looked_at(engine: Engine) -> None:
    feed(engine)
    load(engine, registered(a_report(100, 10)))
    check(engine)
    load(engine, registered(a_report(100, 10, decision="negative")))
    assert check(engine, NEXT).organisations_anew == 1
    assert (status(engine, "c0"), status(engine, "c1")) == ("negative_report", "institution_covered")


PREDECESSOR = a_provider(20, "Older School", closure_date=date(2025, 1, 1))
PART = a_provider(30, "A Part")


@pytest.mark.parametrize(
    ("given", "last_day", "before", "after"),
    [
        (registered(a_report(100, 10, last=DAY)), DAY, "institution_covered", "listed_no_valid_report"),
        (registered(a_report(100, 10, first=NEXT)), DAY, "listed_no_valid_report", "institution_covered"),
        (registered(a_report(100, 10), closure_date=NEXT), DAY, "institution_covered", "listed_no_valid_report"),
        (
            registered(PART, a_report(100, 30), hierarchical=[HierarchicalRelationship(10, 30, "faculty", None, DAY)]),
            DAY,
            "covered_through_relation",
            "listed_no_valid_report",
        ),
        (
            registered(PART, a_report(100, 30), hierarchical=[HierarchicalRelationship(10, 30, "faculty", NEXT)]),
            DAY,
            "listed_no_valid_report",
            "covered_through_relation",
        ),
        (
            registered(PREDECESSOR, a_report(100, 20), historical=[HistoricalRelationship(10, "absorbed", 20, NEXT)]),
            DAY,
            "listed_no_valid_report",
            "covered_through_relation",
        ),
        (
            registered(a_report(100, 10), a_report(101, 10, first=DAY + timedelta(days=40), decision="negative")),
            DAY + timedelta(days=39),
            "institution_covered",
            "negative_report",
        ),
    ],
)
def test_the_day_comes_on_which_a_statement_turns(
    engine: Engine, given: list[Any], last_day: date, before: str, after: str
) -> None:
    feed(engine)
    load(engine, given)
    check(engine)
    assert (check(engine, last_day).organisations_anew, status(engine)) == (0, before)
    assert (check(engine, last_day + timedelta(days=1)).organisations_anew, status(engine)) == (1, after)


def an_issuer(**changes: Any) -> NationalRegister:
    values: dict[str, Any] = {
        "id": "n1",
        "provider": WhichOrganisation(identifiers={"schac": "north.example"}),
        "decision": "positive",
        "valid_from": date(2025, 1, 1),
    }
    return NationalRegister("The Agency", [Issuer(**(values | changes))])


@pytest.mark.parametrize("offerings", [[], ["c0"]])
def test_an_entry_of_the_national_register_ends(engine: Engine, offerings: list[str]) -> None:
    feed(engine)
    load(engine, registered())
    entry = an_issuer(valid_to=NEXT, offerings=offerings)
    check(engine, national=entry)
    assert (check(engine, NEXT, national=entry).organisations_anew, status(engine)) == (0, "national_register")
    check(engine, NEXT + timedelta(days=1), national=entry)
    assert status(engine) == "listed_no_valid_report"


# -- what else can change ----------------------------------------------------------------------------------------------


def _programme(**changes: Any) -> Any:
    return a_report(100, 10, kind="programme", programmes=[a_programme(**({"name": "Nursing with data"} | changes))])


def _relinked(engine: Engine) -> None:
    which = WhichOrganisation(identifiers={"schac": "north.example"})
    word = ProviderDecision(organisation=which, deqar="DEQARINST0010", same=False, by="Mia", on=DAY, reason="No.")
    decide(engine, Decisions(providers=[word]))


def _programme_confirmed(engine: Engine) -> None:
    one = offering_id("north", "c0")
    word = ProgrammeDecision(offering=one, report=100, same=True, by="Mia", on=DAY, reason="Asked.")
    decide(engine, Decisions(programmes=[word]))


CHANGES: dict[str, tuple[Callable[[Engine], object], str, str]] = {
    "a feed changes a title": (
        lambda engine: feed(engine, title="Nursing with data"),
        "listed_no_valid_report",
        "programme_report",
    ),
    "a decision about a link": (_relinked, "listed_no_valid_report", "not_listed"),
    "a report is withdrawn": (
        lambda engine: load(engine, registered(a_report(101, 10))),
        "listed_no_valid_report",
        "institution_covered",
    ),
    "an agency is registered": (
        lambda engine: load(
            engine,
            registered(
                _programme(),
                a_report(101, 10, agency_id=2),
                agencies=[AGENCY, Agency(2, name="Agency Two", registered=True, registration_start=date(2009, 1, 1))],
            ),
        ),
        "listed_no_valid_report",
        "institution_covered",
    ),
    "a part is reviewed": (
        lambda engine: load(
            engine,
            registered(
                _programme(), PART, a_report(102, 30), hierarchical=[HierarchicalRelationship(10, 30, "faculty")]
            ),
        ),
        "listed_no_valid_report",
        "covered_through_relation",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_seen_on_the_same_day(engine: Engine, what: str) -> None:
    change, before, after = CHANGES[what]
    feed(engine)
    load(engine, registered(_programme(), a_report(101, 10, agency_id=2)))
    check(engine)
    assert status(engine) == before
    change(engine)
    assert (check(engine).organisations_anew, status(engine)) == (1, after)


def test_a_decision_about_a_programme_is_seen(engine: Engine) -> None:
    feed(engine, title="Nursing with data")
    load(engine, registered(_programme(ects=None)))
    check(engine)
    assert (status(engine), len(proposals(engine))) == ("listed_no_valid_report", 1)
    _programme_confirmed(engine)
    assert (check(engine).organisations_anew, status(engine), proposals(engine)) == (1, "programme_report", [])


def test_a_new_entry_of_the_national_register_is_seen(engine: Engine) -> None:
    feed(engine)
    load(engine, registered())
    check(engine)
    assert (check(engine, national=an_issuer()).organisations_anew, status(engine)) == (1, "national_register")


def test_when_the_rules_change_everybody_is_looked_at(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(engine)
    load(engine, registered())
    check(engine)
    monkeypatch.setattr(subjects_room, "rules_fingerprint", lambda: "others")
    assert check(engine).organisations_anew == 2


def test_the_register_that_is_read_first_is_seen(engine: Engine) -> None:
    feed(engine)
    check(engine)
    assert status(engine) == "not_checkable"
    load(engine, registered(a_report(100, 10)))
    check(engine)
    assert status(engine) == "institution_covered"


def test_a_name_that_is_no_longer_in_use_ends_a_link(engine: Engine) -> None:
    feed(engine)
    names = [ProviderName(official="Northern University", valid_to=DAY), ProviderName(official="Polar University")]
    north = a_provider(10, "Polar University", names=names)
    load(engine, [AGENCY, north, a_report(100, 10)])
    check(engine)
    assert status(engine) == "institution_covered"
    check(engine, NEXT)
    assert status(engine) == "not_checkable"


def test_proposals_of_those_who_are_passed_over_stay(engine: Engine) -> None:
    feed(engine, title="Nursing with data")
    load(engine, registered(_programme(ects=None)))
    check(engine)
    before = proposals(engine)
    load(engine, registered(_programme(ects=None), a_report(901, 11)))
    assert check(engine, NEXT).organisations_anew == 1
    assert proposals(engine) == before != []


# -- whatever happens --------------------------------------------------------------------------------------------------

_REPORTS = st.builds(
    lambda about, first, length, kind, decision, programmes: (about, first, length, kind, decision, programmes),
    st.sampled_from([10, 11, 30]),
    st.integers(-900, 60),
    st.sampled_from([None, 20, 900]),
    st.sampled_from(["institutional", "programme", "institutional/programme"]),
    st.sampled_from(["positive", "negative", "not applicable"]),
    st.booleans(),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("days"), st.integers(0, 40)),
        st.tuples(st.just("register"), st.lists(_REPORTS, max_size=4)),
        st.tuples(st.just("feed"), st.sampled_from(["Course c0", "Another course", "Course c00"])),
        st.tuples(st.just("decide"), st.booleans()),
        st.tuples(st.just("national"), st.integers(0, 40)),
    ),
    min_size=2,
    max_size=7,
)


def _register_of(given: list[Any]) -> list[Any]:
    reports = [
        a_report(
            100 + number,
            about,
            first=DAY + timedelta(days=first),
            last=DAY + timedelta(days=first + length) if length else None,
            kind=kind,
            decision=decision,
            programmes=[a_programme("Course c0")] if named else [],
        )
        for number, (about, first, length, kind, decision, named) in enumerate(given)
    ]
    part = [HierarchicalRelationship(10, 30, "faculty", DAY - timedelta(days=9), DAY + timedelta(days=30))]
    return registered(PART, *reports, hierarchical=part)


class _Story:
    """One catalogue, through which days, feeds, registers and decisions pass."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.day, self.national = engine, DAY, NationalRegister()
        feed(engine)
        load(engine, registered())

    def tell(self, what: str, value: Any) -> None:
        match what:
            case "days":
                self.day += timedelta(days=value)
            case "register":
                load(self.engine, _register_of(value))
            case "feed":
                feed(self.engine, title=value)
            case "decide":
                which = WhichOrganisation(name="Northern University", country="FI")
                word = ProviderDecision(
                    organisation=which, deqar="DEQARINST0011", same=value, by="M", on=self.day, reason="r"
                )
                decide(self.engine, Decisions(providers=[word]))
            case "national":
                self.national = an_issuer(valid_to=DAY + timedelta(days=value))
        check(self.engine, self.day, national=self.national)


@settings(max_examples=30, deadline=None)
@given(steps=_STEPS)
def test_what_was_passed_over_is_what_would_have_been_said(
    fresh_sqlite: FreshCatalogue, steps: list[tuple[str, Any]]
) -> None:
    with fresh_sqlite() as url:
        engine = open_catalogue(url)
        story = _Story(engine)
        for what, value in steps:
            story.tell(what, value)
        said, proposed = rows(engine, "SELECT * FROM trust_statement"), rows(engine, "SELECT * FROM programme_proposal")
        forget(engine)
        again = check(engine, story.day, national=story.national)
        assert (again.organisations_anew, again.changed) == (2, 0)
        assert rows(engine, "SELECT * FROM trust_statement") == said
        assert rows(engine, "SELECT * FROM programme_proposal") == proposed
        engine.dispose()


def test_a_second_check_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    feed(engine, title="Nursing with data")
    load(engine, registered(_programme(ects=None), a_report(103, 10)))
    check(engine)
    before = everything(engine)
    check(engine)
    assert everything(engine) == before
