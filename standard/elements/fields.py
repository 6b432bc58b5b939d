"""Beyond the sixteen: fields of study.

**Read.** The slot `fields`.
**Normalise.** To ISCED-F 2013 codes of two to four digits, each once. A national code below a known field
climbs to its valid parent. 0099 and 9999 mean "unknown" and count as nothing.
**Check.** A code that climbed is observed (MC17-FIELD-ADJUSTED), a code of no classification too
(MC17-FIELD-SKIPPED or -UNREADABLE). Codes of another classification (JACS3, LDCS3, KldB) are observed once, with
the names of the classifications (MC17-FIELD-OTHER-CLASSIFICATION), and only where no code of ours stands beside
them: nothing is wrong with them, but no translation is certain.
**Complete?** Present with a code. ELM asks for at least one.
"""

from __future__ import annotations

from standard.elements.common.case import SHOWN, Case, Seen, Understanding, words
from standard.elements.common.codes import Tried, attempt, put_list, unique
from standard.values import iscedf

STEM = "MC17-FIELD"
UNNAMED = "a classification that is not named"
"""Said where the scheme is the name of the field (``dc:subject``), because the source names none."""


def understand(case: Case) -> Understanding:
    """Return the ISCED-F codes."""
    found = Understanding()
    seen = case.see("fields", case.source.fields)
    tried = attempt(seen, lambda one: iscedf.field_code(one.value, one.scheme))
    others = [one for one, result in tried.failed if iscedf.CLASSIFICATION in result.facts]
    failed = [(one, result) for one, result in tried.failed if iscedf.CLASSIFICATION not in result.facts]
    put_list(found, "fields", STEM, Tried(tried.understood, failed), tried.meanings)
    if others and not tried.understood:
        found.lack("fields", unreadable=True)
        _tell_of_others(found, others)
    return found


def _tell_of_others(found: Understanding, others: list[Seen]) -> None:
    """Observe the codes of other classifications, all at once."""
    names = unique((one.scheme or "").strip() for one in others)
    told = ", ".join(UNNAMED if ":" in name else name for name in names)
    codes = ", ".join(unique(words(one.published).strip() for one in others))
    found.observe(f"{STEM}-OTHER-CLASSIFICATION", others[0], names=told[:SHOWN], codes=codes[:SHOWN])
