"""Element 1, learner: refused.

**Read.** The names of fields that a format marks as being about a learner (`refused`, scheme ``learner``).
**Normalise.** Nothing. **Check.** Each such field is observed by its name (MC01-LEARNER-REFUSED).
**Complete?** The element does not apply to an offering: nobody has learned yet. It is never stored.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.refusals import refuse

NUMBER = 1
CODE = "MC01-LEARNER-REFUSED"


def understand(case: Case) -> Understanding:
    """Observe every field about a learner; keep none."""
    return refuse(case, "learner", CODE)
