"""Sets of offerings as whole numbers: one bit per offering, so that *and*, *or*, *not* and counting are one operation.

The same bits as the table ``search_bitmap`` keeps in chunks: offering `key` is bit ``key & 65535`` of chunk
``key >> 16``, counted from the left. Chunks are laid side by side, the first one leftmost, so the newest offering is
the lowest bit. All sets of one search are equally wide; the empty set is 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

CHUNK_BYTES = 8192
"""Bytes of a chunk: 65,536 offerings."""

_SOMETHING = re.compile(rb"[^\0]+")
_PLACES = tuple(tuple(place for place in range(7, -1, -1) if byte & (0x80 >> place)) for byte in range(256))
"""For each byte, the places of its bits, the last one first."""


class Width:
    """How wide the sets of a search are: enough chunks for the newest live offering."""

    def __init__(self, chunks: int) -> None:
        self.chunks = chunks
        self._bytes = chunks * CHUNK_BYTES

    def joined(self, rows: Iterable[tuple[int, bytes]]) -> int:
        """The set of what is in any of some bitmaps (chunk, bits); chunks that are not given are empty."""
        parts: dict[int, int] = {}
        for chunk, bits in rows:
            if chunk < self.chunks:
                parts[chunk] = parts.get(chunk, 0) | int.from_bytes(bits, "big")
        return sum(part << self._shift(chunk) for chunk, part in parts.items())

    def chunk(self, members: int, chunk: int) -> int:
        """One chunk of a set, by itself."""
        return members >> self._shift(chunk) & _WHOLE_CHUNK

    def _shift(self, chunk: int) -> int:
        return (self.chunks - 1 - chunk) * CHUNK_BYTES * 8

    def of(self, keys: Iterable[int]) -> int:
        """The set of these offerings; keys beyond its width are left out."""
        laid, beyond = bytearray(self._bytes), self._bytes * 8
        for key in keys:
            if 0 <= key < beyond:
                laid[key >> 3] |= 0x80 >> (key & 7)
        return int.from_bytes(laid, "big")

    def newest_first(self, members: int) -> Iterator[int]:
        """The keys of the offerings in a set, greatest first; costs by how many are taken."""
        turned = members.to_bytes(self._bytes, "little")
        for found in _SOMETHING.finditer(turned):
            for place in range(found.start(), found.end()):
                first = (self._bytes - 1 - place) * 8
                for bit in _PLACES[turned[place]]:
                    yield first + bit

    def lookup(self, members: int) -> bytes:
        """The set as bytes, to ask for single offerings with `holds`."""
        return members.to_bytes(self._bytes, "big")


_WHOLE_CHUNK = (1 << (CHUNK_BYTES * 8)) - 1


def holds(looked_up: bytes, key: int) -> bool:
    """Whether an offering is in a set, given as `Width.lookup` makes it."""
    return key >> 3 < len(looked_up) and bool(looked_up[key >> 3] & (0x80 >> (key & 7)))
