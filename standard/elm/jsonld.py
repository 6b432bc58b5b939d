"""One offering as an ELM document in JSON-LD.

The document holds one specification (what is learned and certified), an awarding opportunity (who signs), one
learning opportunity per instance (or one without dates where there is none), the organisations, and the
assessment.

A specification is a *Qualification* where the offering has an EQF level and a level of a national framework
that the EU list knows; else it is a *LearningAchievementSpecification*, whose EQF level can only be said
through educationLevel. ELM 3.1 has no mark for a micro-credential; like the Commission's own Annex I example we
say the type "Short learning programme", and add the category "micro-credential" where we know that it is one.

What ELM's LOQ profile cannot say of an offering stands in notes with a subject: supervision (on the
assessment), the QF-EHEA cycle, quality assurance (an ELM accreditation needs an agency with a known seat, which
records do not give), stackability, the reason for having no level. Start of enrolment, capacity, status,
keywords, picture, licence and contact have no place in the profile and are left out.
"""

from __future__ import annotations

from urllib.parse import quote

from standard.elm import namespaces
from standard.elm.conformance import country_of, organisations_of, providers_of
from standard.elm.namespaces import QUALIFICATION_TOPICS, Version
from standard.elm.nodes import Node, concept, concepts, identifier, lang_strings, moment, node, note, web_resource
from standard.elm.parts import (
    assessment_title,
    assurance,
    credit_points,
    cycle,
    eqf_code,
    grading_scheme,
    label,
    language_concepts,
    location,
    period,
    price_detail,
    target,
    volume,
)
from standard.offering import Instance, Offering, Organisation

BASE = "urn:micro-credential-catalogue:"
"""Beginning of the identifiers of a document; a catalogue with an address of its own says it instead."""

CATEGORY = {"en": "micro-credential"}
TYPE = "short_learning_programme"


def to_elm(offering: Offering, *, version: Version = "3.1", base: str = BASE) -> Node:
    """Return the JSON-LD document of an offering in the namespace of an ELM version."""
    writer = _Writer(offering, f"{base}{offering.offering_id}")
    return {"@context": namespaces.context(version), "@graph": writer.graph()}


