"""Folding of words, so that spellings which people take for the same are the same to a look-up.

Used wherever a published word is looked up in a list: case, accents, blanks, hyphens and underscores do not
tell words apart ("Work-based", "work_based" and "WORK BASED" are one word).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(r"[\s_\-‐‑‒–—]+")
_MARKS = re.compile(r"[\u0300-\u036f]")


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Return a word as look-ups compare it: case-folded, without accents, separators as single blanks."""
    if word.isascii():
        plain = word.lower()
    else:
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold())).casefold()
    return _SEPARATORS.sub(" ", plain).strip(" .:;\"'“”„«»‘’")
