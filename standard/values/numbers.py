"""Numbers in texts: decimal comma and decimal point, thousands, and the unit that follows.

Shared by credits, hours, durations and prices. Nothing is guessed: a text with two numbers, or one that could be
read in two ways, gives no number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from standard.observation import Scalar

_AMOUNT = re.compile(r"(?:(?<![\w)])[-+−])?\d(?:[\d.,'’]|[ \u00a0\u202f](?=\d{3}(?!\d)))*(?<=\d)")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?")
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_BOTH = re.compile(r"([-+]?\d{1,3}(?:([.,])\d{3})+)(?!\2)[.,](\d+)")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the word that follows (or precedes) it: "6 ECTS" is 6.0 and "ects"."""

    number: float
    unit: str


def number(text: str, small: bool = False) -> float | None:
    """Return the number a text consists of, or None. "7,5", "7.5", "1.870,00", "1 870", "6.00" are numbers.

    A single comma or point is decimal, except before exactly three digits, where it could also part thousands
    ("1,870"): then the answer is None, unless thousands are impossible (`small`, as for credits: "6.000" is 6).
    """
    compact = text.strip().replace("−", "-")
    if _PLAIN.fullmatch(compact):
        return _plain_number(compact, small)
    both = _BOTH.fullmatch(compact)
    if both:
        return _finite(re.sub(r"[.,]", "", both[1]) + "." + both[3])
    if _GROUPED.fullmatch(compact):
        return _finite(re.sub(r"[ '’\u00a0\u202f]", "", compact).replace(",", "."))
    return None


def of_scalar(value: Scalar, small: bool = False) -> float | None:
    """Return a finite number of a scalar: numbers as they are, texts through `number`, booleans never."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return number(value, small) if len(value) <= _LONGEST else None
    try:
        as_float = float(value)
    except OverflowError:
        return None
    return as_float if math.isfinite(as_float) else None


def quantities(text: str, small: bool = False) -> list[Quantity]:
    """Return every number of a text with the word next to it (behind, else in front), lower case.

    Empty when one of the numbers cannot be read. Long texts hold no quantity, only prose.
    """
    if len(text) > _LONGEST:
        return []
    found: list[Quantity] = []
    for match in _AMOUNT.finditer(text):
        value = number(match[0], small)
        if value is None:
            return []
        found.append(Quantity(value, _unit_near(text, match)))
    return found


def _plain_number(compact: str, small: bool) -> float | None:
    whole, _, decimals = compact.replace(",", ".").partition(".")
    if len(decimals) == 3 and not small and whole.lstrip("+-") != "0":
        return None
    return _finite(f"{whole}.{decimals}" if decimals else whole)


def _finite(digits: str) -> float | None:
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


_BEHIND = re.compile(r"\s*[-‑]?\s*([^\W\d_][^\d\s,;:()/]*)")
_IN_FRONT = re.compile(r"([^\W\d_][^\d\s,;:()/]*)\s*[:=]?\s*\Z")


def _unit_near(text: str, match: re.Match[str]) -> str:
    behind = _BEHIND.match(text, match.end())
    if behind:
        return behind[1].casefold().rstrip(".")
    in_front = _IN_FRONT.search(text, 0, match.start())
    return in_front[1].casefold().rstrip(".") if in_front else ""
