"""What the register holds, for people: reports by decision and by agency, and how many of them are in force."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, func, select

from catalogue_db.tables import register_agency, register_report


def by_decision(engine: Engine, today: date | None = None) -> list[tuple[str, int, int]]:
    """Decision, reports, and those of them in force today (default UTC), the most frequent first."""
    return _counted(engine, register_report.c.decision, today, None)


def by_agency(engine: Engine, today: date | None = None, limit: int = 20) -> list[tuple[str, int, int]]:
    """Agency, reports, and those of them in force today, the agencies with most reports first."""
    return _counted(engine, func.coalesce(register_agency.c.name, register_report.c.agency), today, limit)


def _counted(
    engine: Engine, name: ColumnElement[Any], today: date | None, limit: int | None
) -> list[tuple[str, int, int]]:
    day, report = (today or datetime.now(UTC).date()).isoformat(), register_report.c
    in_force = case(((report.valid_from <= day) & (report.valid_to_calculated >= day), 1), else_=0)
    told, number = func.coalesce(name, "not said"), func.count()
    query = select(told, number, func.sum(in_force)).select_from(register_report)
    query = query.outerjoin(register_agency, register_agency.c.agency_id == report.agency_id)
    query = query.where(report.left_at.is_(None))
    query = query.group_by(told).order_by(number.desc(), told).limit(limit)
    with engine.connect() as connection:
        return [(str(row[0]), int(row[1]), int(row[2])) for row in connection.execute(query)]
