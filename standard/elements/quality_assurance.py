"""Element 13, quality assurance, as the record itself states it. (Evidence is DEQAR's part, not the record's.)

**Read.** Every statement of the slot `quality_assurance`: type, agency, address of a report, validity, text.
**Normalise.** The type to a code of accreditation types, the report to a web address, dates to ISO 8601; each
detail is the first of its values that is understood. A statement in which nothing is left is dropped, and so is
one that says the same as another.
**Check.** A detail that is not understood is observed (MC13-QUALITY-ASSURANCE-SKIPPED where something of the
element is left, else -UNREADABLE). A statement that ends before it begins (MC13-QUALITY-ASSURANCE-DATES) or
that has run out (MC13-QUALITY-ASSURANCE-EXPIRED) is observed and kept.
**Complete?** Present with at least one statement.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, words
from standard.elements.common.moments import beginning, ending
from standard.elements.common.parts import Part, provenance_of_parts
from standard.elements.common.texts import TextRule
from standard.offering import QualityAssurance
from standard.source_offering import SourceQualityAssurance
from standard.values import Understood, accreditation, urls

NUMBER = 13
STEM = "MC13-QUALITY-ASSURANCE"
SLOT = "quality_assurance"
_RULE = TextRule(STEM)


def understand(case: Case) -> Understanding:
    """Return the statements about quality assurance."""
    found = Understanding()
    parts: list[Part] = []
    statements: list[QualityAssurance] = []
    for source in case.source.quality_assurance:
        part = Part(case, found, SLOT, source.path)
        statement = _statement(part, source)
        parts.append(part)
        if statement != QualityAssurance() and statement not in statements:
            statements.append(statement)
            _check(part, statement)
    if statements:
        found.put(SLOT, statements, provenance_of_parts(parts))
    else:
        found.lack(SLOT, unreadable=any(part.failed for part in parts))
    for part in parts:
        part.report(STEM, left=bool(statements))
    return found


def _statement(part: Part, source: SourceQualityAssurance) -> QualityAssurance:
    today = part.case.context.today

    def address(seen: Seen) -> Understood[str]:
        return urls.web_address(words(seen.value), part.case.context.base_url)

    return QualityAssurance(
        type=part.first("type", source.types, lambda seen: accreditation.accreditation_type(seen.value, seen.scheme)),
        agency=part.texts("agency", source.agencies, _RULE) or None,
        report=part.first("report", source.reports, address),
        valid_from=part.first("valid_from", source.valid_from, lambda seen: beginning(seen, today)),
        valid_until=part.first("valid_until", source.valid_until, lambda seen: ending(seen, today)),
        text=part.texts("texts", source.texts, _RULE) or None,
    )


def _check(part: Part, statement: QualityAssurance) -> None:
    begins, ends = statement.valid_from, statement.valid_until
    if begins and ends and ends[:10] < begins[:10]:
        part.into.observe(f"{STEM}-DATES", None, part.path, valid_from=begins, valid_until=ends)
    elif ends and ends[:10] < part.case.context.today.isoformat():
        part.into.observe(f"{STEM}-EXPIRED", None, part.path, valid_until=ends)
