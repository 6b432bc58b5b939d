"""Beyond the sixteen: a picture.

**Read.** The slot `images`: the first that is an address.
**Normalise.** To an absolute http(s) address. Pictures inside the record (``data:``) are not copied.
**Check.** What is no web address is observed (MC17-IMAGE-SKIPPED or -UNREADABLE).
**Complete?** Not asked for.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.codes import put_first
from standard.elements.further_information import attempt_addresses

STEM = "MC17-IMAGE"


def understand(case: Case) -> Understanding:
    """Return the address of a picture."""
    found = Understanding()
    put_first(found, "image", STEM, attempt_addresses(case, case.see("images", case.source.images)))
    return found
