"""One XCRI-CAP course, its presentations and its provider: which element goes where, and why.

Decided by the specification (XCRI-CAP 1.2, XCRI Terms 1.2, MLO) and by reading the two real feeds that are known record
by record (Open University 2012, Adam Smith College 2012):

- **Description.** The plain ``dc:description``, followed by the descriptions typed ``topic``, ``aim``, ``objective``,
  ``structure``, ``teachingStrategy``, which say what is taught (277 of 326 courses of Adam Smith College list their
  units as ``topic`` and nowhere else): one text, in this order. Then ``abstract``, which XCRI-CAP limits to 140
  characters and publishers cut off in mid-word. A later source fills only languages that the ones before it do not
  have.
- **Outcomes.** ``learningOutcome``, and a description or objective typed ``learningOutcome``. A plain
  ``mlo:objective`` is *not* an outcome: all 284 of Adam Smith College are entry requirements ("HND in an Accounting
  or Finance related subject"), those of the Open University describe the course. It is a last description, unless the
  feed's contract says what its publisher means by it. ``careerOutcome`` speaks of jobs, not of what is learnt: not
  read.
- **Prerequisites.** ``mlo:prerequisite``; descriptions typed ``prerequisite``, ``entryRequirements``,
  ``entryProfile``.
- **Credit.** ``ects`` or ``cats`` only where ``credit:scheme`` says so; any other scheme is passed on in its own
  words ("The Open University", "SCQF") unless the contract says what its credits are; none at all is ``credit``.
  ECTS first, then CATS, then the others in their order.
- **Level.** ``credit:level`` with the scheme of its credit (an institution's own level 1 to 3 is not a national one),
  schemes that are a framework before the institution's own; then ``mlo:level``; then the qualification's
  ``educationLevel``. An empty element is no value: 223 of 326 courses of Adam Smith College have an empty level.
- **Awarding body.** ``qualification/awardedBy``. Without it there is none: the provider teaches, and need not sign.
  ``accreditedBy`` is a statement of quality assurance.
- **Qualification.** Its title says what the course leads to or what it awards, and only the publisher knows which; it
  is a marker to select by, and a text on stackability where the contract says so. ``leadsTo`` is one always.
- **Subjects.** ``dc:subject`` with a code (``@identifier``, or "LDCS1: DB." as text) is a field in the classification
  that its ``xsi:type`` names (JACS3, LDCS3: not ISCED); its words are keywords.
- **Mode.** ``attendanceMode`` (where and how one takes part). ``studyMode`` (full time, part time) and
  ``attendancePattern`` (day, evening) are no modes of learning, and are not read.
- **Dates.** ``@dtf`` before the text beside it, which may be a sentence or say another day; both are kept.
- **Cost.** One text, as it stands: prose with three currencies, or "0.0000" for "not filled in".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict

from connectors.reading import Reading
from connectors.xml import Children, Node
from standard.observation import Observation
from standard.source_offering import (
    SourceInstance,
    SourceOffering,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceQualityAssurance,
    SourceValue,
)


class XcriOptions(BaseModel):
    """What a publisher means by elements that publishers use differently (`format_options` in the contract).

    `objective`: ``mlo:objective`` holds a description (default), prerequisites or learning outcomes. `qualification`:
    its title names what the course awards (default; used as a marker only) or what it leads to (stackability).
    `qualification_level`: its title ("HNC") also stands for a level, which the contract's look-ups for ``levels``
    must spell out ("SCQF 7"). `credit_schemes`: the publisher's own name of a scheme → what its credits are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    objective: Literal["description", "prerequisites", "learning_outcomes"] = "description"
    qualification: Literal["awards", "leads_to"] = "awards"
    qualification_level: bool = False
    credit_schemes: dict[str, Literal["ects", "cats"]] = {}


@dataclass(frozen=True, slots=True)
class Provider:
    """What a ``provider`` says of itself, for all its courses."""

    organisations: list[SourceOrganisation] = field(default_factory=list)
    contacts: list[SourceValue] = field(default_factory=list)


