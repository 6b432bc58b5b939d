"""A catalogue with something of everything that portals ask about: two feeds, one of them stale, history, a tombstone,
runs, skills, and trust that lapses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from catalogue_db.dialects import bulk_insert, write_transaction
from catalogue_db.feeds import mark_stale
from catalogue_db.load import load_candidate
from catalogue_db.tables import offering, organisation, trust_check, trust_evidence, trust_statement
from standard.offering import LearningOutcome, Level, Offering, Organisation, Stackability, Workload
from tests.offerings import NORTH, a_candidate, an_instance, an_offering

SKILL = "http://data.europa.eu/esco/skill/1"
SOUTH = Organisation(name={"en": "Southern College", "sv": "Södra"}, identifiers={"ror": "south"}, country="SE")
FIRST, SECOND = datetime(2026, 3, 1, 5, tzinfo=UTC), datetime(2026, 3, 5, 5, tzinfo=UTC)
SOUTH_READ = datetime(2026, 3, 2, 5, tzinfo=UTC)
LAPSES = "2027-06-30"


def day(distance: int) -> str:
    """A day so far from today (UTC), as the views see it."""
    return (datetime.now(UTC).date() + timedelta(days=distance)).isoformat()


def _rich(title: str) -> Offering:
    outcome = LearningOutcome(text={"en": "reads data", "fi": "lukee dataa"}, esco=[SKILL])
    return an_offering(
        "rich",
        title={"en": title, "fi": "Datan lukutaito"},
        learning_outcomes=[outcome, LearningOutcome(text={}, esco=[SKILL, f"{SKILL}2"])],
        stackability=Stackability(stackable=True, text={"en": "Counts towards a master."}),
        level=Level(eqf=6, nqf="FQF 6", qf_ehea="first"),
        modes=["online", "blended"],
        languages=["en", "fi"],
        providers=[NORTH, SOUTH],
        instances=[
            an_instance(1, amount=100.0, start=day(30), end=day(60), enrolment_closes=day(10), languages=["en"]),
            an_instance(2, start=day(-30), status="cancelled", title={"en": "Spring"}, location={"en": "Turku"}),
        ],
    )


def _bare() -> Offering:
    return an_offering(
        "bare", title={"und": "Bare"}, description={}, workload=None, level=None, homepage=None, fields=[], country=None
    )


def _southern() -> list[Offering]:
    given: dict[str, Any] = {"feed": "south", "country": "SE", "awarding_body": SOUTH, "providers": [SOUTH]}
    run = an_instance(1, amount=0.0, start=day(5), status="open")
    return [
        an_offering("s1", title="Soil", fields=["0532", "07"], level=Level(eqf=5), instances=[run], **given),
        an_offering("s2", title="Data ethics", workload=Workload(ects=2.5, hours=70), **given),
    ]


def fill(engine: Engine) -> None:
    """Load everything: north twice (one offering changes, one leaves), south once, which is stale since then."""
    gone = an_offering("gone", title="Gone")
    load_candidate(engine, a_candidate([_rich("Data"), _bare(), gone], snapshot_taken_at=FIRST), now=FIRST)
    load_candidate(engine, a_candidate(_southern(), feed="south", snapshot_taken_at=SOUTH_READ), now=SOUTH_READ)
    load_candidate(engine, a_candidate([_rich("Data literacy"), _bare()], snapshot_taken_at=SECOND), now=SECOND)
    mark_stale(engine, "south", "The source cannot be reached.", now=SECOND)
    _state_trust(engine)


def _state_trust(engine: Engine) -> None:
    """One check, as of which the northern offerings are covered until a day, the southern ones not listed."""
    at = f"{date(2026, 3, 6)}T00:00:00.000000Z"
    check = {
        "key": 1, "checked_at": at, "checked_on": at[:10], "register_as_of": at, "register_stale": None, "rules": "r",
        "run_id": "1", "offerings": 5, "changed": 5, "statuses": "{}",
    }  # fmt: skip
    covered = {
        "status": "institution_covered",
        "covered_until": LAPSES,
        "report_id": 7,
        "report": "https://d.example/7",
    }
    evidence = [
        {"key": 1, "evidence_hash": "a", "document": "{}", "agency": "FINEEC", "agency_registered": True, **covered},
        {"key": 2, "evidence_hash": "b", "document": "{}", "agency": None, "agency_registered": None}
        | dict.fromkeys(covered)
        | {"status": "not_listed"},
    ]
    query = select(offering.c.key, organisation.c.key.label("body"), organisation.c.country).join(
        organisation, organisation.c.key == offering.c.awarding_body_key
    )
    with engine.connect() as connection, write_transaction(connection):
        bulk_insert(connection, trust_check, [check])
        bulk_insert(connection, trust_evidence, evidence)
        common = {"role": "awarding_body", "number": 1, "first_check": 1, "said_from": at}
        rows = [
            {"offering_key": row.key, "organisation_key": row.body, "evidence_key": 1 + (row.country == "SE"), **common}
            for row in connection.execute(query)
        ]
        bulk_insert(connection, trust_statement, rows)
