"""Reads trust statements: of an offering, now or on a day; what lapses soon; what waits for a maintainer; the mix."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, func, select

from catalogue_db.tables import (
    feed,
    offering,
    organisation,
    programme_proposal,
    provider_link,
    register_provider,
    trust_check,
    trust_evidence,
    trust_statement,
)
from catalogue_db.texts import end_of, moment
from catalogue_db.trust.staging import AWARDING_BODY
from standard.trust_evidence import Statement

LAPSE_DAYS = 90


class TrustStatement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A statement as it is kept. Moments are UTC ISO 8601. `checked_on`: the last day (asked about) for which it was
    found; `data_as_of`: when DEQAR was asked for what it rests on; `stale_reason`: why that is known to be old."""

    role: str
    statement: Statement
    number: int
    said_from: str
    checked_on: str
    organisation: str | None = None
    organisation_id: str | None = None
    said_to: str | None = None
    data_as_of: str | None = None
    stale_reason: str | None = None


class Lapsing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A statement that will not hold much longer. `offerings`: how many rest on the same evidence."""

    status: str
    covered_until: str
    feed: str
    organisation: str | None
    offerings: int
    report: str | None = None
    agency: str | None = None


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a maintainer must decide. `what`: provider or programme; `target`: DEQARINST id, or report and programme."""

    what: str
    subject: str
    name: str
    target: str
    title: str | None
    score: float
    evidence: list[str]


def statements(engine: Engine, offering_id: str, as_of: date | datetime | None = None) -> list[TrustStatement]:
    """Return the statements on an offering, who signs first; now, or as they were at a moment (a day means its end).

    Empty for an unknown offering, one that was not there then, or before anything was checked.
    """
    with engine.connect() as connection:
        at = None if as_of is None else _moment(as_of)
        check = _check_at(connection, at)
        if check is None:
            return []
        return [_told(row, check) for row in connection.execute(_query(offering_id, at))]


def _moment(as_of: date | datetime) -> str:
    return moment(as_of) if isinstance(as_of, datetime) else end_of(as_of)


def _check_at(connection: Connection, at: str | None) -> Any | None:
    query = select(trust_check).order_by(trust_check.c.key.desc()).limit(1)
    return connection.execute(query if at is None else query.where(trust_check.c.checked_at <= at)).first()


def _query(offering_id: str, at: str | None) -> Select[Any]:
    ended = trust_check.alias("ended")
    said = trust_statement.c
    query = (
        select(
            trust_statement,
            trust_evidence.c.document,
            organisation.c.name.label("organisation"),
            organisation.c.organisation_id,
            ended.c.checked_on.label("ended_on"),
        )
        .join(offering, offering.c.key == said.offering_key)
        .join(trust_evidence, trust_evidence.c.key == said.evidence_key)
        .outerjoin(organisation, organisation.c.key == said.organisation_key)
        .outerjoin(ended, ended.c.key == said.last_check)
        .where(offering.c.offering_id == offering_id)
        .order_by(said.role, organisation.c.name, said.organisation_key)
    )
    if at is None:
        return query.where(said.said_to.is_(None))
    return query.where(said.said_from <= at, said.said_to.is_(None) | (said.said_to > at))


def _told(row: Any, check: Any) -> TrustStatement:
    return TrustStatement(
        role=row.role,
        statement=msgspec.json.decode(row.document, type=Statement),
        number=row.number,
        said_from=row.said_from,
        checked_on=check.checked_on,
        organisation=row.organisation,
        organisation_id=row.organisation_id,
        said_to=row.said_to,
        data_as_of=check.register_as_of,
        stale_reason=check.register_stale,
    )


def lapsing(engine: Engine, *, today: date | None = None, days: int = LAPSE_DAYS) -> list[Lapsing]:
    """Return what lapses within `days`, the soonest first: offerings that rest on one evidence are one entry."""
    last = (today or datetime.now(UTC).date()) + timedelta(days=days)
    evidence, said = trust_evidence.c, trust_statement.c
    query = (
        select(
            evidence.status,
            evidence.covered_until,
            feed.c.name.label("feed"),
            organisation.c.name.label("organisation"),
            func.count().label("offerings"),
            evidence.report,
            evidence.agency,
        )
        .join(trust_statement, said.evidence_key == evidence.key)
        .join(offering, offering.c.key == said.offering_key)
        .join(feed, feed.c.key == offering.c.feed_key)
        .outerjoin(organisation, organisation.c.key == said.organisation_key)
        .where(said.said_to.is_(None), said.role == AWARDING_BODY, evidence.covered_until <= last.isoformat())
        .group_by(evidence.key, feed.c.key, organisation.c.key)
        .order_by(evidence.covered_until, feed.c.name, organisation.c.name)
    )
    with engine.connect() as connection:
        return [Lapsing(**row._mapping) for row in connection.execute(query)]


def proposals(engine: Engine, limit: int = 200) -> list[Proposal]:
    """Return what waits for a maintainer: providers first, then programmes, the best scores first."""
    with engine.connect() as connection:
        return [*_provider_proposals(connection), *_programme_proposals(connection)][:limit]


def _provider_proposals(connection: Connection) -> list[Proposal]:
    link = provider_link
    query = (
        select(link, organisation.c.organisation_id, organisation.c.name, register_provider.c.deqar_id)
        .add_columns(register_provider.c.name.label("title"))
        .join(organisation, organisation.c.key == link.c.organisation_key)
        .join(register_provider, register_provider.c.provider_id == link.c.provider_id)
        .where(link.c.state == "proposed")
        .order_by(link.c.score.desc(), organisation.c.name, link.c.provider_id)
    )
    return [
        Proposal("provider", row.organisation_id, row.name, row.deqar_id, row.title, row.score, _list(row.evidence))
        for row in connection.execute(query)
    ]


def _programme_proposals(connection: Connection) -> list[Proposal]:
    table = programme_proposal
    query = (
        select(offering.c.offering_id, offering.c.title, table.c.report_id)
        .add_columns(table.c.programme_key, table.c.programme, table.c.score, table.c.evidence)
        .distinct()  # the same report may be looked at for who signs and for who teaches
        .join(offering, offering.c.key == table.c.offering_key)
        .order_by(table.c.score.desc(), offering.c.offering_id, table.c.report_id, table.c.programme_key)
    )
    return [
        Proposal(
            "programme",
            row.offering_id,
            row.title or row.offering_id,
            str(row.report_id),
            row.programme,
            row.score,
            _list(row.evidence),
        )
        for row in connection.execute(query)
    ]


def _list(text: str) -> list[str]:
    return msgspec.json.decode(text, type=list[str])
