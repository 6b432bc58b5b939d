"""How well offerings match, as levels, one above the other: all words in the title, all words anywhere, and so on.

Each rung holds the offerings of one level and of none above. What lies on the rungs depends on the words alone, not on
the filters, so that a facet says truly what choosing it would find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from catalogue_db.search.attested import Attested
from catalogue_db.search.fulltext import Form
from catalogue_db.search.groups import Group, with_slips
from catalogue_db.search.query import Matched
from catalogue_db.search.sets import Sets

ENOUGH = 10
"""With fewer offerings than this so far, slips are allowed for; and then any of the words will do."""

MOST_RANKED = 300
"""So many offerings are ranked and can be paged to; the views have all of them."""

TITLE_EXACTLY, OWN_IN_TITLE, ALL_IN_TITLE, OWN_ANYWHERE, ALL_ANYWHERE, WITH_SLIPS, SOME_WORDS = 6, 5, 4, 3, 2, 1, 0

_COMMON = 0.25
"""Words that more than this share of the offerings have, of all or of those in one's language, tell nothing when any of
the words will do."""

_SHORT_TITLES = ("3", "6")


class Rung(msgspec.Struct, frozen=True):
    """The offerings of a level. Those of `first` are looked at first, if not all can be: sets, each within the next.

    `words`: on the lowest level, how many of the words each has.
    """

    level: int
    members: int
    first: tuple[int, ...] = ()
    words: int = 0

    def within(self, allowed: int) -> Rung:
        """The rung without what is not allowed."""
        first = tuple(each & allowed for each in self.first)
        return Rung(self.level, self.members & allowed, first, self.words)

    def taken(self, sets: Sets, most: int, in_language: int) -> Iterator[int]:
        """The keys of at most so many of its offerings: those in one's language first, then the newest of each set."""
        left, rest = most, self.members
        several = (*self.first, self.members)
        mine = [each & in_language for each in several]
        for some in (*mine, *several) if rest.bit_count() > most else (rest,):
            number = min((some & rest).bit_count(), left)
            yield from _some(sets.width.newest_first(some & rest), number)
            left, rest = left - number, rest & ~some
            if not left:
                return


class Ladder(msgspec.Struct, frozen=True):
    """All rungs, the highest first, and the groups they were made of. `meant`: surface → word, where a slip is told."""

    matched: Matched
    groups: tuple[Group, ...]
    rungs: tuple[Rung, ...]
    meant: dict[str, str] = {}


def ladder(sets: Sets, attested: Attested, groups: Sequence[Group], lang: str) -> Ladder:
    """Put the offerings that some words find on rungs. Without words there is one rung with all offerings.

    `lang`: of the person who asks; it tells which words are too frequent to mean anything.
    """
    if not groups:
        return Ladder("everything", (), (Rung(ALL_ANYWHERE, sets.live),))
    rungs = [
        *_title_rungs(sets, groups),
        Rung(OWN_ANYWHERE, _all_have(sets, groups, _own)),
        Rung(ALL_ANYWHERE, every := _all_have(sets, groups, _forms)),
    ]
    if every.bit_count() >= ENOUGH:
        return Ladder("all_words", tuple(groups), _apart(rungs))
    return _lowered(sets, attested, groups, rungs, lang)


def title_rungs(sets: Sets, groups: Sequence[Group]) -> tuple[Rung, ...]:
    """The offerings that have all words in the title: their own forms, then also what else stands for them."""
    return _apart(_title_rungs(sets, groups))


def _title_rungs(sets: Sets, groups: Sequence[Group]) -> list[Rung]:
    return [
        _rung(sets, OWN_IN_TITLE, _all_have(sets, groups, _own, in_title=True)),
        _rung(sets, ALL_IN_TITLE, _all_have(sets, groups, _forms, in_title=True)),
    ]


def _lowered(sets: Sets, attested: Attested, groups: Sequence[Group], rungs: list[Rung], lang: str) -> Ladder:
    """The ladder with lower rungs: words that may be meant; then any of the words."""
    slipped = tuple(with_slips(attested, group) for group in groups)
    wider = _all_have(sets, slipped, _forms)
    is_told = wider & ~rungs[-1].members
    meant = {group.surfaces[0]: group.meant for group in slipped if group.meant} if is_told else {}
    rungs = [*rungs, Rung(WITH_SLIPS, wider)]
    if wider.bit_count() >= ENOUGH or len(groups) == 1:
        return Ladder("all_words", slipped, _apart(rungs), meant)
    return Ladder("any_words", slipped, _apart([*rungs, *_some_words(sets, slipped, lang)]), meant)


def _own(group: Group) -> tuple[Form, ...]:
    return group.own


def _forms(group: Group) -> tuple[Form, ...]:
    return group.forms


def _all_have(
    sets: Sets, groups: Sequence[Group], forms: Callable[[Group], tuple[Form, ...]], *, in_title: bool = False
) -> int:
    """The offerings that have a form of every group."""
    members = sets.live
    for group in groups:
        members &= sets.having(forms(group), in_title=in_title) if members else 0
    return members


def _rung(sets: Sets, level: int, members: int) -> Rung:
    """A rung of title matches: short titles say most nearly what was asked for."""
    first = _SHORT_TITLES if members.bit_count() > MOST_RANKED else ()
    return Rung(level, members, tuple(members & sets.value("title_words", most) for most in first))


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
