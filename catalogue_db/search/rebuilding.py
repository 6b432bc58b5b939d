"""Makes the search tables anew from the offerings: after a change of the stemmers, or when in doubt."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from catalogue_db import dialects
from catalogue_db.search.indexing import SearchWriter
from catalogue_db.tables import (
    offering,
    offering_document,
    offering_organisation,
    organisation,
    search_language,
    search_offering,
    search_text,
    search_word,
)
from standard.offering import from_json

_BATCH = 500


def rebuild_search(engine: Engine) -> int:
    """Index all live offerings anew, in one transaction; readers search the old index until it is done.

    Returns how many there are.
    """
    with engine.connect() as connection, dialects.write_transaction(connection):
        dialects.empty_index(connection)
        for table in (search_text, search_offering, search_word, search_language):
            connection.execute(delete(table))
        writer, count, last = SearchWriter(connection), 0, 0
        while rows := _next(connection, last):
            providers = _providers(connection, [row["key"] for row in rows])
            for row in rows:
                given = from_json(row["document"])
                writer.add(row["key"], row["feed_key"], given, row, providers.get(row["key"], []))
            writer.flush([])
            count, last = count + len(rows), rows[-1]["key"]
    return count


def _next(connection: Connection, last: int) -> list[dict[str, Any]]:
    query = select(offering, offering_document.c.document).join(offering_document)
    query = query.where(offering.c.key > last, offering.c.status == "live").order_by(offering.c.key).limit(_BATCH)
    return [dict(row._mapping) for row in connection.execute(query)]


def _providers(connection: Connection, keys: list[int]) -> dict[int, list[str]]:
    link = offering_organisation
    query = select(link.c.offering_key, organisation.c.organisation_id).join(organisation)
    mine = dialects.is_among(connection, link.c.offering_key, keys)
    query = query.where(mine, link.c.role == "provider").order_by(link.c.position)
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        if row.organisation_id not in found.setdefault(row.offering_key, []):
            found[row.offering_key].append(row.organisation_id)
    return found
