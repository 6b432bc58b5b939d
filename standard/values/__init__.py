"""Understanding single values: credits, hours, levels, dates, languages, addresses, ... one module each.

Pure functions from what was published to what it means. None of them guesses: each returns an `Understood`
that holds a value, or says why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Problem = Literal["placeholder", "unreadable", "unknown_code", "out_of_bounds", "ambiguous", "adjusted", "sample_value"]
"""Why a value is missing or differs from what was published.

``placeholder``: stands for nothing ("-", "n/a", "tbd"). ``unreadable``: not of any accepted form.
``unknown_code``: of the right form, not in the list. ``out_of_bounds``: understood, but impossible.
``ambiguous``: could mean two things. ``adjusted``: understood after a documented repair (a value is given).
``sample_value``: the example of a specification left in place.
"""


@dataclass(frozen=True, slots=True)
class Understood(Generic[T]):
    """What a published value means.

    `value`: the normalised value, None where nothing was understood. `problem`: None where all is well; with
    a value, only ``adjusted``. `note`: plain words for the person who must mend it. `derived`: the value was
    computed by a rule (CFU to ECTS, EQF from a word), not stated.
    """

    value: T | None = None
    problem: Problem | None = None
    note: str = ""
    derived: bool = False
    facts: dict[str, str] = field(default_factory=dict)
