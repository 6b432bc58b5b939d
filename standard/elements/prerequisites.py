"""Element 10, prerequisites: what a learner must bring.

**Read.** All texts of the slot `prerequisites`. Formats keep admission and qualification requirements apart;
here the texts of one language are joined by a blank line, repetitions dropped.
**Normalise.** As every text. "None", "keine", "geen" are an answer here, not a placeholder: an explicit none
is better than nothing said, and stays as published.
**Check.** Languages, mark-up and length as for every text.
**Complete?** Present with a text in any language (optional for the Council, asked for by the catalogue).
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, words
from standard.elements.common.texts import TextRule, put_texts, understand_texts
from standard.values import text

NUMBER = 10
STEM = "MC10-PREREQUISITES"
EXPLICIT_NONE = frozenset(
    {"none", "no", "nothing", "keine", "keiner", "geen", "aucun", "aucune", "inga", "ingen", "inget", "ei", "ei ole"}
    | {"ninguno", "ninguna", "nenhum", "nenhuma", "nessuno", "nessuna", "brak", "nee", "nein", "non", "nej"}
)
_RULE = TextRule(STEM, joined=True, placeholders=False)


def understand(case: Case) -> Understanding:
    """Return the prerequisites by language."""
    found = Understanding()
    seen = [one for one in case.see("prerequisites", case.source.prerequisites) if _says_something(one)]
    put_texts(found, "prerequisites", understand_texts(case, found, seen, _RULE))
    return found


def _says_something(seen: Seen) -> bool:
    raw = words(seen.value)
    return says_none(raw) or not text.is_placeholder(raw)


def says_none(raw: str) -> bool:
    """Whether a text says that there are no prerequisites, in one of the words we know."""
    return raw.strip().rstrip(".!").strip().casefold() in EXPLICIT_NONE
