"""Parts that are made of several details: statements of quality assurance, instances, prices, relations.

A `Part` reads the details of one such part, remembers how each was got and what failed, and reports the
failures with the name of the detail (fact ``what``) once it is known whether anything is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from standard.elements.common.case import Case, Seen, Understanding, original, weakest, words
from standard.elements.common.codes import Tried, attempt, differs, report, unique
from standard.elements.common.texts import TextRule, understand_texts
from standard.offering import How, Provenance, Texts
from standard.source_offering import SourceValue
from standard.values import Understood
from standard.values.harmless import harmless

T = TypeVar("T")


@dataclass(slots=True)
class Part:
    """The reading of one part: `slot` names the look-ups that hold for all its details."""

    case: Case
    into: Understanding
    slot: str
    path: str
    hows: list[How] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    tries: list[tuple[str, Tried[Any]]] = field(default_factory=list)

    def see(self, what: str, values: Sequence[SourceValue]) -> list[Seen]:
        """Return the values of a detail after the look-ups of the part's slot, then of the slot `what`."""
        return self.case.see((self.slot, what), values) if values else []

    def first(self, what: str, values: Sequence[SourceValue], understand: Callable[[Seen], Understood[T]]) -> T | None:
        """Return the first of the values that means something."""
        if not values:
            return None
        tried = attempt(self.see(what, values), understand, first=True)
        self.note(what, tried)
        return next(iter(tried.meanings), None)

    def codes(
        self, what: str, values: Sequence[SourceValue], understand: Callable[[Seen], Understood[list[str]]]
    ) -> list[str]:
        """Return the codes that all the values name, each once."""
        if not values:
            return []
        tried = attempt(self.see(what, values), understand)
        self.note(what, tried)
        return unique(chain.from_iterable(tried.meanings))

    def texts(self, what: str, values: Sequence[SourceValue], rule: TextRule) -> Texts:
        """Return the texts of a detail by language."""
        if not values:
            return {}
        read = understand_texts(self.case, self.into, self.see(what, values), rule)
        self.hows += read.hows
        self.originals += [original(seen) for seen in read.changed]
        return read.texts

    def assumed(self) -> None:
        """Remember that something of this part comes from the contract."""
        self.hows.append("contract")

    def note(self, what: str, tried: Tried[Any]) -> None:
        """Remember what was tried for a detail."""
        if tried.understood or tried.failed:
            self.tries.append((what, tried))
        self.hows += [seen.how for seen in tried.seen]
        self.originals += [original(seen) for seen, result in tried.understood if differs(seen, result.value)]

    @property
    def failed(self) -> bool:
        """Whether a detail could not be understood."""
        return any(tried.failed for _, tried in self.tries)

    def report(self, stem: str, *, left: bool) -> None:
        """Observe the failures: ``-SKIPPED`` where something is `left` of the element, else ``-UNREADABLE``."""
        report_parts(self.into, stem, [self], left=left)


def report_parts(into: Understanding, stem: str, parts: Sequence[Part], *, left: bool) -> None:
    """Observe the failures of several parts of one kind together: each detail and cause once."""
    whole: dict[str, Tried[Any]] = {}
    for what, tried in chain.from_iterable(part.tries for part in parts):
        known = whole.setdefault(what, Tried([], []))
        known.understood.extend(tried.understood)
        known.failed.extend(tried.failed)
    for what, tried in whole.items():
        report(into, stem, tried, left=left, what=what.replace("_", " "))


def provenance_of_parts(parts: Sequence[Part]) -> Provenance:
    """Return the provenance of a field made of parts (not empty)."""
    how = weakest(how for part in parts for how in part.hows)
    originals = [original for part in parts for original in part.originals]
    return Provenance(how=how, path=harmless(words(parts[0].path)), original=originals or None)
