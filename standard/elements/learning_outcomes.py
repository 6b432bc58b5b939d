"""Element 8, learning outcomes: a list of what a learner will know, understand and be able to do.

**Read.** The slot `learning_outcomes`, in the order of the source. Each source outcome has its text in one or
more languages and links to skills.
**Normalise.** Texts as every text. A text that carries an explicit list (HTML list items, or at least two lines
that begin with a bullet or number) is taken apart into one outcome per item, and the field is then *derived*; a
paragraph is never cut at full stops or semicolons. Lists of equal length in several languages are paired item
by item; otherwise each language keeps its own items. A line that leads into the list ("Students will be able
to:") is no outcome: it ends with a colon or dots, or stands right before the first item without a full stop, or
is all bold. Equal outcomes stand once. Skills of ESCO stay with the outcome they were published with, also
where it has no words; where that one is taken apart, with the first item.
**Check.** An outcome that only repeats the title or the description is no outcome: it is left out and observed
(MC08-OUTCOMES-NOT-REAL; its links to skills stay; Finland's national export fills the field so). A single
paragraph of more than 500 characters is observed (MC08-OUTCOMES-ONE-PARAGRAPH). A skill that is no ESCO address
is observed (MC08-OUTCOMES-SKILL) and left out. Languages are checked over all outcomes of a language together.
**Complete?** Present with at least one outcome.

Source: Council Recommendation 2022/C 243/02, Annex I; ELM learningOutcome (a list, each with a title).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from standard.elements.common.bullets import items_of, leads_in
from standard.elements.common.case import Case, Seen, Understanding, provenance_of, weakest, words
from standard.elements.common.codes import MOST_REPORTED, unique
from standard.elements.common.texts import TextRule, TextsRead, contradictions, understand_texts
from standard.offering import How, LearningOutcome, Provenance, Texts
from standard.source_offering import SourceOutcome

NUMBER = 8
STEM = "MC08-OUTCOMES"
FIELD = "learning_outcomes"
LONG_PARAGRAPH = 500
_RULE = TextRule(STEM, joined=True, checked=False)
_ESCO = "http://data.europa.eu/esco/skill/"
_ESCO_SKILL = re.compile(
    r"(?:https?://data\.europa\.eu/esco/skill/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I
)


@dataclass(slots=True)
class _Outcomes:
    """The outcomes of a record while they are read."""

    found: list[LearningOutcome] = field(default_factory=list)
    used: list[Seen] = field(default_factory=list)
    changed: list[Seen] = field(default_factory=list)
    reads: list[TextsRead] = field(default_factory=list)
    taken_apart: bool = False
    not_real: int = 0


def understand(case: Case) -> Understanding:
    """Return the learning outcomes. Title and description must have been understood before."""
    found = Understanding()
    outcomes = _Outcomes()
    titles, descriptions = _folded(case.known.get("title", {})), _folded(case.known.get("description", {}))
    for source in case.source.learning_outcomes:
        _read(case, found, outcomes, source, titles | descriptions)
    kept = _without_lead_ins(_unique(outcomes.found))
    if kept:
        _put(found, outcomes, kept)
    else:
        found.lack(FIELD, unreadable=outcomes.not_real > 0)
    _check(found, outcomes, kept)
    return found


def _folded(texts: Texts) -> set[str]:
    return {" ".join(text.casefold().split()) for text in texts.values()}


def _read(case: Case, found: Understanding, outcomes: _Outcomes, source: SourceOutcome, known: set[str]) -> None:
    read = understand_texts(case, found, case.see(FIELD, source.texts), _RULE)
    skills = _skills(case, found, source)
    if read.texts and _folded(read.texts) <= known:
        outcomes.not_real += 1
        if outcomes.not_real <= MOST_REPORTED:
            found.observe(f"{STEM}-NOT-REAL", read.used[0])
        read = TextsRead()
    items = {tag: items_of(text) for tag, text in read.texts.items()}
    taken_apart = any(item != [read.texts[tag]] for tag, item in items.items())
    texts = _paired(items)
    outcomes.found += [LearningOutcome(text=text, esco=skills if not place else []) for place, text in enumerate(texts)]
    if skills and not texts:
        outcomes.found.append(LearningOutcome(text={}, esco=skills))
        outcomes.used += case.see(FIELD, source.skills)
    outcomes.used += read.used
    outcomes.changed += read.used if taken_apart else read.changed
    outcomes.reads.append(read)
    outcomes.taken_apart |= taken_apart


def _skills(case: Case, found: Understanding, source: SourceOutcome) -> list[str]:
    skills: list[str] = []
    if not source.skills:
        return skills
    for seen in case.see(FIELD, source.skills):
        match = _ESCO_SKILL.fullmatch(words(seen.value).strip())
        if match:
            skills.append(_ESCO + match[1].lower())
        else:
            found.observe(f"{STEM}-SKILL", seen)
    return unique(skills)


def _paired(items: dict[str, list[str]]) -> list[Texts]:
    """Return the items of several languages as texts: pairs where the lists are of one length, else one by one."""
    if len({len(of_language) for of_language in items.values()}) == 1:
        return [dict(zip(items, row, strict=True)) for row in zip(*items.values(), strict=True)]
    return [{tag: item} for tag, of_language in items.items() for item in of_language]


def _unique(outcomes: list[LearningOutcome]) -> list[LearningOutcome]:
    """Return the outcomes without those whose words all stand in an earlier one."""
    kept: list[LearningOutcome] = []
    seen: set[tuple[str, str]] = set()
    for outcome in outcomes:
        words_of_it = set(outcome.text.items())
        if outcome.esco or not words_of_it <= seen:
            kept.append(outcome)
        seen |= words_of_it
    return kept


def _without_lead_ins(outcomes: list[LearningOutcome]) -> list[LearningOutcome]:
    real = [outcome for outcome in outcomes if outcome.esco or not _leads_in(outcome)]
    return real or outcomes


def _leads_in(outcome: LearningOutcome) -> bool:
    return all(leads_in(text, item=True) for text in outcome.text.values())


def _put(found: Understanding, outcomes: _Outcomes, kept: list[LearningOutcome]) -> None:
    hows = [how for read in outcomes.reads for how in read.hows] or [seen.how for seen in outcomes.used]
    provenance = provenance_of(outcomes.used, changed=outcomes.changed)
    how: How = "derived" if outcomes.taken_apart else weakest(hows)
    found.put(FIELD, kept, Provenance(how=how, path=provenance.path, original=provenance.original))


def _check(found: Understanding, outcomes: _Outcomes, kept: list[LearningOutcome]) -> None:
    if not kept:
        return
    first = outcomes.used[0]
    longest = max((len(text) for text in kept[0].text.values()), default=0)
    if len(kept) == 1 and longest > LONG_PARAGRAPH:
        found.observe(f"{STEM}-ONE-PARAGRAPH", first, length=str(longest), limit=str(LONG_PARAGRAPH))
    for tag, note in contradictions(_together(outcomes.reads)):
        found.observe(f"{STEM}-LANGUAGE-CONTRADICTED", first, tag=tag, note=note)


def _together(reads: list[TextsRead]) -> Texts:
    whole: dict[str, list[str]] = {}
    for read in reads:
        for tag, text in read.texts.items():
            whole.setdefault(tag, []).append(text)
    return {tag: "\n".join(texts) for tag, texts in whole.items()}
