"""MOOChub: one course into a source offering, whichever version its attributes are written in.

The two versions differ in names, and real feeds mix them (a version 3 with ``instructors``, a version 2 with
``learningobjectives``), so each value is looked for under all its names. A name of version 3 comes first.

Sources: MOOChub schema 2.3 and 3.0.1 with their changelog; deviations in the reference facts on feeds, section 3.6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from connectors.formats._json_fields import (
    count_left_over,
    distinct,
    groups,
    identifier,
    texts,
    with_scheme,
)
from connectors.leftovers import Fields
from connectors.reading import Reading
from standard.source_offering import (
    SourceInstance,
    SourceOffering,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceRelation,
    SourceValue,
)

IGNORED: dict[str, str] = {
    "*/instructor": "Persons. The catalogue shows offices, never named persons.",
    "*/instructors": "Persons. The catalogue shows offices, never named persons.",
    "attributes/creator": "Persons. The catalogue shows offices, never named persons.",
    "attributes/publisher": "A person. The catalogue shows offices, never named persons.",
    "course/creator": "Persons. The catalogue shows offices, never named persons.",
    "course/publisher": "A person. The catalogue shows offices, never named persons.",
    "*/contributor": "Persons, or organisations that neither publish nor create the course.",
    "*/trailer": "A film about the course.",
    "*/video": "A film about the course.",
    "*/audience": "For whom the course is meant; no element of the standard.",
    "*/accessMode": "Which senses the material needs; no element of the standard.",
    "*/hollandCode": "Vocational interests; no element of the standard.",
    "*/repeatFrequency": "The weekly timetable.",
    "*/hasPart": "Videos and exercises inside the course, no offers of their own.",
    "*/dateCreated": "When the record was made; the catalogue needs when it was changed.",
    "*/relationships": "Links between records of the interface.",
    "*/meta": "Notes of the interface about the record.",
    "course/links": "The record's own address in the interface.",
    "image/license": "The licence of the image, not of the course.",
    "image/licenses": "The licence of the image, not of the course.",
    "image/description": "What the image shows.",
    "*/logo": "An image of the organisation, not of the offering.",
    "publisher/image": "An image of the organisation, not of the offering.",
    "publisher/description": "A text about the organisation.",
    "moocProvider/description": "A text about the organisation.",
    "partnerInstitutes/description": "A text about the organisation.",
    "partnerInstitute/description": "A text about the organisation.",
    "creator/image": "An image of the organisation, not of the offering.",
    "creator/description": "A text about the organisation.",
    "teaches/educationalLevel": "The level of a single skill in its own framework, not that of the course.",
    "teaches/shortCode": "The skill is named; its address leads to it.",
    "teaches/alternateName": "Other names of the same skill.",
    "teaches/url": "The document that describes the framework.",
    "teaches/educationalFrameworkVersion": "The edition of the framework.",
    "teaches/description": "Explains the skill; read where it has no name.",
    "competencyRequired/educationalLevel": "The level of a single skill in its own framework.",
    "competencyRequired/alternateName": "Other names of the same skill.",
    "competencyRequired/alternatName": "Other names of the same skill (misspelt in the official example).",
    "competencyRequired/description": "Explains the skill; read where it has no name.",
    "competencyRequired/shortCode": "The skill is named.",
    "competencyRequired/url": "The document that describes the framework.",
    "competencyRequired/targetUrl": "The skill or course is named.",
    "competencyRequired/educationalFramework": "The skill or course is named.",
    "competencyRequired/educationalFrameworkVersion": "The edition of the framework.",
    "educationalAlignment/alternateName": "Other names of the same field.",
    "educationalAlignment/alignmentType": "Always the field of study.",
    "educationalAlignment/url": "The document that describes the classification.",
    "educationalAlignment/description": "Explains the field.",
    "educationalAlignment/educationalFrameworkVersion": "The edition of the classification.",
    "educationalAlignment/name": "The name of the field; read where it has no code.",
    "educationalAlignment/targetUrl": "The address of the field; read where it has no code.",
    "educationalLevel/alternateName": "Other names of the same level.",
    "educationalLevel/description": "Explains the level.",
    "educationalLevel/educationalFrameworkVersion": "The edition of the framework.",
    "educationalLevel/url": "The document that describes the framework.",
    "educationalLevel/targetUrl": "The address of the level; read where it has no code.",
    "educationalLevel/name": "The name of the level; read where it has no code.",
    "educationalLevel/shortCode": "The level of a single competence (DigComp, ESCO, GRETA), not that of the course.",
    "educationalLevel/educationalFramework": "A framework of single competences, not of qualifications.",
    "license/contentUrl": "The text of the licence; its identifier or address says which it is.",
    "license/author": "Who is to be named under the licence: a person as a rule.",
    "courseLicenses/author": "Who is to be named under the licence: a person as a rule.",
    "courseLicenses/name": "The name of the licence; read where it has neither code nor address.",
    "contentLocation/latitude": "The catalogue keeps the place by name.",
    "contentLocation/longitude": "The catalogue keeps the place by name.",
    "address/streetAddress": "The catalogue keeps the city.",
    "address/postalCode": "The catalogue keeps the city.",
    "address/description": "The room; the catalogue keeps the city.",
    "address/addressCountry": "Where teaching happens, not where the awarding body sits.",
    "*/inScheme": "The vocabulary of the resource type.",
    "*/type": "The kind of object, plain from where it stands.",
}
"""Fields that are known and deliberately not read, each with the reason; ``*`` stands for any object."""

ATTRIBUTES_OF_2 = frozenset(
    {
        "abstract",
        "languages",
        "availableUntil",
        "video",
        "instructors",
        "learningObjectives",
        "partnerInstitutes",
        "moocProvider",
        "courseLicenses",
        "learningobjectives",
        "partnerInstitute",
    }
)
ATTRIBUTES_OF_3 = frozenset(
    {
        "learningResourceType",
        "inLanguage",
        "expires",
        "trailer",
        "instructor",
        "teaches",
        "contributor",
        "publisher",
        "license",
        "audience",
        "educationalAlignment",
        "educationalLevel",
        "creator",
        "keywords",
        "contentLocation",
        "offer",
        "numberOfCredits",
        "educationalCredentialsAwarded",
        "competencyRequired",
        "applicationStartDate",
        "applicationDeadline",
        "dateCreated",
        "dateModified",
        "hasPart",
        "isPartOf",
    }
)
_OF_COMPETENCES = ("digcomp", "esco", "greta")
_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
_UNITS = {"h": "hour", "hour": "hour", "hours": "hour", "min": "minute", "minute": "minute", "minutes": "minute"}


def version_of(names: frozenset[str] | set[str]) -> int | None:
    """Return which version's names prevail in a record: 2 or 3; None where neither does."""
    of_2, of_3 = len(names & ATTRIBUTES_OF_2), len(names & ATTRIBUTES_OF_3)
    if of_2 == of_3:
        return None
    return 2 if of_2 > of_3 else 3


