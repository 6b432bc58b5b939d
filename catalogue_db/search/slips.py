"""One-letter slips: all the words that a misspelt one may have been meant to be, to be looked for in the vocabulary.

A word of ten letters has about 540 neighbours, which the vocabulary's own index finds in a millisecond. A table of
words without one of their letters answers four times as fast, but is the largest of the index, and costs each load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from catalogue_db.search import words

SHORTEST, LONGEST = 5, 24
"""One of two words that differ by a slip has so many letters or more; what is typed has so many or fewer."""

_DIGIT = re.compile("[0-9]")

_BLOCK = 128
_LAST = 0x1100
"""Scripts of letters come before; of the thousands of syllables and ideographs nobody types a single one wrongly."""


@cache
def alphabets() -> tuple[str, ...]:
    """The letters, folded, of each script: of each block of 128 characters of Unicode, Latin's being a to z."""
    found: dict[int, set[str]] = {}
    for code in range(_LAST):
        for letter in words.folded(chr(code)):
            if len(letter) == 1 and letter.isalpha() and ord(letter) < _LAST:
                found.setdefault(ord(letter) // _BLOCK, set()).add(letter)
    return tuple("".join(sorted(letters)) for _block, letters in sorted(found.items()))


def near(word: str) -> set[str]:
    """What a folded word becomes by one letter left out, put in or put for another, or by two neighbours swapped.

    Letters that are put in are of the scripts of the word. Nothing is near a word with a digit: it is a code, and its
    neighbours are other codes.
    """
    if len(word) > LONGEST or _DIGIT.search(word):
        return set()
    letters = "".join(each for each in alphabets() if not set(each).isdisjoint(word))
    return {other for other in _changed(word, letters) if max(len(word), len(other)) >= SHORTEST} - {word}


def _changed(word: str, letters: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield head + tail[1:]
        yield head + tail[1::-1] + tail[2:]
        for letter in letters:
            yield head + letter + tail[1:]
            yield head + letter + tail
