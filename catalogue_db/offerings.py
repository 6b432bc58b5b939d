"""One offering, as it is or as it was on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Engine, select

from catalogue_db.findings import findings_of_offering
from catalogue_db.history import version_at
from catalogue_db.tables import change, feed, offering, offering_document, offering_version
from catalogue_db.texts import end_of, moment
from standard.offering import Offering, from_json
from standard.verdict import Finding

OfferingStatus = Literal["live", "stale", "withdrawn"]


class StoredOffering(msgspec.Struct, frozen=True, omit_defaults=True):
    """An offering with what the catalogue knows about its keeping.

    Times are UTC ISO 8601. `valid_from`/`valid_to`: of the version shown. `last_confirmed`, `data_as_of`, `stale` and
    the findings are those of today and absent from an answer about the past.
    """

    offering: Offering
    status: OfferingStatus
    version: int
    valid_from: str
    snapshot_id: str
    mapping_version: str
    run_id: str
    first_seen: str
    last_changed: str
    valid_to: str | None = None
    last_confirmed: str | None = None
    data_as_of: str | None = None
    stale_reason: str | None = None
    withdrawn_at: str | None = None
    withdrawn_reason: str | None = None
    findings: list[Finding] = []


def get_offering(engine: Engine, offering_id: str, as_of: date | datetime | None = None) -> StoredOffering | None:
    """Return an offering as it is, or as the catalogue had it at a moment; a day means its end (UTC).

    None for an offering the catalogue does not know (or did not know then). A tombstone is returned with what the
    offering said last. Raises `ValueError` for a moment without offset.
    """
    with engine.connect() as connection:
        row = connection.execute(
            select(offering, feed.c.last_confirmed.label("feed_confirmed"), feed.c.data_as_of, feed.c.stale_since)
            .add_columns(feed.c.stale_reason)
            .join(feed, feed.c.key == offering.c.feed_key)
            .where(offering.c.offering_id == offering_id)
        ).first()
        if row is None:
            return None
        return _current(connection, row) if as_of is None else _at(connection, row, _moment(as_of))


def _moment(as_of: date | datetime) -> str:
    return moment(as_of) if isinstance(as_of, datetime) else end_of(as_of)


def _version_fields(version: Any) -> dict[str, Any]:
    return {
        "version": version.number,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "snapshot_id": version.snapshot_id,
        "mapping_version": version.mapping_version,
        "run_id": version.run_id,
    }


def _current(connection: Connection, row: Any) -> StoredOffering:
    document = select(offering_document.c.document).where(offering_document.c.offering_key == row.key)
    version = version_at(connection, row.key, moment(datetime.max.replace(tzinfo=UTC)))
    is_live = row.status == "live"
    return StoredOffering(
        offering=from_json(connection.execute(document).scalar_one()),
        status="stale" if is_live and row.stale_since else row.status,
        first_seen=row.first_seen,
        last_changed=row.last_changed,
        last_confirmed=row.feed_confirmed if is_live else row.last_confirmed,
        data_as_of=row.data_as_of,
        stale_reason=row.stale_reason if is_live else None,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        findings=findings_of_offering(connection, row.feed_key, row.source_id),
        **_version_fields(version),
    )


def _at(connection: Connection, row: Any, at: str) -> StoredOffering | None:
    version = version_at(connection, row.key, at)
    if version is None:
        return None
    ended = version.valid_to is not None and version.valid_to <= at
    reason = select(change.c.reason).where(change.c.offering_key == row.key, change.c.at == version.valid_to)
    return StoredOffering(
        offering=from_json(version.document),
        status="withdrawn" if ended else "live",
        first_seen=row.first_seen,
        last_changed=version.valid_to if ended else version.valid_from,
        withdrawn_at=version.valid_to if ended else None,
        withdrawn_reason=connection.execute(reason.where(change.c.kind == "withdrawn")).scalar() if ended else None,
        **_version_fields(version),
    )


def live_offerings(engine: Engine, feed_name: str | None = None) -> list[str]:
    """The identifiers of all live offerings (stale ones included), sorted; of one feed if given."""
    query = select(offering.c.offering_id).where(offering.c.status == "live").order_by(offering.c.offering_id)
    if feed_name is not None:
        query = query.join(feed, feed.c.key == offering.c.feed_key).where(feed.c.name == feed_name)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def document_at(engine: Engine, offering_id: str, at: date | datetime) -> bytes | None:
    """The public JSON document as the catalogue had it at a moment, byte for byte; None where it had none."""
    query = select(offering.c.key).where(offering.c.offering_id == offering_id)
    with engine.connect() as connection:
        key = connection.execute(query).scalar()
        version = None if key is None else version_at(connection, key, _moment(at))
        is_valid = version is not None and (version.valid_to is None or version.valid_to > _moment(at))
        return str(version.document).encode() if version is not None and is_valid else None


def catalogue_at(engine: Engine, at: date | datetime) -> list[str]:
    """The identifiers of the offerings the catalogue had at a moment, sorted: one query over the history."""
    when = _moment(at)
    was_valid = (offering_version.c.valid_from <= when) & (
        offering_version.c.valid_to.is_(None) | (offering_version.c.valid_to > when)
    )
    query = select(offering.c.offering_id).join(offering_version).where(was_valid).order_by(offering.c.offering_id)
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())