class _Writer:
    """Writes the nodes of one offering; `root` begins all their identifiers."""

    def __init__(self, offering: Offering, root: str) -> None:
        self.offering = offering
        self.root = root
        self.organisations = organisations_of(offering)

    def graph(self) -> list[Node]:
        """Return all nodes that have an identifier."""
        runs: list[Instance | None] = [*self.offering.instances] or [None]
        nodes = [self._specification(), self._assessment(), *(self._opportunity(run) for run in runs)]
        return [*(found for found in nodes if found), *map(self._organisation, self.organisations)]

    def _reference(self, organisation: Organisation) -> Node:
        return {"@id": f"{self.root}#organisation-{self.organisations.index(organisation) + 1}"}

    # specification

    @property
    def _is_qualification(self) -> bool:
        level = self.offering.level
        return bool(level and concept("eqf", eqf_code(level.eqf)) and level.nqf and concept("nqf", level.nqf))

    def _specification(self) -> Node:
        offering = self.offering
        qualification = self._is_qualification
        level, workload = offering.level, offering.workload
        eqf = concept("eqf", eqf_code(level.eqf)) if level else None
        return node(
            "elm:Qualification" if qualification else "elm:LearningAchievementSpecification",
            f"{self.root}#specification",
            adms_identifier=self._identifiers(),
            dc_title=lang_strings(offering.title),
            dc_description=lang_strings(offering.description),
            dc_type=concept("opportunity_types", TYPE),
            dc_language=language_concepts(offering.languages),
            dc_modified=moment(offering.modified),
            elm_category=lang_strings(CATEGORY) if offering.micro_credential is True else None,
            elm_ISCEDFCode=concepts("isced_f", offering.fields),
            elm_creditPoint=credit_points(workload.ects) if workload else None,
            elm_volumeOfLearning=volume(workload.hours) if workload else None,
            elm_EQFLevel=eqf if qualification else None,
            elm_NQFLevel=concept("nqf", level.nqf) if qualification and level else None,
            elm_educationLevel=None if qualification else eqf,
            elm_isPartialQualification=self._is_partial() if qualification else None,
            elm_mode=concepts("modes", offering.modes),
            elm_entryRequirement=note(offering.prerequisites),
            elm_learningOutcome=self._outcomes(),
            elm_provenBy={"@id": f"{self.root}#assessment"} if self._is_assessed else None,
            elm_awardingOpportunity=self._awarding_opportunity(),
            elm_additionalNote=self._notes(),
            foaf_homepage=web_resource(offering.homepage),
        )

    def _identifiers(self) -> list[Node]:
        own = identifier(self.offering.offering_id, "catalogue")
        return [own, *(identifier(code, kind) for kind, code in sorted(self.offering.identifiers.items()))]

    def _is_partial(self) -> bool | None:
        stackability = self.offering.stackability
        return True if stackability and stackability.part_of else None

    def _outcomes(self) -> list[Node]:
        return [
            node(
                "elm:LearningOutcome",
                dc_title=lang_strings(outcome.text),
                elm_relatedESCOSkill=[{"@id": skill} for skill in outcome.esco],
            )
            for outcome in self.offering.learning_outcomes
            if outcome.text
        ]

    def _awarding_opportunity(self) -> Node | None:
        body = self.offering.awarding_body
        if body is None:
            return None
        specification = {"@id": f"{self.root}#specification"}
        kind = "elm:AwardingOpportunity"
        return node(kind, elm_awardingBody=self._reference(body), elm_learningAchievementSpecification=specification)

    def _notes(self) -> list[Node]:
        offering = self.offering
        level = offering.level
        found = [
            note(cycle(level.qf_ehea), QUALIFICATION_TOPICS + "pathways") if level else None,
            note(level.reason, QUALIFICATION_TOPICS + "pathways") if level else None,
            *(
                note(assurance(one), QUALIFICATION_TOPICS + "accreditation-and-quality-assurance")
                for one in offering.quality_assurance
            ),
            *self._pathways(),
        ]
        return [one for one in found if one]

    def _pathways(self) -> list[Node | None]:
        stackability = self.offering.stackability
        if stackability is None:
            return []
        subject = QUALIFICATION_TOPICS + "pathways"
        return [note(stackability.text, subject), *(note(target(one), subject) for one in stackability.part_of)]

    # assessment

    @property
    def _is_assessed(self) -> bool:
        offering = self.offering
        return bool(offering.assessment_types or offering.assessment or offering.supervision)

    def _assessment(self) -> Node | None:
        offering = self.offering
        if not self._is_assessed:
            return None
        return node(
            "elm:LearningAssessmentSpecification",
            f"{self.root}#assessment",
            dc_title=lang_strings(assessment_title(offering)),
            dc_type=concepts("assessment_types", offering.assessment_types),
            dc_description=lang_strings(offering.assessment),
            elm_gradingScheme=grading_scheme(offering.grading_scheme),
            elm_additionalNote=note(label("supervision", offering.supervision), QUALIFICATION_TOPICS + "assessment"),
        )

    # opportunities

    def _opportunity(self, run: Instance | None) -> Node:
        offering, this = self.offering, run or Instance(instance_id="")
        modes = [this.mode] if this.mode else offering.modes
        languages = this.languages or offering.languages
        return node(
            "elm:LearningOpportunity",
            f"{self.root}#opportunity" + (f"-{quote(run.instance_id, safe='')}" if run else ""),
            adms_identifier=identifier(run.instance_id, "instance") if run else None,
            dc_title=lang_strings(this.title or offering.title),
            dc_description=lang_strings(offering.description),
            dc_type=concept("opportunity_types", TYPE),
            dc_temporal=period(this),
            elm_applicationDeadline=moment(this.enrolment_closes, end_of_day=True),
            elm_mode=concepts("modes", modes),
            elm_defaultLanguage=next(iter(language_concepts(languages)), None),
            elm_priceDetail=[price for one in this.price or offering.price if (price := price_detail(one))],
            elm_additionalNote=note(this.location),
            elm_learningAchievementSpecification={"@id": f"{self.root}#specification"},
            elm_providedBy=[self._reference(provider) for provider in providers_of(offering)],
            foaf_homepage=[page for page in map(web_resource, pages_of(this, offering)) if page],
        )

    # organisations

    def _organisation(self, organisation: Organisation) -> Node:
        country = country_of(organisation, self.offering)
        return node(
            "elm:Organisation",
            self._reference(organisation)["@id"],
            rov_legalName=lang_strings(organisation.name),
            adms_identifier=[identifier(code, kind) for kind, code in sorted(organisation.identifiers.items())],
            elm_location=location(country, self._region(organisation)),
            foaf_homepage=web_resource(organisation.homepage),
        )

    def _region(self, organisation: Organisation) -> str | None:
        return self.offering.region if organisation == self.offering.awarding_body else None


def pages_of(run: Instance, offering: Offering) -> list[str]:
    """Return the addresses of a run: its own first, then the offering's."""
    return list(dict.fromkeys(page for page in (run.url, offering.homepage) if page))
