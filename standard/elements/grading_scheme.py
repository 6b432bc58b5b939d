"""Element 14, as far as an offering has it: the scheme in which grades will be given, never a grade.

**Read.** The slot `grading_schemes`; texts of one language are joined by a blank line.
**Normalise.** As every text. A value that is a code ("pass-or-valuation", "0-100") is kept under ``und``,
because a code is written in no language, whatever the feed's default is.
**Check.** As every text.
**Complete?** Not counted: element 14, grade achieved, does not apply to an offering.
"""

from __future__ import annotations

import re

import msgspec

from standard.elements.common.case import Case, Seen, Understanding, words
from standard.elements.common.texts import UNDETERMINED, TextRule, put_texts, understand_texts

NUMBER = 14
STEM = "MC14-GRADING-SCHEME"
_RULE = TextRule(STEM, longest=5000, joined=True)
_CODE = re.compile(r"\s*\w+(?:[-_./]\w+)+\s*")


def understand(case: Case) -> Understanding:
    """Return the grading scheme by language."""
    found = Understanding()
    seen = [_without_language(one) for one in case.see("grading_schemes", case.source.grading_schemes)]
    put_texts(found, "grading_scheme", understand_texts(case, found, seen, _RULE))
    return found


def _without_language(seen: Seen) -> Seen:
    if seen.lang is None and _CODE.fullmatch(words(seen.value)):
        return msgspec.structs.replace(seen, lang=UNDETERMINED)
    return seen
