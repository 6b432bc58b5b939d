"""Whether a programme named in a quality-assurance report is a certain offering of the catalogue.

First by the identifier that the agency or the provider gave it, else by name, level and workload. A match is certain
only where nothing is missing and nothing contradicts; everything else is a proposal for a person. A programme that
leads to a full degree is never a micro-credential's; one that does not say whether it does can only be proposed.

Ids that DEQAR gives to programmes are not used: they change with every update of a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from rapidfuzz import fuzz, process

from standard.names import name_key
from standard.register import Programme
from standard.trust_evidence import ProgrammeMatch

LEAST_SCORE = 75.0
"""Below this a programme is not even proposed."""

_CERTAIN_NAME = 95.0
_SAME_IDENTIFIER_NAME = 60.0
_SHORTEST_IDENTIFIER = 4
_NAME, _LEVEL, _WORKLOAD = 0.7, 0.15, 0.15
_UNKNOWN = 50.0
_LEAST_NAME = 64.0
"""No programme whose name is less alike can reach the least score by name."""

Agreement = Literal["same", "different", "unknown"]


class Described(msgspec.Struct, frozen=True):
    """What an offering says of itself that a programme can be compared with. `names`: as `name_key` gives them."""

    names: Sequence[str]
    identifiers: frozenset[str] = frozenset()
    eqf: int | None = None
    ects: float | None = None


class Candidate(msgspec.Struct, frozen=True):
    """A programme, prepared for comparing."""

    programme: Programme
    names: Sequence[str]
    identifiers: frozenset[str]


def prepared(programme: Programme) -> Candidate:
    """Return a programme with its names and identifiers as they are compared."""
    names = [programme.name, *(one.name for one in programme.names)]
    keys = dict.fromkeys(name_key(name) for name in names if name)
    return Candidate(programme, [key for key in keys if key], identifier_keys(programme.identifiers))


def identifier_keys(identifiers: Iterable[str]) -> frozenset[str]:
    """Return identifiers as they are compared: without case and blanks; what is too short to identify is left out."""
    keys = ("".join(one.split()).casefold() for one in identifiers)
    return frozenset(key for key in keys if len(key) >= _SHORTEST_IDENTIFIER)


def match(offering: Described, candidate: Candidate) -> tuple[ProgrammeMatch, bool] | None:
    """Compare an offering with a programme: the match and whether it is certain, or None where there is none."""
    programme = candidate.programme
    if programme.full_degree is True:
        return None
    name = max((fuzz.ratio(one, other) for one in offering.names for other in candidate.names), default=0.0)
    level, workload = _agree(offering.eqf, programme.eqf), _agree(offering.ects, programme.ects)
    score = round(_NAME * name + _LEVEL * _points(level) + _WORKLOAD * _points(workload), 1)
    if offering.identifiers & candidate.identifiers:
        certain = name >= _SAME_IDENTIFIER_NAME and "different" not in (level, workload) and _is_small(programme)
        return _told(programme, "identifier", max(score, LEAST_SCORE), name, level, workload), certain
    if score < LEAST_SCORE:
        return None
    certain = name >= _CERTAIN_NAME and level == workload == "same" and _is_small(programme)
    return _told(programme, "name", score, name, level, workload), certain


class Programmes:
    """The programmes that reports name for one provider, ready for comparing with many offerings."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._choices = [(name, place) for place, one in enumerate(candidates) for name in one.names]
        self._names = [name for name, _place in self._choices]
        self._by_identifier: dict[str, list[int]] = {}
        for place, one in enumerate(candidates):
            for key in one.identifiers:
                self._by_identifier.setdefault(key, []).append(place)

    @property
    def have_identifiers(self) -> bool:
        """Whether any programme bears an identifier of its agency."""
        return bool(self._by_identifier)

    def matches(self, offering: Described) -> list[tuple[int, ProgrammeMatch, bool]]:
        """Return what an offering may be: place among the candidates, match, whether certain; the best first."""
        places = {place for key in offering.identifiers for place in self._by_identifier.get(key, [])}
        for name in offering.names:
            near = process.extract(name, self._names, scorer=fuzz.ratio, score_cutoff=_LEAST_NAME, limit=None)
            places |= {self._choices[at][1] for _name, _score, at in near}
        found = [(place, match(offering, self._candidates[place])) for place in sorted(places)]
        told = [(place, one[0], one[1]) for place, one in found if one is not None]
        return sorted(told, key=lambda one: (not one[2], -one[1].score, one[1].key, one[0]))


def _is_small(programme: Programme) -> bool:
    return programme.full_degree is False


def _agree(one: float | None, other: float | None) -> Agreement:
    if one is None or other is None:
        return "unknown"
    return "same" if abs(one - other) < 0.01 else "different"


def _points(agreement: Agreement) -> float:
    return {"same": 100.0, "unknown": _UNKNOWN, "different": 0.0}[agreement]


def _told(
    programme: Programme, method: str, score: float, name: float, level: Agreement, workload: Agreement
) -> ProgrammeMatch:
    reasons = [f"name {name:.0f} of 100", f"level {level}", f"workload {workload}"]
    if method == "identifier":
        reasons.insert(0, "same identifier")
    if programme.full_degree is None:
        reasons.append("not known whether it is a full degree")
    return ProgrammeMatch(programme.key, programme.name, method, score, reasons)
