"""Workload: ECTS credits and hours of learning.

The unit comes from the field (`scheme`), else from the text; never from the size of the number. What becomes ECTS:

- ``ects`` (also "EC"): as it is;
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

from standard.folding import fold
from standard.observation import Scalar
from standard.values import Understood
from standard.values.durations import SAMPLE_VALUES
from standard.values.numbers import Quantity, number, of_scalar, quantities
from standard.values.plain import is_placeholder, plain

MOST_ECTS = 360.0
MOST_HOURS = 10_800.0

_FACTORS: dict[str, float] = {"ects": 1.0, "cfu": 1.0, "op": 1.0, "hp": 1.0, "eap": 1.0, "lp": 1.0, "cats": 0.5}
_NOT_CONVERTED = {
    "credit": "the kind of credit is not stated; say ECTS, or give a look-up in the feed's contract",
    "sp": "a study point (sp) differs by country and time and is not converted",
    "ecvet": "ECVET points are not ECTS",
}
_CREDIT_WORDS = {
    fold(word): kind
    for kind, words in {
        "ects": "ects|ec|ecs|ects credit|ects credits|ects points|ects punkte|ects-punkte|ects-credits|ects studiepunten|"
        "credits ects|crédits ects|créditos ects|european credit transfer system|ects-op|ects credit points",
        "cfu": "cfu|crediti formativi universitari|credito formativo universitario",
        "op": "op|opintopiste|opintopistettä|opintopisteet",
        "hp": "hp|högskolepoäng",
        "eap": "eap|ainepunkt|ainepunkti",
        "lp": "lp|leistungspunkt|leistungspunkte",
        "cats": "cats|cat|cats points|cats credits|credit accumulation and transfer scheme",
        "credit": "credit|credits|credit points|credit point|points|punkte|crédits|créditos|crediti|studiepunten|"
        "studiepunt|cp|kp|kreditpunkte|kredit",
        "sp": "sp|studiepoäng",
        "ecvet": "ecvet|ecvet points|ecvet-punkte",
    }.items()
    for word in words.split("|")
}
_HOUR_WORDS = {
    fold(word): kind
    for kind, words in {
        "hour": "hour|hours|h|hr|hrs|std|std.|stunde|stunden|uur|uren|heure|heures|tunti|tuntia|timme|timmar|hora|horas|ora|ore",
        "contact_hour": "contact_hour|contact hours|contacttime|contact time|contacturen|contactuur|kontaktstunden",
        "study_hour": "study_hour|study hours|sbu|studiebelastingsuren|studiebelastingsuur|klokuren",
        "minute": "minute|minutes|min|mins|minuten|minuut|minuutti|minuuttia|minuter|minuto|minutos|minuti",
        "hour_per_week": "hour_per_week|hours per week|h/week|hours/week|h per week|stunden pro woche|uren per week",
        "volume": "volume|volume of learning|volumeoflearning",
    }.items()
    for word in words.split("|")
}
_OTHER_UNITS = frozenset(
    "week weeks woche wochen weken semaine semaines viikko viikkoa vecka veckor semana semanas month months monat monate "
    "mois maand maanden kuukausi year years jahr jahre jaar an ans vuosi day days tag tage jour jours dag dagen eur euro "
    "usd gbp percent prozent procent students".split()
)
_CREDIT_ADDRESSES = {"6fcec5c5af": "ects", "60b314e826": "ecvet"}
_WEEKLY = re.compile(
    r"(?:per|pro|je|par|por|a|/|p\.?)\s*(?:week|wk|w\b|woche|wo\b|semaine|vecka|semana|settimana)|wöchentlich|viikossa|hebdo|wekelijks|weekly",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\d\s*(?:-|–|—|to|bis|tot|à|until|up to)\s*\d|\b(?:up to|bis zu|jusqu|tot|max|mindestens|min\.|at least)\b",
    re.IGNORECASE,
)
_VOLUME = re.compile(r"PT(?:(\d{1,6}(?:[.,]\d{1,4})?)H)?(?:(\d{1,6}(?:[.,]\d{1,4})?)M)?(?:0+S)?", re.ASCII)


def workload_kind(scheme: str | None) -> Literal["credits", "hours"] | None:
    """Tell whether a scheme of the slot `workload` counts credits or hours; None for anything else (calendar time)."""
    if _kind(scheme, "credits"):
        return "credits"
    return "hours" if _kind(scheme, "hours") else None


def ects(value: Scalar, scheme: str | None = None) -> Understood[float]:
    """Return ECTS credits (> 0, at most 360, two decimals). `facts["kind"]` names the kind of credit it was.

    Understood are numbers, and texts with one credit value ("6 ECTS", "6,00", "7.5 EC", "6 ECTS (168 hours)").
    """
    text = plain(value)
    return (
        _ects(text, scheme) if isinstance(value, str) else _ects_of_number(of_scalar(value), _kind(scheme, "credits"))
    )


def hours(value: Scalar, scheme: str | None = None) -> Understood[float]:
    """Return hours of learning (> 0, at most 10,800, two decimals). `facts["kind"]` names the kind of hours."""
    if isinstance(value, str):
        return _hours(value.strip(), scheme)
    kind = _kind(scheme, "hours")
    return _hours_of_number(of_scalar(value), kind) if kind else _no_unit("hours")


@lru_cache(maxsize=8192)
def _ects(text: str, scheme: str | None) -> Understood[float]:
    kind = _kind(scheme, "credits")
    bare = number(text, small=True)
    if bare is not None:
        return _ects_of_number(bare, kind)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    found = _credits_in(text, kind)
    if isinstance(found, Understood):
        return found
    return _ects_of_number(found.number, found.unit)


def _credits_in(text: str, kind: str | None) -> Quantity | Understood[float]:
    """Return the one credit value of a text with its kind as unit, or why there is none."""
    found = quantities(text, small=True)
    if not found:
        return Understood(problem="unreadable", note="expected a number of credits")
    named = [(_CREDIT_WORDS.get(fold(quantity.unit)), quantity) for quantity in found]
    for preferred in ("ects", "cfu", "op", "hp", "eap", "lp", "cats", "sp", "ecvet", "credit"):
        of_kind = [quantity for name, quantity in named if name == preferred]
        if of_kind:
            return _single(text, of_kind, kind if preferred == "credit" and kind else preferred)
    if kind is None or any(_is_other_unit(quantity.unit) for quantity in found):
        return Understood(problem="unknown_code", note="the text names no kind of credit")
    return _single(text, found, kind)


def _single(text: str, found: list[Quantity], kind: str) -> Quantity | Understood[float]:
    if len({quantity.number for quantity in found}) > 1 or _RANGE.search(text):
        return Understood(problem="ambiguous", note="more than one value, or a range")
    return Quantity(found[0].number, kind)


def _is_other_unit(unit: str) -> bool:
    return fold(unit) in _HOUR_WORDS or fold(unit) in _OTHER_UNITS


def _ects_of_number(amount: float | None, kind: str | None) -> Understood[float]:
    if amount is None:
        return Understood(problem="unreadable", note="expected a number of credits")
    if kind is None:
        return Understood(problem="unknown_code", note="nothing says what kind of credits these are")
    if kind not in _FACTORS:
        return Understood(problem="unknown_code", note=_NOT_CONVERTED[kind], facts={"kind": kind})
    return _bounded(amount * _FACTORS[kind], MOST_ECTS, "ECTS", kind, derived=kind != "ects")


@lru_cache(maxsize=8192)
def _hours(text: str, scheme: str | None) -> Understood[float]:
    kind = _kind(scheme, "hours")
    bare = number(text)
    if bare is not None:
        return _hours_of_number(bare, kind) if kind else _no_unit("hours")
    if is_placeholder(text):
        return Understood(problem="placeholder")
    if text[:1] in "Pp-" and "P" in text[:2].upper() and kind:
        return _hours_of_iso(text.upper(), kind)
    if _WEEKLY.search(text):
        return _weekly()
    return _hours_in(text, kind)


def _hours_in(text: str, kind: str | None) -> Understood[float]:
    """Return the hours of "120 hours", "90 min", "1 h 30 min"."""
    named = [(_HOUR_WORDS.get(fold(quantity.unit)), quantity.number) for quantity in quantities(text)]
    of_hours = [amount for name, amount in named if name in ("hour", "contact_hour", "study_hour")]
    of_minutes = [amount for name, amount in named if name == "minute"]
    if _RANGE.search(text) or len(set(of_hours)) > 1 or len(set(of_minutes)) > 1:
        return Understood(problem="ambiguous", note="more than one value, or a range")
    if not of_hours and not of_minutes:
        return _no_unit("hours") if named else Understood(problem="unreadable", note="expected a number of hours")
    if kind == "hour_per_week":
        return _weekly()
    amount = sum(of_hours[:1]) + sum(of_minutes[:1]) / 60
    return _bounded(amount, MOST_HOURS, "hours", "hour" if kind in (None, "minute", "volume") else kind)


def _hours_of_number(amount: float | None, kind: str) -> Understood[float]:
    if amount is None:
        return Understood(problem="unreadable", note="expected a number of hours")
    if kind == "hour_per_week":
        return _weekly()
    if kind == "volume":
        return Understood(problem="unreadable", note="expected an ISO 8601 duration such as PT60H")
    return _bounded(
        amount / 60 if kind == "minute" else amount, MOST_HOURS, "hours", "hour" if kind == "minute" else kind
    )


def _hours_of_iso(iso: str, kind: str) -> Understood[float]:
    if iso in SAMPLE_VALUES:
        return Understood(problem="sample_value", note=f"{iso} is the example of a specification, left in place")
    if kind == "hour_per_week":
        return _weekly()
    match = _VOLUME.fullmatch(iso)
    if match is None or not (match[1] or match[2]):
        note = f"'{iso[:40]}' does not count hours; write PT60H for sixty hours (P60M would be sixty months)"
        return Understood(problem="unreadable", note=note)
    amount = float((match[1] or "0").replace(",", ".")) + float((match[2] or "0").replace(",", ".")) / 60
    return _bounded(amount, MOST_HOURS, "hours", "hour" if kind in ("minute", "volume") else kind)


def _bounded(amount: float, most: float, unit: str, kind: str, derived: bool = False) -> Understood[float]:
    facts = {"kind": kind}
    if amount == 0:
        return Understood(problem="placeholder", note="0 stands for unknown", facts=facts)
    if amount < 0 or amount > most:
        return Understood(
            problem="out_of_bounds", note=f"expected more than 0 and at most {most:g} {unit}", facts=facts
        )
    rounded = round(amount, 2)
    if rounded == 0:
        return Understood(problem="out_of_bounds", note=f"less than a hundredth of {unit}", facts=facts)
    return Understood(rounded, derived=derived, facts=facts)


def _weekly() -> Understood[float]:
    note = "hours per week are no workload without the number of weeks"
    return Understood(problem="unknown_code", note=note, facts={"kind": "hour_per_week"})


def _no_unit(what: str) -> Understood[float]:
    return Understood(problem="unknown_code", note=f"nothing says that these are {what}")


@lru_cache(maxsize=1024)
def _kind(scheme: str | None, what: str) -> str | None:
    """Return the kind of credit or hour a scheme names; None where it names none."""
    if not scheme:
        return None
    if what == "credits" and "://" in scheme:
        last = scheme.rstrip("/#").rsplit("/", 1)[1].casefold()
        return _CREDIT_ADDRESSES.get(last) or _CREDIT_WORDS.get(fold(last))
    return (_CREDIT_WORDS if what == "credits" else _HOUR_WORDS).get(fold(scheme))
