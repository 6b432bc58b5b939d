"""Offerings in the order of their titles: what a search without words shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection

from catalogue_db.search.bits import holds
from catalogue_db.search.cursor import ByTitle
from catalogue_db.search.sets import Sets

_FEW = 2000
"""So many offerings are put in order by themselves; of more, the page is sought along the index of titles."""

_ROWS = "SELECT key, title, offering_id FROM search_offering"
_OF_KEYS = f"{_ROWS} WHERE key IN (SELECT value FROM json_each(?)) AND (title, offering_id) > (?, ?)"
_AFTER = f"{_ROWS} WHERE (title, offering_id) > (?, ?)"
_ORDER = " ORDER BY title, offering_id"


class Titled(msgspec.Struct, frozen=True):
    """An offering in the order of titles."""

    key: int
    place: ByTitle


def by_title(
    connection: Connection, sets: Sets, members: int, *, limit: int, offset: int = 0, after: ByTitle | None = None
) -> list[Titled]:
    """At most `limit` of some offerings in the order of their titles: those after a place, or from `offset` on."""
    place = (after.title, after.offering_id) if after else ("", "")
    rows: Iterable[Any]
    if members.bit_count() <= _FEW:
        keys = msgspec.json.encode(list(sets.width.newest_first(members))).decode()
        rows = connection.exec_driver_sql(_OF_KEYS + _ORDER, (keys, *place)).all()
    else:
        rows = _members(connection.exec_driver_sql(_AFTER + _ORDER, place), sets.width.lookup(members))
    first = 0 if after else offset
    return [Titled(key, ByTitle(title, offering_id)) for key, title, offering_id in islice(rows, first, first + limit)]


def _members(rows: Iterable[Any], members: bytes) -> Iterator[Any]:
    return (row for row in rows if holds(members, row[0]))
