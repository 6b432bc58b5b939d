"""A source offering: one published item as the format's reader found it.

Nothing here is normalised. Each value keeps the path at which it stood, the language tag it carried (or
none) and the scheme it was said to be coded in (a unit, a code type, a vocabulary). A reader that finds the
same element in several places lists the values in order of preference; the elements take the first that
means something. All lists may be empty: an absent value is absent.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from standard.observation import Observation, Scalar


class SourceValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value as published.

    `value`: the scalar, untouched (surrounding blanks included). `path`: ``document#pointer``, a JSON Pointer,
    an XPath or a spreadsheet cell. `lang`: the language tag as published. `scheme`: what the source says the
    value is coded in, in the words of the slot that holds it (see `SourceOffering`). `markup`: "html" when the
    format says that the text is HTML or XHTML, "text" when it says that it is not, None when it does not say.
    """

    value: Scalar
    path: str
    lang: str | None = None
    scheme: str | None = None
    markup: Literal["html", "text"] | None = None


class SourceOrganisation(msgspec.Struct, frozen=True, omit_defaults=True):
    """An organisation as published. `identifiers` carry their kind as scheme (``schac``, ``deqar``, ``eter``,
    ``ror``, ``erasmus``, ``pic``, ``vat``, ``brin``, ``url``, ... or the source's own word)."""

    path: str
    names: list[SourceValue] = []
    identifiers: list[SourceValue] = []
    countries: list[SourceValue] = []
    homepages: list[SourceValue] = []


class SourceOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """One learning outcome: its text in one or more languages, and links to skills (scheme ``esco`` or other)."""

    path: str
    texts: list[SourceValue] = []
    skills: list[SourceValue] = []


class SourceQualityAssurance(msgspec.Struct, frozen=True, omit_defaults=True):
    """A quality-assurance statement in a record, as published (not yet evidence: that is DEQAR's part)."""

    path: str
    types: list[SourceValue] = []
    agencies: list[SourceValue] = []
    reports: list[SourceValue] = []
    valid_from: list[SourceValue] = []
    valid_until: list[SourceValue] = []
    texts: list[SourceValue] = []


class SourceRelation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link to another learning offer: this offering is part of it, or has it as a part."""

    path: str
    kind: Literal["part_of", "has_part"]
    identifiers: list[SourceValue] = []
    titles: list[SourceValue] = []


class SourcePrice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A price as published: amount and currency where they are apart, else one text in `amount`."""

    path: str
    amount: SourceValue | None = None
    currency: SourceValue | None = None
    notes: list[SourceValue] = []


class SourceInstance(msgspec.Struct, frozen=True, omit_defaults=True):
    """One run of the offering as published (MLO: learning opportunity instance)."""

    path: str
    source_id: str | None = None
    titles: list[SourceValue] = []
    start: list[SourceValue] = []
    end: list[SourceValue] = []
    enrolment_opens: list[SourceValue] = []
    enrolment_closes: list[SourceValue] = []
    modes: list[SourceValue] = []
    locations: list[SourceValue] = []
    languages: list[SourceValue] = []
    workload: list[SourceValue] = []
    prices: list[SourcePrice] = []
    capacity: list[SourceValue] = []
    urls: list[SourceValue] = []
    status: list[SourceValue] = []


class SourceOffering(msgspec.Struct, omit_defaults=True):
    """One item as published, in slots that the elements read.

    Schemes used by the slots (lower case; anything else is passed on as the source wrote it):
    `workload`: ``ects``, ``cfu``, ``op``, ``cats``, ``credit`` (kind unknown), ``hour``, ``contact_hour``,
    ``study_hour``, ``minute``, ``hour_per_week``, ``duration`` (ISO 8601 or text; calendar time, not work), ...
    `levels`: ``eqf``, ``nqf`` or a framework's name (``nlqf``), ``qf_ehea``, ``word`` (a word of the source).
    `fields`: ``isced-f``, else the name of the other classification. `identifiers`: the kind of code.
    `modes`, `assessment_types`, `supervision`: the vocabulary if the source names one.
    `markers`: whatever may tell a micro-credential from other offers; scheme is the name of the field.
    `refused`: fields that belong to an issued credential, never to an offering; scheme is ``learner``,
    ``date_of_issuing`` or ``grade_achieved`` and value is the *name* of the field: what stood in it is
    personal data and is not kept.
    """

    path: str
    source_id: str | None = None
    kind: str | None = None
    identifiers: list[SourceValue] = []
    markers: list[SourceValue] = []
    titles: list[SourceValue] = []
    descriptions: list[SourceValue] = []
    countries: list[SourceValue] = []
    regions: list[SourceValue] = []
    awarding_bodies: list[SourceOrganisation] = []
    providers: list[SourceOrganisation] = []
    workload: list[SourceValue] = []
    levels: list[SourceValue] = []
    learning_outcomes: list[SourceOutcome] = []
    modes: list[SourceValue] = []
    prerequisites: list[SourceValue] = []
    assessment_types: list[SourceValue] = []
    assessment_texts: list[SourceValue] = []
    supervision: list[SourceValue] = []
    quality_assurance: list[SourceQualityAssurance] = []
    grading_schemes: list[SourceValue] = []
    stackable: list[SourceValue] = []
    stackability_texts: list[SourceValue] = []
    relations: list[SourceRelation] = []
    fields: list[SourceValue] = []
    languages: list[SourceValue] = []
    homepages: list[SourceValue] = []
    images: list[SourceValue] = []
    contacts: list[SourceValue] = []
    keywords: list[SourceValue] = []
    licences: list[SourceValue] = []
    modified: list[SourceValue] = []
    prices: list[SourcePrice] = []
    instances: list[SourceInstance] = []
    refused: list[SourceValue] = []
    observations: list[Observation] = []


class Unreadable(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item that was there but could not be read as a record: where, and why."""

    path: str
    observation: Observation
    source_id: str | None = None