_OUTCOMES = frozenset({"learningOutcome", "learningoutcome", "outcome"})
_PREREQUISITES = frozenset({"prerequisite", "entryRequirements", "entryProfile", "entryrequirements"})
_ASSESSMENT = frozenset({"assessment", "assessmentStrategy"})
_LEADS_TO = frozenset({"leadsTo"})
_DESCRIPTIVE = ("topic", "aim", "objective", "structure", "teachingStrategy", "specialFeature")
_NOT_READ = frozenset(
    {
        "applicationProcedure",  # how to apply: the address says it
        "contributor",  # persons
        "creator",
        "regulations",  # rules of the institution, no grading scheme
        "studyMode",  # full time or part time: no mode of learning
        "attendancePattern",  # day or evening: no mode of learning
        "languageOfAssessment",
        "age",
        "fax",
        "hasPart",
        "comment",
    }
)
_FRAMEWORK_FIRST = re.compile(r"(?i)^(EQF|NQF|RQF|QCF|FHEQ|SCQF|CQFW|NFQ)\b")
_CODE_IN_TEXT = re.compile(r"^\s*((?:JACS|LDCS|HECoS|ISCED)[\w.-]*)\s*:\s*\S+\s*$", re.IGNORECASE)
_CATS = re.compile(r"(?i)^\W*(CATS?\b|credit accumulation and transfer)")


# Provider --------------------------------------------------------------------------------------------------------


def read_provider(node: Node, reading: Reading) -> Provider:
    """Return a provider and how to reach it; its courses are not part of `node` any more."""
    children = Children(node, reading.observations)
    location = next(iter(children.nested("location")), None)
    contacts = [] if location is None else list(_contacts(location))
    countries = [] if location is None else location.values("country")
    organisation = SourceOrganisation(
        path=node.path,
        names=children.values("title"),
        identifiers=[_identifier(value, kind) for value, kind in _identifiers(children)],
        countries=countries,
        homepages=children.values("url"),
    )
    if location is not None:
        location.count_left("provider/location", reading, {"street", "town", "postcode", "address", "fax"})
    children.count_left("provider", reading, _NOT_READ | {"course"})
    named = organisation.names or organisation.identifiers
    return Provider([organisation] if named else [], contacts)


def _contacts(location: Children) -> Iterator[SourceValue]:
    for name in ("email", "phone", "url"):
        yield from location.values(name, scheme=name)


def _identifiers(children: Children) -> list[tuple[SourceValue, str | None]]:
    """Take the identifiers with their types: those without a type first."""
    pairs = [(node.value(children.notes), node.type_name()) for node in children.take("identifier")]
    return sorted(((value, kind) for value, kind in pairs if value is not None), key=lambda pair: pair[1] is not None)


def _identifier(value: SourceValue, kind: str | None) -> SourceValue:
    """Return an identifier with its kind: the type it has, ``url`` for a plain address, else ``identifier``."""
    text = str(value.value).strip()
    plain = "url" if text.lower().startswith(("http://", "https://")) else "identifier"
    return SourceValue(value.value, value.path, scheme=kind or plain)


def source_id_of(node: Node) -> str | None:
    """Return the identifier that a course or presentation is known by (see `connectors.formats.xcri`), or None."""
    found = _identifiers(Children(node, []))
    return str(found[0][0].value).strip() if found else None


# Course ----------------------------------------------------------------------------------------------------------


def read_course(node: Node, provider: Provider, reading: Reading, options: XcriOptions) -> SourceOffering:
    """Return one course with its presentations."""
    offering = SourceOffering(path=node.path, kind="course")
    children = Children(node, offering.observations)
    _identity(offering, children)
    _texts(offering, children, reading, options)
    _qualifications(offering, children, reading, options)
    _credits_and_levels(offering, children, reading, options)
    _subjects(offering, children)
    offering.homepages = children.values("url")
    offering.images = _images(children)
    offering.contacts = [*_course_contacts(children), *provider.contacts]
    offering.providers = provider.organisations
    offering.modified = children.values("modified")
    offering.licences = children.values("license", "licence", "rights")
    _presentations(offering, children, reading)
    offering.refused = children.refused()
    children.count_left("course", reading, _NOT_READ)
    return offering


