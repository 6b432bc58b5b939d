"""Beyond the sixteen: when the source last changed the record.

**Read.** The slot `modified`: the first that is a moment.
**Normalise.** To ISO 8601, the offset kept where one is published.
**Check.** What is no moment, or lies in the future, is observed (MC17-MODIFIED-SKIPPED or -UNREADABLE).
**Complete?** Not asked for: several formats have no place for it.
"""

from __future__ import annotations

from datetime import date, timedelta

from standard.elements.common.case import Case, Understanding
from standard.elements.common.codes import attempt, put_first
from standard.observation import Scalar
from standard.values import Understood, dates

STEM = "MC17-MODIFIED"


def understand(case: Case) -> Understanding:
    """Return when the record was last modified."""
    found = Understanding()
    seen = case.see("modified", case.source.modified)
    put_first(
        found, "modified", STEM, attempt(seen, lambda one: past(one.value, case.context.today, one.scheme), first=True)
    )
    return found


def past(value: Scalar, today: date, scheme: str | None = None) -> Understood[str]:
    """Return a moment that is not in the future (one day is granted for time zones)."""
    moment = dates.moment(value, today, scheme)
    if moment.value is not None and moment.value[:10] > (today + timedelta(days=1)).isoformat():
        return Understood(problem="out_of_bounds", note="it lies in the future")
    return moment
