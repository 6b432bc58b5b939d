"""What the vocabulary knows: which terms occur, in how many offerings, how words go on, what they are part of.

A *term* is a word as the index has it: folded and stemmed in the language of its text. Only terms that occur in an
offering are ever searched for, so a query of one word becomes one or two terms, not one for each language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, select, union

from catalogue_db.search.fulltext import Form
from catalogue_db.search.parts import LINKS, SHORTEST_PART
from catalogue_db.search.spelling import Spelling
from catalogue_db.tables import search_language, search_part, search_slip, search_synonym, search_term, search_word

MOST_WORDS = 20
"""So many words that begin as typed, or that are compounds, are searched for: the most frequent ones."""

MOST_RARE_DOCUMENTS = 4000
"""Rare ones among the words that begin as typed are taken until they add up to so many offerings."""

_WITH_REST = """
SELECT w.term FROM json_each(?) AS asked
CROSS JOIN search_word w ON w.{column} >= asked.value AND w.{column} < asked.value || char(1114111)
WHERE length(w.{column}) >= length(asked.value) + {rest}
GROUP BY w.term
HAVING sum(CASE WHEN w.lang = '' THEN 0 WHEN w.lang IN ({languages}) THEN w.documents ELSE -w.documents END) > 0
ORDER BY max(w.weight) DESC, w.term LIMIT {most}
"""
"""Words of languages without compounds count against: *perform*, in a Dutch text too, is no compound of *form*."""

_LANGUAGES = ", ".join(f"'{lang}'" for lang in LINKS)
_BEGINNING = _WITH_REST.format(column="term", rest=SHORTEST_PART, languages=_LANGUAGES, most=MOST_WORDS)
_ENDING = _WITH_REST.format(column="backwards", rest=3, languages=_LANGUAGES, most=MOST_WORDS)
"""With fewer than three letters before it, what a word ends with is mostly no part of it (*Reis* in *Preis*)."""

_LAST_CHARACTER = "\U0010ffff"


class Count(NamedTuple):
    """In how many live offerings a term occurs, in how many titles, and whether there are bitmaps of it."""

    documents: int
    titles: int
    common: bool


Pair = tuple[str, str]
"""(language, term)"""


class Attested:
    """The vocabulary, asked for one query; what it has answered once it remembers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        languages = union(select(search_language.c.lang), select(search_synonym.c.lang))
        self.languages = tuple(connection.execute(languages).scalars())
        self._counts: dict[str, Count] = {}

    def count(self, term: str) -> Count | None:
        """How often a term occurs; None if it does not, or was not asked for by `counted`."""
        return self._counts.get(term)

    def counted(self, terms: Iterable[str]) -> list[str]:
        """Those of the terms that occur, the most frequent first."""
        wanted = list(dict.fromkeys(terms))
        missing = [term for term in wanted if term not in self._counts]
        if missing:
            query = select(search_term).where(search_term.c.term.in_(missing))
            for row in self._connection.execute(query):
                self._counts[row.term] = Count(row.documents, row.titles, bool(row.common))
        known = [term for term in wanted if term in self._counts]
        return sorted(known, key=lambda term: (-self._counts[term].documents, term))

    def own(self, several: Sequence[Spelling]) -> list[list[Pair]]:
        """For each word the terms that stand for it: of the word as it occurs, and of its stems that occur."""
        surfaces = {surface for each in several for surface in each.surfaces}
        stems = {pair for each in several for pair in each.stems}
        word, found = search_word.c, self._connection.execute
        by_surface: dict[str, list[Pair]] = {}
        for row in found(select(word.word, word.lang, word.term).where(word.word.in_(surfaces))):
            by_surface.setdefault(row.word, []).append((row.lang, row.term))
        query = select(word.lang, word.term).distinct().where(word.term.in_({stem for _language, stem in stems}))
        attested = {(row.lang, row.term) for row in found(query)} & stems
        return [
            sorted(
                {pair for surface in each.surfaces for pair in by_surface.get(surface, ())}
                | attested.intersection(each.stems)
            )
            for each in several
        ]

    def words_by_language(self, surfaces: Collection[str]) -> dict[str, set[str]]:
        """Those of some words that occur, by the language they occur in."""
        found: dict[str, set[str]] = {}
        query = select(search_word.c.word, search_word.c.lang).where(search_word.c.word.in_(surfaces))
        for word, lang in self._connection.execute(query) if surfaces else ():
            found.setdefault(lang, set()).add(word)
        return found

    def surfaces(self, terms: Iterable[str]) -> dict[str, set[str]]:
        """Language → the folded words in it that have one of some terms."""
        found: dict[str, set[str]] = {}
        query = select(search_word.c.lang, search_word.c.word).where(search_word.c.term.in_(list(terms)))
        for lang, word in self._connection.execute(query):
            found.setdefault(lang, set()).add(word)
        return found

    def begun(self, beginnings: Sequence[str]) -> list[str]:
        """The terms of the most frequent words that begin so, rare ones only as far as they are not too many."""
        word = search_word.c
        heaviest = [each for beginning in beginnings for each in self._heaviest(beginning)]
        query = select(word.term).distinct().where(word.word.in_(heaviest))
        return self._affordable(self.counted(self._connection.execute(query).scalars())) if heaviest else []

    def words_begun(self, beginning: str) -> list[tuple[str, int]]:
        """The most frequent words that begin so, each with the number of offerings that have it in some inflection."""
        word, term = search_word.c, search_term.c
        query = select(word.word, func.max(term.documents)).join(search_term, term.term == word.term)
        query = query.where(word.word.in_(heaviest := self._heaviest(beginning))).group_by(word.word)
        found = dict(iter(self._connection.execute(query)))
        return sorted(((each, found[each]) for each in heaviest), key=lambda pair: (-pair[1], pair[0]))

    def _heaviest(self, beginning: str) -> list[str]:
        word = search_word.c
        query = select(word.word).where(word.word >= beginning, word.word < beginning + _LAST_CHARACTER)
        query = query.group_by(word.word).order_by(func.max(word.weight).desc(), word.word).limit(MOST_WORDS)
        return list(self._connection.execute(query).scalars())

    def _affordable(self, terms: list[str]) -> list[str]:
        taken, rare = [], 0
        for term in terms:
            count = self._counts[term]
            rare += 0 if count.common else count.documents
            if count.common or rare <= MOST_RARE_DOCUMENTS:
                taken.append(term)
        return taken

    def compounds(self, terms: Collection[str], asked: Spelling) -> list[str]:
        """The most frequent compounds that have one of the terms as a part, or that begin or end as a word is spelt."""
        part, term = search_part.c, search_term.c
        query = select(part.term).join(search_term, term.term == part.term).where(part.part.in_(list(terms)))
        query = query.group_by(part.term, term.documents).order_by(term.documents.desc(), part.term).limit(MOST_WORDS)
        found = {*self._connection.execute(query).scalars(), *self._beginning_or_ending(asked)}
        return self.counted(found.difference(terms))[:MOST_WORDS]

    def _beginning_or_ending(self, asked: Spelling) -> Iterator[str]:
        """The terms of compounds that begin or end so, whether or not the rest is a word that occurs."""
        spelt = {*asked.surfaces, *(stem for lang, stem in asked.stems if lang in LINKS)}
        several = [each for each in spelt if len(each) >= SHORTEST_PART]
        for query, given in ((_BEGINNING, several), (_ENDING, [each[::-1] for each in several])):
            if given:
                texts = msgspec.json.encode(given).decode()
                yield from self._connection.exec_driver_sql(query, (texts,)).scalars()

    def synonyms(self, pairs: Collection[Pair]) -> dict[Pair, list[Form]]:
        """What else is said for each of these (a phrase: its terms with blanks between), if all its words occur."""
        synonym = search_synonym.c
        query = select(synonym.lang, synonym.term, synonym.other).where(
            synonym.term.in_({term for _lang, term in pairs})
        )
        rows = (
            self._connection.execute(query.order_by(synonym.lang, synonym.term, synonym.other)).all() if pairs else []
        )
        said = [((row.lang, row.term), tuple(row.other.split())) for row in rows if (row.lang, row.term) in pairs]
        occurring = set(self.counted(term for _pair, form in said for term in form))
        found: dict[Pair, list[Form]] = {}
        for pair, form in said:
            if occurring.issuperset(form):
                found.setdefault(pair, []).append(form)
        return found

    def slips(self, surface: str) -> list[str]:
        """Words that occur and may be meant by a word with a slip in it, the most frequent first."""
        if not surface.isalpha():  # a code: its neighbours are other codes
            return []
        shorter = {surface[:place] + surface[place + 1 :] for place in range(len(surface))}
        slip, word = search_slip.c, search_word.c
        longer = select(slip.word).where(slip.slip.in_([surface, *sorted(shorter)]))
        near = {*self._connection.execute(longer).scalars(), *shorter} - {surface}
        weight = func.max(word.weight)
        query = select(word.word, weight.label("weight")).where(word.word.in_(near)).group_by(word.word)
        rows = self._connection.execute(query.order_by(weight.desc(), word.word)).all()
        return [row.word for row in rows if row.word.isalpha() and is_slip(row.word, surface)]

    def weight(self, surface: str) -> int:
        """How frequent a word is, as its doublings; -1 if it does not occur."""
        query = select(func.max(search_word.c.weight)).where(search_word.c.word == surface)
        found = self._connection.execute(query).scalar_one()
        return -1 if found is None else int(found)


def is_slip(word: str, other: str) -> bool:
    """Whether two words differ by just one letter left out, put in, put for another, or by two neighbours swapped."""
    shorter, longer = sorted((word, other), key=len)
    same = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(longer) == len(shorter) + 1:
        return shorter[same:] == longer[same + 1 :]
    if len(longer) != len(shorter) or longer == shorter:
        return False
    swapped = shorter[same : same + 2] == longer[same : same + 2][::-1] and shorter[same + 2 :] == longer[same + 2 :]
    return shorter[same + 1 :] == longer[same + 1 :] or swapped
