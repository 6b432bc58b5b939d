"""What the vocabulary knows: which terms occur, in how many offerings, how words go on, what they are part of.

A *term* is a word as the index has it: folded and stemmed in the language of its text. Only terms that occur in an
offering are ever searched for, so a query of one word becomes one or two terms, not one for each language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select, union

from catalogue_db.search import slips
from catalogue_db.search.fulltext import Form
from catalogue_db.search.function_words import MARK
from catalogue_db.search.parts import LINKS, SHORTEST_PART
from catalogue_db.search.spelling import Spelling
from catalogue_db.tables import search_language, search_part, search_synonym, search_term, search_word

MOST_WORDS = 20
"""So many words that begin as typed, or that are compounds, are searched for: the most frequent ones."""

MOST_RARE_DOCUMENTS = 2000
"""Rare ones among them are taken until they add up to so many offerings."""

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

_OCCURRING = "SELECT word, lang, weight FROM search_word WHERE word IN (SELECT value FROM json_each(?))"
"""Asked with hundreds of words at a time, most of which do not occur."""

_LAST_CHARACTER = "\U0010ffff"

_some: BindParameter[Any] = bindparam("some", expanding=True)
_word, _term, _part, _synonym = search_word.c, search_term.c, search_part.c, search_synonym.c
_weight = func.max(_word.weight).label("weight")
_LANGUAGES_MET = union(select(search_language.c.lang), select(search_synonym.c.lang))
_COUNTS = select(_term.term, _term.documents, _term.titles, _term.common).where(_term.term.in_(_some))
_TERMS_OF_WORDS = select(_word.word, _word.lang, _word.term).where(_word.word.in_(_some))
_WORDS_OF_TERMS = select(_word.lang, _word.word).where(_word.term.in_(_some))
_ATTESTED = select(_word.lang, _word.term).distinct().where(_word.term.in_(_some))
_LANGUAGES_OF_WORDS = select(_word.word, _word.lang).where(_word.word.in_(_some))
_HEAVIEST = (
    select(_word.word)
    .where(_word.word >= bindparam("first"), _word.word < bindparam("last"))
    .group_by(_word.word)
    .order_by(_weight.desc(), _word.word)
    .limit(MOST_WORDS)
)
_DISTINCT_TERMS = select(_word.term).distinct().where(_word.word.in_(_some))
_COUNTS_OF_WORDS = (
    select(_word.word, func.max(_term.documents))
    .join(search_term, _term.term == _word.term)
    .where(_word.word.in_(_some))
    .group_by(_word.word)
)
_COMPOUNDS = (
    select(_part.term)
    .join(search_term, _term.term == _part.term)
    .where(_part.part.in_(_some))
    .group_by(_part.term, _term.documents)
    .order_by(_term.documents.desc(), _part.term)
    .limit(MOST_WORDS)
)
_SYNONYMS = (
    select(_synonym.lang, _synonym.term, _synonym.other)
    .where(_synonym.term.in_(_some))
    .order_by(_synonym.lang, _synonym.term, _synonym.other)
)
_WEIGHT = select(_weight).where(_word.word == bindparam("surface"))


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
        self.languages = tuple(connection.execute(_LANGUAGES_MET).scalars())
        self._counts: dict[str, Count] = {}
        self._begun: dict[str, list[str]] = {}
        self._occurring: set[str] = set()

    def count(self, term: str) -> Count | None:
        """How often a term occurs; None if it does not, or was not asked for by `counted`."""
        return self._counts.get(term)

    def counted(self, terms: Iterable[str]) -> list[str]:
        """Those of the terms that occur, the most frequent first."""
        wanted = list(dict.fromkeys(terms))
        missing = [term for term in wanted if term not in self._counts]
        if missing:
            for term, documents, titles, common in self._rows(_COUNTS, missing):
                self._counts[term] = Count(documents, titles, bool(common))
        known = [term for term in wanted if term in self._counts]
        return sorted(known, key=lambda term: (-self._counts[term].documents, term))

    def own(self, several: Sequence[Spelling]) -> list[list[Pair]]:
        """For each word the terms that stand for it: of the word as it occurs, and of its stems that occur; no stems in
        a language in which it only holds sentences together."""
        surfaces = {surface for each in several for surface in each.surfaces}
        stems = {pair for each in several for pair in each.stems}
        by_surface: dict[str, list[Pair]] = {}
        for word, lang, term in self._rows(_TERMS_OF_WORDS, surfaces):
            by_surface.setdefault(word, []).append((lang, term))
        self._occurring |= by_surface.keys()
        found = self._rows(_ATTESTED, {stem for _language, stem in stems})
        attested = {(lang, term) for lang, term in found} & stems
        own = [(each, {pair for surface in each.surfaces for pair in by_surface.get(surface, ())}) for each in several]
        return [sorted(met | _stems(attested.intersection(each.stems), met)) for each, met in own]

    def occurs(self, surfaces: Iterable[str]) -> bool:
        """Whether a word that `own` was asked for occurs in one of its spellings as it is."""
        return not self._occurring.isdisjoint(surfaces)

    def terms(self, surfaces: Collection[str]) -> dict[str, list[Form]]:
        """Folded word → the terms that stand for it as it occurs; ready to be searched for."""
        found: dict[str, list[Form]] = {surface: [] for surface in surfaces}
        for word, _lang, term in self._rows(_TERMS_OF_WORDS, surfaces):
            found[word].append((term,))
        self.counted(term for forms in found.values() for (term,) in forms)
        return found

    def words_by_language(self, surfaces: Collection[str]) -> dict[str, set[str]]:
        """Those of some words that occur, by the language they occur in."""
        found: dict[str, set[str]] = {}
        for word, lang in self._rows(_LANGUAGES_OF_WORDS, surfaces):
            found.setdefault(lang, set()).add(word)
        return found

    def surfaces(self, terms: Iterable[str]) -> dict[str, set[str]]:
        """Language → the folded words in it that have one of some terms."""
        found: dict[str, set[str]] = {}
        for lang, word in self._rows(_WORDS_OF_TERMS, terms):
            found.setdefault(lang, set()).add(word)
        return found

    def begun(self, beginnings: Sequence[str]) -> list[str]:
        """The terms of the most frequent words that begin so, rare ones only as far as they are not too many."""
        heaviest = [each for beginning in beginnings for each in self._heaviest(beginning)]
        terms = [term for (term,) in self._rows(_DISTINCT_TERMS, heaviest)]
        return self._affordable(self.counted(terms))

    def words_begun(self, beginning: str) -> list[tuple[str, int]]:
        """The most frequent words that begin so, each with the number of offerings that have it in some inflection."""
        heaviest = self._heaviest(beginning)
        found = dict(self._rows(_COUNTS_OF_WORDS, heaviest))
        return sorted(((each, found[each]) for each in heaviest), key=lambda pair: (-pair[1], pair[0]))

    def _heaviest(self, beginning: str) -> list[str]:
        if beginning not in self._begun:
            between = {"first": beginning, "last": beginning + _LAST_CHARACTER}
            self._begun[beginning] = list(self._connection.execute(_HEAVIEST, between).scalars())
        return self._begun[beginning]

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
        found = {*(term for (term,) in self._rows(_COMPOUNDS, terms)), *self._beginning_or_ending(asked)}
        return self._affordable(self.counted(found.difference(terms))[:MOST_WORDS])

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
        rows = self._rows(_SYNONYMS, {term for _lang, term in pairs})
        said = [((lang, term), tuple(other.split())) for lang, term, other in rows if (lang, term) in pairs]
        occurring = set(self.counted(term for _pair, form in said for term in form))
        found: dict[Pair, list[Form]] = {}
        for pair, form in said:
            if occurring.issuperset(form):
                found.setdefault(pair, []).append(form)
        return found

    def slips(self, surface: str, *, same_language: bool = False) -> list[str]:
        """Words that occur and may be meant by a word with a slip in it, the most frequent first.

        One of the two has five letters or more. `same_language`: only words of a language that the word itself is of.
        """
        near = slips.near(surface)
        if not near:
            return []
        texts = msgspec.json.encode([surface, *sorted(near)]).decode()
        rows = self._connection.exec_driver_sql(_OCCURRING, (texts,)).all()
        languages = {lang for word, lang, _weight in rows if word == surface and lang}
        weights: dict[str, int] = {}
        for word, _lang, weight in rows:
            if word != surface:
                weights[word] = max(weight, weights.get(word, 0))
        if same_language:
            weights = {word: weights[word] for word, lang, _weight in rows if lang in languages and word in weights}
        return sorted(weights, key=lambda word: (-weights[word], word))

    def weight(self, surface: str) -> int:
        """How frequent a word is, as its doublings; -1 if it does not occur."""
        found = self._connection.execute(_WEIGHT, {"surface": surface}).scalar_one()
        return -1 if found is None else int(found)

    def _rows(self, query: Select[Any], some: Iterable[str]) -> Sequence[Any]:
        """What a query finds for some words or terms; nothing is asked for none."""
        several = list(some)
        return self._connection.execute(query, {"some": several}).all() if several else ()


def _stems(stems: set[Pair], met: set[Pair]) -> set[Pair]:
    """Those in other languages than those in which a word that was met is a function word."""
    holding = {lang for lang, term in met if term.endswith(MARK)}
    return {(lang, stem) for lang, stem in stems if lang not in holding}
