"""Element 15, integration and stackability: whether the micro-credential counts towards something larger.

**Read.** The slot `stackable` (a yes or no), the relations to other offers (part of, has part), and the slot
`stackability_texts`.
**Normalise.** Yes and no in the languages we know to a flag; titles of relations as texts, their identifiers as
they are; texts of one language are joined by a blank line. Where no flag is published but the offering is part
of another, it is stackable (*derived*).
**Check.** A flag that is neither yes nor no is observed (MC15-STACKABILITY-UNREADABLE, or -SKIPPED where the
rest says something). "No" together with a larger offer is observed (MC15-STACKABILITY-CONTRADICTED), and so is
"yes" that names no target and gives no text (MC15-STACKABILITY-TARGET).
**Complete?** Present with a flag, a relation or a text.
"""

from __future__ import annotations

from typing import Literal

from standard.elements.common.case import SHOWN, Case, Understanding, derived, words
from standard.elements.common.parts import Part, provenance_of_parts
from standard.elements.common.texts import TextRule
from standard.offering import Relation, Stackability
from standard.source_offering import SourceRelation
from standard.values import flags, text
from standard.values.harmless import harmless_identifier

NUMBER = 15
STEM = "MC15-STACKABILITY"
_TITLE = TextRule(STEM, longest=1000, line=True)
_TEXT = TextRule(STEM, joined=True)


def understand(case: Case) -> Understanding:
    """Return the stackability."""
    found = Understanding()
    part = Part(case, found, "stackable", _path(case))
    stated = part.first("stackable", case.source.stackable, lambda seen: flags.flag(seen.value))
    part_of = _relations(part, "part_of")
    value = Stackability(
        stackable=True if stated is None and part_of else stated,
        part_of=part_of,
        has_part=_relations(part, "has_part"),
        text=part.texts("stackability_texts", case.source.stackability_texts, _TEXT) or None,
    )
    _put(part, value, by_rule=stated is None and bool(part_of))
    _check(part, value)
    return found


def _path(case: Case) -> str:
    source = case.source
    paths = [one.path for one in (*source.stackable, *source.stackability_texts)]
    return next(iter((*paths, *(relation.path for relation in source.relations))), source.path)


def _relations(part: Part, kind: Literal["part_of", "has_part"]) -> list[Relation]:
    found: list[Relation] = []
    for source in part.case.source.relations:
        relation = _relation(part, source) if source.kind == kind else Relation()
        if relation != Relation() and relation not in found:
            found.append(relation)
    return found


def _relation(part: Part, source: SourceRelation) -> Relation:
    titles = part.texts("relations", source.titles, _TITLE)
    codes = (words(seen.value).strip() for seen in part.see("relations", source.identifiers))
    code = next((harmless_identifier(code)[:SHOWN] for code in codes if not text.is_placeholder(code)), None)
    return Relation(title=titles or None, identifier=code)


def _put(part: Part, value: Stackability, *, by_rule: bool) -> None:
    known = value != Stackability()
    if known:
        provenance = provenance_of_parts([part])
        part.into.put("stackability", value, derived(provenance) if by_rule else provenance)
    else:
        part.into.lack("stackability", unreadable=part.failed)
    part.report(STEM, left=known)


def _check(part: Part, value: Stackability) -> None:
    if value.stackable is False and value.part_of:
        part.into.observe(f"{STEM}-CONTRADICTED", None, part.path, count=str(len(value.part_of)))
    if value.stackable and not value.part_of and not value.text:
        part.into.observe(f"{STEM}-TARGET", None, part.path)