def _identity(offering: SourceOffering, children: Children) -> None:
    found = _identifiers(children)
    if found:
        offering.source_id = str(found[0][0].value).strip()
    offering.identifiers = [_identifier(value, kind) for value, kind in found[1:]]
    offering.markers = children.values("type", scheme="type")


def _texts(offering: SourceOffering, children: Children, reading: Reading, options: XcriOptions) -> None:
    offering.titles = children.values("title")
    plain: list[SourceValue] = []
    typed: dict[str, list[SourceValue]] = {}
    for node in children.take("description"):
        _sort_in(node, children.notes, plain, typed)
    outcomes = [*children.values("learningOutcome"), *_of_types(typed, _OUTCOMES)]
    offering.prerequisites = [*children.values("prerequisite"), *_of_types(typed, _PREREQUISITES)]
    offering.assessment_texts = [*children.values("assessment"), *_of_types(typed, _ASSESSMENT)]
    offering.stackability_texts = _of_types(typed, _LEADS_TO)
    objectives = _objectives(offering, outcomes, children, options)
    whole = _joined([*plain, *_of_types(typed, _DESCRIPTIVE)]) if plain else []
    offering.descriptions = _first_by_language(
        [whole, children.values("abstract"), _joined(_of_types(typed, _DESCRIPTIVE)), objectives]
    )
    offering.learning_outcomes = [SourceOutcome(path=value.path, texts=[value]) for value in outcomes]
    for kind, values in typed.items():
        counter = reading.ignored if kind in ("careerOutcome", *_NOT_READ) else reading.unread
        counter[f"course/description[{kind}]"] += len(values)


def _sort_in(
    node: Node, notes: list[Observation], plain: list[SourceValue], typed: dict[str, list[SourceValue]]
) -> None:
    value = node.value(notes)
    if value is None:
        return
    kind = node.type_name()
    (plain if kind is None else typed.setdefault(kind, [])).append(value)


def _of_types(typed: dict[str, list[SourceValue]], kinds: Iterable[str]) -> list[SourceValue]:
    """Take out the descriptions of these types, in the order of `kinds`."""
    return [value for kind in kinds for value in typed.pop(kind, ())]


def _joined(values: list[SourceValue]) -> list[SourceValue]:
    """Return texts of one language and markup as one text, each a paragraph; the path is that of the first."""
    texts: dict[tuple[str | None, str | None], list[SourceValue]] = {}
    for value in values:
        texts.setdefault((value.lang, value.markup), []).append(value)
    return [replace(alike[0], value="\n\n".join(str(one.value) for one in alike)) for alike in texts.values()]


def _first_by_language(sources: list[list[SourceValue]]) -> list[SourceValue]:
    """Return the values of the first source that has any, and of later ones only those in a language still missing.

    Without this a cut-off abstract without a language tag would stand beside a full description that has one.
    """
    chosen: list[SourceValue] = []
    for values in sources:
        present = {value.lang for value in chosen}
        chosen += [value for value in values if not chosen or (value.lang and value.lang not in present)]
    return chosen


def _objectives(
    offering: SourceOffering, outcomes: list[SourceValue], children: Children, options: XcriOptions
) -> list[SourceValue]:
    """Put each ``mlo:objective`` where its type, or else the feed's contract, says; return those that describe."""
    descriptions: list[SourceValue] = []
    places = {
        "learning_outcomes": outcomes,
        "prerequisites": offering.prerequisites,
        "description": descriptions,
    }
    for node in children.take("objective"):
        value = node.value(children.notes)
        if value is not None:
            place = "learning_outcomes" if node.type_name() in _OUTCOMES else options.objective
            places[place].append(value)
    return descriptions


