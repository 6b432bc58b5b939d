"""OOAPI v5: reading the objects that stand around a course or programme, and the parts they share.

Organisations, education specifications, academic sessions, offerings (one is one instance), test components,
consumers (rio, eduxchange), addresses and prices. Structure only: every value stays as it stands, with its path.

Sources: OOAPI 5 specification; eduxchange and RIO profiles; quirks of real answers in the reference facts on feeds,
section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from connectors.formats._json_fields import Reference, groups, identifier, references, texts, with_scheme
from connectors.leftovers import Fields
from standard.source_offering import (
    SourceInstance,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceValue,
)

IGNORED: dict[str, str] = {
    "*/coordinators": "Persons. The catalogue shows offices, never named persons.",
    "*/coordinator": "Persons (version 4). The catalogue shows offices, never named persons.",
    "*/instructorNames": "Persons. The catalogue shows offices, never named persons.",
    "*/resources": "Literature and tools for learners who are enrolled.",
    "*/enrollment": "How to enrol, in free text; the offering's own page says it better and up to date.",
    "*/validFrom": "From when the description is valid in the source's system; says nothing of the offer.",
    "*/validTo": "Until when the description is valid in the source's system; says nothing of the offer.",
    "*/timelineOverrides": "Earlier and later states of the same record; the catalogue keeps its own history.",
    "*/firstStartDate": "The first start ever; runs with their dates come from the offerings.",
    "*/modeOfStudy": "Full-time, part-time or dual: the pace of study, no form of participation.",
    "*/activities": "What is done in class, in free text; no element of the standard.",
    "*/selection": "Whether places are allotted inside the alliance; a matter of its broker.",
    "*/visibleForOwnStudents": "Who sees the course in the alliance's broker.",
    "*/visibleForGuests": "Who sees the course in the alliance's broker.",
    "*/enrollmentForOwnStudents": "Which way of enrolling the alliance's broker shows.",
    "*/enrollmentForGuests": "Which way of enrolling the alliance's broker shows.",
    "*/jointPartnerCodes": "Partners' codes of the RIO register without names.",
    "*/foreignPartners": "Partners abroad, without identifiers; they neither teach nor sign for sure.",
    "*/source": "Which system fed the alliance's broker.",
    "*/dateComment": "Time slots of an alliance's timetable.",
    "*/enrollStartTime": "A time of day without its date.",
    "*/enrollEndTime": "A time of day without its date.",
    "*/educationOffererCode": "Code of the RIO register for the unit; the organisation says who offers.",
    "*/educationLocationCode": "Code of the RIO register for a place; the address says where.",
    "*/consentParticipationSTAP": "A subsidy scheme of one country that has ended.",
    "*/acceleratedRoute": "Admission details of degree programmes in the RIO register.",
    "*/deficiency": "Admission details of degree programmes in the RIO register.",
    "*/studyChoiceCheck": "Admission details of degree programmes in the RIO register.",
    "*/requirementsActivities": "Admission details of degree programmes in the RIO register.",
    "*/propaedeuticPhase": "Structure of degree programmes in the RIO register.",
    "*/requiredPermissionRegistration": "Whether the institution must agree to an enrolment; no element of it.",
    "*/explanationRequiredPermission": "Why the institution must agree to an enrolment; no element of it.",
    "addresses/type": "Kind of address (version 4); the first one with a city is the place.",
    "*/addressType": "Kind of address; the first one with a city is the place.",
    "*/street": "The catalogue keeps the city.",
    "*/streetNumber": "The catalogue keeps the city.",
    "*/postalCode": "The catalogue keeps the city.",
    "*/geolocation": "The catalogue keeps the city.",
    "*/geoLocation": "The catalogue keeps the city.",
    "*/vatAmount": "Part of the amount.",
    "*/vatAmountPercentage": "Part of the amount.",
    "*/amountWithoutVat": "The amount a learner pays is the one with VAT.",
    "offering/primaryCode": "The run is known by its offeringId.",
    "offering/otherCodes": "The run is known by its offeringId.",
    "offering/abbreviation": "The run is known by its offeringId.",
    "offering/description": "Describes the session in practice ('Quartile 2'), not what is learnt.",
    "offering/academicSession": "Used for title and dates where the offering has none of its own.",
    "offering/programOffering": "The run of the programme around it.",
    "offering/organization": "The course says who provides it; used where the course does not.",
    "offering/enrolledNumberStudents": "Changes daily and says nothing of the offer.",
    "offering/pendingNumberStudents": "Changes daily and says nothing of the offer.",
    "offering/minNumberStudents": "The number below which the run is called off; no element of the standard.",
    "offering/resultExpected": "Whether a result is stored in the source's system.",
    "offering/isLineItem": "Whether a result is stored in the source's system (version 4).",
    "offering/modeOfStudy": "Full-time or part-time: the pace of study, no form of participation.",
    "offering/flexibleEntryPeriodStart": "From when late starters may join the same run.",
    "offering/flexibleEntryPeriodEnd": "Until when late starters may join the same run.",
    "organization/description": "A text about the organisation.",
    "organization/logo": "An image of the organisation, not of the offering.",
    "organization/children": "Organisations below; the way up is enough.",
    "organization/type": "Kind of organisation (version 4).",
    "educationSpecification/abbreviation": "The course's own codes identify it.",
    "educationSpecification/primaryCode": "The course's own codes identify it.",
    "educationSpecification/otherCodes": "The course's own codes identify it.",
}
"""Fields that are known and deliberately not read, each with the reason; ``*`` stands for any object."""

_STUDY_LOAD_UNITS = {"contacttime": "contact_hour", "sbu": "study_hour", "hour": "hour", "ects": "ects", "sp": "sp"}


@dataclass(slots=True)
class OrganisationEntry:
    """An organisation as read, its type (``root``, ``faculty``, ...) and the organisation above it."""

    source: SourceOrganisation
    id: str | None = None
    kind: str | None = None
    parent: Reference | None = None


@dataclass(slots=True)
class Specification:
    """An education specification: what a course or programme is an implementation of."""

    path: str
    id: str | None = None
    titles: list[SourceValue] = field(default_factory=list)
    descriptions: list[SourceValue] = field(default_factory=list)
    markers: list[SourceValue] = field(default_factory=list)
    keywords: list[SourceValue] = field(default_factory=list)
    workload: list[SourceValue] = field(default_factory=list)
    levels: list[SourceValue] = field(default_factory=list)
    level_words: list[SourceValue] = field(default_factory=list)
    outcomes: list[SourceOutcome] = field(default_factory=list)
    fields: list[SourceValue] = field(default_factory=list)
    homepages: list[SourceValue] = field(default_factory=list)
    relations: list[tuple[Literal["part_of", "has_part"], Reference]] = field(default_factory=list)
    organisation: Reference | None = None


@dataclass(slots=True)
class Session:
    """An academic session: name and dates, for offerings that have none of their own."""

    titles: list[SourceValue]
    start: list[SourceValue]
    end: list[SourceValue]


@dataclass(slots=True)
class Extras:
    """What the consumer parts of a record add (rio, eduxchange and relatives)."""

    markers: list[SourceValue] = field(default_factory=list)
    keywords: list[SourceValue] = field(default_factory=list)
    urls: list[SourceValue] = field(default_factory=list)
    workload: list[SourceValue] = field(default_factory=list)
    modes: list[SourceValue] = field(default_factory=list)
    levels: list[SourceValue] = field(default_factory=list)
    opens: list[SourceValue] = field(default_factory=list)
    closes: list[SourceValue] = field(default_factory=list)
    status: list[SourceValue] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """An offering as read: the instance, and what the record around it may need from it."""

    instance: SourceInstance
    countries: list[SourceValue]
    grading_schemes: list[SourceValue]
    organisation: Reference | None


def codes(fields: Fields, id_name: str) -> list[SourceValue]:
    """Take all identifiers of an object: its id, ``primaryCode``, ``otherCodes`` (scheme: code type), abbreviation."""
    found = fields.values(id_name, scheme=id_name)
    for entry in [*fields.children("primaryCode"), *fields.children("otherCodes")]:
        kind = entry.take("codeType")
        scheme = identifier(kind)
        found.extend(entry.values("code", scheme=scheme or "code"))
    found.extend(fields.values("abbreviation", scheme="abbreviation"))
    return found


def study_load(fields: Fields) -> list[SourceValue]:
    """Take ``studyLoad`` (a list in the successor version, ``ects`` in version 4): values with the unit as scheme."""
    found = []
    for load in fields.children("studyLoad"):
        unit = load.take("studyLoadUnit", "unit")
        name = (identifier(unit) or "").lower()
        found.extend(load.values("value", scheme=_STUDY_LOAD_UNITS.get(name, name or None)))
    return [*found, *fields.values("ects", scheme="ects")]


def qualification_levels(fields: Fields) -> list[SourceValue]:
    """Take ``levelOfQualification``: the number of the EQF, save for ``4+``, which only the Dutch framework has."""
    values = fields.values("levelOfQualification")
    return [
        SourceValue(value.value, value.path, None, "nlqf" if str(value.value).strip().endswith("+") else "eqf")
        for value in values
    ]


def outcomes(fields: Fields) -> list[SourceOutcome]:
    """Take ``learningOutcomes``: one outcome per inner list, its texts by language."""
    return [SourceOutcome(path, texts) for path, texts in groups(fields, "learningOutcomes")]


def addresses(fields: Fields) -> tuple[list[SourceValue], list[SourceValue]]:
    """Take ``addresses``: the places (city, then further details) and the country codes."""
    places: list[SourceValue] = []
    details: list[SourceValue] = []
    countries: list[SourceValue] = []
    for address in fields.children("addresses", "address"):
        places.extend(address.values("city", scheme="city"))
        details.extend(with_scheme(texts(address, "additional"), "additional"))
        countries.extend(address.values("countryCode"))
    return [*places, *details], countries


def organisation(fields: Fields) -> OrganisationEntry:
    """Read an organisation. Its short name stands in where it has no name; in version 4 BRIN is a field of its own."""
    identifiers = [*codes(fields, "organizationId"), *fields.values("brin", scheme="brin")]
    kind = fields.values("organizationType", "type")
    names, short_names = texts(fields, "name"), texts(fields, "shortName")
    parent = next(iter(references(fields, "parent")), None)
    source = SourceOrganisation(
        path=fields.path,
        names=names or short_names,
        identifiers=identifiers,
        countries=addresses(fields)[1],
        homepages=fields.values("link"),
    )
    own_id = next((identifier(value.value) for value in identifiers if value.scheme == "organizationId"), None)
    return OrganisationEntry(source, own_id, str(kind[0].value).strip().lower() if kind else None, parent)


def specification(fields: Fields) -> Specification:
    """Read an education specification."""
    own_id = fields.values("educationSpecificationId")
    extras = consumers(fields)
    return Specification(
        path=fields.path,
        id=identifier(own_id[0].value) if own_id else None,
        titles=texts(fields, "name"),
        descriptions=texts(fields, "description"),
        markers=[*markers(fields), *extras.markers],
        keywords=extras.keywords,
        workload=study_load(fields),
        levels=qualification_levels(fields),
        level_words=fields.values("level", scheme="word"),
        outcomes=outcomes(fields),
        fields=fields.values("fieldsOfStudy", scheme="isced-f"),
        homepages=fields.values("link"),
        relations=family(fields),
        organisation=next(iter(references(fields, "organization")), None),
    )


def family(fields: Fields) -> list[tuple[Literal["part_of", "has_part"], Reference]]:
    """Take ``parent`` and ``children``: what this is part of, and what it contains."""
    above = references(fields, "parent")
    below = references(fields, "children")
    return [*(("part_of", reference) for reference in above), *(("has_part", reference) for reference in below)]


def markers(fields: Fields) -> list[SourceValue]:
    """Take what may tell a micro-credential from other offers; scheme is the field's name."""
    names = ("formalDocument", "educationSpecificationType", "programType", "qualificationAwarded", "sector")
    return [value for name in names for value in fields.values(name, scheme=name)]


