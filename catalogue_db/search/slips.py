"""One-letter slips: every word without one of its letters, so that a misspelt one is a look-up away.

A word *w* was meant to be *x* if *x* lacks a letter of *w* (*x* is a slip of *w*), *w* lacks one of *x* (*w* is a slip
of *x*), or both have a slip in common (another letter, or two neighbours swapped); the search then measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, Text, func, select

from catalogue_db import dialects
from catalogue_db.dialects import bulk_insert
from catalogue_db.search import stores
from catalogue_db.tables import Sorted, search_slip

SHORTEST, LONGEST = 5, 24
"""Words of so many letters have slips; one with a digit in it is a code, and its neighbours are other codes."""

_temporary = MetaData()
_new = Table("search_word_new", _temporary, Column("word", Sorted, primary_key=True), prefixes=["TEMPORARY"])
_place = Table("search_word_place", _temporary, Column("place", Integer, primary_key=True), prefixes=["TEMPORARY"])


def slips(word: str) -> set[str]:
    """The word without one of its letters, for each of them; none for words that are not looked after."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))} if _is_kept(word) else set()


def _is_kept(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def write(connection: Connection, came: Iterable[str], went: Iterable[str]) -> None:
    """Keep the table in step with words that came and went."""
    gone = [{"slip": slip, "word": word} for word in went for slip in slips(word)]
    stores.delete_rows(connection, search_slip, gone)
    new = [{"word": word} for word in sorted(came) if _is_kept(word)]
    if new:
        _temporary.create_all(connection)
        for table, rows in ((_new, new), (_place, [{"place": place} for place in range(1, LONGEST + 1)])):
            dialects.empty(connection, table)
            bulk_insert(connection, table, rows)
        stores.add(connection, search_slip, ("slip", "word"), _pairs(), ())


def _pairs() -> Select[Any]:
    """Made by the database itself, in the order of the table: a first load has millions of them."""
    word, place = _new.c.word, _place.c.place
    slip = func.substr(word, 1, place - 1, type_=Text).concat(func.substr(word, place + 1, type_=Text))
    pairs = select(slip.label("slip"), word).join(_place, place <= func.length(word))
    return pairs.where(place > 0).order_by("slip", word)
