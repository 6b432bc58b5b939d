"""OOAPI v5: one course or programme into a source offering, joined with what it refers to.

Who awards: the organisation of the education specification, else the root organisation above the provider. Who
provides: the course's own organisation, else that of its runs, else the only root there is. Where the course itself
says nothing, the education specification is asked (level, load, outcomes, field, names), value by value: the two are
never mixed, because the specification's hours beside the course's credits would be no workload of anything. The
country is that of the awarding body, then of the provider, then of the place of teaching.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from connectors.formats._json_fields import (
    Reference,
    count_left_over,
    distinct,
    identifier,
    references,
    tally,
    texts,
)
from connectors.formats._ooapi_index import Index, Slice
from connectors.formats._ooapi_parts import (
    IGNORED,
    Extras,
    OrganisationEntry,
    Run,
    Specification,
    addresses,
    assessment_of,
    codes,
    consumers,
    family,
    markers,
    organisation,
    outcomes,
    qualification_levels,
    run,
    specification,
    study_load,
)
from connectors.leftovers import Fields
from connectors.reading import Reading
from standard.observation import Observation
from standard.source_offering import SourceOffering, SourceRelation, SourceValue

Kind = Literal["course", "program"]


@dataclass(slots=True)
class Missed:
    """References to a kind of object of which the whole snapshot holds none: how many, and the first."""

    count: int = 0
    id: str = ""
    path: str = ""


@dataclass(slots=True)
class Surroundings:
    """What was found around one record."""

    specification: Specification | None = None
    awarding: list[OrganisationEntry] = field(default_factory=list)
    providers: list[OrganisationEntry] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    tests: list[SourceValue] = field(default_factory=list)


class RecordReader:
    """Reads courses and programmes, and remembers what there is to say about the whole.

    `missed`: references that nothing in the snapshot could answer, by kind. `version_4`: records written in the
    older version. `joined`: owners of runs and components that met their record.
    """

    def __init__(self, index: Index, reading: Reading) -> None:
        self.index = index
        self.reading = reading
        self.missed: dict[str, Missed] = {}
        self.version_4: Counter[str] = Counter()
        self.joined: set[tuple[str, str]] = set()

    def read(self, kind: Kind, data: dict[str, Any], path: str) -> SourceOffering:
        """Read one course or programme. `path`: where it stands."""
        fields = Fields(data, path)
        offering = SourceOffering(path=path, source_id=identifier(fields.peek(f"{kind}Id")), kind=kind)
        if isinstance(data.get("name"), str) and "primaryCode" not in data:
            self.version_4[path] += 1
        around = self._surroundings(kind, fields, offering)
        extras = consumers(fields)
        _fill_identity(offering, kind, fields, extras, around)
        _fill_content(offering, fields, extras, around)
        _fill_people_and_places(offering, fields, around)
        offering.relations = self._relations(fields, around, offering)
        offering.refused = fields.refused()
        count_left_over(self.reading, fields, kind, IGNORED)
        return offering

    def _surroundings(self, kind: Kind, fields: Fields, offering: SourceOffering) -> Surroundings:
        around = Surroundings()
        for reference in references(fields, "educationSpecification", "educationSpecifications")[:1]:
            around.specification = self._specification(reference, offering)
        around.runs = self._runs(kind, offering.source_id, fields)
        around.tests = self._tests(offering.source_id, kind)
        around.providers = self._providers(fields, around.runs, offering)
        around.awarding = self._awarding(around, offering)
        return around

    def _providers(self, fields: Fields, runs: list[Run], offering: SourceOffering) -> list[OrganisationEntry]:
        wanted = references(fields, "organization", "organizations")
        wanted = wanted or [one.organisation for one in runs if one.organisation is not None][:1]
        found = [entry for reference in wanted if (entry := self._organisation(reference, offering)) is not None]
        if wanted:
            return found
        root = self.index.root(None)
        return [root] if root is not None else []

    def _awarding(self, around: Surroundings, offering: SourceOffering) -> list[OrganisationEntry]:
        reference = around.specification.organisation if around.specification is not None else None
        own = self._organisation(reference, offering) if reference is not None else None
        signs = own or self.index.root(around.providers[0] if around.providers else None)
        return [signs] if signs is not None else []

    def _organisation(self, reference: Reference, offering: SourceOffering) -> OrganisationEntry | None:
        if reference.fields is not None:
            entry = organisation(reference.fields)
            return entry if entry.source.names else self.index.organisations.get(entry.id or "", entry)
        known = self.index.organisations.get(reference.id or "")
        if known is None:
            self._dangling("organization", reference, bool(self.index.organisations), offering)
        return known

    def _specification(self, reference: Reference, offering: SourceOffering) -> Specification | None:
        if reference.fields is not None:
            return specification(reference.fields)
        known = self.index.specifications.get(reference.id or "")
        if known is None:
            self._dangling("educationSpecification", reference, bool(self.index.specifications), offering)
        return known

    def _dangling(self, kind: str, reference: Reference, delivered: bool, offering: SourceOffering) -> None:
        """Note a reference that leads nowhere: on the record where others of its kind are there, else once for all."""
        if delivered:
            facts = {"kind": kind, "id": reference.id or ""}
            note = Observation("MC00-REFERENCE-DANGLING", path=reference.path, value=reference.id, facts=facts)
            if note not in offering.observations:
                offering.observations.append(note)
            return
        missed = self.missed.setdefault(kind, Missed(id=reference.id or "", path=reference.path))
        missed.count += 1

    def _runs(self, kind: Kind, source_id: str | None, fields: Fields) -> list[Run]:
        inside = fields.children("offerings", "courseOfferings", "programOfferings")
        waiting = [self._opened(one) for one in self._waiting(self.index.runs, (kind, source_id or ""))]
        found = []
        for opened in [*inside, *waiting]:
            found.append(run(opened, self.index.sessions))
            if opened not in inside:
                count_left_over(self.reading, opened, "offering", IGNORED)
        return found

    def _tests(self, source_id: str | None, kind: Kind) -> list[SourceValue]:
        if kind != "course" or source_id is None:
            return []
        return [text for one in self.index.components.get(source_id, ()) for text in assessment_of(self._opened(one))]

    def _waiting(self, runs: dict[tuple[str, str], list[Slice]], owner: tuple[str, str]) -> list[Slice]:
        self.joined.add(owner)
        return runs.get(owner, [])

    def _opened(self, one: Slice) -> Fields:
        try:
            return Fields(msgspec.json.decode(one.data), one.path)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            tally(self.reading.unread, "offering or component that cannot be decoded")
            return Fields({}, one.path)

    def _relations(self, fields: Fields, around: Surroundings, offering: SourceOffering) -> list[SourceRelation]:
        found = []
        for reference in references(fields, "programs", "program"):
            found.append(self._relation("part_of", reference, offering))
        for direction, reference in family(fields):
            found.append(self._relation(direction, reference, offering))
        for direction, reference in around.specification.relations if around.specification else ():
            found.append(self._specification_relation(direction, reference))
        return found

    def _relation(
        self, direction: Literal["part_of", "has_part"], reference: Reference, offering: SourceOffering
    ) -> SourceRelation:
        if reference.fields is not None:
            inner = reference.fields
            ids, titles = inner.values("programId", scheme="programId"), texts(inner, "name")
            inner.ignore_all()
            return SourceRelation(reference.path, direction, ids, titles)
        known = self.index.programmes.get(reference.id or "")
        if known is None:
            self._dangling("program", reference, bool(self.index.programmes), offering)
        ids = [SourceValue(reference.id or "", reference.path, scheme="programId")]
        return SourceRelation(reference.path, direction, ids, known or [])

    def _specification_relation(
        self, direction: Literal["part_of", "has_part"], reference: Reference
    ) -> SourceRelation:
        known = self.index.specifications.get(reference.id or "")
        titles = known.titles if known else texts(reference.fields, "name") if reference.fields else []
        ids = [SourceValue(reference.id, reference.path, scheme="educationSpecificationId")] if reference.id else []
        return SourceRelation(reference.path, direction, ids, titles)


def _fill_identity(offering: SourceOffering, kind: Kind, fields: Fields, extras: Extras, around: Surroundings) -> None:
    spec = around.specification or Specification("")
    offering.identifiers = codes(fields, f"{kind}Id")
    offering.markers = distinct([*markers(fields), *spec.markers, *extras.markers])
    offering.titles = texts(fields, "name") or spec.titles
    offering.descriptions = texts(fields, "description") or spec.descriptions
    offering.homepages = [*fields.values("link"), *extras.urls, *spec.homepages]
    offering.keywords = distinct([*extras.keywords, *spec.keywords])


def _fill_content(offering: SourceOffering, fields: Fields, extras: Extras, around: Surroundings) -> None:
    spec = around.specification or Specification("")
    load = [*(study_load(fields) or spec.workload), *extras.workload]
    offering.workload = [*load, *fields.values("duration", scheme="duration")]
    words = [*fields.values("level", scheme="word"), *extras.levels] or spec.level_words
    offering.levels = distinct([*(qualification_levels(fields) or spec.levels), *words])
    offering.learning_outcomes = outcomes(fields) or spec.outcomes
    offering.modes = fields.values("modeOfDelivery") or extras.modes
    offering.languages = fields.values("teachingLanguage", "mainLanguage")
    requirements = ("admissionRequirements", "requirements", "qualificationRequirements")
    offering.prerequisites = [text for name in requirements for text in texts(fields, name)]
    offering.assessment_texts = [*texts(fields, "assessment"), *around.tests]
    offering.grading_schemes = distinct([value for one in around.runs for value in one.grading_schemes])
    offering.fields = fields.values("fieldsOfStudy", scheme="isced-f") or spec.fields


def _fill_people_and_places(offering: SourceOffering, fields: Fields, around: Surroundings) -> None:
    _, countries = addresses(fields)
    offering.awarding_bodies = [entry.source for entry in around.awarding]
    offering.providers = [entry.source for entry in around.providers]
    organisations = [*offering.awarding_bodies, *offering.providers]
    taught = [country for one in around.runs for country in one.countries]
    offering.countries = distinct([*(c for one in organisations for c in one.countries), *countries, *taught])
    offering.instances = [one.instance for one in around.runs]