def session(fields: Fields) -> Session:
    """Read an academic session. The rest of it (its own codes, its place in the year) is not asked for."""
    found = Session(texts(fields, "name"), fields.values("startDate"), fields.values("endDate"))
    fields.ignore_all()
    return found


def consumers(fields: Fields) -> Extras:
    """Take ``consumers``: the parts of a record meant for one consumer, by content and not by the consumer's key."""
    extras = Extras()
    for consumer in fields.children("consumers", "consumer"):
        consumer.take("consumerKey")
        extras.status.extend(consumer.values("registrationStatus"))
        extras.modes.extend(consumer.values("modeOfDelivery"))
        extras.markers.extend(consumer.values("educationSpecificationSubType", scheme="educationSpecificationSubType"))
        extras.markers.extend(consumer.values("category", scheme="category"))
        for alliance in consumer.children("alliances"):
            _alliance(alliance, extras)
    return extras


def run(fields: Fields, sessions: dict[str, Session]) -> Run:
    """Read an offering of a course or programme: one instance.

    Its name is that of the session in practice, so it becomes the instance's title and never the offering's.
    """
    extras = consumers(fields)
    own_id = fields.take("offeringId")
    during = _session_of(fields, sessions)
    places, countries = addresses(fields)
    organisation_reference = next(iter(references(fields, "organization")), None)
    for name in ("course", "program", "offeringType", "type"):  # they told whose run it is
        fields.take(name)
    instance = SourceInstance(
        path=fields.path,
        source_id=identifier(own_id),
        titles=texts(fields, "name") or during.titles,
        start=fields.values("startDate") or during.start,
        end=fields.values("endDate") or during.end,
        enrolment_opens=[*fields.values("enrollStartDate"), *extras.opens],
        enrolment_closes=[*fields.values("enrollEndDate"), *extras.closes],
        modes=fields.values("modeOfDelivery") or extras.modes,
        locations=places,
        languages=fields.values("teachingLanguage", "mainLanguage"),
        prices=prices(fields),
        capacity=fields.values("maxNumberStudents"),
        urls=[*extras.urls, *fields.values("link")],
        status=extras.status,
    )
    grading_schemes = fields.values("resultValueType")
    return Run(instance, countries, grading_schemes, organisation_reference)


