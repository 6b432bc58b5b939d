"""Fields that belong to an issued credential and are refused in a catalogue record.

Three of the sixteen elements exist only once somebody has learned: learner, date of issuing, grade achieved
(European approach, Annex I; what a catalogue record can carry is the other thirteen). A reader that meets such
a field says so with the *name* of the field alone. The name is observed; what stood in the field is personal
data, was never read into the record, and is not kept.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding, words
from standard.observation import Observation
from standard.values.harmless import harmless

LONGEST_NAME = 60
"""Characters of a field's name that are shown: longer is no name, and might be a value by mistake."""


def refuse(case: Case, scheme: str, code: str) -> Understanding:
    """Return the understanding of a refused element: no value ever, one observation per field that was there."""
    found = Understanding()
    names: dict[str, str] = {}
    for value in case.source.refused:
        if value.scheme == scheme:
            names.setdefault(harmless(words(value.value)[:LONGEST_NAME]), harmless(words(value.path)))
    found.observations = [Observation(code, path=path, facts={"field": name}) for name, path in names.items()]
    return found
