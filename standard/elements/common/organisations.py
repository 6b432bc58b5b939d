"""Organisations as published → organisations of the catalogue, for awarding bodies and providers alike.

**Names** are read as texts. **Identifiers** are normalised by kind (``schac``, ``deqar``, ``eter``, ``ror``,
...); the first of a kind wins; one that is malformed is observed and left out, because a wrong identifier links
to the wrong institution. **Country** and **homepage**: the first that is understood. A country that is not is
left out silently: that of the awarding body is observed by element 3, that of a provider is not asked for. An
organisation without name and identifiers is none. One that is the contract's institution (shares an identifier
of the same kind, or a name) is completed with what the contract says of it.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, words
from standard.elements.common.codes import attempt, report
from standard.elements.common.texts import TextRule, TextsRead, understand_texts
from standard.offering import Organisation, Texts
from standard.source_offering import SourceOrganisation
from standard.values import Understood, countries, identifiers, urls

STEM = "MC04-ORGANISATION"
LONGEST_NAME = 500
_NAME = TextRule(f"{STEM}-NAME", longest=LONGEST_NAME, line=True)


def organisation(
    case: Case, into: Understanding, slot: str, source: SourceOrganisation
) -> tuple[Organisation, TextsRead] | None:
    """Return an organisation with the reading of its name, or None where nothing names it."""
    names = understand_texts(case, into, case.see(slot, source.names), _NAME)
    codes = _identifiers(into, case.see(slot, source.identifiers))
    if not names.texts and not codes:
        return None
    found = Organisation(
        name=names.texts,
        identifiers=codes,
        country=_country(case.see((slot, "countries"), source.countries)),
        homepage=_homepage(case, into, case.see(slot, source.homepages)),
    )
    return completed(found, case.context.institution), names


def _identifiers(into: Understanding, seen: list[Seen]) -> dict[str, str]:
    tried = attempt(seen, _identifier)
    report(into, f"{STEM}-IDENTIFIER", tried)
    found: dict[str, str] = {}
    for kind, value in tried.meanings:
        found.setdefault(kind, value)
    return found


def _identifier(seen: Seen) -> Understood[tuple[str, str]]:
    return identifiers.organisation_identifier((seen.scheme or "other").strip().lower(), words(seen.value))


def _country(seen: list[Seen]) -> str | None:
    tried = attempt(seen, lambda one: countries.country_code(words(one.value)), first=True)
    return next(iter(tried.meanings), None)


def _homepage(case: Case, into: Understanding, seen: list[Seen]) -> str | None:
    tried = attempt(seen, lambda one: urls.web_address(words(one.value), case.context.base_url), first=True)
    report(into, f"{STEM}-HOMEPAGE", tried)
    return next(iter(tried.meanings), None)


def completed(found: Organisation, institution: Organisation | None) -> Organisation:
    """Return `found` with what the contract knows of it, if it is the contract's institution; else unchanged."""
    if institution is None or not same(found, institution):
        return found
    return Organisation(
        name=found.name or institution.name,
        identifiers={**institution.identifiers, **found.identifiers},
        country=found.country or institution.country,
        homepage=found.homepage or institution.homepage,
    )


def same(one: Organisation, other: Organisation) -> bool:
    """Whether two organisations are one: an identifier of a kind that both have decides, else a name."""
    common = one.identifiers.keys() & other.identifiers.keys()
    if common:
        return any(one.identifiers[kind] == other.identifiers[kind] for kind in common)
    return bool(_folded(one.name) & _folded(other.name))


def _folded(names: Texts) -> set[str]:
    return {" ".join(name.casefold().split()) for name in names.values()}
