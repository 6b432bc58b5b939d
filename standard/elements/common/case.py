"""One record on its way through the elements, and what an element has understood of it.

Every element module offers ``understand(case: Case) -> Understanding``. It *reads* its slots (after the feed's
look-ups), *normalises* each value through `standard.values`, *checks* what it got, and says whether the element
is *complete* (its state). The mapping calls the elements one after the other and puts their understandings
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from standard.context import MappingContext
from standard.observation import Observation, Scalar
from standard.offering import How, Provenance
from standard.source_offering import SourceOffering, SourceValue
from standard.values.harmless import harmless

State = Literal["present", "derived", "missing", "unreadable"]
"""State of one field of an offering: ``unreadable`` means that an observation already says why it is empty
(or that what stood there does not count), so that nobody should call it missing as well."""

SHOWN = 200
"""Characters of a published value that are kept in provenance and observations."""

_WEAKNESS: dict[How, int] = {"published": 0, "looked_up": 1, "contract": 2, "derived": 3}
_LARGEST = 2**63


class Seen(msgspec.Struct, frozen=True):
    """A published value after the feed's look-ups.

    `value` is what is to be understood, `published` what stood in the record; they differ only where a
    look-up replaced the value (`how` is then ``looked_up``).
    """

    value: Scalar
    path: str
    published: Scalar
    lang: str | None = None
    scheme: str | None = None
    markup: Literal["html", "text"] | None = None
    how: How = "published"


@dataclass(slots=True)
class Case:
    """One source offering, its feed's context, and the fields of the offering that were understood so far."""

    source: SourceOffering
    context: MappingContext
    known: dict[str, Any] = field(default_factory=dict)

    def see(self, slots: str | tuple[str, ...], values: Sequence[SourceValue]) -> list[Seen]:
        """Return `values` after the look-ups of the given slots (the first slot with an entry wins).

        A look-up replaces a value before it is understood; an empty replacement takes the value away.
        """
        if not self.context.lookups:
            return [_as_published(value) for value in values]
        names = (slots,) if isinstance(slots, str) else slots
        tables = [self.context.lookups[name] for name in names if name in self.context.lookups]
        seen = (_looked_up(value, tables) for value in values)
        return [one for one in seen if one.value != ""]


def _as_published(value: SourceValue) -> Seen:
    scalar = storable(value.value)
    lang, scheme = value.lang, value.scheme
    if (lang and not lang.isascii()) or (scheme and not scheme.isascii()):
        lang, scheme = words(lang or "") or None, words(scheme or "") or None
    return Seen(scalar, harmless(words(value.path)), scalar, lang, scheme, value.markup)


def _looked_up(value: SourceValue, tables: list[dict[str, str]]) -> Seen:
    seen = _as_published(value)
    published = words(seen.published)
    for table in tables:
        replacement = table.get(published, table.get(published.strip()))
        if replacement is not None:
            return msgspec.structs.replace(seen, value=replacement, how="looked_up")
    return seen


@dataclass(slots=True)
class Understanding:
    """What one element understood: values and provenance by field of the offering, states, observations."""

    values: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)

    def put(self, name: str, value: Any, provenance: Provenance) -> None:
        """Set a field that was understood, with how."""
        self.values[name] = value
        self.provenance[name] = provenance
        self.states[name] = "derived" if provenance.how == "derived" else "present"

    def lack(self, name: str, *, unreadable: bool = False) -> None:
        """Say that a field is empty: missing, or there but not to be understood (an observation says why)."""
        self.states[name] = "unreadable" if unreadable else "missing"

    def observe(self, code: str, seen: Seen | None = None, path: str | None = None, /, **facts: str) -> None:
        """Note an observation: about a value (`seen`), or about a place (`path`)."""
        self.observations.append(
            Observation(
                code,
                seen.path if seen else harmless(words(path or "")) or None,
                shown(seen.published) if seen else None,
                {name: harmless(fact) for name, fact in facts.items()},
            )
        )

    def take_in(self, other: Understanding) -> None:
        """Add what another element understood."""
        self.states.update(other.states)
        if other.values:  # many elements of a record are empty
            self.values.update(other.values)
            self.provenance.update(other.provenance)
        if other.observations:
            self.observations.extend(other.observations)


_TOO_LARGE = "a whole number too large to be kept"
"""Stands for such a number. It has no digits, so that nobody reads another number out of it."""


def storable(value: Scalar) -> Scalar:
    """Return a scalar as it can be kept: text without lone surrogates, no number that does not fit 64 bits.

    JSON allows both; UTF-8, databases and Python's own printing of numbers do not.
    """
    if isinstance(value, str):
        return value if value.isascii() else _without_surrogates(value)
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        return _TOO_LARGE
    return value


def _without_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def words(value: Scalar) -> str:
    """Return a scalar as text that can be kept."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(storable(value))


def shown(value: Scalar) -> Scalar:
    """Return a published value as observations keep it: texts cut to a length a person can read."""
    kept = storable(value)
    return harmless(kept[:SHOWN]) if isinstance(kept, str) else kept


def original(seen: Seen) -> str:
    """Return what was published as provenance keeps it: short, and without anything that a browser could run."""
    return harmless(words(seen.published)[:SHOWN])


def weakest(hows: Iterable[How]) -> How:
    """Return how a value was got that was put together from several: the weakest of their ways.

    published is stronger than looked up, that is stronger than from the contract, that than derived.
    """
    return max(hows, key=_WEAKNESS.__getitem__, default="published")


def provenance_of(seen: Sequence[Seen], *, changed: Iterable[Seen] = (), by_rule: bool = False) -> Provenance:
    """Return the provenance of a field that was read from `seen` (not empty); `changed` are kept as originals."""
    originals = [original(one) for one in changed]
    how: How = "derived" if by_rule else weakest(one.how for one in seen)
    return Provenance(how=how, path=seen[0].path, original=originals or None)


def derived(provenance: Provenance) -> Provenance:
    """Return the same provenance, said to be derived."""
    return msgspec.structs.replace(provenance, how="derived")
