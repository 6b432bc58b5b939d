"""The elements of an offering, one module each: the rule in its docstring, and `understand`.

`ORDER` is the order in which the mapping asks them: an element that looks at another (the country at the
awarding body, the outcomes at the title) comes after it. The sixteen elements of the European approach keep
their numbers (`NUMBER`); what lies beyond them has none.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from standard.elements.common.case import Case, Understanding

Understand = Callable[[Case], Understanding]

ORDER: tuple[str, ...] = (
    "learner",
    "date_of_issuing",
    "grade_achieved",
    "identity",
    "title",
    "description",
    "awarding_body",
    "country",
    "workload",
    "level",
    "learning_outcomes",
    "participation",
    "prerequisites",
    "assessment",
    "supervision",
    "quality_assurance",
    "grading_scheme",
    "stackability",
    "further_information",
    "fields",
    "languages",
    "price",
    "instances",
    "image",
    "contact",
    "keywords",
    "licence",
    "modified",
)


def elements() -> tuple[Understand, ...]:
    """Return the `understand` of every element, in `ORDER`."""
    return tuple(import_module(f"{__name__}.{name}").understand for name in ORDER)
