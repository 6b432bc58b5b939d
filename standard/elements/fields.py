"""Beyond the sixteen: fields of study.

**Read.** The slot `fields`.
**Normalise.** To ISCED-F 2013 codes of two to four digits, each once. A national code below a known field
climbs to its valid parent. 0099 and 9999 mean "unknown" and count as nothing.
**Check.** A code that climbed is observed (MC17-FIELD-ADJUSTED), a code of another classification or of none
too (MC17-FIELD-SKIPPED or -UNREADABLE).
**Complete?** Present with a code. ELM asks for at least one.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.codes import attempt, put_list
from standard.values import iscedf

STEM = "MC17-FIELD"


def understand(case: Case) -> Understanding:
    """Return the ISCED-F codes."""
    found = Understanding()
    seen = case.see("fields", case.source.fields)
    tried = attempt(seen, lambda one: iscedf.field_code(one.value, one.scheme))
    put_list(found, "fields", STEM, tried, tried.meanings)
    return found
