"""Which offerings have something: a word, a phrase, a value of a filter. Sets as in `catalogue_db.search.bits`.

A term that occurs in many offerings has bitmaps, which are read; the few offerings of a rare one, and those of a
phrase, come from the full-text index. Either way what follows is the same: sets are combined and counted.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from catalogue_db.search.attested import Attested
from catalogue_db.search.bits import Width
from catalogue_db.search.fulltext import Form, offerings_with
from catalogue_db.texts import language_of

_OF_VALUES = "SELECT chunk, bits FROM search_bitmap WHERE kind = ? AND value IN (SELECT value FROM json_each(?))"
_BETWEEN = "SELECT chunk, bits FROM search_bitmap WHERE kind = ? AND value BETWEEN ? AND ?"
_VALUES = "SELECT DISTINCT value FROM search_bitmap WHERE kind = ?"
_TITLED = "SELECT key FROM search_offering WHERE title = ? ORDER BY key DESC LIMIT ?"
_ALL = "SELECT value, chunk, bits FROM search_bitmap WHERE kind = ?"


class Sets:
    """Reads sets of live offerings, for one search."""

    def __init__(self, connection: Connection, attested: Attested) -> None:
        self._connection = connection
        self._attested = attested
        live = self._rows(_OF_VALUES, "live", '[""]')
        self.width = Width(1 + max((chunk for chunk, _bits in live), default=-1))
        self.live = self.width.joined(live)
        self._forms: dict[tuple[frozenset[Form], bool], int] = {}

    def value(self, kind: str, value: str) -> int:
        """The offerings with a value; empty for a value that none has."""
        return self.any_of(kind, [value])

    def any_of(self, kind: str, values: Iterable[str]) -> int:
        """The offerings with any of some values."""
        return self.width.joined(self._rows(_OF_VALUES, kind, msgspec.json.encode(list(values)).decode()))

    def in_language(self, lang: str) -> int:
        """The offerings with a title in a language (any form of it: regions and scripts do not matter)."""
        return self.value("title_language", language_of(lang)) & self.live

    def titled(self, title: str, most: int) -> int:
        """At most so many offerings, the newest, with a title (as titles are put in order by)."""
        return self.width.of(self._connection.exec_driver_sql(_TITLED, (title, most)).scalars()) & self.live

    def between(self, kind: str, first: str, last: str) -> int:
        """The offerings with a value from `first` to `last` (both included), as texts are compared."""
        return self.width.joined(self._rows(_BETWEEN, kind, first, last))

    def values(self, kind: str) -> list[str]:
        """All values of a kind."""
        return list(self._connection.exec_driver_sql(_VALUES, (kind,)).scalars())

    def chunks(self, kind: str) -> Iterable[tuple[str, int, bytes]]:
        """All bitmaps of a kind: (value, chunk, bits)."""
        return (tuple(row) for row in self._connection.exec_driver_sql(_ALL, (kind,)))

    def _rows(self, query: str, *given: str) -> list[tuple[int, bytes]]:
        return [(chunk, bits) for chunk, bits in self._connection.exec_driver_sql(query, given)]

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
