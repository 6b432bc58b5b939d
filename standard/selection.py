"""Which records of a feed are in scope, and which of them are micro-credentials.

The contract's `select` names what the feed calls a micro-credential: by kind of item, by marker, by bounds on
the credits, by identifier. Everything that is given must hold; nothing given means everything is in scope.
Bounds on credits do not hold for a record whose credits are unknown.

A record *is* a micro-credential when it says so itself (a flag, or a type value that names it), or when the
contract selects by kind, marker or identifier and the record meets that. What the record says wins over the
contract. Bounds on credits alone say nothing: a small course is not a micro-credential for being small. Where
nobody says anything the answer is "unknown"; ELM has no marker either (reference: ELM ontology 3.1).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from standard.observation import Scalar
from standard.source_offering import SourceOffering, SourceValue
from standard.values import flags

MicroCredential = bool | Literal["unknown"]

_NOT_A_LETTER = re.compile(r"[\W\d_]+")
_NAMES = frozenset(
    {"microcredential", "microcredentials", "microcredentialcertificate", "microcredencial", "microcredenciales"}
    | {"microcredencials", "microcredenciais", "microcredenziale", "microcredenziali", "microcertification"}
    | {"microcertificat", "microcertificats", "microcertifications", "microcertificate", "mikrozertifikat"}
    | {"mikrocredential", "microkredential", "mikromeriter", "mikromeritering", "pieniosaamiskokonaisuus"}
    | {"pienetosaamiskokonaisuudet", "mikrokvalifikatsioon", "mikropoświadczenie", "mikrocertifikát"}
)
"""Words for a micro-credential, letters only and in lower case."""


class Selection(msgspec.Struct, frozen=True):
    """The contract's rule for what is in scope. Empty lists and absent bounds do not count."""

    kinds: list[str] = []
    markers: dict[str, list[str]] = {}
    ects_min: float | None = None
    ects_max: float | None = None
    source_ids: list[str] = []


def selects(
    selection: Selection | None, source: SourceOffering, markers: list[SourceValue], ects: float | None
) -> bool:
    """Tell whether a record is in scope. `markers`: after look-ups; `ects`: understood credits."""
    if selection is None:
        return True
    return _names_it(selection, source, markers) is not False and _within(selection, ects)


def is_micro_credential(
    source: SourceOffering, markers: list[SourceValue], selection: Selection | None
) -> MicroCredential:
    """Tell whether a record is a micro-credential: it says so, or its feed's contract does; else "unknown"."""
    own = _says_itself(source, markers)
    if own is not None:
        return own
    named = None if selection is None else _names_it(selection, source, markers)
    return "unknown" if named is None else named


def _names_it(selection: Selection, source: SourceOffering, markers: list[SourceValue]) -> bool | None:
    """Whether the rules on kind, markers and identifiers hold; None where the contract has none of them."""
    rules: list[bool] = []
    if selection.kinds:
        rules.append(_folded(source.kind or "") in map(_folded, selection.kinds))
    if selection.source_ids:
        rules.append((source.source_id or "").strip() in selection.source_ids)
    rules += [_marked(name, accepted, markers) for name, accepted in selection.markers.items()]
    return all(rules) if rules else None


def _marked(name: str, accepted: list[str], markers: list[SourceValue]) -> bool:
    wanted = {_folded(value) for value in accepted}
    return any(_folded(marker.scheme or "") == _folded(name) and _folded(marker.value) in wanted for marker in markers)


def _within(selection: Selection, ects: float | None) -> bool:
    if selection.ects_min is None and selection.ects_max is None:
        return True
    if ects is None:
        return False
    low, high = selection.ects_min, selection.ects_max
    return (low is None or ects >= low) and (high is None or ects <= high)


def _says_itself(source: SourceOffering, markers: list[SourceValue]) -> bool | None:
    said = [flags.flag(marker.value).value for marker in markers if names_micro_credential(marker.scheme or "")]
    if False in said:
        return False
    named = any(names_micro_credential(marker.value) for marker in markers)
    return True if True in said or named or names_micro_credential(source.kind or "") else None


def names_micro_credential(value: Scalar) -> bool:
    """Tell whether a word (the name of a field, or its value) means micro-credential."""
    return isinstance(value, str) and _letters(value).removeprefix("is") in _NAMES


@lru_cache(maxsize=1024)
def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text[:100]).casefold()


def _folded(value: Scalar) -> str:
    return str(value).strip().casefold()
