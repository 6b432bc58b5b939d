"""Compounds: in which of its words a word of German, Dutch, Finnish or a Nordic language can be taken apart.

*Datenschutzgrundverordnung* is found by *Datenschutz* and by *Verordnung* where these occur somewhere as words of
their own: nothing is taken apart by rules alone. Which compounds there are follows from the vocabulary as a whole, in
whatever order its words came; so a new word may be a part of an older compound, and one that went may undo another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import Column, Connection, and_, delete, func, select

from catalogue_db.dialects import bulk_insert, is_among
from catalogue_db.search.words import Entry
from catalogue_db.tables import search_part, search_word

LINKS: Mapping[str, tuple[str, ...]] = {
    "da": ("s", "e"),
    "de": ("s", "es", "n", "en", "er", "e"),
    "fi": ("n",),
    "nb": ("s", "e"),
    "nl": ("s", "e", "en", "er"),
    "nn": ("s", "e"),
    "no": ("s", "e"),
    "sv": ("s",),
}
"""Language → letters that may stand between the words of a compound."""

SHORTEST_PART = 4
_LONGEST_WORD = 48
_FEW = 500

_AT_ONCE = 1000

Vocabulary = Collection[str]
"""The words of one language."""


def parts(word: str, vocabulary: Vocabulary, links: tuple[str, ...]) -> set[str]:
    """The words that a word is wholly made of, in every way in which that is possible; none if it is no compound."""
    if not 2 * SHORTEST_PART <= len(word) <= _LONGEST_WORD:
        return set()
    found = _parts(word, 0, vocabulary, ("", *links), {})
    return found - {word} if found else set()


def _parts(
    word: str, first: int, vocabulary: Vocabulary, links: tuple[str, ...], known: dict[int, set[str] | None]
) -> set[str] | None:
    """The words that make up the rest of a word, from a place on. None where it cannot be taken apart."""
    if first in known:
        return known[first]
    found: set[str] = set()
    for end in range(first + SHORTEST_PART, len(word) + 1):
        part = word[first:end]
        if part in vocabulary and len(part) < len(word):
            if end == len(word):
                found.add(part)
            for link in links if end < len(word) else ():
                rest = _parts(word, end + len(link), vocabulary, links, known) if word.startswith(link, end) else None
                if rest:
                    found |= {part} | rest
    known[first] = found or None
    return known[first]


def write(connection: Connection, changed: Iterable[Entry]) -> None:
    """Bring the compounds in step with rows of the vocabulary that came or went.

    Reads the words of a language once if anything changed in it.
    """
    by_language: dict[str, list[Entry]] = {}
    for entry in changed:
        if entry.lang in LINKS and len(entry.word) >= SHORTEST_PART:
            by_language.setdefault(entry.lang, []).append(entry)
    for lang, entries in sorted(by_language.items()):
        _Compounds(connection, lang).refresh(entries)


class _Compounds:
    """The compounds of one language."""

    def __init__(self, connection: Connection, lang: str) -> None:
        self._connection = connection
        self._lang = lang
        self._mine = and_(search_word.c.lang == lang, func.length(search_word.c.word) >= SHORTEST_PART)
        query = select(func.aggregate_strings(search_word.c.word, "\n")).where(self._mine)
        self._text = f"\n{connection.execute(query).scalar_one() or ''}\n"
        self._words = frozenset(self._text.split())

    def refresh(self, changed: list[Entry]) -> None:
        """Make the rows anew of every compound that is, or contains, a word that came or went."""
        containing = set(self._containing({entry.word for entry in changed}))
        terms = {entry.term for entry in changed}
        terms.update(term for _word, term in self._entries(search_word.c.word, containing))
        compounds = self._entries(search_word.c.term, terms)
        pieces = {word: parts(word, self._words, LINKS[self._lang]) for word, _term in compounds}
        standing: dict[str, list[str]] = {}
        for word, term in self._entries(search_word.c.word, set().union(*pieces.values())):
            standing.setdefault(word, []).append(term)
        rows = {(part, term) for word, term in compounds for piece in pieces[word] for part in standing[piece]}
        self._replace(terms, sorted((part, term) for part, term in rows if part != term))

    def _containing(self, some: set[str]) -> Iterator[str]:
        """Words that have one of some words in them: few are looked for in all the text, many in each word."""
        if len(some) > _FEW:
            yield from (word for word in self._words if _has_within(word, some))
            return
        for word in some:
            place = self._text.find(word)
            while place >= 0:
                end = self._text.index("\n", place)
                yield self._text[self._text.rindex("\n", 0, place) + 1 : end]
                place = self._text.find(word, end)

    def _entries(self, column: Column[str], some: set[str]) -> list[tuple[str, str]]:
        """Words with their terms: those with one of some words, or terms."""
        query, several = select(search_word.c.word, search_word.c.term).where(self._mine), sorted(some)
        found: list[tuple[str, str]] = []
        for first in range(0, len(several), _AT_ONCE):
            among = is_among(self._connection, column, several[first : first + _AT_ONCE])
            found += [(word, term) for word, term in self._connection.execute(query.where(among))]
        return found

    def _replace(self, terms: set[str], rows: list[tuple[str, str]]) -> None:
        condition = search_part.c.lang == self._lang
        several = sorted(terms)
        for first in range(0, len(several), _AT_ONCE):
            some = is_among(self._connection, search_part.c.term, several[first : first + _AT_ONCE])
            self._connection.execute(delete(search_part).where(condition, some))
        bulk_insert(
            self._connection, search_part, [{"part": part, "term": term, "lang": self._lang} for part, term in rows]
        )


def _has_within(word: str, some: set[str]) -> bool:
    """Whether a word is one of some words, or has one of them in it."""
    ends = len(word) + 1
    return any(
        word[first:end] in some for first in range(ends - SHORTEST_PART) for end in range(first + SHORTEST_PART, ends)
    )
