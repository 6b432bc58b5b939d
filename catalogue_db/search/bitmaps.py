"""One bit per offering for every common term and every facet's value, kept in step by differences.

A bitmap is cut in chunks of 65,536 offerings by key: ``chunk`` is ``key >> 16``, the bit is the rest. Bit *i* is byte
``i >> 3``, mask ``0x80 >> (i & 7)``: the order of PostgreSQL's ``get_bit``. A chunk without any bit has no row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete

from catalogue_db.search import stores
from catalogue_db.tables import search_bitmap

CHUNK_BITS = 16
BITS = 1 << CHUNK_BITS
BYTES = BITS // 8

_MOST_PENDING = 3_000_000
"""Differences kept in memory (two bytes each) before they are written."""

_MANY = 2_000
"""From so many bits on, one letter a bit and Python's own parser are faster than one byte operation a bit."""

Place = tuple[str, str, int]
"""Kind, value, chunk."""


def packed(lows: array[int]) -> bytes:
    """The bitmap of a chunk in which these bits are set."""
    if len(lows) < _MANY:
        some = bytearray(BYTES)
        for low in lows:
            some[low >> 3] |= 0x80 >> (low & 7)
        return bytes(some)
    letters = bytearray(b"0" * BITS)
    for low in lows:
        letters[low] = 49
    return int(letters, 2).to_bytes(BYTES, "big")


class BitmapWriter:
    """Collects differences (a bit on, a bit off) and writes them. Of one bit, "on" counts more than "off"."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._on: dict[Place, array[int]] = {}
        self._off: dict[Place, array[int]] = {}
        self._pending = 0

    def on(self, key: int, values: Iterable[tuple[str, str]]) -> None:
        """The offering has these values from now on."""
        self._note(self._on, key, values)

    def off(self, key: int, values: Iterable[tuple[str, str]]) -> None:
        """The offering does not have these values any more."""
        self._note(self._off, key, values)

    def _note(self, noted: dict[Place, array[int]], key: int, values: Iterable[tuple[str, str]]) -> None:
        chunk, low = key >> CHUNK_BITS, key & (BITS - 1)
        for kind, value in values:
            place = (kind, value, chunk)
            if place not in noted:
                noted[place] = array("H")
            noted[place].append(low)
            self._pending += 1

    def flush(self, *, only_if_many: bool = False) -> None:
        """Write what was collected."""
        if not only_if_many or self._pending > _MOST_PENDING:
            changes = (
                (place, packed(self._on.pop(place, array("H"))), packed(self._off.pop(place, array("H"))))
                for place in sorted(self._on.keys() | self._off.keys())
            )
            stores.store(self._connection).write_bitmaps(self._connection, changes)
            self._pending = 0


def forget(connection: Connection, kinds: Iterable[str], values: Iterable[str]) -> None:
    """Take the bitmaps of some values away."""
    several = [{"of_kind": kind, "of_value": value} for kind in kinds for value in values]
    if several:
        same = (search_bitmap.c.kind == bindparam("of_kind")) & (search_bitmap.c.value == bindparam("of_value"))
        connection.execute(delete(search_bitmap).where(same), several)
