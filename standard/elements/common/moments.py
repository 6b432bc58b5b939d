"""Dates and times of a record: of runs, enrolments, decisions.

A moment that is known to the month alone begins on the first of the month and ends on its last day: "until
September" includes the thirtieth. Midnight without an offset is how databases write a day: it is kept as the day
(all 1,539 dates of two real files were written so). With an offset somebody meant the hour.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date

from standard.elements.common.case import Seen
from standard.values import Understood, dates

MIDNIGHT = "T00:00:00"


def beginning(seen: Seen, today: date) -> Understood[str]:
    """Return the moment at which something begins (ISO 8601)."""
    return _day_or_moment(seen, today)


def ending(seen: Seen, today: date) -> Understood[str]:
    """Return the moment at which something ends (ISO 8601)."""
    moment = _day_or_moment(seen, today)
    if moment.value is None or moment.facts.get("precision") != "month":
        return moment
    year, month = int(moment.value[:4]), int(moment.value[5:7])
    last = date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    return Understood(
        last, moment.problem, f"{moment.value[:7]} was read as its last day", moment.derived, moment.facts
    )


def _day_or_moment(seen: Seen, today: date) -> Understood[str]:
    moment = dates.moment(seen.value, today, seen.scheme)
    if moment.value is None or not moment.value.endswith(MIDNIGHT):
        return moment
    return replace(moment, value=moment.value.removesuffix(MIDNIGHT))
