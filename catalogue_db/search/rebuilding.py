"""Makes the search tables anew from the offerings: after a change of the stemmers, or when in doubt."""

from __future__ import annotations

import hashlib
from typing import Any

import Stemmer
from sqlalchemy import Connection, Engine, delete, insert, select

from catalogue_db import dialects
from catalogue_db.search import stores
from catalogue_db.search.function_words import FILE
from catalogue_db.search.indexing import SearchWriter
from catalogue_db.tables import (
    offering,
    offering_document,
    offering_organisation,
    organisation,
    search_bitmap,
    search_language,
    search_offering,
    search_part,
    search_state,
    search_term,
    search_word,
)
from standard.offering import from_json

INDEX_VERSION = 3
"""Raise this whenever the same offerings would be indexed otherwise than before: the next upgrade makes all anew."""

_VERSION = "index"
_BATCH = 500
_MADE_ANEW = (search_offering, search_term, search_word, search_language, search_part, search_bitmap)


def rebuild_search(engine: Engine) -> int:
    """Index all live offerings anew, in one transaction; readers search the old index until it is done.

    Returns how many there are.
    """
    with engine.connect() as connection, dialects.write_transaction(connection):
        return rebuild_within(connection)


def rebuild_within(connection: Connection) -> int:
    """The same inside a transaction that is there already."""
    stay_common = list(connection.execute(select(search_term.c.term).where(search_term.c.common.is_(True))).scalars())
    stores.store(connection).empty_texts(connection)
    for table in _MADE_ANEW:
        connection.execute(delete(table))
    writer, count, last = SearchWriter(connection, stay_common=stay_common), 0, 0
    while rows := _next(connection, last):
        providers = _providers(connection, [row["key"] for row in rows])
        for row in rows:
            given = from_json(row["document"])
            writer.add(row["key"], row["feed_key"], given, row, providers.get(row["key"], []))
        writer.flush()
        count, last = count + len(rows), rows[-1]["key"]
    writer.finish()
    connection.execute(delete(search_state).where(search_state.c.name == _VERSION))
    connection.execute(insert(search_state).values(name=_VERSION, value=version()))
    return count


def version() -> str:
    """What the index was made by: it is made anew when any of this changes.

    Python's Unicode is no part of it: machines with several Pythons would else make it anew in turns, and what Unicode
    says of a character that it has does not change, as good as ever.
    """
    kept_apart = hashlib.blake2b(FILE.read_bytes(), digest_size=4).hexdigest()
    return f"{INDEX_VERSION} stemmers {Stemmer.version()} words {kept_apart}"


def bring_up_to_date(connection: Connection) -> bool:
    """Make the index anew if it was made by other rules, or not at all. Says whether that was so."""
    known = select(search_state.c.value).where(search_state.c.name == _VERSION)
    if is_behind := connection.execute(known).scalar() != version():
        rebuild_within(connection)
    return is_behind


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
