"""Durations: ISO 8601 as published, or a number and a unit in words.

Kept are durations that mean something: ``P6W``, ``PT90M``, ``P1Y6M``. Not kept: zero (``P0Y0M`` in Finland's
export stands for "unknown"), negative ones (openHPI, where the end precedes the start), weeks after T
(``PT3W``), more than 20 years, and ``P1DT30H4S``, the example of the OOAPI specification, which real
programmes of two universities carry. "6 weeks" and "9 months (approx)" are read and marked as adjusted.
"""

from __future__ import annotations

import re
from functools import lru_cache

from standard.values import Understood
from standard.values.numbers import quantities
from standard.values.plain import is_placeholder, plain
from standard.vocabularies import vocabulary

SAMPLE_VALUES = frozenset({"P1DT30H4S", "P3Y6M4DT12H30M5S"})
"""Examples of the OOAPI specification and of ISO 8601."""
_LONGEST_YEARS = 20

_ISO = re.compile(
    r"(?P<sign>[-+])?P(?:(?P<years>\d+(?:[.,]\d+)?)Y)?(?:(?P<months>\d+(?:[.,]\d+)?)M)?(?:(?P<weeks>\d+(?:[.,]\d+)?)W)?"
    r"(?:(?P<days>\d+(?:[.,]\d+)?)D)?(?P<time>T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII,
)
_YEARS = {
    "years": 1.0,
    "months": 1 / 12,
    "weeks": 1 / 52,
    "days": 1 / 365,
    "hours": 1 / 8760,
    "minutes": 1 / 525600,
    "seconds": 0.0,
}
_WEEKS_AFTER_T = re.compile(r"P[^T]*T\d+W")


def duration(raw: str) -> Understood[str]:
    """Return an ISO 8601 duration in upper case, as the source wrote it, or why there is none."""
    return _duration(plain(raw))


@lru_cache(maxsize=8192)
def _duration(text: str) -> Understood[str]:
    if is_placeholder(text):
        return Understood(problem="placeholder")
    iso = text.upper().replace(" ", "")
    if iso[:1] in "P-+" and "P" in iso[:2]:
        return _iso_duration(iso)
    return _in_words(text)


def _iso_duration(iso: str) -> Understood[str]:
    if iso in SAMPLE_VALUES:
        return Understood(problem="sample_value", note=f"{iso} is the example of a specification, left in place")
    match = _ISO.fullmatch(iso)
    if match is None or iso[-1] in "PT":
        hint = "; weeks may not follow T" if _WEEKS_AFTER_T.match(iso) else ""
        return Understood(problem="unreadable", note=f"'{iso[:40]}' is no ISO 8601 duration{hint}")
    return _bounded(iso.lstrip("+"), _length(match), negative=match["sign"] == "-")


def _length(match: re.Match[str]) -> float:
    """Return the length in years, roughly: only for bounds. Infinity for numbers beyond all bounds."""
    parts = {name: match[name] for name in _YEARS if match[name]}
    if any(len(part) > 9 for part in parts.values()):
        return float("inf")
    amounts = {name: float(part.replace(",", ".")) for name, part in parts.items()}
    return sum(amount * max(_YEARS[name], 1e-9) for name, amount in amounts.items())


def _bounded(iso: str, years: float, negative: bool, problem: str = "", note: str = "") -> Understood[str]:
    if years == 0:
        return Understood(problem="placeholder", note="a duration of zero says nothing")
    if negative:
        return Understood(problem="out_of_bounds", note="a duration cannot be negative")
    if years > _LONGEST_YEARS:
        return Understood(problem="out_of_bounds", note=f"longer than {_LONGEST_YEARS} years")
    return Understood(iso, "adjusted" if problem else None, note)


def _in_words(text: str) -> Understood[str]:
    """Return the duration of "6 weeks", "9 months (approx)", "1 year": one number, one unit."""
    found = quantities(text)
    if len(found) > 1:
        return Understood(problem="ambiguous", note="several numbers")
    letter = _letter(found[0].unit) if found else ""
    if not letter:
        return Understood(problem="unreadable", note="expected an ISO 8601 duration such as P6W")
    amount = f"{found[0].number:.10g}"
    iso = f"PT{amount}{letter[-1]}" if letter in ("H", "TM") else f"P{amount}{letter}"
    match = _ISO.fullmatch(iso)
    if match is None:
        return Understood(problem="out_of_bounds" if found[0].number < 0 else "unreadable", note="no plausible number")
    return _bounded(iso, _length(match), negative=False, problem="adjusted", note=f"'{text[:60]}' was read as {iso}")


def _letter(unit: str) -> str:
    """Return the letter of ISO 8601 for a unit in words ("TM" for minutes), empty where it is no unit of time."""
    units = vocabulary("units")
    code = units.code_for(unit)
    return units.rows[code]["iso"] if code else ""
