"""Which offerings have something: a word, a phrase, a value of a filter. Sets as in `catalogue_db.search.bits`.

A term that occurs in many offerings has bitmaps, which are read; the few offerings of a rare one, and those of a
phrase, come from the full-text index. Either way what follows is the same: sets are combined and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Connection, func, select

from catalogue_db.search.attested import Attested
from catalogue_db.search.bits import Width
from catalogue_db.search.fulltext import Form, offerings_with
from catalogue_db.tables import search_bitmap

_bitmap = search_bitmap.c


class Sets:
    """Reads sets of live offerings, for one search."""

    def __init__(self, connection: Connection, attested: Attested) -> None:
        self._connection = connection
        self._attested = attested
        last = connection.execute(select(func.max(_bitmap.chunk)).where(_bitmap.kind == "live")).scalar_one()
        self.width = Width(0 if last is None else last + 1)
        self.live = self.value("live", "")
        self._forms: dict[tuple[frozenset[Form], bool], int] = {}

    def value(self, kind: str, value: str) -> int:
        """The offerings with a value; empty for a value that none has."""
        return self.any_of(kind, [value])

    def any_of(self, kind: str, values: Iterable[str]) -> int:
        """The offerings with any of some values."""
        return self._joined(kind, _bitmap.value.in_(list(values)))

    def between(self, kind: str, first: str, last: str) -> int:
        """The offerings with a value from `first` to `last` (both included), as texts are compared."""
        return self._joined(kind, _bitmap.value.between(first, last))

    def values(self, kind: str) -> list[str]:
        """All values of a kind."""
        return list(self._connection.execute(select(_bitmap.value).distinct().where(_bitmap.kind == kind)).scalars())

    def chunks(self, kind: str) -> Iterator[tuple[str, int, bytes]]:
        """All bitmaps of a kind: (value, chunk, bits)."""
        query = select(_bitmap.value, _bitmap.chunk, _bitmap.bits).where(_bitmap.kind == kind)
        for row in self._connection.execute(query.order_by(_bitmap.value, _bitmap.chunk)):
            yield row.value, row.chunk, row.bits

    def _joined(self, kind: str, condition: ColumnElement[bool]) -> int:
        query = select(_bitmap.value, _bitmap.chunk, _bitmap.bits).where(_bitmap.kind == kind, condition)
        rows = self._connection.execute(query.order_by(_bitmap.value, _bitmap.chunk))
        members = 0
        for _value, some in groupby(rows, itemgetter(0)):
            members |= self.width.joined((row.chunk, row.bits) for row in some)
        return members

    def having(self, forms: Iterable[Form], *, in_title: bool = False) -> int:
        """The offerings that have any of some forms, anywhere or in the title."""
        wanted = frozenset(forms), in_title
        if wanted not in self._forms:
            self._forms[wanted] = self._having(*wanted)
        return self._forms[wanted]

    def _having(self, forms: frozenset[Form], in_title: bool) -> int:
        common, others = [], []
        for form in sorted(forms):
            count = self._attested.count(form[0])
            if count is None or (in_title and count.titles == 0):
                continue
            if len(form) == 1 and count.common:
                common.append(form[0])
            else:
                others.append(form)
        members = self.any_of("title" if in_title else "word", common) if common else 0
        if others:
            members |= self.width.of(offerings_with(self._connection, others, in_title=in_title))
        return members & self.live
