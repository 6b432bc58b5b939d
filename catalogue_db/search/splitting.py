"""Takes a compound that occurs nowhere apart into words that do: *Wasserrecht* asks for *Wasser* and *Recht*."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from catalogue_db.search.parts import LINKS, SHORTEST_PART

LONGEST_TAKEN_APART = 48


def pieces(word: str) -> set[str]:
    """All that may be a part of a word; nothing for a word too short or too long to be taken apart."""
    if not 2 * SHORTEST_PART <= len(word) <= LONGEST_TAKEN_APART:
        return set()
    return {
        word[first:last]
        for first in range(len(word) - SHORTEST_PART + 1)
        for last in range(first + SHORTEST_PART, len(word) + 1)
    } - {word}


def taken_apart(word: str, occurring: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The fewest words of one language, with the letters that link them, that a word is wholly made of; else none.

    `occurring`: language → the words among `pieces` that occur in it.
    """
    found = [_apart(word, frozenset(occurring[lang]), LINKS[lang]) for lang in sorted(occurring.keys() & LINKS.keys())]
    return min((several for several in found if several), key=len, default=())


def _apart(word: str, occurring: frozenset[str], links: tuple[str, ...]) -> tuple[str, ...]:
    @cache
    def rest(first: int) -> tuple[str, ...] | None:
        """The words from a place on; None where it cannot be done."""
        if first == len(word):
            return ()
        ways = []
        for last in range(len(word), first + SHORTEST_PART - 1, -1):
            if (piece := word[first:last]) not in occurring:
                continue
            for link in ("", *links) if last < len(word) else ("",):
                if (
                    word.startswith(link, last)
                    and (after := rest(last + len(link))) is not None
                    and (after or not link)
                ):
                    ways.append((piece, *after))
        return min(ways, key=len, default=None)

    found = rest(0)
    return found if found and len(found) > 1 else ()
