"""How well offerings match, as levels, one above the other: all words in the title, all words anywhere, and so on.

Each rung holds the offerings of one level and of none above. What lies on the rungs depends on the words alone, not on
the filters, so that a facet says truly what choosing it would find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from catalogue_db.search.attested import Attested
from catalogue_db.search.fulltext import Form
from catalogue_db.search.groups import Group, apart, with_slips
from catalogue_db.search.query import MOST_CHARACTERS, Matched
from catalogue_db.search.sets import Sets
from catalogue_db.search.words import sorted_as
from catalogue_db.texts import language_of

ENOUGH = 10
"""With fewer offerings than this so far, slips are allowed for; and then any of the words will do."""

MOST_RANKED = 300
"""So many offerings are ranked and can be paged to; the views have all of them."""

TITLE_EXACTLY, OWN_IN_TITLE, ALL_IN_TITLE, OWN_ANYWHERE, ALL_ANYWHERE = 8, 7, 6, 5, 4
TITLE_BUT_FOR_SLIPS, SLIPS_IN_TITLE, WITH_SLIPS, SOME_WORDS = 3, 2, 1, 0
JUST_THE_TITLE = {OWN_IN_TITLE: TITLE_EXACTLY, SLIPS_IN_TITLE: TITLE_BUT_FOR_SLIPS}
"""Where an offering of a rung stands whose title has no other words."""

_COMMON = 0.25
"""Words that more than this share of the offerings have, of all or of those in one's language, tell nothing when any of
the words will do."""

_SHORT_TITLES = ("3", "6")


class Rung(msgspec.Struct, frozen=True):
    """The offerings of a level. `words`: on the lowest level, how many of the words each has. `title`: the folded words
    that were asked for, where titles have them.
    """

    level: int
    members: int
    words: int = 0
    title: str | None = None

    def within(self, allowed: int) -> Rung:
        """The rung without what is not allowed."""
        return msgspec.structs.replace(self, members=self.members & allowed)

    def taken(self, sets: Sets, most: int, in_language: int) -> Iterator[int]:
        """The keys of at most so many of its offerings. If those are not all, what has just this title comes first,
        then short titles, which say most nearly what was asked for, then what is in one's language; the newest of each.
        """
        left, rest = most, self.members
        for some in self._first(sets, in_language) if rest.bit_count() > most else (rest,):
            number = min((some & rest).bit_count(), left)
            yield from _some(sets.width.newest_first(some & rest), number)
            left, rest = left - number, rest & ~some
            if not left:
                return

    def _first(self, sets: Sets, in_language: int) -> Iterator[int]:
        """The sets that are looked at one after the other."""
        short = () if self.title is None else [sets.value("title_words", most) for most in _SHORT_TITLES]
        yield sets.titled(self.title, MOST_RANKED) if self.title else 0
        yield from (each & in_language for each in short)
        yield in_language
        yield from short
        yield self.members


class Ladder(msgspec.Struct, frozen=True):
    """All rungs, the highest first, and the groups they were made of. `meant`: surface → word, where a slip is told."""

    matched: Matched
    groups: tuple[Group, ...]
    rungs: tuple[Rung, ...]
    meant: dict[str, str] = {}


def ladder(sets: Sets, attested: Attested, groups: Sequence[Group], lang: str, text: str = "") -> Ladder:
    """Put the offerings that some words find on rungs. Without words there is one rung with all offerings.

    `lang`: of the person who asks; it tells which words are too frequent to mean anything. `text`: as it was typed.
    """
    if not groups:
        return Ladder("everything", (), (Rung(ALL_ANYWHERE, sets.live),))
    title = sorted_as(text[:MOST_CHARACTERS])
    rungs = [
        *_title_rungs(sets, groups, title),
        Rung(OWN_ANYWHERE, all_have(sets, groups, _own)),
        Rung(ALL_ANYWHERE, every := all_have(sets, groups, _forms)),
    ]
    if every.bit_count() >= ENOUGH and all(map(_is_taken_as_typed, groups)):
        return Ladder("all_words", tuple(groups), _apart(rungs))
    return _lowered(sets, attested, groups, rungs, lang)


def _is_taken_as_typed(group: Group) -> bool:
    return group.is_met or not group.may_be_slip


def title_rungs(sets: Sets, groups: Sequence[Group]) -> tuple[Rung, ...]:
    """The offerings that have all words in the title: their own forms, then also what else stands for them."""
    return _apart(_title_rungs(sets, groups))


def _title_rungs(sets: Sets, groups: Sequence[Group], title: str = "") -> list[Rung]:
    return [
        Rung(OWN_IN_TITLE, all_have(sets, groups, _own, in_title=True), title=title),
        Rung(ALL_IN_TITLE, all_have(sets, groups, _forms, in_title=True), title=title),
    ]


def _lowered(sets: Sets, attested: Attested, groups: Sequence[Group], rungs: list[Rung], lang: str) -> Ladder:
    """The ladder with lower rungs: words that may be meant; then, where that is too little, any of the words."""
    every = rungs[-1].members
    is_little = every.bit_count() < ENOUGH
    slipped = _slipped(attested, groups, is_little)
    wider = every | all_have(sets, slipped, _forms)
    meant = _meant(slipped) if wider != every else {}
    title = " ".join(meant.get(word, word) for word in (rungs[0].title or "").split())
    in_title = all_have(sets, slipped, _forms, in_title=True)
    rungs = [*rungs, Rung(SLIPS_IN_TITLE, in_title, title=title), Rung(WITH_SLIPS, wider)]
    told = _meant(group for group in slipped if _is_told(attested, group, lang)) if meant else {}
    if wider.bit_count() >= ENOUGH or len(slipped) == 1:
        return Ladder("all_words", slipped, _apart(rungs), told)
    return Ladder("any_words", slipped, _apart([*rungs, *_some_words(sets, slipped, lang)]), told)


def _slipped(attested: Attested, groups: Sequence[Group], is_little: bool) -> tuple[Group, ...]:
    """The groups with what may have been meant. Where hardly anything was found every word may be a slip, and the words
    of phrases that were not quoted are asked for each by itself."""
    if is_little:
        return tuple(with_slips(attested, each) for group in groups for each in apart(attested, group))
    return tuple(group if _is_taken_as_typed(group) else with_slips(attested, group) for group in groups)


def _meant(groups: Iterable[Group]) -> dict[str, str]:
    return {group.surfaces[0]: group.meant for group in groups if group.meant}


def _is_told(attested: Attested, group: Group, lang: str) -> bool:
    """Whether to ask if a word was meant: not in place of an inflection that the person's language has of some word."""
    return group.is_met or language_of(lang) not in attested.surfaces(term for (term,) in group.own)


