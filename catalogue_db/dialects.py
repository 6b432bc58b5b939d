"""Everything that differs between the databases, in one place.

The rest of the room is SQLAlchemy Core that means the same everywhere. What each does in its own way: how a connection
is set up, how the write lock is taken, how many rows are written at once, what "today" is called in a view, and the
full-text index (SQLite's only). PostgreSQL's part is in `catalogue_db.postgres`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    any_,
    bindparam,
    delete,
    event,
    literal,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.dml import Insert

from catalogue_db import postgres
from catalogue_db.candidate import CatalogueError
from catalogue_db.failures import explained, tell

T = TypeVar("T")

LOCK_TIMEOUT_MS = 600_000
"""How long a writer waits for another one: a first load of a very large feed takes minutes. Readers never wait."""

_WRITES = "catalogue_writes"
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers see the last committed state while a load goes on
    "PRAGMA synchronous=NORMAL",  # in WAL mode the file stays whole whatever stops; durable at each checkpoint
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={LOCK_TIMEOUT_MS}",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=2147418112",  # pages are read where they lie: half the time of reading a thousand texts
    "PRAGMA journal_size_limit=67108864",  # a large load's journal is given back to the disk afterwards
)


def is_postgres(connection: Connection) -> bool:
    """Whether this is PostgreSQL."""
    return connection.dialect.name == "postgresql"


def configure(engine: Engine) -> None:
    """Prepare every connection of an engine."""
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", tell)


def _connected(connection: Any, _record: Any) -> None:
    """On SQLite, hand transactions over to SQLAlchemy (the driver's own begin skips DDL and reads), set the pragmas."""
    if not isinstance(connection, sqlite3.Connection):
        postgres.connected(connection)
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: a transaction that reads first and writes later could be refused in between."""
    writes = bool(connection.get_execution_options().get(_WRITES, False))
    if is_postgres(connection):
        postgres.begin(connection, writes=writes, wait_ms=LOCK_TIMEOUT_MS)
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def write_transaction(connection: Connection) -> Iterator[Connection]:
    """One transaction that writes, alone: writers come one after the other, so that keys and cursors grow in order.

    What was read before it began may have changed. Raises `CatalogueError` where the lock cannot be had, or where the
    database fails for a reason that a person can do something about; nothing has changed then.
    """
    connection.execution_options(**{_WRITES: True})
    try:
        with explained(), connection.begin():
            yield connection
    finally:
        connection.execution_options(**{_WRITES: False})


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows at once (none is fine), leaving alone those whose keys are there already."""
    if not rows:
        return
    if is_postgres(connection):
        postgres.insert_missing(connection, table, rows)
    else:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)


def insert_or_ignore(connection: Connection, table: Table) -> Insert:
    """An insert (from a query, say) that leaves rows alone which are there already."""
    if is_postgres(connection):
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def bulk_insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows at once (none is fine); all name the same columns.

    On SQLite the rows go to the driver as they are: preparing each one again costs as much as writing it. On PostgreSQL
    they go by COPY as they come: the server writes while the next ones are made, which must not ask it anything.
    """
    stream = iter(rows)
    if (first := next(stream, None)) is None:
        return
    names = tuple(first)
    values = (tuple(map(row.__getitem__, names)) for row in chain([first], stream))
    if is_postgres(connection):
        postgres.insert(connection, table, names, values)
    else:
        connection.exec_driver_sql(_insertion(table, names), list(values))


def bulk_update(connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Give many rows new values at once (none is fine); all name the same columns, the `key` column among them."""
    if not rows:
        return
    if is_postgres(connection):
        postgres.update(connection, table, key, rows)
    else:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != key}
        statement = update(table).where(table.c[key] == bindparam("of_key")).values(values)
        given = [{"of_key": row[key], **{f"new_{name}": row[name] for name in values}} for row in rows]
        connection.execute(statement, given)


def is_among(connection: Connection, column: ColumnElement[T], keys: Sequence[T]) -> ColumnElement[bool]:
    """The condition that a column has one of these values: on PostgreSQL one parameter, however many."""
    if is_postgres(connection):
        return column == any_(literal(list(keys), ARRAY(column.type)))
    return column.in_(keys)


def empty(connection: Connection, table: Table) -> None:
    """Empty a temporary table for its next use. On PostgreSQL, deleted rows would stay and be read until it ends."""
    connection.execute(text(f"TRUNCATE {table.name}") if is_postgres(connection) else delete(table))


def analyse(connection: Connection, table: Table, *columns: Column[Any]) -> None:
    """Let the planner know what a temporary table holds (nobody else does), in some columns or in all; SQLite plans
    well without.
    """
    if is_postgres(connection):
        some = f"({', '.join(column.name for column in columns)})" if columns else ""
        connection.execute(text(f"ANALYZE {table.name} {some}"))


