"""Element 7, level (and cycle), where one applies.

**Read.** The slot `levels`. A stated EQF level (scheme ``eqf``) comes before a level of a national framework,
that before a QF-EHEA cycle, that before a word of the source ("bachelor"); within one kind the order of the
source holds. A text with the scheme ``reason`` says why there is no level.
**Normalise.** EQF 1 to 8, the national level as ``FRAMEWORK level``, the cycle as short, first, second or
third; each part from the first value that gives it; a word counts only where nothing is stated. An EQF level
that is computed from a national level or read from a word is *derived*: a word is the level of the programme
around the course, not of the course.
**Check.** Two stated levels that give different EQF levels are observed (MC07-LEVEL-CONTRADICTED); the first
stays. What could not be understood is observed.
**Complete?** Present with an EQF level, a national level or a cycle. With a reason alone the element does not
apply to this offering, because the Council asks for a level "if applicable".
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, provenance_of
from standard.elements.common.codes import Tried, attempt, report
from standard.elements.common.texts import TextRule, understand_texts
from standard.offering import Level, Texts
from standard.values import Understood, levels
from standard.values.levels import LevelParts

NUMBER = 7
STEM = "MC07-LEVEL"
REASON = "reason"
_RULE = TextRule(f"{STEM}-REASON", longest=2000)
_WORD = 3
_RANKS = {"eqf": 0, "qf_ehea": 2, "word": _WORD, "": _WORD}
"""Order of the schemes; every other scheme names a national framework and comes second (1)."""


def understand(case: Case) -> Understanding:
    """Return the level. The country must have been understood before: some words differ by country."""
    found = Understanding()
    seen = case.see("levels", case.source.levels)
    reason = understand_texts(case, found, [one for one in seen if _scheme(one) == REASON], _RULE)
    country: str | None = case.known.get("country") or case.context.default_country
    coded = sorted((one for one in seen if _scheme(one) != REASON), key=_rank)
    tried = attempt(coded, lambda one: levels.level(one.value, _scheme(one) or None, country))
    _put(found, tried, reason.texts)
    if not found.values and reason.texts:
        found.put("level", Level(reason=reason.texts), reason.provenance())
    elif not found.values:
        found.lack("level", unreadable=bool(tried.failed))
    report(found, STEM, tried, left=bool(found.values))
    _check(found, tried)
    return found


def _scheme(seen: Seen) -> str:
    return (seen.scheme or "").strip().lower()


def _rank(seen: Seen) -> int:
    return _RANKS.get(_scheme(seen), 1)


def _put(found: Understanding, tried: Tried[LevelParts], reason: Texts) -> None:
    used: list[tuple[Seen, Understood[LevelParts]]] = []
    parts: dict[str, int | str] = {}
    for seen, result in tried.understood:
        if used and _rank(seen) == _WORD:
            continue
        new = {name: value for name in ("eqf", "nqf", "qf_ehea") if (value := getattr(result.value, name)) is not None}
        if new.keys() - parts.keys():
            parts = new | parts
            used.append((seen, result))
    if parts:
        level = Level(**parts, reason=reason or None)  # type: ignore[arg-type]  # names and types are LevelParts' own
        changed = [seen for seen, _ in used if seen.published != parts.get("eqf")]
        derived = any(result.derived for _, result in used)
        found.put("level", level, provenance_of([seen for seen, _ in used], changed=changed, by_rule=derived))


def _check(found: Understanding, tried: Tried[LevelParts]) -> None:
    stated = [(seen, result.value.eqf) for seen, result in tried.understood if result.value and result.value.eqf]
    for seen, eqf in stated[1:]:
        if eqf != stated[0][1] and _rank(seen) < _WORD:
            found.observe(f"{STEM}-CONTRADICTED", seen, kept=str(stated[0][1]), other=str(eqf))
