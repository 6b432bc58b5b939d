"""One entity out of the several shapes in which DEQAR tells it.

A report, for example, stands in a list, under its institution, in its own record and in a CSV file; each shape tells
some fields better, some worse, some not at all. A *shape* says which fields it tells and how far it is to be trusted;
for each field the most trusted shape that tells it wins, even if what it tells is "nothing". The outcome does not
depend on the order in which pages came, and reading the same pages twice changes nothing.

What was read waits on disk (`connectors.deqar.spill`) until all of it has been read, because the parts of one entity
may stand at both ends of a snapshot; memory holds one entity at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

import msgspec

from connectors.deqar.spill import Shelf, Spill, Told
from standard.register import Agency, RegisterProvider, Report

Kind = TypeVar("Kind", Agency, RegisterProvider, Report)


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which DEQAR tells an entity.

    `rank`: a higher one is trusted more; it is the shape's number, so no two shapes of one kind have the same. `tells`:
    the fields it tells. `hints`: fields that it tells badly; they are used where no other shape has anything.
    `gathers`: lists of which each record of this shape brings one part (a CSV file has a row for each programme).
    """

    name: str
    rank: int
    tells: frozenset[str]
    hints: frozenset[str] = frozenset()
    gathers: frozenset[str] = frozenset()


class Gathering(Generic[Kind]):
    """All that was read of entities of one kind (`kind`). `spill`: where it waits."""

    def __init__(self, kind: type[Kind], spill: Spill) -> None:
        self._decoder: msgspec.json.Decoder[Kind] = msgspec.json.Decoder(kind)
        self._shelf: Shelf = spill.shelf(kind.__name__)
        self._shapes: dict[int, Shape] = {}

    def add(self, key: int, shape: Shape, entity: Kind) -> None:
        """Add what one record says. The same record twice is the same; two that differ are settled by content."""
        self._shapes[shape.rank] = shape
        self._shelf.put(key, shape.rank, msgspec.json.encode(entity))

    def merged(self) -> Iterator[tuple[int, Kind, bool]]:
        """Yield each entity once, by ascending id, and whether nothing but mentions (rank 0) was read of it."""
        for key, told in groupby(self._shelf.told(), key=_key):
            shapes = [
                (self._shapes[rank], self._of_one_shape(self._shapes[rank], group))
                for rank, group in groupby(told, key=_rank)
            ]
            yield key, _merged(shapes), len(shapes) == 1 and shapes[0][0].rank == 0

    def _of_one_shape(self, shape: Shape, told: Iterator[Told]) -> Kind:
        """What records of one shape say together, in an order that is not that of the pages: the fullest last."""
        bodies = sorted({body for _key, _rank, body in told}, key=_fullness)
        entities = [self._decoder.decode(body) for body in bodies]
        if len(entities) == 1 or not shape.gathers:
            return entities[-1]
        lists = {name: _union([getattr(one, name) for one in entities]) for name in shape.gathers}
        return msgspec.structs.replace(entities[-1], **lists)


def _key(told: Told) -> int:
    return told[0]


def _rank(told: Told) -> int:
    return told[1]


def _fullness(body: bytes) -> tuple[int, bytes]:
    """What settles which of two records of one shape is kept: the longer one says more."""
    return len(body), body


def _merged(told: list[tuple[Shape, Kind]]) -> Kind:
    ranked = sorted(told, key=lambda one: one[0].rank, reverse=True)
    best = ranked[0][1]
    if len(ranked) == 1:
        return best
    chosen: dict[str, Any] = {}
    for name in best.__struct_fields__:
        teller = next((entity for shape, entity in ranked if name in shape.tells), None)
        value = getattr(best if teller is None else teller, name)
        if teller is None or value is None:
            hints = (getattr(entity, name) for shape, entity in ranked if name in shape.hints)
            value = next((hint for hint in hints if hint not in (None, "", [])), value)
        chosen[name] = value
    return type(best)(**chosen)


def _union(lists: list[list[Any]]) -> list[Any]:
    parts = {msgspec.json.encode(one): one for told in lists for one in told}
    return [parts[body] for body in sorted(parts)]
