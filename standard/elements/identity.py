"""Beyond the sixteen: identity. Which item of which feed this is.

**Read.** The feed's name from the contract, the item's own identifier (`source_id`), further codes from the
slot `identifiers` with their kind.
**Normalise.** Surrounding blanks go, nothing else: an identifier is the source's. What a browser would run is written
as in addresses (``%3C``). The catalogue's identifier is
computed from feed and source identifier alone (`standard.offering.offering_id`), so it never moves with a
file's order or a text. The first code of a kind wins; a code without a kind has the kind ``code``.
**Check.** A record without an identifier of its own cannot be kept apart from others or found again: it becomes
no offering, and the judge says so (MC00-ID-MISSING). Placeholders are no codes.
**Complete?** Identity is not an element and not counted.
"""

from __future__ import annotations

from standard.elements.common.case import SHOWN, Case, Understanding, provenance_of, words
from standard.source_offering import SourceOffering
from standard.values import text
from standard.values.harmless import harmless_identifier

MOST_CODES = 50


def source_id(source: SourceOffering) -> str | None:
    """Return the source's identifier of a record, None where there is none."""
    return harmless_identifier(words(source.source_id or "").strip()) or None


def understand(case: Case) -> Understanding:
    """Return the further codes of the item by kind."""
    found = Understanding()
    seen = [
        one for one in case.see("identifiers", case.source.identifiers) if not text.is_placeholder(words(one.value))
    ]
    codes: dict[str, str] = {}
    for one in seen[:MOST_CODES]:
        kind = harmless_identifier(words(one.scheme or "").strip().lower()) or "code"
        codes.setdefault(kind, harmless_identifier(words(one.value).strip())[:SHOWN])
    if codes:
        found.put("identifiers", codes, provenance_of(seen))
    return found