@lru_cache(maxsize=256)
def _insertion(table: Table, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{table.c[name].name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'


def today(dialect_name: str) -> str:
    """The current day (UTC) as an ISO text, for views."""
    return "to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD')" if dialect_name == "postgresql" else "date('now')"


def view_name(dialect_name: str, name: str) -> str:
    """Where a view lives: on PostgreSQL in the schema that portals may read."""
    return f"portal.{name}" if dialect_name == "postgresql" else name


def admit(connection: Connection) -> None:
    """Raise `CatalogueError` where who is connected may not read the tables; an empty database anyone may look at."""
    if is_postgres(connection):
        postgres.admit(connection)


def prepare(connection: Connection) -> None:
    """Make what tables and views lie in."""
    if is_postgres(connection):
        postgres.make_schemas(connection)


def between_readers(connection: Connection, act: Callable[[], None]) -> None:
    """Do what nobody may read during, in the transaction.

    On PostgreSQL a reader that does not end keeps it waiting, and it all readers that come after: so it is given up
    after a moment and tried again, for as long as a writer waits.
    """
    if is_postgres(connection):
        postgres.between_readers(connection, act, LOCK_TIMEOUT_MS)
    else:
        act()


def read_mark(connection: Connection) -> str | None:
    """The word that `write_mark` kept, none before the first."""
    if is_postgres(connection):
        return postgres.read_mark(connection)
    number = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    return f"{number:07x}" if number else None


def write_mark(connection: Connection, mark: str) -> None:
    """Keep a word of seven hexadecimal digits with the database, in the transaction."""
    if is_postgres(connection):
        postgres.write_mark(connection, mark)
    else:
        connection.exec_driver_sql(f"PRAGMA user_version = {int(mark, 16)}")


# --- the full-text index ------------------------------------------------------------------------------------------

SEARCH_COLUMNS = ("title", "outcomes", "provider", "keywords", "description")

CREATE_SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    + ", ".join(SEARCH_COLUMNS)
    + ", content='search_text', content_rowid='key', tokenize=\"unicode61 remove_diacritics 0 tokenchars '+#'\")",
    # words are gathered in memory before they are written: a large load merges its index less often
    "INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 33554432)",
)
"""FTS5 over the folded and stemmed words in ``search_text``. It can be made anew from them at any time."""

_COLUMNS = ", ".join(SEARCH_COLUMNS)
_INDEX_ROWS = f"INSERT INTO search_index(rowid, {_COLUMNS}) VALUES ({', '.join('?' * (1 + len(SEARCH_COLUMNS)))})"
_UNINDEX = (
    f"INSERT INTO search_index(search_index, rowid, {_COLUMNS}) SELECT 'delete', key, {_COLUMNS} FROM search_text "
    "WHERE key IN ({keys})"
)


def index_rows(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows (as in ``search_text``) to the full-text index."""
    if rows and not is_postgres(connection):
        names = ("key", *SEARCH_COLUMNS)
        connection.exec_driver_sql(_INDEX_ROWS, [tuple(row[name] for name in names) for row in rows])


def unindex(connection: Connection, keys_query: str, **parameters: Any) -> None:
    """Take offerings out of the full-text index. `keys_query` selects their keys.

    The index is told the words it has to forget, so this must happen before ``search_text`` changes.
    """
    if not is_postgres(connection):
        connection.execute(text(_UNINDEX.format(keys=keys_query)), parameters)


def empty_index(connection: Connection) -> None:
    """Forget everything the full-text index holds."""
    if not is_postgres(connection):
        connection.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))


def damage(connection: Connection, most: int) -> list[str]:
    """What is wrong with the database's file, at most so many things. PostgreSQL's server looks after its own."""
    if is_postgres(connection):
        return []
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({most})").scalars()
    return [str(each) for each in found if each != "ok"]


def orphans(connection: Connection) -> list[tuple[str, str, int]]:
    """Tables with rows that point nowhere: the table, the table they point to, how many. None can come about on
    PostgreSQL; on SQLite by a program that does not ask for foreign keys to be held."""
    if is_postgres(connection):
        return []
    found = Counter((row[0], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))
    return [(table, parent, count) for (table, parent), count in sorted(found.items())]


def check_index(connection: Connection) -> bool:
    """Whether the full-text index agrees with ``search_text``; on PostgreSQL, which keeps its indexes in step itself,
    whether every offering that can be searched has its words.
    """
    if is_postgres(connection):
        missing = "SELECT EXISTS (SELECT key FROM search_offering EXCEPT SELECT key FROM search_vector)"
        return not connection.execute(text(missing)).scalar_one()
    try:
        connection.execute(text("INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"))
    except (DatabaseError, CatalogueError):  # words that are not those of the texts are "malformed" for SQLite
        return False
    return True
