"""Workload: ECTS credits and hours of learning.

The unit comes from the field (`scheme`), else from the text; never from the size of the number. What becomes ECTS:

- ``ects`` (also "EC"): as it is;
(factors, reasons and words of each unit stand in ``units.csv`` and ``units_words.csv``)

- ``cfu`` (Italy), ``op`` (Finland), ``hp`` (Sweden), ``eap`` (Estonia), ``lp`` (Leistungspunkte): one to one by
  national law, marked as derived;
- ``cats`` (United Kingdom): two to one, and only where the scheme says CATS, marked as derived.

What does not: ``credit`` of an unknown kind, ``sp`` (in the Netherlands an old study point of 1.4 ECTS, elsewhere
something else), ``ecvet``. Zero stands for "unknown" (198 of 1,574 entries of one real feed). Bounds are those
of what can be read at all: above 0 and at most 360 ECTS (six years) or 10,800 hours (six years of 1,800); whether
154 ECTS is plausible for this offering is judged elsewhere.

Hours: contact hours, study hours, plain hours and minutes are told apart by `facts["kind"]`; hours per week are
no workload without the number of weeks. An ISO duration counts only in hours and minutes, and only where the
scheme says that it is a volume of work (``volume``): a week or a month of calendar time is no number of hours.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from standard.observation import Scalar
from standard.values import Understood
from standard.values.durations import SAMPLE_VALUES
from standard.values.numbers import Quantity, number, of_scalar, quantities
from standard.values.plain import is_placeholder, plain
from standard.vocabularies import vocabulary

MOST_ECTS = 360.0
MOST_HOURS = 10_800.0

_PREFERRED = ("ects", "cfu", "op", "hp", "eap", "lp", "cats", "sp", "ecvet", "credit")
"""Which credits of a text count when it names several kinds ("10 ECTS / 20 CATS")."""
_WEEKLY = re.compile(
    r"(?:per|pro|je|par|por|a|/|p\.?)\s*(?:week|wk|w\b|woche|wo\b|semaine|vecka|semana|settimana)|"
    r"wöchentlich|viikossa|hebdo|wekelijks|weekly",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\d\s*(?:-|–|—|to|bis|tot|à|until|up to)\s*\d|\b(?:up to|bis zu|jusqu|tot|max|mindestens|min\.|at least)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"-?p\d|-?pt", re.IGNORECASE)
_VOLUME = re.compile(r"PT(?:(\d{1,6}(?:[.,]\d{1,4})?)H)?(?:(\d{1,6}(?:[.,]\d{1,4})?)M)?(?:0+S)?", re.ASCII)


def workload_kind(scheme: str | None) -> Literal["credits", "hours"] | None:
    """Tell whether a scheme of the slot `workload` counts credits or hours; None for anything else (calendar time)."""
    measures = _measures(scheme)
    if measures == "credits":
        return "credits"
    return "hours" if measures in ("hours", "weekly") else None


def ects(value: Scalar, scheme: str | None = None) -> Understood[float]:
    """Return ECTS credits (> 0, at most 360, two decimals). `facts["kind"]` names the kind of credit it was.

    Understood are numbers, and texts with one credit value ("6 ECTS", "6,00", "7.5 EC", "6 ECTS (168 hours)").
    """
    if isinstance(value, str):
        return _ects(plain(value), scheme)
    return _ects_of_number(of_scalar(value), _kind(scheme, "credits"))


def hours(value: Scalar, scheme: str | None = None) -> Understood[float]:
    """Return hours of learning (> 0, at most 10,800, two decimals). `facts["kind"]` names the kind of hours."""
    if isinstance(value, str):
        return _hours(plain(value), scheme)
    return _hours_of_number(of_scalar(value), _hour_kind(scheme))


@lru_cache(maxsize=8192)
def _ects(text: str, scheme: str | None) -> Understood[float]:
    kind = _kind(scheme, "credits")
    bare = number(text, small=True)
    if bare is not None:
        return _ects_of_number(bare, kind)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    found = _credits_in(text, kind)
    return found if isinstance(found, Understood) else _ects_of_number(found.number, found.unit)


def _credits_in(text: str, kind: str | None) -> Quantity | Understood[float]:
    """Return the one credit value of a text with its kind as unit, or why there is none."""
    found = quantities(text, small=True)
    if not found:
        return Understood(problem="unreadable", note="expected a number of credits")
    named = [(_unit(quantity.unit), quantity) for quantity in found]
    for preferred in _PREFERRED:
        of_kind = [quantity for name, quantity in named if name == preferred]
        if of_kind:
            return _single(text, of_kind, kind if preferred == "credit" and kind else preferred)
    if kind is None or any(name for name, _ in named):
        return Understood(problem="unknown_code", note="the text names no kind of credit")
    return _single(text, found, kind)


def _single(text: str, found: list[Quantity], kind: str) -> Quantity | Understood[float]:
    if len({quantity.number for quantity in found}) > 1 or _RANGE.search(text):
        return Understood(problem="ambiguous", note="more than one value, or a range")
    return Quantity(found[0].number, kind)


def _ects_of_number(amount: float | None, kind: str | None) -> Understood[float]:
    if amount is None:
        return Understood(problem="unreadable", note="expected a number of credits")
    if amount == 0:
        return Understood(problem="placeholder", note="0 stands for unknown")
    if kind is None:
        return Understood(problem="unknown_code", note="nothing says what kind of credits these are")
    unit = vocabulary("units").rows[kind]
    if not unit["factor"]:
        return Understood(problem="unknown_code", note=unit["why"], facts={"kind": kind})
    return _bounded(amount * float(unit["factor"]), MOST_ECTS, "ECTS", kind, derived=kind != "ects")


@lru_cache(maxsize=8192)
def _hours(text: str, scheme: str | None) -> Understood[float]:
    kind = _hour_kind(scheme)
    bare = number(text)
    if bare is not None:
        return _hours_of_number(bare, kind)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    if _ISO.match(text):
        return _hours_of_iso(text.upper(), kind)
    if _WEEKLY.search(text) or kind == "hour_per_week":
        return _weekly()
    return _hours_in(text, kind)


def _hours_in(text: str, kind: str | None) -> Understood[float]:
    """Return the hours of "120 hours", "90 min", "1 h 30 min"."""
    named = [(_unit(quantity.unit), quantity.number) for quantity in quantities(text)]
    of_hours = [amount for name, amount in named if name in ("hour", "contact_hour", "study_hour")]
    of_minutes = [amount for name, amount in named if name == "minute"]
    if _RANGE.search(text) or len(set(of_hours)) > 1 or len(set(of_minutes)) > 1:
        return Understood(problem="ambiguous", note="more than one value, or a range")
    if not of_hours and not of_minutes:
        return _no_hours() if named else Understood(problem="unreadable", note="expected a number of hours")
    return _bounded(sum(of_hours[:1]) + sum(of_minutes[:1]) / 60, MOST_HOURS, "hours", _plain_kind(kind))


def _hours_of_number(amount: float | None, kind: str | None) -> Understood[float]:
    if amount is None:
        return Understood(problem="unreadable", note="expected a number of hours")
    if kind is None:
        return _no_hours()
    if kind == "hour_per_week":
        return _weekly()
    if kind == "volume":
        return Understood(problem="unreadable", note="expected an ISO 8601 duration such as PT60H")
    return _bounded(amount / 60 if kind == "minute" else amount, MOST_HOURS, "hours", _plain_kind(kind))


def _hours_of_iso(iso: str, kind: str | None) -> Understood[float]:
    if iso in SAMPLE_VALUES:
        return Understood(problem="sample_value", note=f"{iso} is the example of a specification, left in place")
    if kind is None:
        return Understood(problem="unknown_code", note="a duration is calendar time unless the field is for work")
    if kind == "hour_per_week":
        return _weekly()
    match = _VOLUME.fullmatch(iso)
    if match is None or not (match[1] or match[2]):
        note = f"'{iso[:40]}' does not count hours; write PT60H for sixty hours (P60M would be sixty months)"
        return Understood(problem="unreadable", note=note)
    amount = float((match[1] or "0").replace(",", ".")) + float((match[2] or "0").replace(",", ".")) / 60
    return _bounded(amount, MOST_HOURS, "hours", _plain_kind(kind))


def _bounded(amount: float, most: float, unit: str, kind: str, derived: bool = False) -> Understood[float]:
    facts = {"kind": kind}
    if amount == 0:
        return Understood(problem="placeholder", note="0 stands for unknown", facts=facts)
    rounded = round(amount, 2)
    if rounded <= 0 or amount > most:
        return Understood(
            problem="out_of_bounds", note=f"expected more than 0 and at most {most:g} {unit}", facts=facts
        )
    return Understood(rounded, derived=derived, facts=facts)


def _weekly() -> Understood[float]:
    note = vocabulary("units").rows["hour_per_week"]["why"]
    return Understood(problem="unknown_code", note=note, facts={"kind": "hour_per_week"})


def _no_hours() -> Understood[float]:
    return Understood(problem="unknown_code", note="nothing says that these are hours")


def _plain_kind(kind: str | None) -> str:
    return kind if kind in ("contact_hour", "study_hour") else "hour"


def _unit(word: str) -> str | None:
    return vocabulary("units").code_for(word) if word else None


def _measures(scheme: str | None) -> str | None:
    code = _code_of_scheme(scheme)
    return vocabulary("units").rows[code]["measures"] if code else None


def _kind(scheme: str | None, measures: str) -> str | None:
    """Return the unit a scheme names if it measures what is asked for, else None."""
    return _code_of_scheme(scheme) if _measures(scheme) == measures else None


def _hour_kind(scheme: str | None) -> str | None:
    return _kind(scheme, "hours") or _kind(scheme, "weekly")


@lru_cache(maxsize=1024)
def _code_of_scheme(scheme: str | None) -> str | None:
    """Return the unit a scheme names: our word, a known word, the EU address of a credit system, an OOAPI address."""
    if not scheme:
        return None
    return (
        vocabulary("credit_systems").code_for(scheme) or _unit(scheme.rstrip("/#").rsplit("/", 1)[-1]) or _unit(scheme)
    )
