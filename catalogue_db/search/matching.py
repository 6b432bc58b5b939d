"""From a query's words to what the full-text index is asked."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, func, literal, select

from catalogue_db import dialects
from catalogue_db.dialects import Form, Group
from catalogue_db.search import words
from catalogue_db.search.query import Matched, ParsedText, Term
from catalogue_db.tables import search_language, search_offering, search_word

ENOUGH = 10
"""With fewer offerings than this that have all the words, those that have any of them are shown too."""

_SHORTEST_BEGINNING = 2
_MOST_STEMS = 40
_COMMON = 0.25
_LAST_CHARACTER = "\U0010ffff"


class Matching(msgspec.Struct, frozen=True):
    """What to ask of the index. `matched`: the hits; `ranks`: which of them come first, second, and so on.

    `groups` are kept for the highlights.
    """

    kind: Matched
    matched: str | None = None
    ranks: tuple[str, ...] = ()
    without: str | None = None
    groups: tuple[Group, ...] = ()


def matching(connection: Connection, parsed: ParsedText) -> Matching:
    """Decide what to ask: all words, or with too few hits any of them."""
    languages = tuple(connection.execute(select(search_language.c.lang).order_by(search_language.c.lang)).scalars())
    groups = _groups(connection, parsed.wanted, languages)
    whole = _groups(connection, [Term(term.words) for term in parsed.wanted], languages)
    unwanted = _groups(connection, parsed.unwanted, languages)
    without = dialects.expression(unwanted, every=False) if unwanted else None
    if not groups:
        return Matching("everything", without=without)
    every = dialects.expression(groups, every=True)
    ranks = _ranks(dialects.expression(whole, every=True), every)
    if len(groups) > 1 and _count(connection, every, ENOUGH) < ENOUGH:
        some = dialects.expression(_telling(connection, groups), every=False)
        return Matching("any_words", f"({every}) OR ({some})", (*ranks, every), without, tuple(groups))
    return Matching("all_words", every, ranks, without, tuple(groups))


def _ranks(whole: str, every: str) -> tuple[str, ...]:
    """What comes first: relevance alone would put a rare ending of a word before the word itself in a title."""
    if whole == every:
        return (dialects.in_title(every),)
    return dialects.in_title(whole), dialects.in_title(every), whole


def _groups(connection: Connection, terms: Iterable[Term], languages: tuple[str, ...]) -> list[Group]:
    groups = [_group(connection, term, languages) for term in terms]
    return [group for group in groups if group]


def _group(connection: Connection, term: Term, languages: tuple[str, ...]) -> Group:
    forms = [Form(form) for form in _phrases(term.words, languages)]
    last = term.words[-1]
    if term.begun and len(term.words) == 1:
        surface = " ".join(words.folded(last))
        if len(surface) >= _SHORTEST_BEGINNING:
            forms.append(Form(surface, begun=True))
            forms += [Form(stem) for stem in _stems_of_beginning(connection, surface)]
    return tuple(dict.fromkeys(forms))


def _phrases(several: tuple[str, ...], languages: tuple[str, ...]) -> tuple[str, ...]:
    """The words as each language would have them, in order."""
    if len(several) == 1:
        return words.variants(several[0], languages)
    lines = [" ".join(words.stems(word, language)[0] for word in several) for language in ("", *languages)]
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _stems_of_beginning(connection: Connection, beginning: str) -> list[str]:
    """Stems of the words that begin so: ``programmi`` begins no stem, but a word whose stem is ``program``."""
    query = (
        select(search_word.c.term)
        .distinct()
        .where(search_word.c.word >= beginning, search_word.c.word < beginning + _LAST_CHARACTER)
        .limit(_MOST_STEMS)
    )
    return list(connection.execute(query).scalars())


def _count(connection: Connection, matched: str, at_most: int) -> int:
    source, condition = dialects.hits(matched)
    some = select(literal(1)).select_from(source).where(condition).limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _telling(connection: Connection, groups: list[Group]) -> list[Group]:
    """The words that tell offerings apart: not those in more than a quarter of all, unless there are no others."""
    everything = int(connection.execute(select(func.count()).select_from(search_offering)).scalar_one())
    most = max(ENOUGH, int(everything * _COMMON))
    rare = [group for group in groups if _count(connection, dialects.expression([group], every=True), most + 1) <= most]
    return rare or groups
