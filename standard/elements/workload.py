"""Element 6, notional workload: ECTS credit points and/or hours of learning.

**Read.** The slot `workload`, in the order of the source; where it is empty, the workload of the instances
(*derived*). A value with a credit scheme (``ects``, ``cfu``, ``op``, ``cats``, ``credit``, ...) gives credit
points, ECTS before all others. Hours are, in this order: hours of learning (``hour``, ``volume``,
``study_hour``, ``minute``); weekly hours times the published number of weeks (*derived*); contact hours, only
where neither credits nor other hours are published (*derived*, and observed, because learning takes longer than
teaching: MC06-WORKLOAD-CONTACT-HOURS). Calendar time (``duration``) alone says nothing of work.
**Normalise.** Numbers greater than 0; 0 is unknown. UK credits, CFU and op become ECTS by the rules in
`standard.values.credits` (*derived* where computed). Hours are never turned into credits or back.
**Check.** Hours should be 25 to 30 per ECTS point (ECTS Users' Guide 2015), else MC06-WORKLOAD-RATIO. More than
60 ECTS, a year's full-time study, is observed and kept (MC06-WORKLOAD-IMPLAUSIBLE).
**Complete?** Present with credits or hours.
"""

from __future__ import annotations

import re

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
LEARNING_HOURS = ("hour", "volume", "study_hour", "minute")
CONTACT_HOURS = "contact_hour"
WEEKLY_HOURS = "hour_per_week"
CALENDAR_TIME = "duration"
_WEEKS = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?")

_Part = tuple[float, Seen, bool]
"""A number, where it came from, and whether it was derived."""


def understand(case: Case) -> Understanding:
    """Return the workload."""
    found = Understanding()
    from_instances = not case.source.workload
    seen = _seen(case)
    points = attempt([one for one in seen if _is_credit(one)], _credits)
    hour_values = attempt([one for one in seen if _scheme(one) in LEARNING_HOURS], _hours)
    ects = _first(sorted_by_scheme(points))
    hours = _first(hour_values) or _weekly(seen) or _contact(found, seen, ects)
    _put(found, ects, hours, from_instances)
    if not found.values:
        found.lack("workload", unreadable=bool(points.failed or hour_values.failed))
    for tried in (points, hour_values):
        report(found, STEM, tried, left=bool(found.values))
    _check(found, ects, hours)
    return found


def _seen(case: Case) -> list[Seen]:
    if case.source.workload:
        return case.see("workload", case.source.workload)
    return [seen for run in case.source.instances for seen in case.see(("instances", "workload"), run.workload)]


def _scheme(seen: Seen) -> str:
    return (seen.scheme or "").strip().lower()


def _is_credit(seen: Seen) -> bool:
    return _scheme(seen) not in (*LEARNING_HOURS, CONTACT_HOURS, WEEKLY_HOURS, CALENDAR_TIME)


def _credits(seen: Seen) -> Understood[float]:
    return credit_values.ects(seen.value, _scheme(seen) or None)


def _hours(seen: Seen) -> Understood[float]:
    return credit_values.hours(seen.value, _scheme(seen) or None)


def sorted_by_scheme(tried: Tried[float]) -> Tried[float]:
    """Return the credits with stated ECTS before computed ones, else in the order of the source."""
    return Tried(sorted(tried.understood, key=lambda pair: (pair[1].derived, _scheme(pair[0]) != "ects")), tried.failed)


def _first(tried: Tried[float]) -> _Part | None:
    if not tried.understood:
        return None
    seen, result = tried.understood[0]
    return (result.value or 0.0, seen, result.derived)


def _weekly(seen: list[Seen]) -> _Part | None:
    weekly = attempt([one for one in seen if _scheme(one) == WEEKLY_HOURS], _hours_a_week, first=True)
    weeks = attempt([one for one in seen if _scheme(one) == CALENDAR_TIME], _weeks, first=True)
    if not (weekly.understood and weeks.understood):
        return None
    return (round(weekly.meanings[0] * weeks.meanings[0], 1), weekly.seen[0], True)


def _hours_a_week(seen: Seen) -> Understood[float]:
    return credit_values.hours(seen.value, "hour")


def _weeks(seen: Seen) -> Understood[float]:
    duration = durations.duration(words(seen.value)).value
    match = _WEEKS.fullmatch(duration or "")
    if match is None:
        return Understood()
    weeks, days = (int(part or 0) for part in match.groups())
    return Understood(weeks + days / 7, derived=True)


def _contact(found: Understanding, seen: list[Seen], ects: _Part | None) -> _Part | None:
    if ects is not None:
        return None
    tried = attempt([one for one in seen if _scheme(one) == CONTACT_HOURS], _hours, first=True)
    if not tried.understood:
        return None
    found.observe(f"{STEM}-CONTACT-HOURS", tried.seen[0], hours=f"{tried.meanings[0]:g}")
    return (tried.meanings[0], tried.seen[0], True)


def _put(found: Understanding, ects: _Part | None, hours: _Part | None, derived: bool) -> None:
    parts = [part for part in (ects, hours) if part]
    if parts:
        workload = Workload(ects=ects[0] if ects else None, hours=hours[0] if hours else None)
        changed = [seen for number, seen, _ in parts if differs(seen, number)]
        any_derived = derived or any(part[2] for part in parts)
        found.put("workload", workload, provenance_of([p[1] for p in parts], changed=changed, by_rule=any_derived))


def _check(found: Understanding, ects: _Part | None, hours: _Part | None) -> None:
    if ects and ects[0] > MOST_ECTS:
        found.observe(f"{STEM}-IMPLAUSIBLE", ects[1], ects=f"{ects[0]:g}", limit=f"{MOST_ECTS:g}")
    if ects and hours:
        ratio = hours[0] / ects[0]
        if not LEAST_HOURS_PER_ECTS - ROUNDING <= ratio <= MOST_HOURS_PER_ECTS + ROUNDING:
            facts = {"hours": f"{hours[0]:g}", "ects": f"{ects[0]:g}", "ratio": f"{ratio:.1f}"}
            found.observe(f"{STEM}-RATIO", hours[1], **facts)
