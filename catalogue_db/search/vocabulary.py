"""Which words and terms there are, and in how many live offerings each is: counted by differences, written in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    and_,
    case,
    delete,
    exists,
    literal,
    select,
    update,
)

from catalogue_db import dialects
from catalogue_db.search import stores
from catalogue_db.search.parts import LINKS
from catalogue_db.search.words import Entry
from catalogue_db.tables import Sorted, search_language, search_term, search_word

T = TypeVar("T")
Row = dict[str, Any]

_AT_ONCE = 10_000

COMMON = 2_000
"""A term in more offerings than this becomes common: it gets bitmaps."""

RARE = 1_500
"""A common term in fewer offerings than this becomes rare again."""

_temporary = MetaData()
_terms = Table(
    "search_term_change",
    _temporary,
    Column("term", Sorted, primary_key=True),
    Column("documents", Integer, nullable=False),
    Column("titles", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
_words = Table(
    "search_word_change",
    _temporary,
    Column("word", Sorted, nullable=False),
    Column("lang", Sorted, nullable=False),
    Column("term", Sorted, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("backwards", Sorted, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass
class News:
    """What changed. `entries`: rows of compounding languages that came or went; `crossed`: terms that may have become
    common or rare."""

    entries: set[Entry] = field(default_factory=set)
    crossed: set[str] = field(default_factory=set)


class VocabularyWriter:
    """Counts what offerings gain and lose."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        _temporary.create_all(connection)
        self._begin()

    def _begin(self) -> None:
        self._words: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
        self._documents: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._titles: tuple[Counter[str], Counter[str]] = (Counter(), Counter())

    def note(self, numbers: Iterable[int], terms: Iterable[str], titles: Iterable[str], *, gained: bool) -> None:
        """An offering has more (or fewer) words, terms, terms in titles than before."""
        which = 0 if gained else 1
        self._words[which].update(numbers)
        self._documents[which].update(terms)
        self._titles[which].update(titles)

    def flush(self, entries: list[Entry]) -> News:
        """Write the counts. `entries`: what the numbers of words mean."""
        documents, titles = _differences(self._documents), _differences(self._titles)
        counted = _differences(self._words)
        terms = [
            {"term": term, "documents": documents.get(term, 0), "titles": titles.get(term, 0)}
            for term in sorted(documents.keys() | titles.keys())
        ]
        self._begin()
        return self._write(terms, [(entries[number], count) for number, count in counted.items()])

    def _write(self, terms: list[Row], counted: list[tuple[Entry, int]]) -> News:
        news = News()
        for table in (_terms, _words):
            dialects.empty(self._connection, table)
        dialects.bulk_insert(self._connection, _terms, terms)
        for first in range(0, len(counted), _AT_ONCE):
            some = [_word_row(Entry(*entry), count) for entry, count in counted[first : first + _AT_ONCE]]
            dialects.bulk_insert(self._connection, _words, some)
        for table in (_terms, _words):
            dialects.analyse(self._connection, table)
        if terms:
            news.crossed = self._write_terms()
        if terms or counted:
            self._write_words(news)
        return news

    def _write_terms(self) -> set[str]:
        names = ("term", "documents", "titles", "common")
        source = select(_terms.c.term, _terms.c.documents, _terms.c.titles, literal(False))
        some = (_terms.c.documents != 0) | (_terms.c.titles != 0)
        stores.add(self._connection, search_term, names, source.where(some), ("documents", "titles"))
        gone = search_term.c.term.in_(select(_terms.c.term).where(_terms.c.documents < 0))
        self._connection.execute(delete(search_term).where(gone, search_term.c.documents <= 0))
        crossed = select(search_term.c.term).join(_terms, _terms.c.term == search_term.c.term)
        rises = and_(search_term.c.documents > COMMON, search_term.c.common.is_(False))
        falls = and_(search_term.c.documents < RARE, search_term.c.common.is_(True))
        return set(self._connection.execute(crossed.where(rises | falls)).scalars())

    def _write_words(self, news: News) -> None:
        self._note_new(news)
        weight = _weight(search_term.c.documents)
        word = _words.c
        source = select(word.word, word.lang, word.term, weight, word.documents, word.backwards)
        source = source.join(search_term, search_term.c.term == _words.c.term, isouter=True)
        names = ("word", "lang", "term", "weight", "documents", "backwards")
        some = _words.c.documents != 0
        source = source.where(some).order_by(*(_words.c[name] for name in Entry._fields))
        stores.add(self._connection, search_word, names, source, ("documents",))
        self._remove_gone(news)
        self._weigh()

    def _note_new(self, news: News) -> None:
        """Words that no live offering had in their language."""
        same = exists().where(*(search_word.c[name] == _words.c[name] for name in Entry._fields))
        query = select(_words.c.word, _words.c.lang, _words.c.term).where(_words.c.documents > 0, ~same)
        added: Counter[str] = Counter()
        for word, lang, term in self._connection.execute(query):
            added[lang] += 1
            if lang in LINKS:
                news.entries.add(Entry(word, lang, term))
        self._count_languages(added)

    def _remove_gone(self, news: News) -> None:
        columns = [search_word.c[name] for name in Entry._fields]
        fewer = exists().where(
            *(_words.c[name] == search_word.c[name] for name in Entry._fields), _words.c.documents < 0
        )
        # "+ 0": statistics say that no count is so low, and PostgreSQL would compare every row with every other
        removed = delete(search_word).where(search_word.c.documents + 0 <= 0, fewer).returning(*columns)
        gone = [Entry(*row) for row in self._connection.execute(removed)]
        if not gone:
            return
        news.entries.update(entry for entry in gone if entry.lang in LINKS)
        self._count_languages({lang: -count for lang, count in Counter(entry.lang for entry in gone).items()})

    def _weigh(self) -> None:
        """Weights follow the documents of the term, but only where the power of two changes."""
        before = _weight(search_term.c.documents - _terms.c.documents)
        changed = select(_weight(search_term.c.documents), search_term.c.term)
        changed = changed.join(_terms, _terms.c.term == search_term.c.term)
        was_there = search_term.c.documents > _terms.c.documents
        by_weight: dict[int, list[str]] = {}
        for weight, term in self._connection.execute(
            changed.where(was_there, _weight(search_term.c.documents) != before)
        ):
            by_weight.setdefault(weight, []).append(term)
        for weight, terms in sorted(by_weight.items()):
            for first in range(0, len(terms), _AT_ONCE):
                own = dialects.is_among(self._connection, search_word.c.term, terms[first : first + _AT_ONCE])
                behind = and_(own, search_word.c.weight != weight)
                self._connection.execute(update(search_word).where(behind).values(weight=weight))

    def _count_languages(self, added: Mapping[str, int]) -> None:
        for lang, count in sorted(added.items()):
            if lang and count:
                row: Any = select(literal(lang), literal(count)).where(literal(lang) != "")
                stores.add(self._connection, search_language, ("lang", "words"), row, ("words",))
        self._connection.execute(delete(search_language).where(search_language.c.words <= 0))


def _word_row(entry: Entry, documents: int) -> Row:
    return entry._asdict() | {"documents": documents, "backwards": entry.word[::-1]}


def _differences(counted: tuple[Counter[T], Counter[T]]) -> dict[T, int]:
    gained, lost = counted
    if not lost:
        return gained
    return {each: gained[each] - lost[each] for each in gained.keys() | lost.keys() if gained[each] != lost[each]}


def _weight(documents: ColumnElement[int]) -> ColumnElement[int]:
    """The floor of the binary logarithm, in words every database has."""
    return case(*((documents >= 1 << power, power) for power in range(30, 0, -1)), else_=0)