def prices(fields: Fields) -> list[SourcePrice]:
    """Take ``priceInformation``, total costs first. Texts for display and the kind of cost are notes."""
    found: list[tuple[bool, SourcePrice]] = []
    for entry in fields.children("priceInformation"):
        kind = entry.values("costType", scheme="costType")
        amount, currency = entry.values("amount"), entry.values("currency")
        notes = [*texts(entry, "displayAmount"), *kind]
        total = any("total" in str(value.value).lower() for value in kind)
        price = SourcePrice(entry.path, next(iter(amount), None), next(iter(currency), None), notes)
        found.append((not total, price))
    return [price for _, price in sorted(found, key=lambda pair: pair[0])]


def assessment_of(fields: Fields) -> list[SourceValue]:
    """Read a component: of a test, how it is assessed, else its name; of anything else nothing."""
    kind = fields.take("componentType", "type")
    if identifier(kind) != "test":
        return []
    return texts(fields, "assessment") or texts(fields, "name")


def _session_of(fields: Fields, sessions: dict[str, Session]) -> Session:
    reference = next(iter(references(fields, "academicSession")), None)
    if reference is not None and reference.fields is not None:
        return session(reference.fields)
    known = sessions.get(reference.id) if reference is not None and reference.id else None
    return known or Session([], [], [])


