"""Statements in the catalogue: from feeds and a register to what portals read, with history and outages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from catalogue_db.linking.decisions import Decisions, ProgrammeDecision, ProviderDecision, WhichOrganisation, decide
from catalogue_db.load import load_candidate
from catalogue_db.register import mark_register_stale, read_state
from catalogue_db.search import SearchQuery, search
from catalogue_db.trust import NationalRegister, TrustReport, lapsing, proposals, recompute, statements
from catalogue_db.trust.national import Issuer
from standard.offering import Organisation, offering_id
from standard.register import (
    HierarchicalRelationship,
    HistoricalRelationship,
    ProviderIdentifier,
    RegisterProvider,
)
from tests.catalogue_db.asking import everything, rows
from tests.offerings import a_candidate, an_offering
from tests.trust.records import AGENCY, DAY, LATE_AGENCY, a_programme, a_provider, a_report, load

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def feed_of(engine: Engine, *bodies: Organisation, **changes: Any) -> None:
    """One offering per awarding body, with source ids c0, c1, ..."""
    offerings = [
        an_offering(f"c{number}", awarding_body=body, providers=[body], **changes) for number, body in enumerate(bodies)
    ]
    load_candidate(engine, a_candidate(offerings), now=datetime(2026, 2, 1, tzinfo=UTC))


def a_body(name: str = "Northern University", country: str | None = "FI", **identifiers: str) -> Organisation:
    return Organisation(name={"en": name}, country=country, identifiers=identifiers)


def check(engine: Engine, day: date = DAY, **changes: Any) -> TrustReport:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return recompute(engine, today=day, now=now, **changes)


def status(engine: Engine, source_id: str = "c0", as_of: date | None = None) -> str | None:
    found = statements(engine, offering_id("north", source_id), as_of)
    return found[0].statement.status if found else None


BODIES = {
    "programme_report": a_body("One", schac="one.example"),
    "institution_covered": a_body("Two", schac="two.example"),
    "covered_through_relation": a_body("Three", schac="three.example"),
    "listed_no_valid_report": a_body("Four", schac="four.example"),
    "negative_report": a_body("Five", schac="five.example"),
    "not_listed": a_body("Six", schac="six.example"),
    "not_checkable": a_body("Northern Universitty"),
    "national_register": a_body("Eight", vat="FI88888888"),
}
NATIONAL = NationalRegister(
    "The Agency",
    [
        Issuer(
            id="n1",
            provider=WhichOrganisation(identifiers={"vat": "FI88888888"}),
            decision="positive",
            valid_from=date(2025, 1, 1),
            evidence="https://agency.example/n1",
        )
    ],
)


def every_status(engine: Engine) -> TrustReport:
    feed_of(engine, *BODIES.values())
    load(
        engine,
        [
            a_provider(1, "Uno", schac="one.example"),
            a_provider(2, "Dos", schac="two.example"),
            a_provider(3, "Tres", schac="three.example", hierarchical=[HierarchicalRelationship(3, 33, "faculty")]),
            a_provider(33, "Faculty of Tres"),
            a_provider(4, "Cuatro", schac="four.example"),
            a_provider(5, "Cinco", schac="five.example"),
            a_provider(7, "Northern University"),
            a_report(101, 1, kind="programme", programmes=[a_programme("Course c0")]),
            a_report(102, 2),
            a_report(103, 33),
            a_report(104, 4, last=DAY - timedelta(days=1)),
            a_report(105, 5, decision="negative"),
        ],
    )
    return check(engine, national=NATIONAL)


def test_every_status_is_reached(engine: Engine) -> None:
    report = every_status(engine)
    assert {name: status(engine, f"c{place}") for place, name in enumerate(BODIES)} == {name: name for name in BODIES}
    assert report.mix == dict.fromkeys(sorted(BODIES), 1)
    shown = rows(engine, "SELECT trust_status, trust_checked_on FROM v1_offerings ORDER BY source_id")
    assert [(row["trust_status"], row["trust_checked_on"]) for row in shown] == [(n, "2026-03-01") for n in BODIES]


def test_the_view_tells_the_whole_evidence(engine: Engine) -> None:
    every_status(engine)
    query = "SELECT * FROM v1_trust_statements WHERE status = :status"
    through = rows(engine, query, status="covered_through_relation")[0]
    assert (through["report"], through["through"]) == (
        "https://data.deqar.eu/report/103",
        "part: DEQARINST0033 Faculty of Tres",
    )
    assert (through["agency"], through["agency_registered"], through["activity_type"]) == (
        "Agency One",
        1,
        "institutional",
    )
    assert (through["valid_from"], through["valid_until"]) == ("2024-01-01", "2030-01-01")
    assert through["data_as_of"].startswith("2026-03-01T02:00")
    assert rows(engine, query, status="national_register")[0]["report"] == "https://agency.example/n1"
    assert "maintainer" in rows(engine, query, status="not_checkable")[0]["because"]


def test_trust_is_a_facet_and_a_filter(engine: Engine) -> None:
    every_status(engine)
    page = search(engine, SearchQuery(trust=["institution_covered"]))
    assert [each.offering_id for each in page.results] == [offering_id("north", "c1")]
    assert {value.value for value in page.facets["trust"]} == set(BODIES)


def test_running_twice_changes_nothing(engine: Engine) -> None:
    every_status(engine)
    before = everything(engine)
    assert check(engine, national=NATIONAL).changed == 0
    assert everything(engine) == before


def test_the_order_of_what_deqar_gave_does_not_matter(engine: Engine) -> None:
    every_status(engine)
    before = rows(engine, "SELECT * FROM v1_trust_statements ORDER BY offering_id, role, number")
    entities = [a_provider(2, "Dos", schac="two.example"), a_report(102, 2), a_report(106, 2, first=date(2025, 1, 1))]
    for given in (entities, entities[::-1], [*entities, entities[1]]):
        load(engine, given)
        check(engine)
    shown = rows(engine, "SELECT count(*) AS n FROM v1_trust_statements WHERE number > 2")
    assert shown[0]["n"] == 0
    assert len(before) == len(BODIES)


def test_a_day_that_changes_nothing_touches_no_statement(engine: Engine) -> None:
    every_status(engine)
    said = rows(engine, "SELECT * FROM trust_statement")
    report = check(engine, DAY + timedelta(days=1), national=NATIONAL)
    assert (report.changed, report.checked_on) == (0, "2026-03-02")
    assert rows(engine, "SELECT * FROM trust_statement") == said
    assert rows(engine, "SELECT DISTINCT trust_checked_on AS day FROM v1_offerings") == [{"day": "2026-03-02"}]


def covered(engine: Engine, last: date | None = None, **changes: Any) -> None:
    feed_of(engine, a_body(schac="north.example"))
    load(engine, [a_provider(schac="north.example"), a_report(last=last, **changes)])


def test_a_report_that_expires_ends_a_statement_and_the_past_can_be_asked(engine: Engine) -> None:
    covered(engine, last=DAY)
    check(engine, DAY)
    check(engine, DAY + timedelta(days=1))
    assert status(engine) == "listed_no_valid_report"
    assert status(engine, as_of=DAY) == "institution_covered"
    past = statements(engine, offering_id("north", "c0"), DAY)[0]
    assert (past.checked_on, past.statement.covered_until) == ("2026-03-01", DAY)
    assert status(engine, as_of=DAY - timedelta(days=1)) is None
    assert [
        row["checked_on"] for row in rows(engine, "SELECT checked_on FROM v1_trust_statements ORDER BY number")
    ] == [
        "2026-03-01",
        "2026-03-02",
    ]


def test_an_outage_lowers_nothing_and_says_how_old_the_statement_is(engine: Engine) -> None:
    covered(engine, last=DAY)
    check(engine, DAY)
    mark_register_stale(engine, "DEQAR cannot be reached.", now=NOON)
    for days in (1, 30):
        assert check(engine, DAY + timedelta(days=days)).checked_on == "2026-03-01"
    kept = statements(engine, offering_id("north", "c0"))[0]
    assert kept.statement.status == "institution_covered"
    assert (kept.checked_on, kept.stale_reason) == ("2026-03-01", "DEQAR cannot be reached.")
    assert kept.data_as_of == "2026-03-01T02:00:00.000000Z"


def test_an_outage_improves_nothing_either(engine: Engine) -> None:
    covered(engine, last=DAY)
    check(engine, DAY + timedelta(days=1))
    mark_register_stale(engine, "DEQAR cannot be reached.", now=NOON)
    check(engine, DAY + timedelta(days=2))
    assert status(engine) == "listed_no_valid_report"


def test_when_deqar_is_back_the_day_is_today_again(engine: Engine) -> None:
    covered(engine, last=DAY)
    check(engine, DAY)
    mark_register_stale(engine, "DEQAR cannot be reached.", now=NOON)
    load(engine, [a_provider(schac="north.example"), a_report(last=DAY)])
    assert read_state(engine).stale_since is None
    assert check(engine, DAY + timedelta(days=1)).checked_on == "2026-03-02"
    assert status(engine) == "listed_no_valid_report"


def test_without_a_register_nothing_can_be_checked(engine: Engine) -> None:
    feed_of(engine, a_body())
    check(engine)
    assert status(engine) == "not_checkable"


def test_where_the_pull_is_limited_other_countries_cannot_be_checked(engine: Engine) -> None:
    feed_of(engine, a_body("Elsewhere", "SE"), a_body("Here", "FI"))
    load(engine, [a_provider(name="Quite Another")], countries=["FI"])
    check(engine)
    assert (status(engine, "c0"), status(engine, "c1")) == ("not_checkable", "not_listed")


def test_an_offering_that_changes_keeps_its_trust_in_the_search(engine: Engine) -> None:
    covered(engine)
    check(engine)
    feed_of(engine, a_body(schac="north.example"), description={"en": "Another text."})
    assert search(engine, SearchQuery(trust=["institution_covered"])).total == 1


def test_a_withdrawn_offering_ends_its_statement(engine: Engine) -> None:
    feed_of(engine, a_body(schac="north.example"), a_body("Other", schac="other.example"))
    load(engine, [a_provider(schac="north.example"), a_report()])
    check(engine)
    feed_of(engine, a_body(schac="north.example"))
    check(engine, DAY + timedelta(days=1))
    assert (status(engine, "c1"), status(engine, "c1", DAY)) == (None, "not_listed")


def test_who_only_teaches_has_a_statement_of_their_own(engine: Engine) -> None:
    offering = an_offering(
        "c0",
        awarding_body=a_body("Signs", schac="signs.example"),
        providers=[a_body("Teaches", schac="north.example")],
    )
    load_candidate(engine, a_candidate([offering]))
    load(engine, [a_provider(schac="north.example"), a_report()])
    check(engine)
    told = [(one.role, one.statement.status) for one in statements(engine, offering_id("north", "c0"))]
    assert told == [("awarding_body", "not_listed"), ("provider", "institution_covered")]
    assert rows(engine, "SELECT trust_status FROM v1_offerings") == [{"trust_status": "not_listed"}]


def test_an_offering_that_nobody_signs_is_not_checkable(engine: Engine) -> None:
    load_candidate(
        engine, a_candidate([an_offering("c0", awarding_body=None, providers=[a_body(schac="north.example")])])
    )
    load(engine, [a_provider(schac="north.example"), a_report()])
    check(engine)
    told = [(one.role, one.statement.status) for one in statements(engine, offering_id("north", "c0"))]
    assert told == [("awarding_body", "not_checkable"), ("provider", "institution_covered")]


# -- traps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"last": DAY - timedelta(days=1)}, "listed_no_valid_report"),
        ({"last": DAY}, "institution_covered"),
        ({"first": date(2020, 3, 1)}, "institution_covered"),
        ({"first": date(2020, 2, 28)}, "listed_no_valid_report"),
        ({"first": date(2020, 2, 29)}, "institution_covered"),
        ({"first": DAY + timedelta(days=1)}, "listed_no_valid_report"),
        ({"decision": "negative"}, "negative_report"),
        ({"flag": "high level"}, "listed_no_valid_report"),
        ({"status": "voluntary"}, "institution_covered"),
        ({"agency_id": 2}, "listed_no_valid_report"),
        ({"role": "platform"}, "listed_no_valid_report"),
        ({"about": (10, 11)}, "institution_covered"),
    ],
)
def test_the_traps_of_single_reports(engine: Engine, report: dict[str, Any], expected: str) -> None:
    feed_of(engine, a_body(schac="north.example"))
    load(engine, [AGENCY, LATE_AGENCY, a_provider(schac="north.example"), a_report(**report)])
    check(engine)
    assert status(engine) == expected


def test_an_other_provider_with_a_report_at_its_own_wish_is_covered(engine: Engine) -> None:
    feed_of(engine, a_body(vat="FI88888888"))
    vat = [ProviderIdentifier("EU-VAT", "FI-88888888", "vat", "FI88888888")]
    company = a_provider(identifiers=vat, other_provider=True, organisation_type="private company")
    load(engine, [company, a_report(status="voluntary", kind="institutional/programme", other_provider_covered=True)])
    check(engine)
    assert status(engine) == "institution_covered"


def test_a_report_that_leaves_deqar_ends_what_rested_on_it(engine: Engine) -> None:
    covered(engine)
    check(engine)
    load(engine, [a_provider(schac="north.example")])
    check(engine, DAY + timedelta(days=1))
    assert (status(engine), status(engine, as_of=DAY)) == ("listed_no_valid_report", "institution_covered")


def linked_to(engine: Engine, *others: RegisterProvider, about: int, **changes: Any) -> str | None:
    feed_of(engine, a_body(schac="north.example"))
    load(engine, [a_provider(schac="north.example", **changes), *others, a_report(about=about)])
    check(engine)
    return status(engine)


def test_a_successor_inherits(engine: Engine) -> None:
    merged = [HistoricalRelationship(10, "absorbed", 20, date(2025, 1, 1))]
    closed = a_provider(20, "Southern College", closure_date=date(2025, 1, 1))
    assert linked_to(engine, closed, about=20, historical=merged) == "covered_through_relation"


def test_a_member_inherits_from_its_alliance(engine: Engine) -> None:
    alliance = a_provider(20, "An Alliance", locations=[], alliance=True)
    link = [HierarchicalRelationship(20, 10, "European Universities alliance")]
    assert linked_to(engine, alliance, about=20, hierarchical=link) == "covered_through_relation"


def test_a_faculty_inherits_nothing(engine: Engine) -> None:
    university = a_provider(20, "The Whole")
    link = [HierarchicalRelationship(20, 10, "faculty")]
    assert linked_to(engine, university, about=20, hierarchical=link) == "listed_no_valid_report"


def test_the_report_of_the_merged_one_covers_it_no_more(engine: Engine) -> None:
    assert linked_to(engine, about=10, closure_date=date(2025, 1, 1)) == "listed_no_valid_report"


# -- programmes --------------------------------------------------------------------------------------------------------


def programme_of(engine: Engine, programme: Any, **changes: Any) -> str | None:
    feed_of(engine, a_body(schac="north.example"), title="Nursing with data", **changes)
    load(engine, [a_provider(schac="north.example"), a_report(kind="programme", programmes=[programme])])
    check(engine)
    return status(engine)


@pytest.mark.parametrize(
    ("programme", "expected"),
    [
        (a_programme("Nursing with Data"), "programme_report"),
        (a_programme("Nursing with Data", ects=None), "listed_no_valid_report"),
        (a_programme("Nursing with Data", level=None), "listed_no_valid_report"),
        (a_programme("Nursing with Data", ects=30), "listed_no_valid_report"),
        (a_programme("Nursing with Data", full_degree=True), "listed_no_valid_report"),
        (a_programme("Nursing with Data", full_degree=None), "listed_no_valid_report"),
        (a_programme("Caring for archives"), "listed_no_valid_report"),
        (a_programme("Nursing and data", ects=None, identifiers=["AG-C0-77"]), "programme_report"),
        (a_programme("Caring for archives", identifiers=["AG-C0-77"]), "listed_no_valid_report"),
    ],
)
def test_when_a_report_names_a_micro_credential(engine: Engine, programme: Any, expected: str) -> None:
    assert programme_of(engine, programme, identifiers={"agency": "ag-c0-77"}) == expected


def test_an_uncertain_programme_is_proposed_and_a_maintainer_decides(engine: Engine) -> None:
    assert programme_of(engine, a_programme("Nursing with Data", ects=None)) == "listed_no_valid_report"
    proposal = proposals(engine)[0]
    assert (proposal.what, proposal.target, proposal.title) == ("programme", "100", "Nursing with Data")
    assert "workload unknown" in proposal.evidence
    same = ProgrammeDecision(
        offering=offering_id("north", "c0"), report=100, same=True, by="Mia", on=DAY, reason="Asked the agency."
    )
    decide(engine, Decisions(programmes=[same]))
    check(engine, DAY + timedelta(days=1))
    assert status(engine) == "programme_report"
    assert proposals(engine) == []


def test_new_ids_of_programmes_change_nothing(engine: Engine) -> None:
    assert programme_of(engine, a_programme("Nursing with data", programme_id=1)) == "programme_report"
    report = a_report(kind="programme", programmes=[a_programme("Nursing with data", programme_id=9999)])
    assert load(engine, [a_provider(schac="north.example"), report]).status == "unchanged"
    assert check(engine).changed == 0


def test_the_national_register_can_be_limited_to_offerings(engine: Engine) -> None:
    feed_of(engine, a_body("Eight", vat="FI88888888"), a_body("Eight", vat="FI88888888"))
    load(engine, [a_provider(name="Quite Another")])
    limited = Issuer(
        id="n2",
        provider=WhichOrganisation(name="Eight", country="FI"),
        decision="conditional",
        valid_from=date(2025, 1, 1),
        offerings=["c1"],
    )
    check(engine, national=NationalRegister("The Agency", [limited]))
    assert (status(engine, "c0"), status(engine, "c1")) == ("not_listed", "national_register")


# -- links and decisions -----------------------------------------------------------------------------------------------


def a_decision(same: bool, deqar: str = "DEQARINST0007", on: date = DAY) -> Decisions:
    which = WhichOrganisation(name="Northern Universitty", country="FI")
    return Decisions(
        providers=[
            ProviderDecision(organisation=which, deqar=deqar, same=same, by="Mia", on=on, reason="Looked it up.")
        ]
    )


def test_a_maintainers_word_survives_a_new_harvest(engine: Engine) -> None:
    feed_of(engine, a_body("Northern Universitty"))
    load(engine, [a_provider(7), a_report(about=7)])
    check(engine)
    assert [one.target for one in proposals(engine)] == ["DEQARINST0007"]
    decide(engine, a_decision(same=True))
    check(engine)
    assert status(engine) == "institution_covered"
    feed_of(engine, a_body("Northern Universitty"), a_body("New"))
    load(engine, [a_provider(7), a_report(about=7, decision="positive with conditions or restrictions")])
    check(engine, DAY + timedelta(days=1))
    told = statements(engine, offering_id("north", "c0"))[0].statement
    assert (told.status, told.link[0]) == ("institution_covered", "confirmed")
    assert "Mia" in told.link[1]


def test_a_refusal_ends_the_proposal_and_can_be_taken_back(engine: Engine) -> None:
    feed_of(engine, a_body("Northern Universitty"))
    load(engine, [a_provider(7), a_report(about=7)])
    decide(engine, a_decision(same=False))
    check(engine)
    assert (status(engine), proposals(engine)) == ("not_listed", [])
    decide(engine, a_decision(same=True, on=DAY + timedelta(days=1)))
    check(engine, DAY + timedelta(days=1))
    assert status(engine) == "institution_covered"


def test_an_identifier_of_two_providers_is_told_and_links_nobody(engine: Engine) -> None:
    feed_of(engine, a_body("Something Else", vat="FI12345678"))
    vat = [ProviderIdentifier("EU-VAT", "FI 1234 5678", "vat", "FI12345678")]
    load(engine, [a_provider(1, "One", identifiers=vat), a_provider(2, "Two", identifiers=vat), a_report(about=1)])
    odd = check(engine).links.observations
    assert [(each.code, each.value) for each in odd] == [("MC00-REGISTER-IDENTIFIER-SHARED", "vat FI12345678")]
    assert status(engine) == "not_checkable"
    assert {one.target for one in proposals(engine)} == {"DEQARINST0001", "DEQARINST0002"}


def test_a_decision_about_an_unknown_provider_is_told(engine: Engine) -> None:
    load(engine, [a_provider()])
    decide(engine, a_decision(same=True, deqar="DEQARINST9999"))
    assert [each.code for each in check(engine).links.observations] == ["MC00-LINK-PROVIDER-UNKNOWN"]


def test_what_lapses_soon_is_listed(engine: Engine) -> None:
    covered(engine, last=DAY + timedelta(days=90))
    check(engine)
    (soon,) = lapsing(engine, today=DAY)
    assert (soon.covered_until, soon.offerings, soon.organisation) == ("2026-05-30", 1, "Northern University")
    assert lapsing(engine, today=DAY - timedelta(days=1)) == []


def test_what_a_following_report_prolongs_does_not_lapse(engine: Engine) -> None:
    feed_of(engine, a_body(schac="north.example"))
    follows = a_report(101, first=DAY + timedelta(days=11))
    load(engine, [a_provider(schac="north.example"), a_report(last=DAY + timedelta(days=10)), follows])
    check(engine)
    assert lapsing(engine, today=DAY) == []


def test_the_linked_provider_shows_in_the_views(engine: Engine) -> None:
    feed_of(engine, a_body(schac="north.example"))
    ror = ProviderIdentifier("ROR", "https://ror.org/048tbm396", "ror", "048tbm396")
    schac = ProviderIdentifier("SCHAC", "north.example", "schac", "north.example")
    load(engine, [a_provider(identifiers=[ror, schac])])
    check(engine)
    shown = rows(engine, "SELECT deqar_id, deqar_method FROM v1_providers")
    assert shown == [{"deqar_id": "DEQARINST0010", "deqar_method": "identifier"}]
    found = rows(engine, "SELECT scheme, identifier, source FROM v1_provider_identifiers ORDER BY scheme, source")
    assert [tuple(row.values()) for row in found] == [
        ("deqar", "DEQARINST0010", "deqar"),
        ("ror", "048tbm396", "deqar"),
        ("schac", "north.example", "feed"),
    ]
