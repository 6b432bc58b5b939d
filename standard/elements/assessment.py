"""Element 11, type of assessment: how the outcomes are proven.

**Read.** The slot `assessment_types` for codes, the slot `assessment_texts` for words. Where no code is
published, a text of at most 80 characters that names a type ("Written examination") gives the code (*derived*);
longer texts are not searched for words.
**Normalise.** Types to our codes, each tied to the EU vocabulary; texts as every text, several in one language
joined by a blank line.
**Check.** A published type that is none of the list is observed: MC11-ASSESSMENT-SKIPPED where another was
understood, else MC11-ASSESSMENT-UNREADABLE. A text from which no type can be read is observed
(MC11-ASSESSMENT-NO-TYPE): people understand it, filters do not.
**Complete?** Present with a type or a text.
"""

from __future__ import annotations

from itertools import chain

from standard.elements.common.case import Case, Seen, Understanding, provenance_of, words
from standard.elements.common.codes import Tried, attempt, put_list, unique
from standard.elements.common.texts import TextRule, TextsRead, put_texts, read_texts
from standard.values import Understood, assessments

NUMBER = 11
STEM = "MC11-ASSESSMENT"
LONGEST_NAME_OF_A_TYPE = 80
_RULE = TextRule(STEM, joined=True)


def understand(case: Case) -> Understanding:
    """Return assessment types and the text about them."""
    found = Understanding()
    texts = read_texts(case, found, "assessment_texts", case.source.assessment_texts, _RULE)
    put_texts(found, "assessment", texts)
    tried = attempt(case.see("assessment_types", case.source.assessment_types), _types)
    put_list(found, "assessment_types", STEM, tried, chain.from_iterable(tried.meanings))
    if "assessment_types" not in found.values and not tried.failed:
        _derive(found, texts)
    return found


def _types(seen: Seen) -> Understood[list[str]]:
    return assessments.assessment_types(seen.value, seen.scheme)


def _derive(found: Understanding, texts: TextsRead) -> None:
    short = [seen for seen in texts.used if len(words(seen.value)) <= LONGEST_NAME_OF_A_TYPE]
    tried: Tried[list[str]] = attempt(short, _types)
    codes = unique(chain.from_iterable(tried.meanings))
    if codes:
        found.put("assessment_types", codes, provenance_of(tried.seen, changed=tried.seen, by_rule=True))
    elif texts.used:
        found.observe(f"{STEM}-NO-TYPE", texts.used[0])
        found.lack("assessment_types", unreadable=True)