# Qualification, credit, level, subject ---------------------------------------------------------------------------


def _qualifications(offering: SourceOffering, children: Children, reading: Reading, options: XcriOptions) -> None:
    for qualification in children.nested("qualification"):
        titles = qualification.values("title", "abbr", scheme="qualification")
        offering.markers += titles
        offering.markers += qualification.values("type", scheme="qualification_type")
        if options.qualification == "leads_to":
            offering.stackability_texts += titles
        offering.awarding_bodies += _bodies(qualification, "awardedBy")
        offering.quality_assurance += [
            SourceQualityAssurance(path=body.path, agencies=body.names)
            for body in _bodies(qualification, "accreditedBy")
        ]
        offering.levels += qualification.values("educationLevel", scheme="word")
        if options.qualification_level:
            offering.levels += [replace(title, scheme="word") for title in titles]
        qualification.count_left("course/qualification", reading, {"description", "identifier", "url"})


def _bodies(qualification: Children, name: str) -> list[SourceOrganisation]:
    """Read a body that is given by its name alone, or with title, identifier and address of its own."""
    bodies = []
    for node in qualification.take(name):
        inner = Children(node, qualification.notes)
        names = inner.values("title", "legalName", "name")
        identifiers = [_identifier(value, kind) for value, kind in _identifiers(inner)]
        homepages = inner.values("url")
        if not (names or identifiers or homepages):
            names = [value for value in [node.value(qualification.notes)] if value is not None]
        if names or identifiers:
            bodies.append(SourceOrganisation(node.path, names=names, identifiers=identifiers, homepages=homepages))
    return bodies


def _credits_and_levels(offering: SourceOffering, children: Children, reading: Reading, options: XcriOptions) -> None:
    """Read credits, and levels in front of what the qualification said: they are the course's own."""
    workload: list[SourceValue] = []
    levels: list[SourceValue] = []
    for credit in children.nested("credit"):
        named = credit.values("scheme")
        scheme = str(named[0].value).strip() if named else None
        workload += credit.values("value", scheme=options.credit_schemes.get(scheme or "") or _credit_scheme(scheme))
        levels += credit.values("level", scheme=scheme or "word")
        credit.count_left("course/credit", reading)
    offering.workload = sorted(workload, key=_credit_rank) + children.values("engagement")
    framed = sorted(levels, key=lambda value: _FRAMEWORK_FIRST.match(value.scheme or "") is None)
    own = [_own_level(node, children.notes) for node in children.take("level")]
    offering.levels = framed + [value for value in own if value is not None] + offering.levels


def _credit_scheme(published: str | None) -> str:
    """Return the word of the slot for a credit scheme, or the scheme as published."""
    if published is None:
        return "credit"
    if "ects" in published.casefold() or "european credit transfer" in published.casefold():
        return "ects"
    return "cats" if _CATS.match(published) else published


def _credit_rank(value: SourceValue) -> int:
    return {"ects": 0, "cats": 1}.get(value.scheme or "", 2 if _FRAMEWORK_FIRST.match(value.scheme or "") else 3)


def _own_level(node: Node, notes: list[Observation]) -> SourceValue | None:
    """Return a course's own level; a type such as ``nqfLevel`` or ``EQF`` names its framework."""
    return node.value(notes, scheme=node.type_name() or "word")


def _subjects(offering: SourceOffering, children: Children) -> None:
    for node in children.take("subject"):
        words = node.value(children.notes)
        code = node.attribute_value("identifier", children.notes, _classification(node.type_name()))
        if code is not None:
            offering.fields.append(code)
        if words is None or (code is not None and str(words.value).strip() == str(code.value).strip()):
            continue
        named = _CODE_IN_TEXT.match(str(words.value))
        if named:
            offering.fields.append(SourceValue(words.value, words.path, scheme=_classification(named.group(1))))
        else:
            offering.keywords.append(words)


