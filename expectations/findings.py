"""From what was noticed to what is said: an observation or a failed expectation becomes a finding.

The words come from the catalogue of codes, the weight from the policy. A message must never fail: a fact that
is missing is shown as missing, a code that nobody knows is said to be unknown, a very long value is cut.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from string import Formatter

from expectations.policy import Policy
from standard.observation import Observation, Scalar
from standard.values.harmless import harmless, harmless_identifier
from standard.verdict import Finding, Verdict

LONGEST_VALUE = 200
"""Characters of a source's value that a finding repeats; the rest is in the snapshot, at the path."""

_NOT_STATED = "(not stated)"
_log = logging.getLogger(__name__)


def finding_from(observation: Observation, policy: Policy, source_id: str | None, path: str | None) -> Finding:
    """Return the finding for an observation about a record (or, without `source_id` and `path`, a whole source).

    The observation's own path is the more exact one and wins over `path`, the record's. Never raises.
    """
    where = harmless(observation.path or path or "") or None
    source_id = source_id and harmless_identifier(source_id)
    value = shortened(observation.value)
    code = policy.codes.get(observation.code)
    if code is None:
        return _unknown_code(observation, source_id, where, value)
    return Finding(
        code=code.code,
        element=code.element,
        severity=policy.severity(code.code),
        message=fill(code.message, {**observation.facts, "value": value, "path": where}),
        remedy=code.remedy,
        consequence=code.consequence,
        source_id=source_id,
        path=where,
        value=value,
    )


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return what follows from a record's findings: rejected if one of them blocks, else accepted, with or without."""
    result: Verdict = "accepted"
    for finding in findings:
        if finding.severity == "blocks":
            return "rejected"
        result = "accepted_with_findings"
    return result


def fill(message: str, facts: Mapping[str, Scalar | None]) -> str:
    """Return a message with the facts in their places. A fact that is missing or empty shows as "(not stated)"."""
    return harmless("".join(text if name is None else _shown(facts.get(name)) for text, name in _pieces(message)))


def shortened(value: Scalar | None) -> Scalar | None:
    """Return a value, cut to `LONGEST_VALUE` characters if it is a longer text, and with nothing in it that runs."""
    return harmless(_short(value)) if isinstance(value, str) else value


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"


@cache
def _pieces(message: str) -> tuple[tuple[str, str | None], ...]:
    """Split a message into texts and names of facts: ("text", None) or ("", "name")."""
    pieces: list[tuple[str, str | None]] = []
    for text, name, _, _ in Formatter().parse(message):
        if text:
            pieces.append((text, None))
        if name is not None:
            pieces.append(("", name))
    return tuple(pieces)


def _shown(fact: Scalar | None) -> str:
    text = " ".join(_short(str(fact)).split()) if fact is not None else ""
    return text or _NOT_STATED


def _unknown_code(observation: Observation, source_id: str | None, path: str | None, value: Scalar | None) -> Finding:
    _complain(observation.code)
    facts = harmless(", ".join(f"{name}: {fact}" for name, fact in observation.facts.items()))
    return Finding(
        code=observation.code,
        element=_element_of(observation.code),
        severity="informs",
        message=f"{observation.code} was noticed ({facts or 'no facts'}), but the catalogue of codes does not know it.",
        remedy="Nothing for the institution. Maintainers: add the code to expectations/codes and its policy line.",
        consequence="None for the record; what was noticed cannot be explained further.",
        source_id=source_id,
        path=path,
        value=value,
    )


@cache
def _complain(code: str) -> None:
    """Say it once per code: a feed may raise it in every record."""
    _log.error("the code %s is not in the catalogue of codes", code)


def _element_of(code: str) -> int:
    return int(code[2:4]) if code[2:4].isdecimal() else 0
