"""From a source offering to an offering: the elements one after the other, then what holds for the whole.

    source offering ──► refused fields, identity
                    ──► 13 elements and what lies beyond them (`standard.elements`), each with provenance and state
                    ──► in scope? a micro-credential? (`standard.selection`)
                    ──► completeness, the Council's mandatory elements, ELM (`standard.completeness`, `standard.elm`)

The mapping decides nothing about publication: it notices. What an observation means is for the judge. It
never raises for what a source says: bad input is normal input.
"""

from __future__ import annotations

import msgspec

from standard.completeness import completeness
from standard.context import MappingContext
from standard.elements import elements, identity
from standard.elements.common.case import Case, State, Understanding
from standard.elm.conformance import council_conformant, elm_conformant
from standard.observation import Observation
from standard.offering import Offering, offering_id
from standard.selection import is_micro_credential, selects
from standard.source_offering import SourceOffering, SourceValue

__all__ = ["Mapped", "MappingContext", "State", "map_offering"]


class Mapped(msgspec.Struct):
    """What became of one source offering.

    `offering`: None where the record has no identifier. `observations`: what the elements noticed (not those
    of the reader, which stay with the source offering). `selected`: whether the record is in scope. `states`:
    for every field of the offering that an element looked for, whether it is present, derived, missing or
    unreadable. A field that is ``unreadable`` is empty *and* an observation already says why: nothing should be
    called missing there.
    """

    offering: Offering | None
    observations: list[Observation] = []
    selected: bool = True
    states: dict[str, State] = {}


def map_offering(source: SourceOffering, context: MappingContext) -> Mapped:
    """Return what the catalogue understands of a source offering. Pure: the same input gives the same result."""
    case = Case(source, context)
    whole = Understanding(values=case.known)
    for understand in _ELEMENTS:
        whole.take_in(understand(case))
    markers = _markers(case)
    workload = whole.values.get("workload")
    selected = selects(context.selection, source, markers, workload.ects if workload else None)
    own_identifier = identity.source_id(source)
    offering = _offering(case, whole, own_identifier, markers) if own_identifier else None
    return Mapped(offering, whole.observations, selected, whole.states)


_ELEMENTS = elements()


def _markers(case: Case) -> list[SourceValue]:
    return [SourceValue(one.value, one.path, scheme=one.scheme) for one in case.see("markers", case.source.markers)]


def _offering(case: Case, whole: Understanding, own_identifier: str, markers: list[SourceValue]) -> Offering:
    offering = Offering(
        offering_id=offering_id(case.context.feed, own_identifier),
        feed=case.context.feed,
        source_id=own_identifier,
        micro_credential=is_micro_credential(case.source, markers, case.context.selection),
        provenance=whole.provenance,
        **whole.values,
    )
    return msgspec.structs.replace(
        offering,
        completeness=completeness(offering, whole.states),
        council_conformant=council_conformant(offering),
        elm_conformant=elm_conformant(offering),
    )
