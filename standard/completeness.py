"""Completeness: how many of the elements that apply to an offering it has.

Sixteen elements describe a micro-credential (European approach, numbered as MICROBOL does). Three of them exist
only once somebody has learned: learner (1), date of issuing (5), grade achieved (14). Thirteen apply to an
offering.

An element is *present* where somebody stated it: the record, a look-up, or the feed's contract; *derived* where
a rule of ours worked it out; *missing* where it is absent or could not be understood. The level is *not
applicable* where the record gives a reason for having none: then twelve elements apply.
"""

from __future__ import annotations

from collections.abc import Mapping

from standard.elements.common.case import State
from standard.offering import Completeness, ElementState, Offering

FIELDS: dict[int, tuple[str, ...]] = {
    2: ("title",),
    3: ("country",),
    4: ("awarding_body",),
    6: ("workload",),
    7: ("level",),
    8: ("learning_outcomes",),
    9: ("modes",),
    10: ("prerequisites",),
    11: ("assessment_types", "assessment"),
    12: ("supervision",),
    13: ("quality_assurance",),
    15: ("stackability",),
    16: ("homepage",),
}
"""The thirteen elements that apply to an offering, each with the fields that state it (one is enough)."""

NOT_OF_AN_OFFERING = (1, 5, 14)
_RANK: dict[State, int] = {"present": 0, "derived": 1, "unreadable": 2, "missing": 2}


def completeness(offering: Offering, states: Mapping[str, State]) -> Completeness:
    """Return the state of each of the sixteen elements by number, and the share of the applicable ones that are there.

    `states` are those of `standard.mapping.Mapped`; a field without a state is missing.
    """
    elements: dict[str, ElementState] = {str(number): "not_applicable" for number in NOT_OF_AN_OFFERING}
    for number, fields in FIELDS.items():
        elements[str(number)] = _state(fields, states)
    if offering.level is not None and has_only_a_reason(offering):
        elements["7"] = "not_applicable"
    applicable = [state for state in elements.values() if state != "not_applicable"]
    there = sum(state != "missing" for state in applicable)
    ordered = dict(sorted(elements.items(), key=lambda pair: int(pair[0])))
    return Completeness(score=round(there / len(applicable), 4), elements=ordered)


def has_only_a_reason(offering: Offering) -> bool:
    """Whether an offering says why it has no level, and has none."""
    level = offering.level
    return level is not None and level.reason is not None and not (level.eqf or level.nqf or level.qf_ehea)


def _state(fields: tuple[str, ...], states: Mapping[str, State]) -> ElementState:
    best = min((states.get(field, "missing") for field in fields), key=_RANK.__getitem__)
    return "missing" if best == "unreadable" else best
