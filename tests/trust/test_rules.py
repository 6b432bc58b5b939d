"""The rules, on dossiers made by hand: every status, every trap, and that nothing improves by being missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standard.register import (
    HierarchicalRelationship,
    HistoricalRelationship,
    Report,
    validity,
)
from standard.trust import inherited_from, next_turn, statement, weigh
from standard.trust_evidence import COVERED, Dossier, NationalEntry, ProgrammeMatch, Relation, Sighting, Statement
from tests.trust.records import AGENCY, DAY, LATE_AGENCY, a_report

MATCH = ProgrammeMatch("k", "Course", "name", 100.0)
PART = Relation("part", 20, "faculty")


def seen(report: Report, **changes: Any) -> Sighting:
    return Sighting(**({"report": report, "agency": AGENCY} | changes))


def stated(*sightings: Sighting, **changes: Any) -> Statement:
    return statement(Dossier(**({"standing": "linked", "sightings": sightings} | changes)), DAY)


@pytest.mark.parametrize(
    ("first", "last", "weight"),
    [
        (date(2020, 1, 1), DAY - timedelta(days=1), "expired"),
        (date(2020, 1, 1), DAY, "counts"),
        (DAY, None, "counts"),
        (DAY + timedelta(days=1), None, "not_begun"),
        (date(2020, 3, 1), None, "counts"),  # six years: the last day is the same day six years on
        (date(2020, 2, 29), None, "counts"),  # 29 February plus six years is 1 March
        (date(2020, 2, 28), None, "expired"),
        (None, None, "beginning_unknown"),
        (None, date(2030, 1, 1), "beginning_unknown"),
    ],
)
def test_days_count_as_deqar_counts_them(first: date | None, last: date | None, weight: str) -> None:
    assert weigh(seen(a_report(first=first, last=last)), DAY) == weight


@pytest.mark.parametrize(
    ("changes", "weight"),
    [
        ({"decision": "positive with conditions or restrictions"}, "counts"),
        ({"decision": "not applicable"}, "no_decision"),
        ({"decision": "negative"}, "negative"),
        ({"decision": "a new word"}, "decision_unknown"),
        ({"decision": None}, "decision_unknown"),
        ({"flag": "high level"}, "flagged"),
        ({"flag": "low level"}, "counts"),
        ({"flag": None}, "counts"),
        ({"status": "voluntary"}, "counts"),
    ],
)
def test_what_a_report_says_decides_its_weight(changes: dict[str, Any], weight: str) -> None:
    assert weigh(seen(a_report(**changes)), DAY) == weight


def test_the_agency_must_have_been_registered_when_validity_began() -> None:
    assert weigh(seen(a_report(), agency=LATE_AGENCY), DAY) == "agency_not_registered"
    assert weigh(seen(a_report(first=date(2025, 6, 1)), agency=LATE_AGENCY), DAY) == "counts"
    assert weigh(seen(a_report(), agency=None), DAY) == "agency_unknown"
    assert weigh(seen(a_report(decision="negative"), agency=None), DAY) == "negative"
    assert weigh(seen(a_report(decision="negative"), agency=LATE_AGENCY), DAY) == "agency_not_registered"


@pytest.mark.parametrize(
    ("sightings", "status"),
    [
        ([seen(a_report(kind="programme"), programme=MATCH), seen(a_report(101))], "programme_report"),
        ([seen(a_report(kind="joint programme"), programme=MATCH, hosted=True)], "programme_report"),
        ([seen(a_report(kind="institutional"), programme=MATCH)], "listed_no_valid_report"),
        ([seen(a_report())], "institution_covered"),
        ([seen(a_report(kind="institutional/programme"))], "institution_covered"),
        ([seen(a_report(kind="programme"))], "listed_no_valid_report"),
        ([seen(a_report(), hosted=True)], "listed_no_valid_report"),
        ([seen(a_report(), relation=PART)], "covered_through_relation"),
        ([seen(a_report(), relation=PART), seen(a_report(101))], "institution_covered"),
        ([seen(a_report(decision="negative"))], "negative_report"),
        ([seen(a_report(decision="negative"), relation=PART)], "listed_no_valid_report"),
        ([seen(a_report(decision="negative"), relation=PART), seen(a_report(101))], "institution_covered"),
        ([seen(a_report(decision="negative", flag="high level"))], "listed_no_valid_report"),
        ([seen(a_report(), closed=DAY)], "listed_no_valid_report"),
        ([seen(a_report(), closed=DAY + timedelta(days=1))], "institution_covered"),
        ([], "listed_no_valid_report"),
    ],
)
def test_the_decision_table(sightings: list[Sighting], status: str) -> None:
    assert stated(*sightings).status == status


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        ("unlisted", "not_listed"),
        ("proposed", "not_checkable"),
        ("elsewhere", "not_checkable"),
        ("no_register", "not_checkable"),
        ("nobody", "not_checkable"),
    ],
)
def test_what_is_not_in_the_register_is_said_as_far_as_it_is_known(standing: Any, status: str) -> None:
    assert stated(standing=standing).status == status


@pytest.mark.parametrize(
    ("positive", "negative", "status"),
    [
        (date(2024, 1, 1), date(2025, 1, 1), "negative_report"),
        (date(2025, 1, 1), date(2024, 1, 1), "institution_covered"),
        (date(2025, 1, 1), date(2025, 1, 1), "negative_report"),
        (date(2025, 1, 1), None, "negative_report"),
    ],
)
def test_of_two_reports_the_later_prevails(positive: date, negative: date | None, status: str) -> None:
    against = a_report(101, first=negative, decision="negative")
    assert stated(seen(a_report(first=positive)), seen(against)).status == status


def test_an_expired_negative_report_no_longer_speaks() -> None:
    over = a_report(101, first=date(2025, 1, 1), last=DAY - timedelta(days=1), decision="negative")
    assert stated(seen(a_report()), seen(over)).status == "institution_covered"


def test_a_decision_that_cannot_be_read_lets_nothing_older_count() -> None:
    unclear = a_report(101, first=date(2025, 1, 1), decision=None)
    assert stated(seen(a_report()), seen(unclear)).status == "listed_no_valid_report"


def test_a_refused_programme_is_not_saved_by_its_institution() -> None:
    refused = seen(a_report(101, kind="programme", decision="negative"), programme=MATCH)
    assert stated(seen(a_report()), refused).status == "negative_report"


def entry(**changes: Any) -> NationalEntry:
    return NationalEntry(**({"entry_id": "n1", "decision": "positive", "valid_from": date(2025, 1, 1)} | changes))


def test_the_national_register_helps_where_deqar_says_nothing() -> None:
    assert stated(standing="unlisted", national=[entry()]).status == "national_register"
    assert stated(national=[entry()]).status == "national_register"
    assert stated(seen(a_report()), national=[entry()]).status == "institution_covered"
    assert stated(standing="unlisted", national=[entry(valid_to=date(2026, 2, 28))]).status == "not_listed"
    assert stated(standing="unlisted", national=[entry(valid_from=None)]).status == "not_listed"
    assert stated(seen(a_report(decision="negative")), national=[entry()]).status == "negative_report"
    assert stated(seen(a_report()), national=[entry(decision="negative")]).status == "negative_report"


def test_a_statement_shows_what_decides_first_and_why_the_rest_does_not_count() -> None:
    told = stated(seen(a_report(1, last=date(2025, 1, 1))), seen(a_report(2)), seen(a_report(3, flag="high level")))
    assert [(one.report_id, one.weight, one.decides) for one in told.evidence] == [
        (2, "counts", True),
        (1, "expired", False),
        (3, "flagged", False),
    ]
    assert told.deciding is not None
    assert told.deciding.url == "https://data.deqar.eu/report/2"
    assert (told.deciding.agency, told.deciding.agency_registered, told.deciding.open_end) == ("Agency One", True, True)


def test_coverage_lasts_as_long_as_reports_follow_without_a_gap() -> None:
    now = seen(a_report(1, last=date(2026, 4, 1)))
    follows, gap = a_report(2, first=date(2026, 4, 2), last=date(2027, 1, 1)), a_report(3, first=date(2026, 4, 3))
    assert stated(now).covered_until == date(2026, 4, 1)
    assert stated(now, seen(follows)).covered_until == date(2027, 1, 1)
    assert stated(now, seen(gap)).covered_until == date(2026, 4, 1)
    assert stated(
        seen(a_report(), relation=msgspec.structs.replace(PART, until=date(2026, 5, 1)))
    ).covered_until == date(2026, 5, 1)


# -- inheritance -------------------------------------------------------------------------------------------------------


def child(kind: str | None, first: date | None = None, last: date | None = None) -> HierarchicalRelationship:
    return HierarchicalRelationship(10, 20, kind, first, last)


@pytest.mark.parametrize("kind", ["faculty", "consortium", "independent faculty or school", None])
def test_a_provider_inherits_from_its_parts_and_never_the_other_way(kind: str | None) -> None:
    assert [one.provider_id for one in inherited_from(10, [child(kind)], [], DAY)] == [20]
    assert inherited_from(20, [child(kind)], [], DAY) == []


def test_a_member_inherits_from_its_alliance_and_never_the_other_way() -> None:
    link = child("European Universities alliance")
    assert [(one.provider_id, one.kind) for one in inherited_from(20, [link], [], DAY)] == [(10, "alliance")]
    assert inherited_from(10, [link], [], DAY) == []


def test_a_platform_hands_nothing_on() -> None:
    link = child("educational platform")
    assert inherited_from(10, [link], [], DAY) == inherited_from(20, [link], [], DAY) == []


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(DAY, DAY, True), (DAY + timedelta(days=1), None, False), (None, DAY - timedelta(days=1), False)],
)
def test_a_relation_counts_while_it_holds(first: date | None, last: date | None, holds: bool) -> None:
    assert bool(inherited_from(10, [child("faculty", first, last)], [], DAY)) is holds


@pytest.mark.parametrize(
    ("source", "kind", "target", "of_ten"),
    [
        (10, "succeeded", 20, True),
        (10, "absorbed", 20, True),
        (20, "was absorbed by", 10, True),
        (20, "succeeded by", 10, True),
        (20, "succeeded", 10, False),
        (10, "was spun off from", 20, False),
        (20, "was spun off from", 10, False),
    ],
)
def test_successors_inherit_and_spin_offs_do_not(source: int, kind: str, target: int, of_ten: bool) -> None:
    change = HistoricalRelationship(source, kind, target, date(2025, 1, 1))
    assert bool(inherited_from(10, [], [change], DAY)) is of_ten


def test_a_merger_that_has_no_day_or_is_yet_to_come_hands_nothing_on() -> None:
    for day in (None, DAY + timedelta(days=1)):
        assert inherited_from(10, [], [HistoricalRelationship(10, "absorbed", 20, day)], DAY) == []


def test_a_relation_told_by_both_sides_counts_once() -> None:
    told = [HistoricalRelationship(10, "absorbed", 20, DAY), HistoricalRelationship(20, "was absorbed by", 10, DAY)]
    assert len(inherited_from(10, [child("faculty"), child("faculty")], told, DAY)) == 2


def test_the_report_of_a_predecessor_counts_although_it_has_closed() -> None:
    merged = Relation("predecessor", 20, "absorbed", since=date(2025, 1, 1))
    assert stated(seen(a_report(), relation=merged, closed=date(2025, 1, 1))).status == "covered_through_relation"


# -- nothing improves because something is missing ---------------------------------------------------------------------

DAYS = st.dates(date(2019, 1, 1), date(2027, 1, 1))
REPORTS = st.builds(
    lambda number, first, length, kind, decision, flag: a_report(
        number,
        first=first,
        last=first + timedelta(days=length) if length else None,
        kind=kind,
        decision=decision,
        flag=flag,
    ),
    st.integers(1, 50),
    DAYS,
    st.sampled_from([0, 30, 800]),
    st.sampled_from(["institutional", "programme", "institutional/programme"]),
    st.sampled_from(["positive", "positive with conditions or restrictions", "negative", "not applicable"]),
    st.sampled_from(["none", "high level"]),
)
SIGHTINGS = st.builds(
    seen,
    REPORTS,
    agency=st.sampled_from([AGENCY, LATE_AGENCY]),
    relation=st.sampled_from([None, None, PART]),
    hosted=st.sampled_from([False, False, True]),
    programme=st.sampled_from([None, None, MATCH]),
)
DOSSIERS = st.lists(SIGHTINGS, max_size=5)


def is_covered(told: Statement) -> int:
    """0 for not covered, more for stronger evidence."""
    return len(COVERED) - COVERED.index(told.status) if told.status in COVERED else 0


def speaks_against(one: Sighting) -> bool:
    return one.report.decision == "negative"


def without(one: Sighting, what: str) -> Sighting:
    report = one.report
    if what == "agency":
        return msgspec.structs.replace(one, agency=None)
    changes: dict[str, Any] = {
        "decision": {"decision": None},
        "activities": {"activities": []},
        "beginning": {"validity": msgspec.structs.replace(report.validity, valid_from=None)},
        "validity": {"validity": validity(None, None)},
    }[what]
    return msgspec.structs.replace(one, report=msgspec.structs.replace(report, **changes))


@settings(max_examples=100, deadline=None)
@given(DOSSIERS.filter(bool), st.data(), st.sampled_from(["agency", "decision", "activities", "beginning", "validity"]))
def test_a_statement_never_improves_because_a_part_of_a_report_is_missing(
    dossier: list[Sighting], data: st.DataObject, what: str
) -> None:
    place = data.draw(st.integers(0, len(dossier) - 1))
    poorer = [without(one, what) if at == place else one for at, one in enumerate(dossier)]
    assert is_covered(stated(*poorer)) <= is_covered(stated(*dossier))


@settings(max_examples=100, deadline=None)
@given(DOSSIERS.filter(bool), st.data())
def test_a_statement_never_improves_because_evidence_for_it_is_missing(
    dossier: list[Sighting], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(dossier) - 1))
    kept = [one for at, one in enumerate(dossier) if at != place or speaks_against(one)]
    assert is_covered(stated(*kept)) <= is_covered(stated(*dossier))


@settings(max_examples=100, deadline=None)
@given(DOSSIERS, st.randoms())
def test_the_order_of_reports_does_not_matter(dossier: list[Sighting], random: Any) -> None:
    shuffled = list(dossier)
    random.shuffle(shuffled)
    assert stated(*shuffled) == stated(*dossier)


@settings(max_examples=100, deadline=None)
@given(DOSSIERS)
def test_a_status_holds_until_the_day_it_says_and_not_longer(dossier: list[Sighting]) -> None:
    told = stated(*dossier)
    if told.covered_until is None or any(speaks_against(one) for one in dossier):
        return
    before = Dossier("linked", sightings=dossier)
    assert is_covered(statement(before, told.covered_until)) >= is_covered(told)
    assert is_covered(statement(before, told.covered_until + timedelta(days=1))) < is_covered(told)


@settings(max_examples=100, deadline=None)
@given(DOSSIERS, st.integers(0, 3000))
def test_a_statement_stays_until_the_day_on_which_it_may_turn(dossier: list[Sighting], later: int) -> None:
    given_now = Dossier("linked", sightings=dossier)
    turn = next_turn(given_now, DAY)
    day = DAY + timedelta(days=later)
    if turn is None or day < turn:
        assert statement(given_now, day) == statement(given_now, DAY)


@pytest.mark.parametrize("programme", [None, MATCH])
def test_what_begins_or_ends_with_the_calendar_does_no_harm(programme: Any) -> None:
    endless = seen(a_report(1, last=date.max, kind="institutional/programme"), programme=programme)
    again = seen(a_report(2, last=date.max, kind="institutional/programme"), programme=programme)
    first = seen(a_report(3, first=date.min, last=date.max, kind="institutional/programme"), programme=programme)
    told = stated(endless, again, first)
    assert (told.covered_until, told.status in COVERED) == (date.max, True)
    assert next_turn(Dossier("linked", sightings=[endless, first]), DAY) is None
    assert validity(date(9998, 2, 28), None).valid_to_calculated == date.max
