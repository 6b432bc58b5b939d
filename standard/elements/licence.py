"""Beyond the sixteen: the licence of the data.

**Read.** The slot `licences`: the first that says something. Where there is none, the licence that the feed's
contract states (*from the contract*).
**Normalise.** Surrounding blanks and mark-up go; a name or address is kept as it is, because only the rights holder
can say which licence it means.
**Check.** Nothing. **Complete?** Present with a licence; open reuse needs one.
"""

from __future__ import annotations

from standard.elements.common.case import SHOWN, Case, Understanding, provenance_of, words
from standard.offering import Provenance
from standard.values import text
from standard.values.harmless import harmless_identifier


def understand(case: Case) -> Understanding:
    """Return the licence."""
    found = Understanding()
    seen = [one for one in case.see("licences", case.source.licences) if not text.is_placeholder(words(one.value))]
    if seen:
        found.put("licence", _as_it_is(words(seen[0].value)), provenance_of(seen[:1]))
    elif case.context.licence:
        found.put("licence", case.context.licence, Provenance(how="contract"))
    else:
        found.lack("licence")
    return found


def _as_it_is(published: str) -> str:
    return harmless_identifier(text.clean_line(published).text)[:SHOWN]
