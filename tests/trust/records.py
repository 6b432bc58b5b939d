"""Small entities of the register for tests, with sensible defaults that a test changes by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Engine

from catalogue_db.register import RegisterCandidate, RegisterReport, RegisterThresholds, load_register
from standard.register import (
    Activity,
    Agency,
    Entity,
    Programme,
    ProviderIdentifier,
    ProviderLocation,
    ProviderName,
    RegisterProvider,
    Report,
    ReportInstitution,
    deqar_id_of,
    programme_key,
    validity,
)

DAY = date(2026, 3, 1)
AGENCY = Agency(1, name="Agency One", acronym="A1", registered=True, registration_start=date(2008, 1, 1))
LATE_AGENCY = Agency(2, name="Agency Two", registered=True, registration_start=date(2025, 6, 1))
_snapshots = count(1)
LOOSE = RegisterThresholds(least_agencies=0, least_providers=0, least_reports=0, greatest_drop=1.0)


def a_provider(
    number: int = 10, name: str = "Northern University", country: str = "FI", **changes: Any
) -> RegisterProvider:
    """A provider with a seat; `schac` adds an identifier."""
    schac = changes.pop("schac", None)
    identifiers = [ProviderIdentifier("SCHAC", schac, "schac", schac)] if schac else []
    values: dict[str, Any] = {
        "name": name,
        "names": [ProviderName(official=name)],
        "locations": [ProviderLocation(country=country)],
        "identifiers": identifiers,
    }
    return RegisterProvider(number, deqar_id_of(number), **(values | changes))


def a_report(
    number: int = 100,
    about: int | Iterable[int] = 10,
    *,
    first: date | None = date(2024, 1, 1),
    last: date | None = None,
    kind: str | None = "institutional",
    role: Any = "provider",
    **changes: Any,
) -> Report:
    """A report by Agency One, positive and open-ended."""
    institutions = [about] if isinstance(about, int) else list(about)
    values: dict[str, Any] = {
        "agency_id": 1,
        "activities": [Activity(1, kind)] if kind else [],
        "decision": "positive",
        "status": "part of obligatory EQA system",
        "flag": "none",
        "validity": validity(first, last),
        "institutions": [ReportInstitution(one, role) for one in institutions],
    }
    return Report(number, **(values | changes))


def a_programme(
    name: str = "Course c1", ects: float | None = 5, level: str | None = "first cycle", **changes: Any
) -> Programme:
    """A micro-credential named in a report."""
    values: dict[str, Any] = {"name": name, "level": level, "ects": ects, "full_degree": False}
    return Programme(programme_key(name, level, ects), **(values | changes))


def load(engine: Engine, entities: Iterable[Entity], **changes: Any) -> RegisterReport:
    """Load a register of these entities (and Agency One and Two unless agencies are among them)."""
    given = list(entities)
    if not any(isinstance(one, Agency) for one in given):
        given = [AGENCY, LATE_AGENCY, *given]
    values: dict[str, Any] = {
        "snapshot_id": f"register-{next(_snapshots)}",
        "taken_at": datetime(2026, 3, 1, 2, 0, tzinfo=UTC),
        "contract_fingerprint": "c1",
        "run_id": "r1",
        "entities": lambda: iter(given),
        "thresholds": LOOSE,
    }
    now = changes.pop("now", datetime(2026, 3, 1, 3, 0, tzinfo=UTC))
    approval = changes.pop("approval", None)
    return load_register(engine, RegisterCandidate(**(values | changes)), approval=approval, now=now)
