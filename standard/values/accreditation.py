"""Type of quality assurance: licence or quality assurance, of the institution or of the programme (EU list of four)."""

from __future__ import annotations

from standard.observation import Scalar
from standard.values import Understood
from standard.values.coded import coded


def accreditation_type(raw: Scalar, scheme: str | None = None) -> Understood[str]:  # noqa: ARG001 - words do not clash
    """Return the code of a value; `scheme` is the vocabulary if the source names one."""
    return coded("accreditation_types", raw)
