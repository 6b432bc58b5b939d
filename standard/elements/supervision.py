"""Element 12, supervision and identity verification during assessment, as planned.

**Read.** The slot `supervision`: the first value that is understood.
**Normalise.** To one of the four codes of the EU vocabulary (supervised or not, identity verified or not).
**Check.** What is none of the four is observed (MC12-SUPERVISION-UNREADABLE, or -SKIPPED where another place
gave one).
**Complete?** Present with a code. No common exchange format carries this element; expect it from spreadsheets,
or from look-ups of the contract.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.codes import attempt, put_first
from standard.values import supervision

NUMBER = 12
STEM = "MC12-SUPERVISION"


def understand(case: Case) -> Understanding:
    """Return the supervision code."""
    found = Understanding()
    seen = case.see("supervision", case.source.supervision)
    tried = attempt(seen, lambda one: supervision.supervision(one.value, one.scheme), first=True)
    put_first(found, "supervision", STEM, tried)
    return found