def _alliance(alliance: Fields, extras: Extras) -> None:
    extras.markers.extend(alliance.values("name", scheme="alliance"))
    extras.markers.extend(alliance.values("type", scheme="allianceType"))
    themes = [*alliance.values("theme", scheme="theme"), *alliance.values("themes", scheme="theme")]
    # One alliance (LDE) sends numbers of its own list as themes: they tell records apart, but are no words to search.
    extras.markers.extend(theme for theme in themes if str(theme.value).strip().isdigit())
    extras.keywords.extend(theme for theme in themes if not str(theme.value).strip().isdigit())
    extras.urls.extend(alliance.values("enrollmentUrl"))
    extras.urls.extend(alliance.values("enrollmentUrlForGuests"))
    extras.workload.extend(alliance.values("contactHours", scheme="contact_hour"))
    extras.modes.extend(alliance.values("modeOfDelivery"))
    extras.levels.extend(alliance.values("level", scheme="word"))
    extras.opens.extend(_moments(alliance, "enrollStartTime"))
    extras.closes.extend(_moments(alliance, "enrollEndTime"))


def _moments(alliance: Fields, name: str) -> list[SourceValue]:
    """Take a field whose profile defines a time of day ("13:00"), but which some sources fill with the whole moment.

    Only a whole moment can open or close an enrolment; a time of day is left over, and counts as ignored.
    """
    return alliance.values(name) if "-" in str(alliance.peek(name)) else []