def _classification(name: str | None) -> str:
    """Return the name of a classification: ``isced-f`` for ISCED in its edition of 2013, ``dc:subject`` for none."""
    if name is None:
        return "dc:subject"
    return "isced-f" if re.match(r"(?i)isced[-_ ]?(f|2013)", name) else name


def _images(children: Children) -> list[SourceValue]:
    images = []
    for node in children.take("image"):
        value = node.attribute_value("src", children.notes) or node.value(children.notes)
        if value is not None:
            images.append(value)
    return images


def _course_contacts(children: Children) -> list[SourceValue]:
    found = [value for name in ("email", "phone") for value in children.values(name, scheme=name)]
    return found + [value for location in children.nested("location", "contact") for value in _contacts(location)]


# Presentations ---------------------------------------------------------------------------------------------------


def _presentations(offering: SourceOffering, children: Children, reading: Reading) -> None:
    for node in children.take("presentation"):
        if len(node.element):
            offering.instances.append(_presentation(node, children.notes, reading))


def _presentation(node: Node, notes: list[Observation], reading: Reading) -> SourceInstance:
    children = Children(node, notes)
    identifiers = _identifiers(children)
    instance = SourceInstance(
        path=node.path,
        source_id=str(identifiers[0][0].value).strip() if identifiers else None,
        titles=children.values("title"),
        start=_dates(children, "start"),
        end=_dates(children, "end"),
        enrolment_opens=_dates(children, "applyFrom"),
        enrolment_closes=_dates(children, "applyUntil"),
        modes=_codes(children, "attendanceMode"),
        locations=_venues(children, reading),
        languages=children.values("languageOfInstruction"),
        workload=[*_durations(children), *children.values("engagement")],
        prices=_costs(children),
        capacity=children.values("places"),
        urls=children.values("url", "applyTo"),
    )
    children.count_left("course/presentation", reading, _NOT_READ)
    return instance


def _dates(children: Children, name: str) -> list[SourceValue]:
    return _attribute_then_text(children, name, "dtf")


def _durations(children: Children) -> list[SourceValue]:
    return _attribute_then_text(children, "duration", "interval", scheme="duration")


def _codes(children: Children, name: str) -> list[SourceValue]:
    return _attribute_then_text(children, name, "identifier")


def _attribute_then_text(children: Children, name: str, attribute: str, scheme: str | None = None) -> list[SourceValue]:
    """Read elements that hold a machine-readable attribute beside a text: the attribute first, the text second."""
    values = []
    for node in children.take(name):
        coded = node.attribute_value(attribute, children.notes, scheme)
        values += [value for value in (coded, node.value(children.notes, scheme)) if value is not None]
    return values


def _costs(children: Children) -> list[SourcePrice]:
    prices = []
    for node in children.take("cost"):
        amount = node.value(children.notes)
        if amount is not None:
            currency = node.attribute_value("currency", children.notes)
            prices.append(SourcePrice(path=node.path, amount=amount, currency=currency))
    return prices


def _venues(children: Children, reading: Reading) -> list[SourceValue]:
    """Read each venue as one line: its name, then the parts of its address that the name or each other do not say."""
    venues = []
    for venue in children.nested("venue"):
        for place in [*venue.nested("provider"), venue]:
            line = _line(place, reading)
            if line is not None:
                venues.append(line)
        venue.count_left("course/presentation/venue", reading, _NOT_READ)
    return venues


def _line(place: Children, reading: Reading) -> SourceValue | None:
    names = place.values("title")
    parts = [str(value.value).strip() for value in names[:1]]
    for location in place.nested("location"):
        whole = location.values("address")
        for value in whole or location.values("street", "town", "postcode", "country"):
            text = str(value.value).strip()
            if not any(text in part for part in parts):
                parts.append(text)
        ignored = _NOT_READ | {"street", "town", "postcode", "phone", "email", "url", "lat", "long"}
        location.count_left("course/presentation/venue/location", reading, ignored)
    if not parts:
        return None
    return SourceValue(", ".join(parts), place.node.path, names[0].lang if names else place.node.lang)
