"""From a query's words to groups of forms that really occur: what any of which will do.

The own forms of a word are its inflections in any language. Others are added: words that begin as the last one was
begun, compounds that have it as a part, what it makes with its neighbour when both are written as one, synonyms. Only
when too little is found, or a word stands nowhere as it was typed, words that differ by a slip.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from typing import NamedTuple

import msgspec

from catalogue_db.search.attested import Attested, Pair
from catalogue_db.search.fulltext import Form
from catalogue_db.search.function_words import MARK
from catalogue_db.search.joining import joined, written_as_one
from catalogue_db.search.query import Term
from catalogue_db.search.spelling import Spelling, spellings
from catalogue_db.search.splitting import pieces, taken_apart

SHORTEST_BEGINNING = 2
"""Letters of which a beginning has at least so many."""

_SHORTEST_WITH_SLIP = 4
"""Letters that were typed: of a word of five, one may be missing."""

_MOST_FORMS_OF_PHRASE = 16
_MOST_SLIPS = 5
_MOST_WORDS_OF_SYNONYM = 4
_MUCH_MORE_FREQUENT = 3
"""Doublings: a word that occurs is only corrected to one that does so eight times as often."""

_MOST_FREQUENT_SLIP = 1
"""Doublings: a word that more than three offerings have is no slip."""


class Group(msgspec.Struct, frozen=True):
    """What stands for a word, or a phrase, of the query.

    `surfaces`: its folded words. `own`, `others`, `slips`: forms that occur, by how sure it is that they are meant.
    `begun`: the beginning that was typed, if it may be one. `meant`: the word that a slip was made in, if any.
    `quoted`: it is meant as it was typed. `is_met`: it occurs as it was typed, or goes on so.
    """

    surfaces: tuple[str, ...]
    own: tuple[Form, ...] = ()
    others: tuple[Form, ...] = ()
    slips: tuple[Form, ...] = ()
    begun: str = ""
    meant: str | None = None
    quoted: bool = False
    is_met: bool = True

    @property
    def may_be_slip(self) -> bool:
        """Whether it is a single word, long enough to tell, that was not quoted."""
        return len(self.surfaces) == 1 and len(self.surfaces[0]) >= _SHORTEST_WITH_SLIP and not self.quoted

    @property
    def forms(self) -> tuple[Form, ...]:
        """All of them."""
        return tuple(dict.fromkeys((*self.own, *self.others, *self.slips)))

    @property
    def terms(self) -> frozenset[str]:
        """The terms that relevance counts."""
        return frozenset(term for form in self.forms for term in form)


def groups(attested: Attested, terms: Iterable[Term]) -> list[Group]:
    """One group for each word or phrase; one whose words do not occur has no forms."""
    asked = _looked_up(attested, terms)
    apart = [_apart(attested, each) for each in asked]
    if any(apart):
        both = zip(asked, apart, strict=True)
        asked = _looked_up(attested, [term for each, several in both for term in several or (each.term,)])
    attested.counted(term for each in asked for pairs in each.own for _lang, term in pairs)
    as_one = _as_one(attested, asked)
    synonyms = _synonyms(attested, [each.spelt for each in asked])
    several = zip(asked, as_one, synonyms, strict=True)
    return [_group(attested, each, attested.counted(terms), others) for each, terms, others in several]


class _Asked(NamedTuple):
    """A word or phrase of the query, the spellings of its words, the terms that each of them has in a language."""

    term: Term
    spelt: list[Spelling]
    own: list[list[Pair]]


def _looked_up(attested: Attested, terms: Iterable[Term]) -> list[_Asked]:
    asked = [(term, [each for word in term.words for each in spellings(word, attested.languages)]) for term in terms]
    pairs = iter(attested.own([each for _term, spelt in asked for each in spelt]))
    return [_Asked(term, spelt, [next(pairs) for _each in spelt]) for term, spelt in asked if spelt]


def _apart(attested: Attested, asked: _Asked) -> tuple[Term, ...]:
    """The words that a compound is made of which occurs nowhere."""
    if len(asked.spelt) != 1 or asked.own[0]:
        return ()
    surfaces = asked.spelt[0].surfaces
    several = taken_apart(surfaces[0], attested.words_by_language(pieces(surfaces[0])))
    if not several or (asked.term.begun and attested.begun(surfaces)):
        return ()
    return tuple(Term((word,)) for word in several)


def _as_one(attested: Attested, asked: list[_Asked]) -> list[list[str]]:
    """For each group the terms of what its words, or it and its neighbours, make when they are written as one.

    Not those of one of the words itself: a stemmer may take the next one for an ending.
    """
    found = joined(attested, [each.spelt[0].surfaces[0] if len(each.spelt) == 1 else "" for each in asked])
    for terms, each in zip(found, asked, strict=True):
        if len(each.spelt) > 1 and not each.term.quoted:
            terms += written_as_one(attested, [word.surfaces[0] for word in each.spelt])
    own = {term for each in asked for pairs in each.own for _lang, term in pairs}
    return [[term for term in terms if term not in own] for terms in found]


def _group(attested: Attested, asked: _Asked, as_one: list[str], synonyms: list[Form]) -> Group:
    term, spelt, found = asked
    surfaces = tuple(each.surfaces[0] for each in spelt)
    if len(spelt) > 1:
        phrases = _phrases(found)
        return Group(
            surfaces, phrases, tuple(dict.fromkeys([*((each,) for each in as_one), *synonyms])), quoted=term.quoted
        )
    own = attested.counted(stem for _language, stem in found[0])
    others = list(as_one)
    begun = surfaces[0] if term.begun and len(surfaces[0]) >= SHORTEST_BEGINNING else ""
    if begun:
        others += attested.begun(spelt[0].surfaces)
    others += attested.compounds(own, spelt[0])
    forms = [(each,) for each in others if each not in own]
    return Group(
        surfaces,
        tuple((each,) for each in own),
        tuple(dict.fromkeys([*forms, *synonyms])),
        begun=begun,
        quoted=term.quoted,
        is_met=attested.occurs(spelt[0].surfaces) or bool(begun and forms),
    )


def _phrases(found: list[list[Pair]]) -> tuple[Form, ...]:
    """The words of a phrase as each language has them, in order."""
    forms: dict[Form, None] = {}
    for language in sorted({language for language, _term in found[0]}):
        several = [[term for lang, term in pairs if lang == language] for pairs in found]
        forms |= dict.fromkeys(islice(product(*several), _MOST_FORMS_OF_PHRASE))
    return tuple(forms)


def _synonyms(attested: Attested, asked: list[list[Spelling]]) -> list[list[Form]]:
    """For each group what else is said for it; what is said for some words in a row is said for each of them.

    (a or x) and (b or x) is (a and b) or x: so ``artificial intelligence`` finds what says ``AI``.
    """
    found: list[list[Form]] = [[] for _each in asked]
    rows = [
        (first, last, _as_synonyms([each for spelt in asked[first:last] for each in spelt]))
        for first in range(len(asked))
        for last in range(first + 1, min(first + _MOST_WORDS_OF_SYNONYM, len(asked)) + 1)
    ]
    said = attested.synonyms({pair for _first, _last, pairs in rows for pair in pairs})
    for first, last, pairs in rows:
        forms = [form for pair in sorted(pairs & said.keys()) for form in said[pair]]
        for group in found[first:last]:
            group += forms
    return found


def _as_synonyms(row: list[Spelling]) -> set[Pair]:
    """The words in a row as the table of synonyms would have them: (language, stems with blanks between)."""
    pairs: set[Pair] = set()
    for language in {language for language, _stem in row[0].stems}:
        several = [[stem for lang, stem in each.stems if lang == language] for each in row]
        pairs |= {(language, " ".join(stems)) for stems in islice(product(*several), _MOST_FORMS_OF_PHRASE)}
    return pairs


def apart(attested: Attested, group: Group) -> list[Group]:
    """The words of a phrase that was not quoted, each for itself; any other group as it is."""
    if len(group.surfaces) == 1 or group.quoted:
        return [group]
    return groups(attested, [Term((surface,)) for surface in group.surfaces])


def with_slips(attested: Attested, group: Group) -> Group:
    """The group with what may have been meant, where it may be a slip."""
    near = _near(attested, group)[:_MOST_SLIPS] if group.may_be_slip else []
    if not near:
        return group
    spelt = [Spelling((word,), ()) for word in near]
    terms = attested.counted(term for pairs in attested.own(spelt) for _language, term in pairs)
    known = {*group.own, *group.others}
    slips = tuple((term,) for term in terms if (term,) not in known)
    return msgspec.structs.replace(group, slips=slips, meant=near[0] if slips else None)


def _near(attested: Attested, group: Group) -> list[str]:
    """Words that may have been meant, the most frequent first.

    A word that occurs as it was typed, or goes on so, is only taken for a slip of one that is much more frequent, and
    never if it stands in a title, or in several offerings, or holds sentences together; its language is kept.
    """
    (surface,) = group.surfaces
    weight = attested.weight(surface)
    if weight > _MOST_FREQUENT_SLIP or (weight >= 0 and any(_is_sure(attested, term) for (term,) in group.own)):
        return []
    near = attested.slips(surface, same_language=weight >= 0)
    if group.is_met:
        return [word for word in near if attested.weight(word) >= weight + _MUCH_MORE_FREQUENT]
    return near


def _is_sure(attested: Attested, term: str) -> bool:
    count = attested.count(term)
    return term.endswith(MARK) or (count is not None and count.titles > 0)
