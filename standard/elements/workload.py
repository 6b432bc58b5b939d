"""Element 6, notional workload: ECTS credit points and/or hours of learning.

**Read.** The slot `workload`, in the order of the source; where it is empty, the workload of the instances
(*derived*). What a value counts follows from its scheme, else from its own words ("6 ECTS"). Stated ECTS come
before credits that are ECTS by law. Hours are, in this order: hours of learning; weekly hours times the
published number of weeks (*derived*); contact hours, only where neither credits nor other hours are published
(*derived*, and observed, because learning takes longer than teaching: MC06-WORKLOAD-CONTACT-HOURS). Calendar
time alone says nothing of work.
**Normalise.** Numbers greater than 0; 0 is unknown. UK credits, CFU and op become ECTS by the rules in
`standard.values.credits`. Hours are never turned into credits or back.
**Check.** Hours should be 25 to 30 per ECTS point (ECTS Users' Guide 2015), else MC06-WORKLOAD-RATIO. More than
60 ECTS, a year's full-time study, is observed and kept (MC06-WORKLOAD-IMPLAUSIBLE). What cannot be understood
is observed (MC06-WORKLOAD-SKIPPED where something is left, else -UNREADABLE).
**Complete?** Present with credits or hours.
"""

from __future__ import annotations

import re
from typing import Literal

from standard.elements.common.case import Case, Seen, Understanding, provenance_of, words
from standard.elements.common.codes import Tried, attempt, differs, report
from standard.offering import Workload
from standard.values import Understood, durations
from standard.values import credits as credit_values

NUMBER = 6
STEM = "MC06-WORKLOAD"
LEAST_HOURS_PER_ECTS = 25.0
MOST_HOURS_PER_ECTS = 30.0
ROUNDING = 0.5
MOST_ECTS = 60.0
CALENDAR_TIME = frozenset({"duration", "day", "week", "month", "year"})
CONTACT = "contact_hour"
WEEKLY = "hour_per_week"
_WEEKS = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?")

_Part = tuple[float, Seen, bool]
"""A number, where it came from, and whether it was derived."""


def understand(case: Case) -> Understanding:
    """Return the workload."""
    found = Understanding()
    seen = _seen(case)
    points = attempt([one for one in seen if _counts(one) in ("credits", None)], _credits)
    hours = _tried_hours(seen, points)
    ects = _first(_stated_ects_first(points))
    work = _first(_of_kind(hours, CONTACT, wanted=False)) or _weekly(hours, seen) or _contact(found, hours, ects)
    _put(found, ects, work, by_rule=not case.source.workload)
    if not found.values:
        found.lack("workload", unreadable=bool(points.failed or hours.failed))
    failed = points.failed + ([] if work else hours.failed)
    report(found, STEM, Tried(points.understood, failed), left=bool(found.values))
    _check(found, ects, work)
    return found


def _seen(case: Case) -> list[Seen]:
    if case.source.workload:
        return case.see("workload", case.source.workload)
    return [seen for run in case.source.instances for seen in case.see(("instances", "workload"), run.workload)]


def _scheme(seen: Seen) -> str | None:
    return (seen.scheme or "").strip().lower() or None


def _counts(seen: Seen) -> Literal["credits", "hours", "time"] | None:
    """Say what a value counts by its scheme; None where the scheme is unknown or absent."""
    scheme = _scheme(seen)
    return "time" if scheme in CALENDAR_TIME else credit_values.workload_kind(scheme)


def _credits(seen: Seen) -> Understood[float]:
    return credit_values.ects(seen.value, _scheme(seen))


def _hours(seen: Seen) -> Understood[float]:
    return credit_values.hours(seen.value, _scheme(seen))


def _tried_hours(seen: list[Seen], points: Tried[float]) -> Tried[float]:
    """Try the values that count hours, and those without a scheme whose words may be hours ("75 hours")."""
    hours = attempt([one for one in seen if _counts(one) == "hours"], _hours)
    in_words = attempt([one for one, _ in points.failed if _counts(one) is None], _hours)
    points.failed[:] = [(one, result) for one, result in points.failed if one not in in_words.seen]
    return Tried(hours.understood + in_words.understood, hours.failed)


def _stated_ects_first(points: Tried[float]) -> Tried[float]:
    return Tried(sorted(points.understood, key=lambda pair: pair[1].facts.get("kind") != "ects"), points.failed)


def _of_kind(hours: Tried[float], kind: str, *, wanted: bool) -> Tried[float]:
    """Return the hours that are of a kind, or those that are not."""
    return Tried([pair for pair in hours.understood if (pair[1].facts.get("kind") == kind) is wanted], [])


def _first(tried: Tried[float]) -> _Part | None:
    if not tried.understood:
        return None
    seen, result = tried.understood[0]
    return (result.value or 0.0, seen, result.derived)


def _weekly(hours: Tried[float], seen: list[Seen]) -> _Part | None:
    weekly = [one for one, result in hours.failed if result.facts.get("kind") == WEEKLY]
    tried = attempt(weekly, lambda one: credit_values.hours(one.value, "hour"), first=True)
    weeks = attempt([one for one in seen if _scheme(one) in CALENDAR_TIME], _weeks, first=True)
    if not (tried.understood and weeks.understood):
        return None
    return (round(tried.meanings[0] * weeks.meanings[0], 1), tried.seen[0], True)


def _weeks(seen: Seen) -> Understood[float]:
    """Return a number of weeks from an exact duration; months have no exact number of weeks."""
    match = _WEEKS.fullmatch(durations.duration(words(seen.value)).value or "")
    if match is None:
        return Understood()
    weeks, days = (int(part or 0) for part in match.groups())
    return Understood(weeks + days / 7)


def _contact(found: Understanding, hours: Tried[float], ects: _Part | None) -> _Part | None:
    contact = _first(_of_kind(hours, CONTACT, wanted=True))
    if contact is None or ects is not None:
        return None
    found.observe(f"{STEM}-CONTACT-HOURS", contact[1], hours=f"{contact[0]:g}")
    return (contact[0], contact[1], True)


def _put(found: Understanding, ects: _Part | None, hours: _Part | None, *, by_rule: bool) -> None:
    parts = [part for part in (ects, hours) if part]
    if parts:
        workload = Workload(ects=ects[0] if ects else None, hours=hours[0] if hours else None)
        changed = [seen for number, seen, _ in parts if differs(seen, number)]
        any_derived = by_rule or any(part[2] for part in parts)
        found.put("workload", workload, provenance_of([p[1] for p in parts], changed=changed, by_rule=any_derived))


def _check(found: Understanding, ects: _Part | None, hours: _Part | None) -> None:
    if ects and ects[0] > MOST_ECTS:
        found.observe(f"{STEM}-IMPLAUSIBLE", ects[1], ects=f"{ects[0]:g}", limit=f"{MOST_ECTS:g}")
    if ects and hours:
        ratio = hours[0] / ects[0]
        if not LEAST_HOURS_PER_ECTS - ROUNDING <= ratio <= MOST_HOURS_PER_ECTS + ROUNDING:
            facts = {"hours": f"{hours[0]:g}", "ects": f"{ects[0]:g}", "ratio": f"{ratio:.1f}"}
            found.observe(f"{STEM}-RATIO", hours[1], **facts)
