"""Element 5, date of issuing: refused.

**Read.** The names of fields that a format marks as a date of issuing (`refused`, scheme ``date_of_issuing``).
**Normalise.** Nothing. **Check.** Each such field is observed by its name (MC05-DATE-OF-ISSUING-REFUSED).
**Complete?** The element does not apply to an offering, which has start, end and deadlines instead: see
`standard.elements.instances`.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.refusals import refuse

NUMBER = 5
CODE = "MC05-DATE-OF-ISSUING-REFUSED"


def understand(case: Case) -> Understanding:
    """Observe every date of issuing; keep none."""
    return refuse(case, "date_of_issuing", CODE)
