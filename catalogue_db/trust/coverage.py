"""How much of the catalogue is covered, by country and by who signs, and how the statuses went over time."""

from __future__ import annotations

import msgspec
from sqlalchemy import ColumnElement, Engine, case, func, select

from catalogue_db.tables import offering, organisation, trust_check, trust_evidence, trust_statement
from catalogue_db.trust.staging import AWARDING_BODY
from standard.trust_evidence import COVERED


def by_country(engine: Engine) -> list[tuple[str, int, int]]:
    """Country → covered and all live offerings."""
    return _counted(engine, func.coalesce(offering.c.country, "unknown"))


def by_provider(engine: Engine, limit: int = 50) -> list[tuple[str, int, int]]:
    """Who signs → covered and all live offerings, those with most uncovered offerings first."""
    found = _counted(engine, func.coalesce(organisation.c.name, "nobody"))
    return sorted(found, key=lambda row: (row[1] - row[2], row[0]))[:limit]


def _counted(engine: Engine, name: ColumnElement[str]) -> list[tuple[str, int, int]]:
    covered = func.sum(case((trust_evidence.c.status.in_(COVERED), 1), else_=0))
    query = (
        select(name, covered, func.count())
        .select_from(trust_statement)
        .join(trust_evidence, trust_evidence.c.key == trust_statement.c.evidence_key)
        .join(offering, offering.c.key == trust_statement.c.offering_key)
        .outerjoin(organisation, organisation.c.key == trust_statement.c.organisation_key)
        .where(trust_statement.c.said_to.is_(None), trust_statement.c.role == AWARDING_BODY)
        .where(offering.c.status == "live")
        .group_by(name)
        .order_by(name)
    )
    with engine.connect() as connection:
        return [(str(row[0]), int(row[1]), int(row[2])) for row in connection.execute(query)]


def over_time(engine: Engine, checks: int = 14) -> list[tuple[str, str, int]]:
    """Day, status, offerings: of the last checks, one per day, the newest first."""
    query = (
        select(trust_check.c.checked_on, trust_check.c.statuses).order_by(trust_check.c.key.desc()).limit(10 * checks)
    )
    days: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.limit(10 * checks)):
            days.setdefault(row.checked_on, msgspec.json.decode(row.statuses, type=dict[str, int]))
    newest = list(days.items())[:checks]
    return [(day, status, number) for day, mix in newest for status, number in sorted(mix.items())]
