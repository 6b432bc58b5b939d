"""The change log: what happened to which offering, in order, deletions included.

A reader keeps the last cursor it saw and asks for what came after; replaying the log from nothing gives the catalogue
as it is. Cursors grow in the order in which the changes became visible, because loads write one after the other.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, case, func, select

from catalogue_db.candidate import Change
from catalogue_db.dialects import bulk_insert
from catalogue_db.tables import change, feed, offering
from catalogue_db.texts import to_json_text

_LOSSES_FIRST = case({"withdrawn": 0, "changed": 1, "returned": 2}, value=change.c.kind, else_=3)


class ChangePage(msgspec.Struct, frozen=True):
    """Some changes in order. `cursor`: ask for what comes after it next; `more`: whether there is something already."""

    changes: list[Change]
    cursor: int
    more: bool


class ChangeLog:
    """Writes changes, giving each the next cursor. Only while the write lock is held."""

    def __init__(self, connection: Connection, *, feed_key: int, candidate_key: int, at: str) -> None:
        self._connection = connection
        self._common = {"feed_key": feed_key, "candidate_key": candidate_key, "at": at}
        self.cursor = last_cursor(connection)
        self._rows: list[dict[str, Any]] = []

    def add(self, offering_key: int, kind: str, fields: list[str], reason: str | None = None) -> None:
        """Note one change."""
        self.cursor += 1
        self._rows.append(
            {
                **self._common,
                "cursor": self.cursor,
                "offering_key": offering_key,
                "kind": kind,
                "fields": to_json_text(fields),
                "reason": reason,
            }
        )

    def flush(self) -> None:
        """Write what was noted."""
        bulk_insert(self._connection, change, self._rows)
        self._rows = []


def last_cursor(connection: Connection) -> int:
    """The end of the change log (0 before the first change)."""
    return int(connection.execute(select(func.coalesce(func.max(change.c.cursor), 0))).scalar_one())


_READ = (
    select(
        change.c.cursor,
        offering.c.offering_id,
        feed.c.name.label("feed"),
        change.c.kind,
        change.c.at,
        offering.c.title,
        change.c.reason,
        change.c.fields,
    )
    .join(offering, offering.c.key == change.c.offering_key)
    .join(feed, feed.c.key == change.c.feed_key)
)


def _change(row: Any) -> Change:
    return Change(**{**row._mapping, "fields": msgspec.json.decode(row.fields, type=list[str])})


def read_changes(engine: Engine, after: int = 0, limit: int = 1000, feed_name: str | None = None) -> ChangePage:
    """Return at most `limit` changes after a cursor, oldest first, of one feed or of all."""
    query = _READ.where(change.c.cursor > after).order_by(change.c.cursor).limit(limit + 1)
    if feed_name is not None:
        query = query.where(feed.c.name == feed_name)
    with engine.connect() as connection:
        found = [_change(row) for row in connection.execute(query)]
    shown = found[:limit]
    return ChangePage(shown, shown[-1].cursor if shown else after, more=len(found) > limit)


def changes_of_candidate(connection: Connection, candidate_key: int, limit: int = 100) -> list[Change]:
    """What a candidate changed, losses first."""
    query = _READ.where(change.c.candidate_key == candidate_key).order_by(_LOSSES_FIRST, change.c.cursor).limit(limit)
    return [_change(row) for row in connection.execute(query)]
