"""Words as the index has them: folded, then stemmed in the language of the text. The same for texts and queries.

*Folded*: lower case, without diacritics (``ø`` is ``o``, ``ß`` is ``ss``, ``æ`` is ``ae``), so that a query typed on
any keyboard finds. *Stemmed*: by Snowball in the true language of the text; a text of unknown language, or of one
without a stemmer, keeps its words. German's ``ae`` for ``ä`` is understood by its stemmer.

A word that only holds sentences together (``sich``, ``son``) is a term of its own in the index, with a mark, so that
no other word's stem (of ``Sicherheit``, of ``sons``) is taken for it; a query finds it as it was met.

A few languages write their endings with diacritics (``educação``, ``educações``) that a stemmer no longer sees after
folding. Where stemming first gives another stem, that one is indexed too, behind the text.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from catalogue_db.search.function_words import MARK, function_words

SEPARATOR = "\ue000"
"""A word nobody can type: stands between the parts of a column, so that a phrase never spans two of them."""

SIGNED = r"[A-Za-z](?:\+\+|#)"
"""What would be one letter without its signs: *C++*, *C#*."""

_WORD = re.compile(rf"{SIGNED}|[^\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f]")
_WORD_WITH_MARKS = re.compile(rf"{SIGNED}|[^\W_](?:[^\W_]|[\u0300-\u036f\u064b-\u065f])*")
"""Letters and digits; accents that stand alone as characters belong to their letter (the simpler pattern is faster)."""

LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
_LONGEST_WORD = 64
_SPECIAL = 1 << 40
_PLAIN_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
_CACHED_WORDS = 20_000

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
    "nl": "dutch_porter",
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
"""Language (first part of its BCP 47 tag) → Snowball algorithm. Dutch has two: the older one is PostgreSQL's, and it
takes *zonnepaneel* and *zonnepanelen* for one word."""

_FINNISH_NOUNS = re.compile("(?<=[aeiouy][uy])(?:d|t)$|(?<=[uy])ks$")
"""What stands for the last letter of nouns in *-us* and *-ys* when they are inflected: *oikeus, oikeuden, oikeutta,
oikeuksia*; *koulutus, koulutuksen*."""

_SHORTEST_FINNISH = 5

_AVAILABLE = frozenset(Stemmer.algorithms())
_local = threading.local()


@lru_cache(maxsize=1_000)
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
        stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language], 0)
    stem = str(stemmers[language].stemWord(word))
    return _finnish(word, stem) if language == "fi" else stem


def _finnish(word: str, stem: str) -> str:
    """One stem for what Snowball leaves apart: *turvallisuus* and *turvallisuuden*, *oppiminen* and *oppimisen*."""
    if len(stem) >= _SHORTEST_FINNISH:
        if word.endswith("inen") and stem.endswith("in"):
            return f"{stem[:-1]}s"
        return _FINNISH_NOUNS.sub("s", stem)
    return stem


