"""Understanding a value of a code list: by code, EU address, label, or a word that sources are known to use.

A word that is in no list is never taken for the nearest one: it is ``unknown_code``, and the note names the
codes there are. Modes, assessment types, supervision and accreditation types all work this way.
"""

from __future__ import annotations

import re
from functools import lru_cache

from standard.observation import Scalar
from standard.values import Understood
from standard.values.plain import is_placeholder, plain
from standard.vocabularies import Vocabulary, Word, vocabulary

_LIST_SIGNS = re.compile(
    r"\s*[,;|/\n•]+\s*|\s+(?:and|und|et|en|ja|och|y|e|or|oder|ou|of|tai|eller|o)\s+|\s+[&+]\s+", re.IGNORECASE
)
_LONGEST_NOTE = 80
_LONGEST_LIST = 120
"""A longer text is prose: a word of the list that it happens to hold says nothing."""


def coded(name: str, raw: Scalar) -> Understood[str]:
    """Return the code of the list `name` that one published value stands for."""
    return _coded(name, plain(raw))


def coded_list(name: str, raw: Scalar) -> Understood[list[str]]:
    """Return the codes that a published value stands for, in its order and each once.

    A value that is no known word as a whole is taken apart at commas, semicolons, bars, slashes and the word
    "and" in several languages. Parts that are not understood are left out and named: the problem is then
    ``adjusted``, or ``unknown_code`` when nothing is left.
    """
    found = _coded_list(name, plain(raw))
    return Understood(
        list(found.value) if found.value else None, found.problem, found.note, found.derived, dict(found.facts)
    )


@lru_cache(maxsize=8192)
def _coded(name: str, text: str) -> Understood[str]:
    word = vocabulary(name).word(text)
    if word:
        return Understood(word.code, derived=word.derived)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    return Understood(problem="unknown_code", note=_unknown(vocabulary(name), text))


@lru_cache(maxsize=8192)
def _coded_list(name: str, text: str) -> Understood[tuple[str, ...]]:
    whole = _coded(name, text)
    if whole.value is not None:
        return Understood((whole.value,), derived=whole.derived)
    parts = [part for part in _LIST_SIGNS.split(text) if part and not is_placeholder(part)]
    if whole.problem == "placeholder" or len(parts) < 2 or "://" in text or len(text) > _LONGEST_LIST:
        return Understood(problem=whole.problem, note=whole.note)
    return _from_parts(vocabulary(name), parts)


def _from_parts(lists: Vocabulary, parts: list[str]) -> Understood[tuple[str, ...]]:
    words: list[Word] = []
    unknown: list[str] = []
    for part in parts:
        word = lists.word(part)
        if word:
            words.append(word)
        else:
            unknown.append(part)
    note = _unknown(lists, ", ".join(unknown)) if unknown else ""
    if not words:
        return Understood(problem="unknown_code", note=note)
    codes = tuple(dict.fromkeys(word.code for word in words))
    derived = any(word.derived for word in words)
    return Understood(codes, "adjusted" if unknown else None, note, derived)


def _unknown(lists: Vocabulary, text: str) -> str:
    shown = text if len(text) <= _LONGEST_NOTE else text[:_LONGEST_NOTE] + "…"
    return f"'{shown}' is not in the list; known are {', '.join(lists.codes)}"
