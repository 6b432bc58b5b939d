"""Supervision and identity verification during assessment: four values of the EU list.

`supervised_verified`, `supervised_unverified`, `unsupervised_verified`, `unsupervised_unverified`. A value that
says only one of the two ("proctored", "supervised") does not say the other: it is an unknown code.
"""

from __future__ import annotations

from standard.observation import Scalar
from standard.values import Understood
from standard.values.coded import coded


def supervision(raw: Scalar, scheme: str | None = None) -> Understood[str]:  # noqa: ARG001 - words do not clash
    """Return the code of a value; `scheme` is the vocabulary if the source names one."""
    return coded("supervision", raw)
