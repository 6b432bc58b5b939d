"""Beyond the sixteen: fields of study.

**Read.** The slot `fields`.
**Normalise.** To ISCED-F 2013 codes of two to four digits, each once. A national code below a known field
climbs to its valid parent. 0099 and 9999 mean "unknown" and count as nothing.
**Check.** A code that climbed is observed (MC17-FIELD-ADJUSTED), a code of another classification or of none
too (MC17-FIELD-SKIPPED or -UNREADABLE), once for all codes of one classification.
**Complete?** Present with a code. ELM asks for at least one.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.codes import Tried, attempt, put_list
from standard.values import iscedf

STEM = "MC17-FIELD"


def understand(case: Case) -> Understanding:
    """Return the ISCED-F codes."""
    found = Understanding()
    seen = case.see("fields", case.source.fields)
    tried = attempt(seen, lambda one: iscedf.field_code(one.value, one.scheme))
    put_list(found, "fields", STEM, _one_of_a_kind(tried), tried.meanings)
    return found


def _one_of_a_kind(tried: Tried[str]) -> Tried[str]:
    """Return what was tried with one failure per reason: all codes of another classification are one finding."""
    by_reason = {result.note: (seen, result) for seen, result in reversed(tried.failed)}
    return Tried(tried.understood, list(reversed(by_reason.values())))
