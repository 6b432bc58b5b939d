"""PostgreSQL's own ways: schemas, the write lock, COPY. Reached through `catalogue_db.dialects`, never directly.

Base tables lie in the schema ``catalogue``, views and functions for portals in ``portal``. Every connection looks there
and nowhere else, so the rest of the room names no schema.

A reader sees one state in all statements of a read (REPEATABLE READ) and is never blocked. A writer waits for one lock
that all writers of the catalogue share, and sees what the one before it committed (READ COMMITTED, so that each
statement after the lock is had looks anew). See ``docs/decisions/0014-one-writer.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import URL, Connection, Table, text

from catalogue_db.candidate import CatalogueError

TABLES, PORTAL = "catalogue", "portal"
"""The schemas: what is ours to change, and what portals may rely on."""

WRITE_LOCK = 0x6D6963726F63  # "microc"
"""The key of the advisory lock that every writer of the catalogue takes. One catalogue per database."""

_ON_CONNECT = (
    f"SET search_path = {TABLES}, {PORTAL}",
    "SET jit = off",  # the statements here are short: compiling one takes longer than running it
    "SET timezone = 'UTC'",
)
_CONNECT_SECONDS = "10"
_MOMENT_MS = 1_000


def address(url: URL) -> URL:
    """The address with the driver that is used here; ``postgres://`` and ``postgresql://`` mean it too."""
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    given = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "catalogue",
        **url.query,
        "client_encoding": "utf8",
    }
    return url.set(query=given)


def connected(connection: psycopg.Connection[Any]) -> None:
    """Prepare a new connection. What is set holds for the session, so a pooler must keep sessions whole.

    Raises `CatalogueError` where the database cannot keep every language's letters.
    """
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise CatalogueError(
            f"The database {connection.info.dbname} keeps its texts in {encoding}, which lacks letters that offerings "
            "have. Make one in UTF8 (CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0) and give its address."
        )
    connection.autocommit = True
    for statement in _ON_CONNECT:
        connection.execute(statement)
    connection.autocommit = False


def begin(connection: Connection, *, writes: bool, wait_ms: int) -> None:
    """Begin a transaction; one that writes has the lock afterwards. Raises the driver's error when it cannot be had.

    The lock is given back when the transaction is over, after what it wrote can be seen: keys and cursors that are
    given out under it are visible in their order.
    """
    driver = _driver(connection)
    driver.isolation_level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
    if not writes:
        return
    try:
        driver.execute(f"SET LOCAL lock_timeout = {int(wait_ms)}")
        driver.execute(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
    except psycopg.Error:
        if not driver.closed:
            driver.rollback()
        raise


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def admit(connection: Connection) -> None:
    """Raise `CatalogueError` for a role that may not read the schema of the tables."""
    query = "SELECT current_user, has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = :name"
    for role, is_let_in in connection.execute(text(query), {"name": TABLES}):
        if not is_let_in:
            raise CatalogueError(
                f"The role {role} may not read the catalogue's own tables. A portal asks the views and functions of "
                f"the schema {PORTAL} in SQL (docs/database.md); this needs the role that loads, or the owner."
            )


def make_schemas(connection: Connection) -> None:
    """Make the schemas where they are missing. (``IF NOT EXISTS`` asks for a right that the owner need not have.)"""
    known = set(connection.execute(text("SELECT nspname FROM pg_namespace")).scalars())
    for schema in (TABLES, PORTAL):
        if schema not in known:
            connection.execute(text(f"CREATE SCHEMA {schema}"))


def between_readers(connection: Connection, act: Callable[[], None], wait_ms: int) -> None:
    """Do what needs locks that readers mind: asked for again and again, each time for a moment."""
    driver, end = _driver(connection), monotonic() + wait_ms / 1000
    while True:
        driver.execute(f"SET LOCAL lock_timeout = {_MOMENT_MS}")
        try:
            with connection.begin_nested():
                act()
        except CatalogueError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable) or monotonic() > end:
                raise
            sleep(_MOMENT_MS / 1000)
        else:
            driver.execute(f"SET LOCAL lock_timeout = {int(wait_ms)}")
            return


def copy(connection: Connection, target: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by COPY. `target`: the table's name as SQL; `rows`: values in the order of `names`."""
    columns = ", ".join(f'"{name}"' for name in names)
    statement = f"COPY {target} ({columns}) FROM STDIN"
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


def insert(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, as they come. `rows`: values in the order of `names`, the columns."""
    copy(connection, _name(connection, table), names, rows)


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose keys are not there yet."""
    scratch, columns = _scratch(connection, table, rows), _listed(rows[0])
    connection.exec_driver_sql(
        f"INSERT INTO {_name(connection, table)} ({columns}) SELECT {columns} FROM {scratch} ON CONFLICT DO NOTHING"
    )


def update(connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Give rows new values: one statement that joins the table with what was copied beside it."""
    scratch = _scratch(connection, table, rows)
    values = ", ".join(f'"{name}" = given."{name}"' for name in rows[0] if name != key)
    target, same = _name(connection, table), f'old."{key}" = given."{key}"'
    connection.exec_driver_sql(f"UPDATE {target} AS old SET {values} FROM {scratch} AS given WHERE {same}")


def _scratch(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> str:
    """Copy rows into a temporary table of the transaction, with the types of `table`'s columns, and return its name.

    The same columns use the same one again, emptied: in the transaction that made it that costs nothing.
    """
    names = tuple(rows[0])
    digest = hashlib.blake2b(" ".join(names).encode(), digest_size=4).hexdigest()
    scratch = f'pg_temp."given_{table.name}_{digest}"'
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {scratch} ON COMMIT DROP AS "
        f"SELECT {_listed(names)} FROM {_name(connection, table)} WITH NO DATA"
    )
    connection.exec_driver_sql(f"TRUNCATE {scratch}")
    copy(connection, scratch, names, (tuple(map(row.__getitem__, names)) for row in rows))
    return scratch


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _name(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)


def read_mark(connection: Connection) -> str | None:
    """What `write_mark` wrote last."""
    query = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name"
    told: str | None = connection.execute(text(query), {"name": TABLES}).scalar()
    return told.rpartition(" ")[2] if told else None


def write_mark(connection: Connection, mark: str) -> None:
    """Keep a short word about the shape of views and functions, in the comment of the schema."""
    connection.execute(text(f"COMMENT ON SCHEMA {TABLES} IS 'Base tables of the catalogue. Shape: {mark}'"))
