"""Values that are understood one by one: codes, numbers, dates, addresses.

The same four things can happen to every such value, and every element says them with the same endings of its
codes: it is understood; understood after a repair (``-ADJUSTED``); not understood while others were
(``-SKIPPED``); not understood and nothing is left (``-UNREADABLE``). Placeholders are silently nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from standard.elements.common.case import Seen, Understanding, provenance_of, shown, words
from standard.offering import Provenance
from standard.values import Understood

T = TypeVar("T")

MOST_REPORTED = 10
"""Values of one kind in one record that are reported one by one; a list of a thousand errors helps nobody."""


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

    The same value that fails alike in several places (a word in twenty instances) is observed once.
    """
    something = bool(tried.understood) if left is None else left
    ending = "SKIPPED" if something else "UNREADABLE"
    for seen, result in tried.failed[:MOST_REPORTED]:
        _tell(into, f"{stem}-{ending}", seen, {"note": result.note or str(result.problem), **facts})
    for seen, result in tried.understood[:MOST_REPORTED]:
        if result.problem is not None:
            _tell(into, f"{stem}-ADJUSTED", seen, {"note": result.note or str(result.problem), **facts})


def _tell(into: Understanding, code: str, seen: Seen, facts: dict[str, str]) -> None:
    value = shown(seen.published)
    if not any(told.code == code and told.value == value and told.facts == facts for told in into.observations):
        into.observe(code, seen, **facts)


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