def course(data: dict[str, Any], path: str, reading: Reading) -> SourceOffering:
    """Read one course. Where the member ``attributes`` is missing, the attributes are looked for in the item itself."""
    item = Fields(data, path)
    fields = item.child("attributes") or item
    offering = SourceOffering(path=path, source_id=identifier(item.peek("id", "identifier")), kind=_kind(item))
    own_ids = item.values("id", "identifier", scheme="id")
    offering.identifiers = [*own_ids, *fields.values("courseCode", scheme="courseCode")]
    _fill_words(offering, fields)
    _fill_organisations(offering, fields)
    _fill_codes(offering, fields)
    offering.prices, paid = _prices(fields)
    offering.markers = [*_markers(fields), *paid]
    offering.relations = _relations(fields)
    offering.instances = _instances(fields)
    offering.refused = item.refused()
    count_left_over(reading, item, "course", IGNORED)
    return offering


def _kind(item: Fields) -> str | None:
    """Return the kind of the item: ``course`` for the word of either version, else the source's own word."""
    published = identifier(item.take("type"))
    return "course" if published is not None and published.lower() in ("course", "courses") else published


def _fill_words(offering: SourceOffering, fields: Fields) -> None:
    offering.titles = texts(fields, "name", "title")
    offering.descriptions = [*texts(fields, "description", markup="html"), *texts(fields, "abstract", markup="html")]
    offering.learning_outcomes = _outcomes(fields)
    offering.prerequisites = _prerequisites(fields)
    addresses = fields.values("url", scheme="url")
    offering.identifiers.extend(addresses)
    offering.homepages = [SourceValue(value.value, value.path) for value in addresses]
    offering.images = _images(fields)
    offering.keywords = fields.values("keywords")
    offering.licences = _licences(fields)
    offering.modified = fields.values("dateModified")


