"""Element 10, prerequisites: what a learner must bring.

**Read.** All texts of the slot `prerequisites`. Formats keep admission and qualification requirements apart;
here the texts of one language are joined by a blank line, repetitions dropped.
**Normalise.** As every text. "None", "keine", "geen" are an answer here, not a placeholder: an explicit none is
better than nothing said, and stays as published.
**Check.** Languages, mark-up and length as for every text.
**Complete?** Present with a text in any language (optional for the Council, asked for by the catalogue).
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.texts import TextRule, put_texts, read_texts

NUMBER = 10
STEM = "MC10-PREREQUISITES"
_RULE = TextRule(STEM, joined=True)


def understand(case: Case) -> Understanding:
    """Return the prerequisites by language."""
    found = Understanding()
    put_texts(found, "prerequisites", read_texts(case, found, "prerequisites", case.source.prerequisites, _RULE))
    return found
