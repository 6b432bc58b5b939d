"""What was read, on disk while the rest is read: a register is as large as DEQAR is, and memory is not.

A private SQLite file without a name: SQLite makes it where temporary files are kept, sorts in it, and removes it when
it is closed. Nobody else can see it, and a crash leaves nothing behind.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

import msgspec

Kind = TypeVar("Kind")
Told = tuple[int, int, bytes]
"""Id of an entity, rank of the shape, and what a record of that shape says of it."""

_AT_ONCE = 1000
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-16384")


class Spill:
    """A temporary file for one reading. It goes when nothing that was made from it is left."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        weakref.finalize(self, self._connection.close)

    def shelf(self, name: str) -> Shelf:
        """Return an empty place for what is told of entities of one kind. `name`: a word of ours."""
        self._connection.execute(f'CREATE TABLE "told_{name}" (id INTEGER, rank INTEGER, body BLOB)')
        return Shelf(self, name)

    def kept(self, kind: type[Kind]) -> Kept[Kind]:
        """Return an empty sequence of entities of one kind that lies in the file."""
        self._connection.execute(f'CREATE TABLE "kept_{kind.__name__}" (place INTEGER PRIMARY KEY, body BLOB)')
        return Kept(self, kind)

    def write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement for many rows."""
        if rows:
            self._connection.execute("BEGIN")
            self._connection.executemany(statement, rows)
            self._connection.execute("COMMIT")

    def read(self, statement: str, *values: Any) -> Iterator[Any]:
        """Yield the rows of a query as they are found."""
        yield from self._connection.execute(statement, values)


class Shelf:
    """What is told of entities of one kind, in the order in which it is read."""

    def __init__(self, spill: Spill, name: str) -> None:
        self._spill = spill
        self._name = name
        self._waiting: list[Told] = []

    def put(self, key: int, rank: int, body: bytes) -> None:
        """Put one record there."""
        self._waiting.append((key, rank, body))
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def told(self) -> Iterator[Told]:
        """Yield everything, by id and rank."""
        self._flush()
        yield from self._spill.read(f'SELECT id, rank, body FROM "told_{self._name}" ORDER BY id, rank')

    def _flush(self) -> None:
        self._spill.write(f'INSERT INTO "told_{self._name}" VALUES (?, ?, ?)', self._waiting)
        self._waiting = []


class Kept(Sequence[Kind], Generic[Kind]):
    """Entities in the order in which they were added, read from the file each time they are asked for."""

    def __init__(self, spill: Spill, kind: type[Kind]) -> None:
        self._spill = spill
        self._table = f'"kept_{kind.__name__}"'
        self._decoder = msgspec.json.Decoder(kind)
        self._waiting: list[tuple[int, bytes]] = []
        self._length = 0

    def add(self, entity: Kind) -> None:
        """Add an entity at the end."""
        self._waiting.append((self._length, msgspec.json.encode(entity)))
        self._length += 1
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Kind]:
        self._flush()
        for (body,) in self._spill.read(f"SELECT body FROM {self._table} ORDER BY place"):
            yield self._decoder.decode(body)

    @overload
    def __getitem__(self, place: int) -> Kind: ...

    @overload
    def __getitem__(self, place: slice) -> list[Kind]: ...

    def __getitem__(self, place: int | slice) -> Kind | list[Kind]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(self._length))]
        self._flush()
        at = range(self._length)[place]
        ((body,),) = self._spill.read(f"SELECT body FROM {self._table} WHERE place = ?", at)
        return self._decoder.decode(body)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self._length} of {self._table}>"

    def _flush(self) -> None:
        self._spill.write(f"INSERT INTO {self._table} VALUES (?, ?)", self._waiting)
        self._waiting = []
