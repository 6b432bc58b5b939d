"""What the search keeps in each database's own way, as one list of things to do; and rows that are written in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, SelectBase, Table
from sqlalchemy.dialects import postgresql, sqlite

from catalogue_db.dialects import is_postgres
from catalogue_db.search import store_postgres, store_sqlite

Change = tuple[tuple[str, str, int], bytes, bytes]
"""(kind, value, chunk), the bits that become on, the bits that become off."""


class Store(Protocol):
    """The full-text index, and how bitmaps are combined."""

    HITS_PER_DOCUMENT: int

    def add_texts(self, connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
        """Index texts: rows with ``key`` and, by part, folded and stemmed words. To give them must ask nothing."""

    def remove_texts(self, connection: Connection, keys: Sequence[int]) -> None:
        """Forget the texts of offerings."""

    def empty_texts(self, connection: Connection) -> None:
        """Forget all texts."""

    def keys_with(self, connection: Connection, term: str, *, in_title: bool) -> Iterator[int]:
        """The keys of the offerings that have a term, in order."""

    def terms_in_order(self, connection: Connection) -> Iterator[tuple[int, set[str], set[str]]]:
        """All offerings in the order of their keys, with the terms of their titles and all their terms."""

    def write_bitmaps(self, connection: Connection, changes: Iterable[Change]) -> None:
        """Turn bits on and off; a bitmap without bits has no row."""

    def tidy(self, connection: Connection) -> None:
        """What is to be done at the end of a load, so that the next search is as fast as any."""


def store(connection: Connection) -> Store:
    """The one for a database."""
    return store_postgres if is_postgres(connection) else store_sqlite


def add(connection: Connection, table: Table, names: Sequence[str], rows: SelectBase, counts: Collection[str]) -> None:
    """Insert what a query gives (it must have a condition); where a row is there already, add its counts to it."""
    dialect = postgresql if is_postgres(connection) else sqlite
    statement = dialect.insert(table).from_select(list(names), rows)
    key = [column.name for column in table.primary_key]
    sums = {name: table.c[name] + statement.excluded[name] for name in counts}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=sums))
