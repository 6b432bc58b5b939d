"""Puts the offerings of a ladder in order: level, own language, relevance, open for enrolment, changed last, their id.

At most 300 offerings are ranked, those of higher rungs first, and a rung is only read when the page reaches it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec
from sqlalchemy import Connection

from catalogue_db.search.attested import Attested
from catalogue_db.search.bits import holds
from catalogue_db.search.cursor import ByRank
from catalogue_db.search.groups import Group
from catalogue_db.search.ladder import JUST_THE_TITLE, MOST_RANKED, Ladder, Rung
from catalogue_db.search.openness import enrolment_open
from catalogue_db.search.relevance import relevance, telling, term_rank
from catalogue_db.search.sets import Sets

_PART = b"\1"
_TEXTS = """
SELECT o.key, o.offering_id, o.title_words, o.changed_on, o.enrolment, CAST(' ' || t.title || ' \1 ' || t.outcomes
  || ' \1 ' || t.provider || '  ' || t.keywords || ' \1 ' || t.description || ' ' AS BLOB)
FROM search_offering o JOIN search_text t ON t.key = o.key WHERE o.key IN (SELECT value FROM json_each(?))
"""
"""The texts as bytes: what is only searched needs not be decoded."""

_FEW = 8


@lru_cache(maxsize=10_000)
def _rank_of(*counts: int) -> float:
    title, outcomes, names, description = counts
    return term_rank((title, outcomes, names, description))


class Hit(msgspec.Struct, frozen=True):
    """An offering and what puts it where it stands."""

    key: int
    place: ByRank


def order(place: ByRank) -> tuple[int, int, bool, float, bool, tuple[int, ...], str]:
    """What places are compared by: smaller comes first."""
    fits = -place.level, -place.words, not place.in_language, -place.relevance
    return *fits, not place.is_open, _latest_first(place.changed_on), place.offering_id


@lru_cache(maxsize=10_000)
def _latest_first(day: str) -> tuple[int, ...]:
    return tuple(-ord(each) for each in day)


class Ranking:
    """Ranks what is on a ladder. `lang`: of the person who asks; `today`: ISO date, when enrolment is open or not."""

    def __init__(
        self, connection: Connection, sets: Sets, attested: Attested, asked: Ladder, lang: str, today: str
    ) -> None:
        self._connection = connection
        self._sets = sets
        self._in_language = sets.in_language(lang)
        self._today = today
        offerings = sets.live.bit_count()
        self._groups = [_Counted(group, offerings, attested) for group in asked.groups]
        self._words = sum(len(group.surfaces) for group in asked.groups)

    def page(self, rungs: Iterable[Rung], *, limit: int, offset: int = 0, after: ByRank | None = None) -> list[Hit]:
        """At most `limit` hits: those after a place, or else those from `offset` on."""
        left, found = MOST_RANKED, list[Hit]()
        for rung in rungs:
            size = min(rung.members.bit_count(), left)
            left -= size
            is_before = (rung.level, rung.words) > (after.level, after.words) if after else offset >= size
            if size and not is_before and len(found) < limit:
                hits = sorted(self._ranked(rung, size), key=lambda hit: order(hit.place))
                hits = [hit for hit in hits if order(hit.place) > order(after)] if after else hits[offset:]
                found += hits[: limit - len(found)]
            offset = max(offset - size, 0)
        return found

    def _ranked(self, rung: Rung, size: int) -> Iterator[Hit]:
        keys = msgspec.json.encode(list(rung.taken(self._sets, size, self._in_language))).decode()
        mine = self._sets.width.lookup(self._in_language)
        for key, offering_id, title_words, changed_on, enrolment, text in self._connection.exec_driver_sql(
            _TEXTS, (keys,)
        ).all():
            level = JUST_THE_TITLE.get(rung.level, rung.level) if title_words == self._words else rung.level
            ends = list(_ends(text))
            fits = relevance([(group.weight, group.rank(text, ends)) for group in self._groups])
            is_open = bool(enrolment_open(enrolment, self._today))
            place = ByRank(level, rung.words, holds(mine, key), fits, is_open, changed_on, offering_id)
            yield Hit(key, place)


class _Counted:
    """A group, ready to be looked for in many texts."""

    def __init__(self, group: Group, offerings: int, attested: Attested) -> None:
        self._terms = frozenset(term.encode() for term in group.terms)
        self._in_order = sorted(self._terms)
        self.weight = telling(offerings, min(_documents(group, attested), offerings))

    def rank(self, text: bytes, ends: list[int]) -> float:
        """``ts_rank`` of the group in an offering's four texts, words between blanks. `ends`: of the first three."""
        ranks = 0.0
        for term in self._possible(text):
            needle = b" %b " % term
            if (at := text.find(needle)) >= 0:
                counts = [0, 0, 0, 0]
                while at >= 0:
                    counts[bisect(ends, at)] += 1
                    at = text.find(needle, at + len(needle) - 1)  # two words in a row share a blank
                ranks += _rank_of(*counts)
        return ranks / len(self._terms) if ranks else 0.0

    def _possible(self, text: bytes) -> list[bytes]:
        """The terms that may be in a text. To take it apart costs as much as to look for a few terms."""
        if len(self._terms) <= _FEW:
            return self._in_order
        return sorted(self._terms.intersection(text.split(b" ")))


def _ends(text: bytes) -> Iterator[int]:
    """Where the parts of a text end, but for the last."""
    at = text.find(_PART)
    while at >= 0:
        yield at
        at = text.find(_PART, at + 1)


def _documents(group: Group, attested: Attested) -> int:
    """About how many offerings have a form of the group: no fewer than have, as far as single words go."""
    found = 0
    for form in group.forms:
        counts = [attested.count(term) for term in form]
        found += min(count.documents if count else 0 for count in counts)
    return found
