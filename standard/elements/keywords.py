"""Beyond the sixteen: keywords.

**Read.** The slot `keywords`. A value that lists several ("data, ethics; law") is taken apart at commas,
semicolons and line breaks.
**Normalise.** Mark-up and superfluous blanks go; each keyword stands once, whatever its capitals.
**Check.** At most 50 keywords of at most 100 characters are kept; longer ones are sentences and are left out.
Nothing of this is observed: keywords help searching and mean nothing else.
**Complete?** Not asked for.
"""

from __future__ import annotations

import re

from standard.elements.common.case import Case, Seen, Understanding, provenance_of, words
from standard.values import text
from standard.values.harmless import harmless

MOST = 50
LONGEST = 100
_SEPARATOR = re.compile(r"[,;\n]")


def understand(case: Case) -> Understanding:
    """Return the keywords."""
    found = Understanding()
    seen = case.see("keywords", case.source.keywords)
    kept: dict[str, str] = {}
    for word in (word for one in seen for word in _words(one)):
        kept.setdefault(word.casefold(), word)
    if kept:
        found.put("keywords", list(kept.values())[:MOST], provenance_of(seen))
    else:
        found.lack("keywords")
    return found


def _words(seen: Seen) -> list[str]:
    raw = words(seen.value)[: MOST * LONGEST]
    plain = text.clean_text(raw, seen.markup).text if "<" in raw or "&" in raw else raw
    parts = (harmless(" ".join(part.split())) for part in _SEPARATOR.split(plain))
    return [part for part in parts if 0 < len(part) <= LONGEST and not text.is_placeholder(part)]