def _fill_organisations(offering: SourceOffering, fields: Fields) -> None:
    """Who publishes (version 2: the platform) provides. Who signs: the partner institutions of version 2; else the
    publisher, else the creators. Persons are left over."""
    publishers = _organisations(fields, "publisher", "moocProvider")
    creators = _organisations(fields, "creator")
    partners = _organisations(fields, "partnerInstitutes", "partnerInstitute")
    offering.providers = publishers or creators
    offering.awarding_bodies = partners or publishers[:1] or creators
    offering.contacts = [SourceValue(p.value, p.path, scheme="url") for one in publishers for p in one.homepages[:1]]


def _fill_codes(offering: SourceOffering, fields: Fields) -> None:
    offering.languages = fields.values("inLanguage", "languages")
    offering.modes = fields.values("courseMode")
    offering.fields = _fields_of_study(fields)
    offering.levels = _levels(fields)
    points = fields.values("numberOfCredits", scheme="ects")
    offering.workload = [*points, *_workload(fields), *fields.values("duration", scheme="duration")]


def _outcomes(fields: Fields) -> list[SourceOutcome]:
    found = []
    for skill in fields.children("teaches"):
        names = texts(skill, "name") or texts(skill, "description", markup="html")
        framework = identifier(skill.take("educationalFramework"))
        scheme = framework.lower() if framework else None
        skills = skill.values("targetUrl", scheme=scheme)
        if names or skills:
            found.append(SourceOutcome(skill.path, names, skills))
    objectives = groups(fields, "learningObjectives", "learningObjective", markup="html")
    return [*found, *(SourceOutcome(path, words) for path, words in objectives), *_plain_skills(fields, found)]


def _plain_skills(fields: Fields, read: list[SourceOutcome]) -> list[SourceOutcome]:
    """Read ``teaches`` where it holds texts and no skills."""
    if read:
        return []
    return [SourceOutcome(value.path, [value]) for value in fields.values("teaches")]


def _prerequisites(fields: Fields) -> list[SourceValue]:
    skills = fields.children("competencyRequired")
    if not skills:
        return fields.values("competencyRequired")
    return [text for skill in skills for text in texts(skill, "name") or texts(skill, "description")]


def _images(fields: Fields) -> list[SourceValue]:
    image = fields.child("image")
    return image.values("contentUrl", "url") if image is not None else fields.values("image")


def _licences(fields: Fields) -> list[SourceValue]:
    found = []
    for licence in fields.children("license", "courseLicenses"):
        found.extend(
            licence.values("identifier", "id", scheme="spdx")
            or licence.values("url", scheme="url")
            or licence.values("name")
        )
        licence.ignore("url")
    return found or fields.values("license", "courseLicenses")


def _organisations(fields: Fields, *names: str) -> list[SourceOrganisation]:
    """Take organisations. Persons are passed over; where there are only persons, the field is left over as ignored."""
    published = fields.peek(*names)
    entries = published if isinstance(published, list) else [published]
    if all(_is_person(entry) for entry in entries):
        return []
    found = []
    for entry in fields.children(*names):
        if _is_person(entry.data):
            entry.ignore_all()
        else:
            found.append(_organisation(entry))
    return found or [SourceOrganisation(value.path, names=[value]) for value in fields.values(*names)]


def _is_person(entry: object) -> bool:
    return isinstance(entry, Mapping) and str(entry.get("type")).strip().lower() == "person"


def _organisation(entry: Fields) -> SourceOrganisation:
    own_ids = entry.values("identifier", "id")
    addresses = entry.values("url")
    web = [value for value in own_ids if str(value.value).strip().lower().startswith("http")]
    others = [value for value in own_ids if value not in web]
    return SourceOrganisation(
        path=entry.path,
        names=texts(entry, "name"),
        identifiers=[*with_scheme(web, "url"), *with_scheme(others, "identifier")],
        homepages=addresses or web,
    )


def _fields_of_study(fields: Fields) -> list[SourceValue]:
    found = []
    for entry in fields.children("educationalAlignment"):
        framework = (identifier(entry.take("educationalFramework")) or "").lower()
        scheme = "isced-f" if framework.startswith("isced") else framework or None
        found.extend(entry.values("shortCode", scheme=scheme) or entry.values("targetUrl", scheme=scheme))
        if not found:
            found.extend(SourceValue(t.value, t.path, t.lang, scheme) for t in texts(entry, "name"))
    return found


