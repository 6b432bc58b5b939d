"""A table of a spreadsheet as both kinds of file give it: a header and rows of cells, with what was odd about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from standard.observation import Observation, Scalar
from standard.source_offering import Unreadable


class Cell(NamedTuple):
    """One cell with content. `serial`: a number to Excel, shown as a date or time; given as ISO 8601."""

    value: Scalar
    serial: bool = False


class Row(NamedTuple):
    """One row with content. `number`: as spreadsheet programs show it. `cells`: by column from 0, filled ones only."""

    number: int
    cells: dict[int, Cell]
    notes: list[Observation]


def _no_serial(_value: Scalar) -> str | None:
    return None


@dataclass(slots=True)
class Table:
    """A sheet or file. `place`: what its cells' paths begin with (``offerings.csv#``, ``book.xlsx#Offerings!``).

    `after`: filled while the rows are read, with what can only be said at their end (merged cells stand behind the
    rows). `from_serial`: gives a plain number as the date it is in Excel, for columns that hold dates.
    """

    place: str
    header: dict[int, str]
    rows: Iterator[Row | Unreadable]
    header_row: int = 1
    after: list[Observation] = field(default_factory=list)
    from_serial: Callable[[Scalar], str | None] = _no_serial

    def path(self, row: int, column: int) -> str:
        """Return the path of a cell."""
        return f"{self.place}{letter(column)}{row}"


@lru_cache(maxsize=1024)
def letter(column: int) -> str:
    """Return the letters of a column counted from 0."""
    return str(get_column_letter(column + 1))
