"""What an offering must hold: for the Council's list, and for ELM. Two questions, two answers.

ELM's profile asks for things that the Council does not (field of study, language, address) and does not ask for
things that the Council does (workload, mode, assessment, awarding body, quality assurance), so conforming to
one says nothing of the other. Both are reported.

*Council Recommendation 2022/C 243/02*, Annex I: eleven mandatory elements, of which nine apply to an offering:
title, country, awarding body, learning outcomes, workload, level (if applicable: a reason will do), type of
assessment, form of participation, quality assurance.

*ELM, LOQ profile 1.1.0*, minimum cardinalities of the classes that the export uses: a specification has a
title, a field of study, a language and learning outcomes with a title each (a qualification also an EQF and a
national level); an opportunity has a title, a homepage, a provider and a default language; an organisation has
a legal name and a location with a country. That the exported document holds all of them is what `elm_gaps`
decides without building it; a test compares both.
"""

from __future__ import annotations

from standard.offering import Offering, Organisation
from standard.vocabularies import vocabulary


def council_gaps(offering: Offering) -> list[str]:
    """Return the names of the Council's mandatory elements that an offering lacks, in their order."""
    body = offering.awarding_body
    held = {
        "title": bool(offering.title),
        "country": offering.country is not None,
        "awarding body": body is not None and bool(body.name or body.identifiers),
        "learning outcomes": bool(offering.learning_outcomes),
        "workload": offering.workload is not None,
        "level": offering.level is not None,
        "assessment": bool(offering.assessment_types or offering.assessment),
        "participation": bool(offering.modes),
        "quality assurance": bool(offering.quality_assurance),
    }
    return [name for name, holds in held.items() if not holds]


def council_conformant(offering: Offering) -> bool:
    """Tell whether an offering has the nine mandatory elements of the Council that apply to it."""
    return not council_gaps(offering)


def elm_gaps(offering: Offering) -> list[str]:
    """Return what an offering lacks to be exported as valid ELM, in plain words."""
    held = {
        "title": bool(offering.title),
        "homepage": offering.homepage is not None,
        "field of study": any(code in vocabulary("isced_f") for code in offering.fields),
        "language of instruction": any(language_address(tag) for tag in offering.languages),
        "learning outcome with a text": any(outcome.text for outcome in offering.learning_outcomes),
        "provider": bool(providers_of(offering)),
        "name and country of every organisation": all(
            is_locatable(one, offering) for one in organisations_of(offering)
        ),
    }
    return [name for name, holds in held.items() if not holds]


def elm_conformant(offering: Offering) -> bool:
    """Tell whether the export of an offering meets the minimums of ELM's LOQ profile."""
    return not elm_gaps(offering)


def providers_of(offering: Offering) -> list[Organisation]:
    """Return who provides: the providers, else the awarding body."""
    return offering.providers or ([offering.awarding_body] if offering.awarding_body else [])


def organisations_of(offering: Offering) -> list[Organisation]:
    """Return every organisation of the export once: the providers, and who signs."""
    providers = providers_of(offering)
    body = offering.awarding_body
    return providers if body is None or body in providers else [*providers, body]


def country_of(organisation: Organisation, offering: Offering) -> str | None:
    """Return an organisation's country; the offering's country is the awarding body's, and of no other."""
    if organisation.country or organisation != offering.awarding_body:
        return organisation.country
    return offering.country


def is_locatable(organisation: Organisation, offering: Offering) -> bool:
    """Whether an organisation has what ELM asks of every organisation: a legal name and a place."""
    country = country_of(organisation, offering)
    return bool(organisation.name) and country is not None and country in vocabulary("countries")


def language_address(tag: str) -> str | None:
    """Return the EU address of a language: of its first subtag, because the EU list knows no regions."""
    languages = vocabulary("languages")
    code = tag.split("-", 1)[0].lower()
    return languages.address(code) if code in languages else None
