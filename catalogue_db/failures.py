"""What a database's own errors mean for the person who must act.

Only outages are told: a lock that is not given back, a lost connection, a full disk, a server that only reads, a
damaged file, a right that is missing. Anything else is a defect of ours and stays the error it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from sqlalchemy.engine import ExceptionContext

from catalogue_db.candidate import CatalogueError

_UNCHANGED = "Nothing was changed"
_LOST = (
    f"The connection to the catalogue's database was lost. {_UNCHANGED}, unless it happened at the very end; either "
    "way the next run begins from what is there. See that the server is up, and run again."
)
_FULL = (
    f"The disk of the catalogue's database is full. {_UNCHANGED}: what is live stays live. Make room, and run again."
)
_LOCKED = (
    "The catalogue was locked by another process for as long as a writer waits (ten minutes). "
    f"{_UNCHANGED}; run again when the other load has ended."
)
_READS_ONLY = (
    f"The server of the catalogue's database only reads, as a standby does. {_UNCHANGED}. Give the address of the "
    "server that takes writes (CATALOGUE_DATABASE_URL), or wait until this one does, and run again."
)
_STOPPED = (
    f"The server stopped a statement before it was done: a time limit, or somebody cancelled it. {_UNCHANGED}. Loads "
    "need a role without statement_timeout (catalogue db roles writes one); then run again."
)
_BROKEN = (
    "The catalogue's file is damaged, or no SQLite file. Say catalogue db check to see how far; restore the newest "
    "backup in which that is well, then run catalogue run: what came since comes again from the sources."
)
_SHUT = (
    f"The catalogue's file cannot be opened, or not for writing. {_UNCHANGED}. See that it and its folder belong to "
    "who runs this, and run again."
)
_DAMAGED = f"The catalogue's file cannot be read or written. {_UNCHANGED}. See that its disk is well, and run again."


_SIGNS = {
    "locked": _LOCKED,
    "is full": _FULL,
    "disk I/O error": _DAMAGED,
    "malformed": _BROKEN,
    "not a database": _BROKEN,
    "unable to open": _SHUT,
    "readonly database": _SHUT,
}
"""What SQLite says, and what it means."""


def tell(context: ExceptionContext) -> None:
    """Raise `CatalogueError` in place of a driver's error that means an outage: SQLAlchemy asks at every error."""
    error = context.original_exception
    told = _unreachable(error) if context.connection is None else explanation(error)
    if told is not None:
        raise CatalogueError(told) from context.original_exception


@contextmanager
def explained() -> Iterator[None]:
    """The same for what is said to the driver directly."""
    try:
        yield
    except psycopg.Error as error:
        told = explanation(error)
        if told is None:
            raise
        raise CatalogueError(told) from error


def explanation(error: BaseException) -> str | None:
    """What happened and what to do; None for an error that is no outage."""
    if isinstance(error, psycopg.Error):
        return _of_postgres(error)
    return _of_sqlite(str(error)) if isinstance(error, sqlite3.Error) else None


def _unreachable(error: BaseException) -> str | None:
    """A connection that never came about."""
    if not isinstance(error, psycopg.OperationalError):
        return explanation(error)
    return (
        f"The catalogue's database cannot be reached, or does not let us in: {_first_line(error)}. See that the "
        "server is up and that the address is right (CATALOGUE_DATABASE_URL), and run again."
    )


def _of_postgres(cause: psycopg.Error) -> str | None:
    if isinstance(cause, errors.LockNotAvailable):
        return _LOCKED
    if isinstance(cause, errors.DiskFull | errors.ConfigurationLimitExceeded):
        return f"{_FULL} The server says: {_first_line(cause)}"
    if isinstance(cause, errors.InsufficientPrivilege):
        return (
            f"The database refused: {_first_line(cause)}. {_UNCHANGED}. Tables and views are brought up to date by the "
            "owner of the catalogue (catalogue db upgrade); which role may do what, catalogue db roles writes."
        )
    if isinstance(cause, errors.ReadOnlySqlTransaction):
        return _READS_ONLY
    if isinstance(cause, errors.QueryCanceled):
        return f"{_STOPPED} The server says: {_first_line(cause)}"
    if cause.sqlstate is None or cause.sqlstate.startswith(("08", "57P")):
        return f"{_LOST} The server says: {_first_line(cause)}" if isinstance(cause, psycopg.OperationalError) else None
    return None


def _of_sqlite(told: str) -> str | None:
    return next((meaning for sign, meaning in _SIGNS.items() if sign in told), None)


def _first_line(cause: psycopg.Error) -> str:
    return (str(cause).splitlines() or [type(cause).__name__])[0].rstrip(".")
