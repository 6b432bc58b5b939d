"""Words as the index has them: folded, then stemmed in the language of the text. The same for texts and queries.

*Folded*: lower case, without diacritics (``ø`` is ``o``, ``ß`` is ``ss``, ``æ`` is ``ae``), so that a query typed on
any keyboard finds. *Stemmed*: by Snowball in the true language of the text; a text of unknown language, or of one
without a stemmer, keeps its words. German's ``ae`` for ``ä`` is understood by its stemmer.

A few languages write their endings with diacritics (``educação``, ``educações``) that a stemmer no longer sees after
folding. Where stemming first gives another stem, that one is indexed too, behind the text.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import Stemmer

SEPARATOR = "\ue000"
"""A word nobody can type: stands between the parts of a column, so that a phrase never spans two of them."""

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f]")
_WORD_WITH_MARKS = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u064b-\u065f])*")
"""Letters and digits; accents that stand alone as characters belong to their letter (the simpler pattern is faster)."""

LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
_LONGEST_WORD = 64
_CACHED_WORDS = 200_000

ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Language (first part of its BCP 47 tag) → Snowball algorithm."""

_AVAILABLE = frozenset(Stemmer.algorithms())
_local = threading.local()


def stemming_language(tag: str | None) -> str:
    """The language whose stemmer is used for texts with a tag; empty where there is none."""
    language = (tag or "").split("-")[0].lower()
    return language if ALGORITHMS.get(language) in _AVAILABLE else ""


def _stem(word: str, language: str) -> str:
    """Snowball's stem. Its stemmers are not safe to share between threads, so each thread has its own."""
    if not language:
        return word
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language])
    return str(stemmers[language].stemWord(word))


def _fold(word: str) -> list[str]:
    """Fold a word. The result may be no word at all, or several (``½`` is ``1`` and ``2``)."""
    lowered = word.casefold().translate(LETTERS)
    if lowered.isascii():
        return [lowered]
    bare = "".join(each for each in unicodedata.normalize("NFKD", lowered) if unicodedata.category(each) != "Mn")
    return _WORD.findall(unicodedata.normalize("NFC", bare).casefold().translate(LETTERS))


@lru_cache(maxsize=_CACHED_WORDS)
def folded(word: str) -> tuple[str, ...]:
    """Fold a word as `split` gives it (too long ones are cut)."""
    return tuple(each[:_LONGEST_WORD] for each in _fold(word[:_LONGEST_WORD]))


def _pattern(text: str) -> re.Pattern[str]:
    return _WORD if text.isascii() or not _MARKS.search(text) else _WORD_WITH_MARKS


def split(text: str) -> list[str]:
    """The words of a text as they stand."""
    return _pattern(text).findall(text)


def sorted_as(title: str) -> str:
    """What a title is put in order by: its words without case, accents and signs."""
    return " ".join(each for word in split(title) for each in folded(word))


def positions(text: str) -> list[tuple[int, int, str]]:
    """The words of a text with where each begins and ends."""
    return [(found.start(), found.end(), found.group()) for found in _pattern(text).finditer(text)]


@lru_cache(maxsize=_CACHED_WORDS)
def stems(word: str, language: str) -> tuple[str, str]:
    """The indexed form of a word in a language ("" for none), and the other stem where stemming first differs.

    Both may be several words or none, separated by blanks.
    """
    first = " ".join(_stem(each, language) for each in folded(word))
    other = " ".join(folded(_stem(word[:_LONGEST_WORD].lower(), language))) if not word.isascii() else first
    return first, "" if other == first else other


class Entry(NamedTuple):
    """A folded word as it was met, the language it was stemmed in ("" for none), and its term in the index."""

    word: str
    lang: str
    term: str


class Lexicon:
    """Numbers the words that are met, so that those of an offering are a set of small integers."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.terms: list[str] = []
        self._numbers: dict[Entry, int] = {}

    def number(self, entry: Entry) -> int:
        """The number of an entry, its place in `entries`; its term has the same place in `terms`."""
        known = self._numbers.setdefault(entry, len(self.entries))
        if known == len(self.entries):
            self.entries.append(entry)
            self.terms.append(entry.term)
        return known


class Stems(dict[str, str]):
    """The stems of one language's words, made when a word is met for the first time.

    Turns whole texts into what is indexed, at the speed of a dictionary: most words of a feed come again and again.
    """

    def __init__(self, language: str, lexicon: Lexicon | None = None) -> None:
        super().__init__()
        self._language = language
        self._lexicon = lexicon or Lexicon()
        self._others: dict[str, str] = {}
        self._first: dict[str, int] = {}
        self._more: dict[str, tuple[int, ...]] = {}

    def __missing__(self, word: str) -> str:
        """Stem a new word."""
        self[word], other = stems(word, self._language)
        if other:
            self._others[word] = other
        numbers = [self._lexicon.number(Entry(*pair)) for pair in self._pairs(word, other)]
        if numbers:
            self._first[word] = numbers[0]
        if len(numbers) != 1:
            self._more[word] = tuple(numbers)
        return self[word]

    def _pairs(self, word: str, other: str) -> list[tuple[str, str, str]]:
        """Every term under which a word is indexed, beside the folded word it comes from."""
        parts = folded(word)
        terms = [(part, self._language, _stem(part, self._language)) for part in parts]
        terms += [(parts[0] if parts else each, self._language, each) for each in other.split()]
        return [pair for pair in dict.fromkeys(terms) if pair[2]]

    def line(self, text: str) -> str:
        """A text as it is indexed: its stems in order, then the other stems once each."""
        return self.read(split(text))

    def read(self, several: list[str]) -> str:
        """The same for a text whose words are parted already."""
        line = " ".join(map(self.__getitem__, several))
        if self._others.keys().isdisjoint(several):
            return line
        others = dict.fromkeys(self._others[word] for word in several if word in self._others)
        return f"{line} {SEPARATOR} {' '.join(others)}"

    def numbers(self, several: set[str]) -> set[int]:
        """The lexicon's numbers of words that were read."""
        special = self._more.keys() & several
        found = set(map(self._first.__getitem__, several - special if special else several))
        for word in special:
            found.update(self._more[word])
        return found


def variants(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """All forms in which a word may stand in an index of texts in these languages, the unstemmed one first."""
    forms = [" ".join(folded(word))]
    for language in languages:
        forms += stems(word, language)
    return tuple(dict.fromkeys(form for form in forms if form))
