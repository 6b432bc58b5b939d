"""One entity out of the several shapes in which DEQAR tells it.

A report, for example, stands in a list, under its institution, in its own record and in a CSV file; each shape tells
some fields better, some worse, some not at all. A *shape* says which fields it tells and how far it is to be trusted;
for each field the most trusted shape that tells it wins, even if what it tells is "nothing". The outcome does not
depend on the order in which pages came, and reading the same pages twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from standard.register import Agency, RegisterProvider, Report

Kind = TypeVar("Kind", Agency, RegisterProvider, Report)


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which DEQAR tells an entity.

    `rank`: a higher one is trusted more. `tells`: the fields it tells. `hints`: fields that it tells badly; they are
    used where no other shape has anything. `gathers`: lists of which each record of this shape brings one part (a CSV
    file has a row for each programme of a report).
    """

    name: str
    rank: int
    tells: frozenset[str]
    hints: frozenset[str] = frozenset()
    gathers: frozenset[str] = frozenset()


@dataclass(slots=True)
class Gathering(Generic[Kind]):
    """All that was read of entities of one kind: by id and shape."""

    _found: dict[int, dict[str, tuple[Shape, Kind]]] = field(default_factory=dict)

    def add(self, key: int, shape: Shape, entity: Kind) -> None:
        """Add what one record says. The same record twice is the same; two that differ are settled by content."""
        told = self._found.setdefault(key, {})
        before = told.get(shape.name)
        told[shape.name] = (shape, entity if before is None else _combined(shape, before[1], entity))

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, key: int) -> bool:
        return key in self._found

    def only(self, shape: Shape) -> frozenset[int]:
        """Return the ids of the entities of which nothing but this shape was read."""
        return frozenset(key for key, told in self._found.items() if set(told) == {shape.name})

    def merged(self) -> Iterator[tuple[int, Kind]]:
        """Yield each entity once, by ascending id; what was read of it is let go."""
        for key in sorted(self._found):
            yield key, _merged(list(self._found.pop(key).values()))


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


def _combined(shape: Shape, one: Kind, other: Kind) -> Kind:
    """Return one entity from two records of the same shape, whichever came first."""
    if one == other:
        return one
    first, second = sorted((one, other), key=_fullness)
    if not shape.gathers:
        return second
    lists = {name: _union(getattr(first, name), getattr(second, name)) for name in shape.gathers}
    return msgspec.structs.replace(second, **lists)


def _fullness(entity: Kind) -> tuple[int, bytes]:
    """Return what settles which of two records of one shape is kept: the longer one says more."""
    told = msgspec.json.encode(entity)
    return len(told), told


def _union(first: list[Any], second: list[Any]) -> list[Any]:
    return sorted({msgspec.json.encode(one): one for one in [*first, *second]}.values(), key=msgspec.json.encode)