def bare(word: str) -> str:
    """A word in lower case without diacritics, as Unicode takes it apart."""
    lowered = word.casefold().translate(LETTERS)
    bare = "".join(each for each in unicodedata.normalize("NFKD", lowered) if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", bare).casefold().translate(LETTERS)


LATIN = str.maketrans(
    {chr(code): bare(chr(code)) for code in range(0x80, 0x250) if re.fullmatch("[a-z]+", bare(chr(code)))}
)
"""The same for the letters of most European languages, one by one, because that is so much faster."""


def _fold(word: str) -> list[str]:
    """Fold a word. The result may be no word at all, or several (``½`` is ``1`` and ``2``)."""
    lowered = word.casefold()
    if lowered.isascii():
        return [lowered]
    latin = lowered.translate(LATIN)
    return [latin] if latin.isascii() else _WORD.findall(bare(word))


def _folded(word: str) -> tuple[str, ...]:
    return tuple(each[:_LONGEST_WORD] for each in _fold(word[:_LONGEST_WORD]))


def folded(word: str) -> tuple[str, ...]:
    """Fold a word as `split` gives it (too long ones are cut)."""
    return (word[:_LONGEST_WORD].lower(),) if word.isascii() else _cached_folded(word)


_cached_folded = lru_cache(maxsize=_CACHED_WORDS)(_folded)


def _pattern(text: str) -> re.Pattern[str]:
    return _WORD if text.isascii() or not _MARKS.search(text) else _WORD_WITH_MARKS


def split(text: str) -> list[str]:
    """The words of a text as they stand."""
    if text.isascii() and "#" not in text and "++" not in text:
        return text.translate(_PLAIN_SIGNS).split()
    return _pattern(text).findall(text)


def sorted_as(title: str) -> str:
    """What a title is put in order by: its words without case, accents and signs."""
    return " ".join(each for word in split(title) for each in folded(word))


def positions(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text with where each begins and ends."""
    return ((found.start(), found.end(), found.group()) for found in _pattern(text).finditer(text))


@lru_cache(maxsize=_CACHED_WORDS)
def stems(word: str, language: str) -> tuple[str, str]:
    """The indexed form of a word in a language ("" for none), and the other stem where stemming first differs.

    Both may be several words or none, separated by blanks.
    """
    _parts, first, other = _indexed(word, language)
    return first, other


@lru_cache(maxsize=100)
def _kept_apart(language: str) -> frozenset[str]:
    """The folded words of a language that are terms of their own."""
    return frozenset(part for word in function_words().get(language, ()) for part in _folded(word))


def index_terms(text: str, language: str) -> str:
    """A text as the index has it, without the other stems that stand behind it."""
    return Stems(language).line(text).partition(f" {SEPARATOR} ")[0]


def _indexed(word: str, language: str) -> tuple[tuple[str, ...], str, str]:
    """The folded words of a word, their stems, and the other stem."""
    parts = _folded(word)
    first = " ".join(_stem(each, language) for each in parts)
    other = " ".join(_folded(_stem(word[:_LONGEST_WORD].lower(), language))) if not word.isascii() else first
    return parts, first, "" if other == first else other


class Entry(NamedTuple):
    """A folded word as it was met, the language it was stemmed in ("" for none), and its term in the index."""

    word: str
    lang: str
    term: str


class Lexicon:
    """Numbers the words that are met, so that a text is a list, and an offering a set, of small integers.

    `entries`: number → word. `lines`: number → what stands in the index for it. `more`: a number that stands for
    several entries, or for none → their numbers. `others`: a number → other stems, which stand behind a text.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.lines: dict[int, str] = {}
        self.more: dict[int, tuple[int, ...]] = {}
        self.others: dict[int, str] = {}

    def add(self, entry: Entry) -> int:
        """Give out the next number, for an entry."""
        self.entries.append(entry)
        self.lines[len(self.entries) - 1] = entry.term
        return len(self.entries) - 1

    def add_special(self, line: str) -> int:
        """Give out the next number beyond those of entries."""
        number = _SPECIAL + len(self.more)
        self.lines[number], self.more[number] = line, ()
        return number

    def apart(self, numbers: set[int]) -> set[int]:
        """The same words, each number standing for one entry."""
        if not _has_special(numbers):
            return numbers
        special = {each for each in numbers if each >= _SPECIAL}
        return (numbers - special).union(*(self.more[each] for each in special))


def _has_special(numbers: Collection[int]) -> bool:
    return max(numbers, default=0) >= _SPECIAL


class Stems(dict[str, int]):
    """The words of one language, numbered; a word is folded and stemmed when it is met for the first time.

    Turns whole texts into what is indexed, at the speed of a dictionary: most words of a feed come again and again.
    """

    def __init__(self, language: str, lexicon: Lexicon | None = None) -> None:
        super().__init__()
        self._language = language
        self._lexicon = lexicon or Lexicon()
        self._behind: dict[Entry, int] = {}
        self._apart = _kept_apart(language)

    def __missing__(self, word: str) -> int:
        """Number a new word."""
        if word.isascii() and len(word) <= _LONGEST_WORD:  # most words, and nothing to fold
            if (lowered := word.lower()) != word:
                self[word] = self[lowered]
                return self[word]
            if term := self._term(word):
                self[word] = self._plain(word, term)
                return self[word]
        parts, first, other = _indexed(word, self._language)
        if not self._apart.isdisjoint(parts):
            first, other = " ".join(self._term(part) for part in parts), ""
        if len(parts) != 1 or other or not first:
            self[word] = self._special(word, parts, first, other)
        elif parts[0] == word:
            self[word] = self._plain(word, first)
        else:
            self[word] = self[parts[0]]
        return self[word]

    def _term(self, part: str) -> str:
        """The term of a folded word."""
        return part + MARK if part in self._apart else _stem(part, self._language)

    def _plain(self, word: str, term: str) -> int:
        return self._lexicon.add(Entry(word, self._language, word if word == term else term))

    def _special(self, word: str, parts: tuple[str, ...], first: str, other: str) -> int:
        """A word that gives no term, or several."""
        numbers = [number for part in parts for number in self._part(word, part)]
        for term in other.split():
            entry = Entry(parts[0] if parts else term, self._language, term)
            if entry not in self._behind:
                self._behind[entry] = self._lexicon.add(entry)
            numbers.append(self._behind[entry])
        number = self._lexicon.add_special(first)
        if other:
            self._lexicon.others[number] = other
        entries = {self._lexicon.entries[each]: each for each in reversed(numbers)}
        self._lexicon.more[number] = tuple(each for entry, each in entries.items() if entry.term)
        return number

    def _part(self, word: str, part: str) -> tuple[int, ...]:
        """The number of a part as it is when it stands for itself alone; none if it gives no term."""
        if part == word:
            return (self._plain(part, self._term(part)),)
        known = self[part]
        return self._lexicon.more[known][-1:] if known >= _SPECIAL else (known,)

    def line(self, text: str) -> str:
        """A text as it is indexed: its stems in order, then the other stems once each."""
        return self.read(text)[0]

    def read(self, text: str) -> tuple[str, list[int]]:
        """The same, with the numbers of its words."""
        numbers = list(map(self.__getitem__, split(text)))
        line = " ".join(map(self._lexicon.lines.__getitem__, numbers))
        if _has_special(numbers):
            others = self._lexicon.others
            if behind := dict.fromkeys(others[each] for each in numbers if each in others):
                line = f"{line} {SEPARATOR} {' '.join(behind)}"
        return line, numbers