def _own(group: Group) -> tuple[Form, ...]:
    return group.own


def _forms(group: Group) -> tuple[Form, ...]:
    return group.forms


def all_have(
    sets: Sets, groups: Sequence[Group], forms: Callable[[Group], tuple[Form, ...]], *, in_title: bool = False
) -> int:
    """The offerings that have a form of every group."""
    members = sets.live
    for group in groups:
        members &= sets.having(forms(group), in_title=in_title) if members else 0
    return members


def _some_words(sets: Sets, groups: Sequence[Group], lang: str) -> list[Rung]:
    """What has any of the words that tell offerings apart (or of all, if none does), the fullest first."""
    having = [sets.having(group.forms) for group in groups]
    among = (sets.live, sets.in_language(lang))
    telling = [members for members in having if members and all(_tells(members, all_) for all_ in among)] or having
    at_least = [sets.live] + [0] * len(telling)
    for members in telling:
        for number in range(len(telling), 0, -1):
            at_least[number] |= at_least[number - 1] & members
    return [Rung(SOME_WORDS, at_least[number], words=number) for number in range(len(telling), 0, -1)]


def _tells(members: int, among: int) -> bool:
    return (members & among).bit_count() <= max(ENOUGH, int(among.bit_count() * _COMMON))


def _apart(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """Each offering only on its highest rung."""
    above, found = 0, []
    for rung in rungs:
        found.append(rung.within(~above))
        above |= rung.members
    return tuple(found)


def _some(keys: Iterator[int], number: int) -> Iterator[int]:
    for _number, key in zip(range(number), keys, strict=False):
        yield key
