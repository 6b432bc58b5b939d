"""Words written apart that the catalogue writes as one: *spread sheets*, *child care*, *Energie-Beratung*."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from catalogue_db.search.attested import Attested
from catalogue_db.search.parts import LINKS
from catalogue_db.search.spelling import Spelling, spellings

_SHORTEST = 3
"""Letters that each of the words has at least: *a part* is not *apart*."""

_PAIR = 2
"""Letters that link are looked for between two words, not among more."""

_LINKS = ("", *sorted({link for links in LINKS.values() for link in links}))


def joined(attested: Attested, words: Sequence[str]) -> list[list[str]]:
    """For each of some words in a row, the terms of what it makes with its neighbours, so far as that occurs.

    `words`: folded; an empty one stands for something that is joined with nothing, such as a phrase.
    """
    pairs = [
        (place, _spellings(attested, first, second))
        for place, (first, second) in enumerate(pairwise(words))
        if min(len(first), len(second)) >= _SHORTEST
    ]
    found: list[list[str]] = [[] for _word in words]
    terms = iter(attested.own([each for _place, several in pairs for each in several]) if pairs else [])
    for place, several in pairs:
        own = [term for _each in several for _lang, term in next(terms)]
        for of_word in found[place : place + 2]:
            of_word += own
    return found


def written_as_one(attested: Attested, words: Sequence[str]) -> list[str]:
    """The terms of what some folded words, which a hyphen joins, are as one word, so far as that occurs."""
    several = spellings("".join(words), attested.languages)
    if len(words) == _PAIR:
        several = _spellings(attested, *words)
    return [term for pairs in attested.own(several) for _lang, term in pairs]


def _spellings(attested: Attested, first: str, second: str) -> list[Spelling]:
    """Two words as one, in any inflection, or with letters between them."""
    as_one = spellings(first + second, attested.languages)
    return as_one + [Spelling((first + link + second,), ()) for link in _LINKS if link]
