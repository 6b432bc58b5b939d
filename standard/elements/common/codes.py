"""Values that are understood one by one: codes, numbers, dates, addresses.

The same four things can happen to every such value, and every element says them with the same endings of its
codes: it is understood; understood after a repair (``-ADJUSTED``); not understood while others were
(``-SKIPPED``); not understood and nothing is left (``-UNREADABLE``). Placeholders are silently nothing.

What has one cause is said once per record: sixty runs that are all "part time" need one mending, not sixty. The
observation is about the first such value; its note says how many more there are, and names another if it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from standard.elements.common.case import Seen, Understanding, provenance_of, words
from standard.offering import Provenance
from standard.values import Understood

T = TypeVar("T")

MOST_REPORTED = 10
"""Items of one list that are reported one by one; a list of a thousand errors helps nobody."""

MOST_NAMED = 40
"""Letters of another value that a note names as an example."""


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """A list of values after trying to understand each: those with a meaning, and those without."""

    understood: list[tuple[Seen, Understood[T]]]
    failed: list[tuple[Seen, Understood[T]]]

    @property
    def seen(self) -> list[Seen]:
        """The values that were understood."""
        return [seen for seen, _ in self.understood]

    @property
    def derived(self) -> bool:
        """Whether a meaning was computed by a rule rather than stated."""
        return any(result.derived for _, result in self.understood)

    @property
    def meanings(self) -> list[T]:
        """What they mean, in order."""
        return [result.value for _, result in self.understood if result.value is not None]


def attempt(seen: Iterable[Seen], understand: Callable[[Seen], Understood[T]], *, first: bool = False) -> Tried[T]:
    """Try to understand every value; with `first`, stop at the first that means something."""
    tried: Tried[T] = Tried([], [])
    for one in seen:
        result = understand(one)
        if result.value is not None:
            tried.understood.append((one, result))
            if first:
                break
        elif result.problem not in (None, "placeholder"):
            tried.failed.append((one, result))
    return tried


def report(into: Understanding, stem: str, tried: Tried[T], *, left: bool | None = None, **facts: str) -> None:
    """Observe what went wrong: `stem` is the beginning of the codes, `left` whether the field has a value.

    What fails alike in several places (a word in twenty instances) is observed once, with how often in the note.
    """
    something = bool(tried.understood) if left is None else left
    ending = "SKIPPED" if something else "UNREADABLE"
    adjusted = [(seen, result) for seen, result in tried.understood if result.problem is not None]
    for code, found in ((f"{stem}-{ending}", tried.failed), (f"{stem}-ADJUSTED", adjusted)):
        for alike in _by_problem(found):
            into.observe(code, alike[0][0], note=_note(alike), **facts)


def _by_problem(found: list[tuple[Seen, Understood[T]]]) -> list[list[tuple[Seen, Understood[T]]]]:
    """Return the values in groups that have the same thing wrong with them, in the order of the first of each."""
    groups: dict[str, list[tuple[Seen, Understood[T]]]] = {}
    for seen, result in found:
        groups.setdefault(str(result.problem), []).append((seen, result))
    return list(groups.values())


def _note(alike: list[tuple[Seen, Understood[T]]]) -> str:
    """Return the note of the first of several values with the same problem, and how many more there are."""
    (first, result), *more = alike
    note = result.note or str(result.problem)
    if not more:
        return note
    others = (words(seen.published).strip() for seen, _ in more)
    other = next((one for one in others if one != words(first.published).strip()), None)
    so = f"so {'is' if len(more) == 1 else 'are'} {len(more)} more"
    return f"{note}; {so}, such as '{other[:MOST_NAMED]}'" if other else f"{note}; {so} like it"


def provenance_of_tried(tried: Tried[T]) -> Provenance:
    """Return the provenance of a field made of what was understood; originals where they were changed."""
    changed = [seen for seen, result in tried.understood if differs(seen, result.value)]
    return provenance_of(tried.seen, changed=changed, by_rule=tried.derived)


def differs(seen: Seen, value: object) -> bool:
    """Whether the normalised value is written otherwise than the published one."""
    if isinstance(value, list) and len(value) == 1:
        return differs(seen, value[0])
    if isinstance(value, float):
        return value != seen.published and words(seen.published).strip() != f"{value:g}"
    return not (isinstance(value, str | int | float) and words(seen.published) == words(value))


def put_first(into: Understanding, name: str, stem: str, tried: Tried[T]) -> None:
    """Set a field to the first meaning (or say that it lacks), and report."""
    if tried.understood:
        seen, result = tried.understood[0]
        changed = [seen] if differs(seen, result.value) else []
        into.put(name, result.value, provenance_of([seen], changed=changed, by_rule=result.derived))
    else:
        into.lack(name, unreadable=bool(tried.failed))
    report(into, stem, tried)


def unique(items: Iterable[T]) -> list[T]:
    """Return the items without repetitions, in order."""
    return list(dict.fromkeys(items))


def put_list(into: Understanding, name: str, stem: str, tried: Tried[T], items: Iterable[str]) -> None:
    """Set a field to the items that were understood, each once (or say that it lacks), and report."""
    found = unique(items)
    if found:
        into.put(name, found, provenance_of_tried(tried))
    else:
        into.lack(name, unreadable=bool(tried.failed))
    report(into, stem, tried)
