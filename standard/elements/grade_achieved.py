"""Element 14, grade achieved: refused. (The scale in which grades will be given is `grading_scheme`.)

**Read.** The names of fields that a format marks as an achieved grade (`refused`, scheme ``grade_achieved``).
**Normalise.** Nothing. **Check.** Each such field is observed by its name (MC14-GRADE-REFUSED).
**Complete?** The element does not apply to an offering: a grade belongs to a person's credential.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.refusals import refuse

NUMBER = 14
CODE = "MC14-GRADE-REFUSED"


def understand(case: Case) -> Understanding:
    """Observe every achieved grade; keep none."""
    return refuse(case, "grade_achieved", CODE)
