"""Synthetic multilingual offerings for measuring the database: any number of them, the same on every machine.

The languages have words of their own, as frequent as words are (Zipf), with endings that their stemmers know: a query
meets common and rare words, inflections and prefixes as in earnest. Offerings are made in blocks of a thousand, each
from its own seed, so that a block can be made again without those before it, and an *edition* changes a given share.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from standard.offering import (
    Completeness,
    Instance,
    LearningOutcome,
    Level,
    Offering,
    Organisation,
    Price,
    Workload,
    offering_id,
)

BLOCK = 1_000
LANGUAGES = ("en", "de", "fr", "nl", "fi", "es")
_STEMS = 8_000
_ENDINGS = {
    "en": ("", "s", "ing", "ed", "ation"),
    "de": ("", "en", "ung", "e", "er"),
    "fr": ("", "s", "e", "ement", "ation"),
    "nl": ("", "en", "ing", "e", "heid"),
    "fi": ("", "n", "ssa", "sta", "t"),
    "es": ("o", "os", "a", "ción", "ando"),
}
_ONSETS = ("b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "t", "v")  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ä", "ö", "ei")
_FIELDS = ("0111", "0231", "0311", "0412", "0413", "0421", "0511", "0521", "0541", "0612", "0613", "0713")  # fmt: skip
_TRUSTED = ("FI", "LU", "NL", "ES", "FR", "DE")
_START = date(2027, 1, 1)
_TITLE, _DESCRIPTION, _OUTCOME, _OUTCOMES = 6, 120, 10, 6
_PER_OFFERING = _TITLE + _DESCRIPTION + _OUTCOME * _OUTCOMES


class Vocabulary(NamedTuple):
    """Words of a language, and the running share of text that they make up."""

    words: list[str]
    shares: NDArray[np.float64]


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language, the most frequent first."""
    chance = np.random.default_rng(LANGUAGES.index(language) + 1)
    stems: dict[str, None] = {}
    while len(stems) < _STEMS:
        syllables = 1 + int(chance.integers(1, 4))
        stems["".join(_syllable(chance) for _ in range(syllables))] = None
    endings = _ENDINGS[language]
    words = [stem + ending for stem in stems for ending in endings]
    weights = np.repeat(1 / (np.arange(_STEMS) + 2.7) ** 1.2, len(endings))
    weights *= np.tile(1 / (np.arange(len(endings)) + 1.0) ** 2, _STEMS)
    return Vocabulary(words, np.cumsum(weights / weights.sum()))


def _syllable(chance: np.random.Generator) -> str:
    onset, vowel = _ONSETS[int(chance.integers(len(_ONSETS)))], _VOWELS[int(chance.integers(len(_VOWELS)))]
    return onset + vowel + ("n" if chance.random() < 0.3 else "")


def offerings(feed: str, first: int, count: int, *, edition: int = 1, changed: float = 0.0) -> Iterator[Offering]:
    """Yield `count` offerings from number `first` on (both multiples of `BLOCK`).

    In editions after the first, the given share of them has another description; which ones depends on the edition.
    """
    for block in range(first // BLOCK, (first + count) // BLOCK):
        yield from _block(feed, block, edition, changed)


def _block(feed: str, block: int, edition: int, changed: float) -> Iterator[Offering]:
    language = LANGUAGES[block % len(LANGUAGES)]
    chance = np.random.default_rng([7, block])
    texts = _texts(chance, language, BLOCK * _PER_OFFERING)
    facts = chance.random((BLOCK, 12))
    mended = np.random.default_rng([edition, block])
    is_changed = mended.random(BLOCK) < changed if edition > 1 else np.zeros(BLOCK, dtype=bool)
    news = _texts(mended, language, 8 * BLOCK) if is_changed.any() else []
    for at in range(BLOCK):
        words = texts[at * _PER_OFFERING : (at + 1) * _PER_OFFERING]
        if is_changed[at]:
            words[_TITLE : _TITLE + 8] = news[at * 8 : at * 8 + 8]
        yield _offering(feed, block * BLOCK + at, language, words, facts[at])


def _texts(chance: np.random.Generator, language: str, count: int) -> list[str]:
    known = vocabulary(language)
    return [known.words[place] for place in np.searchsorted(known.shares, chance.random(count) * known.shares[-1])]


def _offering(feed: str, number: int, language: str, words: list[str], facts: NDArray[np.float64]) -> Offering:
    outcomes = words[_TITLE + _DESCRIPTION :]
    institution = _institution(int(facts[0] ** 2 * 400))
    start = _START + timedelta(days=int(facts[1] * 500))
    return Offering(
        offering_id=offering_id(feed, str(number)),
        feed=feed,
        source_id=str(number),
        title={language: " ".join(words[: 2 + int(facts[11] * (_TITLE - 1))]).capitalize()},
        description={language: _sentences(words[_TITLE : _TITLE + _DESCRIPTION])},
        country=institution.country,
        awarding_body=institution,
        providers=[institution],
        workload=Workload(ects=float((1, 2, 2.5, 3, 5, 6, 10, 15)[int(facts[2] * 8)])),
        level=Level(eqf=(4, 5, 6, 6, 6, 7, 7, 8)[int(facts[3] * 8)]),
        learning_outcomes=[
            LearningOutcome(text={language: " ".join(outcomes[at : at + _OUTCOME]) + "."})
            for at in range(0, len(outcomes), _OUTCOME)
        ],
        modes=[("online", "onsite", "blended", "hybrid")[int(facts[4] * 4)]],
        fields=[_FIELDS[int(facts[5] * len(_FIELDS))]],
        languages=[language],
        homepage=f"https://{feed}.example/offerings/{number}",
        keywords=words[:2],
        instances=[_instance(start, facts)],
        completeness=Completeness(0.5 + 0.5 * float(facts[6]), {}),
    )


def _instance(start: date, facts: NDArray[np.float64]) -> Instance:
    return Instance(
        "1",
        start=start.isoformat(),
        end=(start + timedelta(days=60)).isoformat(),
        enrolment_opens=(start - timedelta(days=90)).isoformat(),
        enrolment_closes=(start - timedelta(days=int(facts[7] * 30))).isoformat(),
        price=[Price(amount=0.0 if facts[8] < 0.2 else float(int(facts[8] * 900)), currency="EUR")],
    )


def _sentences(words: list[str]) -> str:
    return " ".join(" ".join(words[at : at + 15]).capitalize() + "." for at in range(0, len(words), 15))


@cache
def _institution(number: int) -> Organisation:
    known = vocabulary("en").words
    name = f"{known[number * 7 + 300].capitalize()} {known[number * 11 + 900].capitalize()} University"
    country = _TRUSTED[number % len(_TRUSTED)]
    identifier = {"schac": f"u{number}.example"}
    return Organisation({"en": name}, identifier, country, f"https://u{number}.example")
