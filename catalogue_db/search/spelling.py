"""A word of a query in all spellings under which the vocabulary may know it: folded, respelt, stemmed by language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from catalogue_db.search import words

_RESPELT = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""How German (and Nordic) letters are typed on other keyboards, and what folding makes of those letters."""


class Spelling(NamedTuple):
    """A folded word of a query. `surfaces`: itself first, then as it would be folded if it was typed with ``ae`` for
    ``ä`` or ``aa`` for ``å``; `stems`: (language, stem) of each of these in each language asked for."""

    surfaces: tuple[str, ...]
    stems: tuple[tuple[str, str], ...]


def respelt(surface: str) -> tuple[str, ...]:
    """A folded word and what else it may stand for: ``kuenstlich`` also ``kunstlich``, ``haand`` also ``hand``."""
    umlauts = surface
    for typed, letter in _RESPELT:
        umlauts = umlauts.replace(typed, letter)
    found = (surface, umlauts, surface.replace("aa", "a"), umlauts.replace("aa", "a"))
    return tuple(dict.fromkeys(found))


def spellings(word: str, languages: Sequence[str]) -> list[Spelling]:
    """The folded words a typed word consists of (mostly one), each with its spellings."""
    surfaces = words.folded(word)
    return [_spelling(surface, word if len(surfaces) == 1 else surface, languages) for surface in surfaces]


def _spelling(surface: str, typed: str, languages: Iterable[str]) -> Spelling:
    surfaces, found = respelt(surface), []
    for language in languages:
        for each in (typed, *surfaces):
            found += [(language, stem) for stem in words.stems(each, language) if stem and " " not in stem]
    return Spelling(surfaces, tuple(dict.fromkeys(found)))
