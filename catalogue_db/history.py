"""Every version of every offering, with the time it was valid and what made it.

A version begins when a load makes it what the catalogue says and ends when the next one does, or when the offering
leaves. Documents are kept as they were; nothing changes them later. They are plain JSON, so that a portal can ask with
SQL alone what the catalogue said on a day. The newest version of an offering has the same document as the offering
itself and shares it (its own column is empty) until the offering's is about to change: `preserve`.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, select, update

from catalogue_db.dialects import bulk_insert, is_among
from catalogue_db.tables import offering, offering_document, offering_version


class Version(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version. Times are UTC ISO 8601; `valid_to` is absent while it is what the catalogue says."""

    number: int
    valid_from: str
    content_hash: str
    snapshot_id: str
    mapping_version: str
    run_id: str
    valid_to: str | None = None


def last_numbers(connection: Connection, keys: list[int]) -> dict[int, int]:
    """The highest version number of each offering."""
    query = (
        select(offering_version.c.offering_key, func.max(offering_version.c.number).label("number"))
        .where(is_among(connection, offering_version.c.offering_key, keys))
        .group_by(offering_version.c.offering_key)
    )
    return {row.offering_key: row.number for row in connection.execute(query)} if keys else {}


def end_versions(connection: Connection, keys: list[int], at: str) -> None:
    """End the valid versions of some offerings."""
    if keys:
        mine = is_among(connection, offering_version.c.offering_key, keys)
        is_valid = offering_version.c.valid_to.is_(None)
        connection.execute(update(offering_version).where(mine, is_valid).values(valid_to=at))


def preserve(connection: Connection, keys: list[int]) -> None:
    """Give the newest versions of some offerings their own documents: the current ones are about to change."""
    if keys:
        current = select(offering_document.c.document).where(
            offering_document.c.offering_key == offering_version.c.offering_key
        )
        mine = is_among(connection, offering_version.c.offering_key, keys)
        is_shared = mine & offering_version.c.document.is_(None)
        connection.execute(update(offering_version).where(is_shared).values(document=current.scalar_subquery()))


def begin_versions(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Begin new versions."""
    bulk_insert(connection, offering_version, rows)


def versions(engine: Engine, offering_id: str) -> list[Version]:
    """All versions of an offering, oldest first. Empty for an unknown offering."""
    columns = [offering_version.c[name] for name in Version.__struct_fields__]
    query = (
        select(*columns)
        .join(offering, offering.c.key == offering_version.c.offering_key)
        .where(offering.c.offering_id == offering_id)
        .order_by(offering_version.c.number)
    )
    with engine.connect() as connection:
        return [Version(**row._mapping) for row in connection.execute(query)]


def version_at(connection: Connection, offering_key: int, at: str) -> Any | None:
    """The version valid at a moment with its document, or the last one that ended before it; None before the first."""
    columns = [offering_version.c[name] for name in Version.__struct_fields__]
    document = func.coalesce(offering_version.c.document, offering_document.c.document).label("document")
    return connection.execute(
        select(*columns, document)
        .join(offering_document, offering_document.c.offering_key == offering_version.c.offering_key)
        .where(offering_version.c.offering_key == offering_key, offering_version.c.valid_from <= at)
        .order_by(offering_version.c.number.desc())
        .limit(1)
    ).first()
