"""Queries of the kinds that people type, drawn from the synthetic offerings themselves, so that each finds something.

How common a word is, is counted over a sample of offerings of its language. A class has as many queries as are asked
for, the same ones for the same seed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from benchmarks.corpus import BLOCK, LANGUAGES, offerings
from catalogue_db.search.words import split, stemming_language, stems

_SAMPLE_BLOCKS = 4
_COMMON, _MIDDLING = 0.08, (0.005, 0.02)


class Query(msgspec.Struct, frozen=True):
    """One search: what is typed, in which language, with which filters (names as in `SearchQuery`)."""

    text: str
    lang: str = "en"
    filters: dict[str, Any] = {}
    facets: bool = False


class _Words(msgspec.Struct):
    """The words of one language by how common they are, and some of its offerings' texts."""

    lang: str
    common: list[str]
    middling: list[str]
    rare: list[str]
    texts: list[list[str]]


def query_classes(size: int, each: int, seed: int = 11) -> dict[str, list[Query]]:
    """Return the classes for a database of `size` offerings, each with `each` queries, languages taken in turn."""
    chance = random.Random(seed)
    known = [_words(lang, size) for lang in LANGUAGES[: max(1, size // BLOCK)]]
    return {
        name: [make(chance, known[number % len(known)]) for number in range(each)] for name, make in _CLASSES.items()
    }


def _words(lang: str, size: int) -> _Words:
    """Look at some offerings of a language: blocks of a thousand in turn belong to one language each."""
    first = LANGUAGES.index(lang)
    blocks = range(first, size // BLOCK, len(LANGUAGES))[:_SAMPLE_BLOCKS]
    texts = [
        split(f"{one.title[lang]} {one.description[lang]}")
        for block in blocks
        for one in offerings("bench0", block * BLOCK, BLOCK)
    ]
    stem = {word: stems(word, stemming_language(lang))[0] for text in texts for word in text}
    documents = Counter(each for text in texts for each in {stem[word] for word in text})
    share = {word: documents[stem[word]] / len(texts) for word in stem if len(word) >= 4}
    return _Words(
        lang,
        sorted(word for word, one in share.items() if one >= _COMMON),
        sorted(word for word, one in share.items() if _MIDDLING[0] <= one < _MIDDLING[1]),
        sorted(word for word, one in share.items() if one * len(texts) == 1),
        texts,
    )


def _one_rare(chance: random.Random, known: _Words) -> Query:
    return Query(chance.choice(known.rare), known.lang)


def _one_middling(chance: random.Random, known: _Words) -> Query:
    return Query(chance.choice(known.middling), known.lang)


def _one_common(chance: random.Random, known: _Words) -> Query:
    return Query(chance.choice(known.common), known.lang)


def _two_words(chance: random.Random, known: _Words) -> Query:
    return Query(" ".join(chance.sample(chance.choice(known.texts), 2)), known.lang)


def _two_common(chance: random.Random, known: _Words) -> Query:
    return Query(" ".join(chance.sample(known.common, 2)), known.lang)


def _phrase(chance: random.Random, known: _Words) -> Query:
    text = chance.choice(known.texts)
    at = chance.randrange(len(text) - 1)
    return Query(f'"{text[at]} {text[at + 1]}"', known.lang)


def _prefix(chance: random.Random, known: _Words) -> Query:
    return Query(chance.choice(known.common)[:3], known.lang)


def _word_and_prefix(chance: random.Random, known: _Words) -> Query:
    return Query(f"{chance.choice(known.common)} {chance.choice(known.common)[:3]}", known.lang)


def _typo(chance: random.Random, known: _Words) -> Query:
    word = chance.choice([each for each in known.middling if len(each) >= 6])
    at = chance.randrange(1, len(word) - 1)
    return Query(word[:at] + word[at + 1 :], known.lang)


def _common_with_facets(chance: random.Random, known: _Words) -> Query:
    return Query(chance.choice(known.common), known.lang, facets=True)


def _filtered_with_facets(chance: random.Random, known: _Words) -> Query:
    filters: dict[str, Any] = {"levels": [chance.choice((6, 7))], "modes": [chance.choice(("online", "blended"))]}
    if chance.random() < 0.5:
        filters["max_ects"] = 5
    return Query(chance.choice((*known.common, *known.middling[:20])), known.lang, filters, facets=True)


def _everything_with_facets(chance: random.Random, known: _Words) -> Query:
    return Query("", known.lang, {"levels": [chance.choice((4, 5, 6, 7, 8))]}, facets=True)


_CLASSES: dict[str, Callable[[random.Random, _Words], Query]] = {
    "one rare word": _one_rare,
    "one middling word": _one_middling,
    "one common word": _one_common,
    "two words": _two_words,
    "two common words": _two_common,
    "phrase": _phrase,
    "three letters": _prefix,
    "word and three letters": _word_and_prefix,
    "typo": _typo,
    "common word, facets": _common_with_facets,
    "filtered, facets": _filtered_with_facets,
    "no words, facets": _everything_with_facets,
}
CLASSES = tuple(_CLASSES)
