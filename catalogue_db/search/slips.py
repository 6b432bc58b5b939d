"""One-letter slips: every word without one of its letters, so that a misspelt one is a look-up away.

A word *w* was meant to be *x* if *x* lacks a letter of *w* (*x* is a slip of *w*), *w* lacks one of *x* (*w* is a slip
of *x*), or both have a slip in common (another letter, or two neighbours swapped); the search then measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import Connection, delete

from catalogue_db.dialects import bulk_insert
from catalogue_db.search import stores
from catalogue_db.tables import search_slip

SHORTEST, LONGEST = 5, 24
"""Words of so many letters have slips; one with a digit in it is a code, and its neighbours are other codes."""

_AT_ONCE = 20_000


def slips(word: str) -> set[str]:
    """The word without one of its letters, for each of them; none for words that are not looked after."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
        return set()
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def write(connection: Connection, came: Iterable[str], went: Iterable[str]) -> None:
    """Keep the table in step with words that came and went."""
    for rows in _rows(went):
        stores.delete_rows(connection, search_slip, rows)
    for rows in _rows(came):
        bulk_insert(connection, search_slip, rows)


def empty(connection: Connection) -> None:
    """Forget all slips."""
    connection.execute(delete(search_slip))


def _rows(words: Iterable[str]) -> Iterator[list[dict[str, str]]]:
    stream = iter(sorted(words))
    while batch := list(islice(stream, _AT_ONCE)):
        pairs = sorted((slip, word) for word in batch for slip in slips(word))
        yield [{"slip": slip, "word": word} for slip, word in pairs]
