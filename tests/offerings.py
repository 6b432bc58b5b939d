"""Offerings, judged records and candidates for tests: small, with sensible defaults that a test changes by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from catalogue_db.candidate import Candidate, FeedInfo
from catalogue_db.guard import Thresholds
from standard.offering import (
    Instance,
    LearningOutcome,
    Level,
    Offering,
    Organisation,
    Price,
    Provenance,
    Workload,
    offering_id,
)
from standard.verdict import Counts, Finding, JudgedRecord

NORTH = Organisation(name={"en": "Northern University"}, identifiers={"schac": "north.example"}, country="FI")
_numbers = count(1)
LOOSE = Thresholds(greatest_drop=1.0, most_ids_lost=1.0, greatest_fill_drop=1.0, most_rejected=1.0, may_be_empty=True)
"""Thresholds that let everything through, for tests that are not about the guard."""


def an_offering(source_id: str = "c1", *, feed: str = "north", **changes: Any) -> Offering:
    """An accepted-looking offering. Any field can be given by name; `title` may be a plain English text."""
    values: dict[str, Any] = {
        "title": {"en": f"Course {source_id}"},
        "description": {"en": f"All about {source_id}."},
        "country": "FI",
        "awarding_body": NORTH,
        "providers": [NORTH],
        "workload": Workload(ects=5),
        "level": Level(eqf=6),
        "learning_outcomes": [LearningOutcome(text={"en": "explains the foundations"})],
        "modes": ["online"],
        "fields": ["0611"],
        "languages": ["en"],
        "homepage": f"https://north.example/{source_id}",
        "provenance": {"title": Provenance(how="published", path=f"list#/{source_id}/title")},
    }
    values |= changes
    if isinstance(values["title"], str):
        values["title"] = {"en": values["title"]}
    return Offering(offering_id=offering_id(feed, source_id), feed=feed, source_id=source_id, **values)


def an_instance(number: int = 1, *, amount: float | None = None, currency: str = "EUR", **changes: Any) -> Instance:
    """A run of an offering."""
    price = [] if amount is None else [Price(amount=amount, currency=currency)]
    return Instance(instance_id=f"i{number}", price=price, **changes)


def a_finding(code: str = "MC06-WORKLOAD-MISSING", severity: str = "lowers", **changes: Any) -> Finding:
    """A finding."""
    values: dict[str, Any] = {
        "code": code,
        "element": int(code[2:4]),
        "severity": severity,
        "message": f"{code} was found.",
        "remedy": "Mend it.",
        "consequence": "None yet.",
    }
    return Finding(**(values | changes))


def accepted(offering: Offering, *findings: Finding) -> JudgedRecord:
    """The offering, accepted."""
    return JudgedRecord(
        path=f"list#/{offering.source_id}",
        verdict="accepted_with_findings" if findings else "accepted",
        source_id=offering.source_id,
        offering=offering,
        findings=list(findings),
    )


def rejected(source_id: str, code: str = "MC02-TITLE-MISSING", offering: Offering | None = None) -> JudgedRecord:
    """A rejected record, with or without what could be mapped of it."""
    return JudgedRecord(
        path=f"list#/{source_id}",
        verdict="rejected",
        source_id=source_id,
        offering=offering,
        findings=[a_finding(code, "blocks", source_id=source_id)],
    )


def a_candidate(records: Sequence[JudgedRecord | Offering], *, feed: str = "north", **changes: Any) -> Candidate:
    """A candidate of these records (offerings count as accepted), from a snapshot of its own unless one is named."""
    judged = [accepted(each) if isinstance(each, Offering) else each for each in records]
    rejects = sum(each.verdict == "rejected" for each in judged)
    number = next(_numbers)
    values: dict[str, Any] = {
        "feed": FeedInfo(name=feed, title=f"Feed {feed}", institution="Northern University", country="FI"),
        "snapshot_id": f"snapshot-{number}",
        "snapshot_taken_at": datetime(2026, 1, 1, 6, 0, tzinfo=UTC),
        "mapping_version": "m1",
        "contract_fingerprint": "c1",
        "policy_fingerprint": "p1",
        "run_id": f"run-{number}",
        "records": lambda: iter(judged),
        "counts": Counts(
            fetched=len(judged),
            parsed=len(judged),
            selected=len(judged),
            accepted=len(judged) - rejects,
            rejected=rejects,
        ),
        "thresholds": LOOSE,
    }
    return Candidate(**(values | changes))
