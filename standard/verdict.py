"""Findings and verdicts: the shapes in which a judgement is kept, shown and sent.

The judging itself is done in `expectations`; the shapes stand here because the catalogue keeps them, the
command line prints them and Dagster shows them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from standard.observation import Scalar
from standard.offering import Offering

Severity = Literal["blocks", "lowers", "informs"]
"""``blocks`` publication of the record, ``lowers`` its standing, or only ``informs``."""

Verdict = Literal["accepted", "accepted_with_findings", "rejected"]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there is to say about one record (or, without `source_id` and `path`, about a whole source).

    `message` says what was found, `remedy` what the institution should do, `consequence` what follows for the
    record as long as nothing is done.
    """

    code: str
    element: int
    severity: Severity
    message: str
    remedy: str
    consequence: str
    source_id: str | None = None
    path: str | None = None
    value: Scalar | None = None


class JudgedRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record after judging. `offering` is None where nothing could be mapped (no identifier, say)."""

    path: str
    verdict: Verdict
    source_id: str | None = None
    offering: Offering | None = None
    findings: list[Finding] = []


class Counts(msgspec.Struct):
    """The counts of one run over one feed. They close:

    fetched = parsed + unreadable; parsed = selected + out_of_scope; selected = accepted + rejected;
    accepted = new + changed + unchanged. `withdrawn` are offerings that left.
    """

    fetched: int = 0
    parsed: int = 0
    unreadable: int = 0
    selected: int = 0
    out_of_scope: int = 0
    accepted: int = 0
    rejected: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
