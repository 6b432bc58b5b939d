"""What may have been meant: the text of a query with other words in place of those that hardly anything has.

The index knows words without accents and capitals; how they are spelt is learnt from the texts that were found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from catalogue_db.search import words
from catalogue_db.search.query import MOST_CHARACTERS

_MARKED = re.compile("<mark>(.*?)</mark>", re.DOTALL)
_CAPITAL = re.compile("[A-Z]")


def corrected(text: str, meant: Mapping[str, str], shown: Iterable[str] = ()) -> str | None:
    """A text with other words (folded word → word) in place of those it has; None if there are none.

    `shown`: HTML with words in ``<mark>``. A word is spelt as it first stands there, with a capital letter where one
    was typed.
    """
    marked = (word for html in shown for word in _MARKED.findall(html)) if meant else ()
    pieces, at, spelt = [], 0, spellings(marked)
    for start, end, word in words.positions(text[:MOST_CHARACTERS]):
        if (other := meant.get("".join(words.folded(word)))) is not None:
            pieces += [text[at:start], begun_like(word, spelt.get(other, other))]
            at = end
    return "".join([*pieces, text[at:]]) if pieces else None


def spellings(several: Iterable[str]) -> dict[str, str]:
    """Folded word → how it is spelt first among some words, but for those that are written in capitals."""
    found: dict[str, str] = {}
    for word in several:
        if not _CAPITAL.search(word, 1):
            found.setdefault("".join(words.folded(word)), word)
    return found


def begun_like(typed: str, word: str) -> str:
    """A word with a capital letter if another has one; only letters without accents are told apart."""
    first = word[:1]
    if first.isascii():
        first = first.upper() if _CAPITAL.match(typed) else first.lower()
    return first + word[1:]
