"""Whether a catalogue is whole: what otherwise nobody notices until a portal stumbles over it.

Nothing here can be wrong as long as only this software writes to the database and its disk is well; both are beyond our
power. Each check says what was found and what to do; none changes anything. Done on one state of the database, with the
writers' lock, so that no load goes on meanwhile; readers are not disturbed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import msgspec
from sqlalchemy import Connection, Engine, Select, func, select

from catalogue_db import dialects, migrations
from catalogue_db.candidate import CatalogueError
from catalogue_db.migrations import MigrationStatus
from catalogue_db.tables import offering, search_offering

_RESTORE = (
    "Something other than this software wrote to the database, or its disk failed. Restore the newest backup in which "
    "this check is well, then run catalogue run: what came since comes again from the sources."
)
_UPGRADE = "Run catalogue db upgrade; no data changes by it but what the pending revisions say."
_NEWER = "The database was made by a newer version of the software: install that one."
_REBUILD = "Run catalogue db rebuild-search: the index is made anew from the offerings, readers are not disturbed."
_WHOLE = "the file is not damaged"
_MOST = 5


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. `found` and `remedy`: what is wrong and what to do; empty where all is well."""

    name: str
    well: bool = True
    found: str = ""
    remedy: str = ""


def check(engine: Engine) -> list[Check]:
    """Look at everything: the shape of the tables, the file, what points where, the search index.

    A database of another shape, or in a damaged file, is not looked into any further. Raises `CatalogueError` where the
    lock cannot be had.
    """
    try:
        shape = _shape(migrations.status(engine))
        if not shape.well:
            return [shape]
        with engine.connect() as connection, dialects.write_transaction(connection):
            file = _file(connection)
            looks = [look(connection) for look in _LOOKS if file.well]
            return [shape, *looks] if dialects.is_postgres(connection) else [shape, file, *looks]
    except CatalogueError as error:
        if type(error.__cause__) is not sqlite3.DatabaseError:
            raise
        return [Check(_WHOLE, False, str(error.__cause__), _RESTORE)]


def _shape(status: MigrationStatus) -> Check:
    name = "tables and views are those of this version"
    if status.up_to_date:
        return Check(name)
    pending = ", ".join(f"{each.revision} {each.title}" for each in status.pending)
    if pending:
        return Check(name, False, f"Pending: {pending}.", _UPGRADE)
    if status.views_current:
        return Check(name, False, f"It is at revision {status.current}, which is not known here.", _NEWER)
    missing = f"These views are not there: {', '.join(status.missing_views)}." if status.missing_views else ""
    return Check(name, False, missing or "Views, functions or code lists are of another version.", _UPGRADE)


def _file(connection: Connection) -> Check:
    damage = dialects.damage(connection, _MOST)
    return Check(_WHOLE, not damage, "; ".join(damage), _RESTORE if damage else "")


def _references(connection: Connection) -> Check:
    orphans = dialects.orphans(connection)
    told = [f"{count} rows of {table} point to rows of {parent} that are not there" for table, parent, count in orphans]
    return Check("every row points to one that is there", not told, "; ".join(told), _RESTORE if told else "")


def _index(connection: Connection) -> Check:
    name = "the search index agrees with the offerings"
    here, live = search_offering.c.key, offering.c.status == "live"
    joined = offering.outerjoin(search_offering, here == offering.c.key)
    lost = _count(connection, select(func.count()).select_from(joined).where(live, here.is_(None)))
    joined = search_offering.join(offering, here == offering.c.key)
    left_over = _count(connection, select(func.count()).select_from(joined).where(~live))
    told = [
        f"{lost} live offerings are not in it" if lost else "",
        f"{left_over} that are live no more are still in it" if left_over else "",
        "" if dialects.check_index(connection) else "its words are not those of the texts",
    ]
    found = "; ".join(each for each in told if each)
    return Check(name, not found, found, _REBUILD if found else "")


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar_one()


_LOOKS: tuple[Callable[[Connection], Check], ...] = (_references, _index)