def _levels(fields: Fields) -> list[SourceValue]:
    """Take ``educationalLevel`` where it is the level of a qualification; the framework's name goes along as scheme.

    The frameworks that the format knows grade single competences (DigComp, ESCO, GRETA): level 4 of DigComp is no
    level of a course, and is left over as ignored.
    """
    found = []
    for entry in fields.children("educationalLevel"):
        framework = (identifier(entry.peek("educationalFramework")) or "").lower()
        if framework.startswith(_OF_COMPETENCES):
            continue
        scheme = {"": "word", "eqr": "eqf"}.get(framework, framework)
        entry.take("educationalFramework")
        values = entry.values("shortCode", scheme=scheme) or entry.values("targetUrl", scheme=scheme)
        found.extend(values or with_scheme(texts(entry, "name"), scheme))
    return found or fields.values("educationalLevel", scheme="word")


def _workload(fields: Fields) -> list[SourceValue]:
    """Take ``workload``: hours per week where it is a bare number (version 2), else with its own unit. A text with
    words ("5 Stunden") keeps its unit in itself, and nobody says whether it is meant per week."""
    load = fields.child("workload")
    if load is not None:
        return load.values("timeValue", "value", scheme=_unit(identifier(load.take("timeUnit", "unit"))))
    return [
        SourceValue(value.value, value.path, scheme="hour_per_week" if _NUMBER.fullmatch(str(value.value)) else None)
        for value in fields.values("workload")
    ]


def _unit(published: str | None) -> str | None:
    """Return the scheme for a unit: ``h/week`` is hour_per_week; an unknown unit stays as it was written."""
    if published is None:
        return None
    amount, _, per = published.lower().partition("/")
    unit = _UNITS.get(amount.strip(), amount.strip())
    return f"{unit}_per_{per.strip()}" if per else unit


def _prices(fields: Fields) -> tuple[list[SourcePrice], list[SourceValue]]:
    """Take ``offer`` and ``access``. Where no offer names a price, the word ``free`` is one, said by the source."""
    access = fields.values("access", scheme="access")
    found = [_price(offer) for offer in fields.children("offer", "offers")]
    if not found:
        free = [value for value in access if str(value.value).strip().lower() == "free"]
        found = [SourcePrice(value.path, SourceValue(value.value, value.path)) for value in free[:1]]
    return found, access


def _price(offer: Fields) -> SourcePrice:
    amount = offer.values("price")
    currency = offer.values("priceCurrency", "price_currency")
    notes = [
        *offer.values("category", scheme="category"),
        *offer.values("paymentFrequency", "payment_frequency", scheme="paymentFrequency"),
    ]
    return SourcePrice(offer.path, next(iter(amount), None), next(iter(currency), None), notes)


def _markers(fields: Fields) -> list[SourceValue]:
    found = fields.values("educationalCredentialsAwarded", scheme="educationalCredentialsAwarded")
    kind = fields.child("learningResourceType")
    if kind is not None:
        found.extend(kind.values("identifier", "id", scheme="learningResourceType"))
    return [*found, *fields.values("learningResourceType", scheme="learningResourceType")]


def _relations(fields: Fields) -> list[SourceRelation]:
    found = []
    for whole in fields.children("isPartOf"):
        ids = [*whole.values("identifier", "id"), *whole.values("url", scheme="url")]
        found.append(SourceRelation(whole.path, "part_of", ids, [*texts(whole, "title"), *texts(whole, "name")]))
    if found:
        return found
    return [SourceRelation(value.path, "part_of", [value]) for value in fields.values("isPartOf")]


def _instances(fields: Fields) -> list[SourceInstance]:
    """Take the runs: version 3 lists starts and ends, paired by position; version 2 has one of each.

    Enrolment closes at the deadline, else when the course is taken off the platform.
    """
    starts, ends = fields.values("startDate"), fields.values("endDate")
    gone = fields.values("expires", "availableUntil")
    opens, closes = fields.values("applicationStartDate"), fields.values("applicationDeadline")
    places = _places(fields)
    runs = list(zip_longest(starts, ends, gone)) or ([(None, None, None)] if opens or closes or places else [])
    return [
        SourceInstance(
            path=next((value.path for value in (start, end, last) if value is not None), fields.path),
            start=[start] if start else [],
            end=[end] if end else [],
            enrolment_opens=opens,
            enrolment_closes=[*closes, *([last] if last else [])],
            locations=places,
        )
        for start, end, last in runs
    ]


def _places(fields: Fields) -> list[SourceValue]:
    place = fields.child("contentLocation")
    if place is None:
        return fields.values("contentLocation")
    address = place.child("address")
    cities = address.values("city", "addressLocality", scheme="city") if address is not None else []
    return distinct([*cities, *texts(place, "name")])
