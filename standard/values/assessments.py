"""Type of assessment: the 14 values of the EU list under readable codes.

Words met in several languages are in ``assessment_types_words.csv``; "exam" alone says neither written nor
oral and is therefore unknown. Texts that describe an assessment in sentences belong into the element's text.
"""

from __future__ import annotations

from standard.observation import Scalar
from standard.values import Understood
from standard.values.coded import coded_list


def assessment_types(raw: Scalar, scheme: str | None = None) -> Understood[list[str]]:  # noqa: ARG001 - words do not clash
    """Return the codes of the assessment types a value names; `scheme` is the vocabulary if the source names one."""
    return coded_list("assessment_types", raw)
