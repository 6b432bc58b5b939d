"""Dates and times of a record: of runs, enrolments, decisions.

A moment that is known to the month alone begins on the first of the month and ends on its last day: "until
September" includes the thirtieth.
"""

from __future__ import annotations

import calendar
from datetime import date

from standard.elements.common.case import Seen
from standard.values import Understood, dates


def beginning(seen: Seen, today: date) -> Understood[str]:
    """Return the moment at which something begins (ISO 8601)."""
    return dates.moment(seen.value, today, seen.scheme)


def ending(seen: Seen, today: date) -> Understood[str]:
    """Return the moment at which something ends (ISO 8601)."""
    moment = dates.moment(seen.value, today, seen.scheme)
    if moment.value is None or moment.facts.get("precision") != "month":
        return moment
    year, month = int(moment.value[:4]), int(moment.value[5:7])
    last = date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    return Understood(
        last, moment.problem, f"{moment.value[:7]} was read as its last day", moment.derived, moment.facts
    )
