"""What the register of quality assurance knows: agencies, providers, reports, programmes, as the European register
DEQAR keeps them.

These are the shapes that rooms hand to each other: the connector reads DEQAR's answers into them, the database keeps
them, trust statements are derived from them. Nothing is invented: what DEQAR's answer did not say is None or empty.
Words of DEQAR's own lists (decisions, activity types, kinds of relationship) are kept as DEQAR writes them; the sets
below name those we know, and a reader says so where it meets another.

How DEQAR counts validity (`reports/models.py` of its backend, seen in its answers): a report without an end is valid
for six years from its beginning; the last day is included; a report from 29 February ends on 1 March six years later.

Source: the DEQAR backend's answers (Web API v2, Connect API v1, nightly CSV files), 2026.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

import msgspec

POSITIVE = "positive"
CONDITIONAL = "positive with conditions or restrictions"
NEGATIVE = "negative"
NOT_APPLICABLE = "not applicable"
DECISIONS = frozenset({POSITIVE, CONDITIONAL, NEGATIVE, NOT_APPLICABLE})

OBLIGATORY = "part of obligatory EQA system"
VOLUNTARY = "voluntary"
STATUSES = frozenset({OBLIGATORY, VOLUNTARY})

ACTIVITY_TYPES = frozenset({"programme", "institutional", "joint programme", "institutional/programme"})
ON_INSTITUTIONS = frozenset({"institutional", "institutional/programme"})
ON_PROGRAMMES = frozenset({"programme", "joint programme", "institutional/programme"})

HIGH_LEVEL = "high level"
FLAGS = frozenset({"none", "low level", HIGH_LEVEL})

QF_EHEA = {"short cycle": 5, "first cycle": 6, "second cycle": 7, "third cycle": 8}
"""DEQAR's words for the level of a programme, and the EQF level each stands for."""
LEVELS = frozenset({*QF_EHEA, "other"})

HIERARCHICAL = frozenset(
    {"consortium", "faculty", "independent faculty or school", "franchise or validation partnership"}
    | {"educational platform", "European Universities alliance"}
)
HISTORICAL = {
    "succeeded": "succeeded by",
    "was absorbed by": "absorbed",
    "was spun off from": "spun off",
}
"""What became of two providers: seen from the one, and from the other."""

YEARS_WITHOUT_END = 6


class RegisterPart(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all parts: immutable, and silent about what is unknown."""


# -- agencies ----------------------------------------------------------------------------------------------------------


class Activity(RegisterPart, frozen=True):
    """One kind of review that an agency carries out. `type`: one of `ACTIVITY_TYPES`. `group_id`: the activity as all
    agencies share it. `valid_to`: the last day on which it was within the agency's registration, if it ended."""

    activity_id: int
    type: str | None = None
    name: str | None = None
    group_id: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class Agency(RegisterPart, frozen=True):
    """A quality-assurance agency. `agency_id`: of the API; `register_number`: in EQAR's register (another number).
    `country`: alpha-2, None where it has none; `country_name`: as published."""

    agency_id: int
    register_number: int | None = None
    name: str | None = None
    acronym: str | None = None
    country: str | None = None
    country_name: str | None = None
    homepage: str | None = None
    registered: bool | None = None
    registration_start: date | None = None
    registration_valid_to: date | None = None
    registration_note: str | None = None
    activities: list[Activity] = []

    def registered_on(self, day: date) -> bool | None:
        """Return whether the agency was on the register on `day` (both ends included), None where that is unknown."""
        if self.registration_start is None:
            return False if self.registered is False and self.registration_valid_to is None else None
        ended = self.registration_valid_to is not None and day > self.registration_valid_to
        return self.registration_start <= day and not ended


# -- providers ---------------------------------------------------------------------------------------------------------


class NameVersion(RegisterPart, frozen=True):
    """Another way a name is written or was said."""

    name: str
    transliteration: str | None = None


class ProviderName(RegisterPart, frozen=True):
    """One set of names a provider has or had. `valid_to`: last day of a former name, None while it is in use."""

    official: str | None = None
    transliterated: str | None = None
    english: str | None = None
    acronym: str | None = None
    versions: list[NameVersion] = []
    valid_to: date | None = None

    def all_forms(self) -> list[str]:
        """Return every form of the name, each once, in the order a person would give them; acronyms last."""
        versions = [form for one in self.versions for form in (one.name, one.transliteration)]
        forms = [self.official, self.english, self.transliterated, *versions, self.acronym]
        return list(dict.fromkeys(form for form in forms if form))


class ProviderIdentifier(RegisterPart, frozen=True):
    """One identifier. `resource`, `value`: as published (``EU-VAT``, ``DE-147794299``); `kind`, `normalised`: as two
    spellings of one identifier are equal (``vat``, ``DE147794299``), None where the value has not the form of its
    kind. `agency_id`: set for local identifiers, which mean something only together with the agency."""

    resource: str
    value: str
    kind: str | None = None
    normalised: str | None = None
    agency_id: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class ProviderLocation(RegisterPart, frozen=True):
    """A seat. `country`: alpha-2; sub-systems (``BE-fl``) count as their country; None where the name is unknown.
    `country_name`: as published. `verified`: as DEQAR says."""

    country: str | None = None
    country_name: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    verified: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class HierarchicalRelationship(RegisterPart, frozen=True):
    """`parent_id` includes `child_id`. `type`: one of `HIERARCHICAL`, None where DEQAR says nothing."""

    parent_id: int
    child_id: int
    type: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class HistoricalRelationship(RegisterPart, frozen=True):
    """`source_id` ``type`` `target_id` on `day`: the later institution *succeeded* or *was spun off from* the earlier;
    the one that vanished *was absorbed by* the other. `type`: a key of `HISTORICAL`, or a word we do not know."""

    source_id: int
    type: str
    target_id: int
    day: date | None = None


class RegisterProvider(RegisterPart, frozen=True):
    """A higher-education institution or another provider.

    `provider_id`: DEQAR's number, stable. `deqar_id`: ``DEQARINST0001``. `name`: the primary one. `other_provider`:
    not a higher-education institution. `has_report`: as DEQAR says (any report, expired and negative ones too).
    `levels`: levels the provider may work at, in DEQAR's words. Relationships name this provider on one side.
    """

    provider_id: int
    deqar_id: str
    name: str | None = None
    names: list[ProviderName] = []
    eter_id: str | None = None
    identifiers: list[ProviderIdentifier] = []
    locations: list[ProviderLocation] = []
    homepage: str | None = None
    other_provider: bool | None = None
    organisation_type: str | None = None
    alliance: bool | None = None
    founding_date: date | None = None
    closure_date: date | None = None
    levels: list[str] = []
    hierarchical: list[HierarchicalRelationship] = []
    historical: list[HistoricalRelationship] = []
    has_report: bool | None = None
    source_of_information: str | None = None
    created: date | None = None

    def countries(self, day: date | None = None) -> list[str]:
        """Return the countries (alpha-2, sorted) of all seats, or of those that held on `day`."""
        seats = [one for one in self.locations if day is None or _holds(one.valid_from, one.valid_to, day)]
        return sorted({one.country for one in seats if one.country})

    def all_names(self) -> list[str]:
        """Return every name the provider has or had, the primary one first, each once."""
        forms = [form for one in self.names for form in one.all_forms()]
        return list(dict.fromkeys([self.name, *forms] if self.name else forms))


# -- reports -----------------------------------------------------------------------------------------------------------


class Validity(RegisterPart, frozen=True):
    """From when to when a report holds. `valid_to`: as published, None for an open end. `valid_to_calculated`: the
    last day on which it counts, as DEQAR calculates it; None only where the beginning is unknown too."""

    valid_from: date | None = None
    valid_to: date | None = None
    valid_to_calculated: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the report is valid on `day`: first and last day included. Unknown is not valid."""
        if self.valid_from is None or self.valid_to_calculated is None:
            return False
        return self.valid_from <= day <= self.valid_to_calculated


def validity(valid_from: date | None, valid_to: date | None) -> Validity:
    """Return the validity of a report from its published dates, by DEQAR's rule (see the module)."""
    last = valid_to if valid_to is not None else None if valid_from is None else six_years_after(valid_from)
    return Validity(valid_from, valid_to, last)


def six_years_after(day: date) -> date:
    """Return the day six years later; 29 February becomes 1 March, as in DEQAR's API (its Europass file: 28th). Beyond
    the calendar's end it is the last day there is."""
    if day.year > date.max.year - YEARS_WITHOUT_END:
        return date.max
    try:
        return day.replace(year=day.year + YEARS_WITHOUT_END)
    except ValueError:
        return date(day.year + YEARS_WITHOUT_END, 3, 1)


class ReportInstitution(RegisterPart, frozen=True):
    """A provider that a report is about (`role` ``provider``), or that only hosts the programmes (``platform``)."""

    provider_id: int
    role: Literal["provider", "platform"] = "provider"


class ReportFile(RegisterPart, frozen=True):
    """A file of a report. `url`: None where DEQAR has the entry but no file. `languages`: English names."""

    name: str | None = None
    url: str | None = None
    languages: list[str] = []


class ReportLink(RegisterPart, frozen=True):
    """A page about the report, on the agency's site."""

    url: str
    name: str | None = None


class ProgrammeName(RegisterPart, frozen=True):
    """A programme's name and the qualification it leads to, as published."""

    name: str
    qualification: str | None = None
    primary: bool = False


class Programme(RegisterPart, frozen=True):
    """A programme named by a report; micro-credentials among them.

    `programme_id`: DEQAR's number, which changes whenever the report is updated: never a key; `key` is. `level`: in
    DEQAR's words. `full_degree`: False for micro-credentials and other provision. `type`: DEQAR's own computation.
    `field`: ISCED-F address. `outcomes`: ESCO addresses; `outcome_text`: in words. `identifiers`: the agency's own.
    `countries`: as published.
    """

    key: str
    name: str | None = None
    names: list[ProgrammeName] = []
    level: str | None = None
    nqf_level: str | None = None
    ects: float | None = None
    full_degree: bool | None = None
    type: str | None = None
    assessment: str | None = None
    field: str | None = None
    outcomes: list[str] = []
    outcome_text: str | None = None
    identifiers: list[str] = []
    countries: list[str] = []
    programme_id: int | None = None

    @property
    def eqf(self) -> int | None:
        """EQF level (5-8) of the published level."""
        return QF_EHEA.get(self.level or "")


def programme_key(name: str | None, level: str | None, ects: float | None, qualification: str | None = None) -> str:
    """Return what a programme is known by inside its report, as 12 hex digits: name, qualification, level and
    workload, because DEQAR's own ids change with each update of the report."""
    folded = [" ".join((text or "").split()).casefold() for text in (name, qualification, level)]
    return hashlib.sha256(msgspec.json.encode([*folded, ects])).hexdigest()[:12]


class Report(RegisterPart, frozen=True):
    """One quality-assurance report.

    `local_identifier`: of the agency. `activities`: the agency's activities, each with its type. `decision`,
    `status`, `flag`: in DEQAR's words. `institutions`: providers and platforms. `other_provider_covered`,
    `crossborder`: as DEQAR says. `updated`: not reliable (only some changes move it).
    """

    report_id: int
    agency_id: int | None = None
    agency_name: str | None = None
    agency_acronym: str | None = None
    contributing_agencies: list[int] = []
    local_identifier: str | None = None
    activities: list[Activity] = []
    decision: str | None = None
    status: str | None = None
    flag: str | None = None
    validity: Validity = Validity()
    institutions: list[ReportInstitution] = []
    programmes: list[Programme] = []
    files: list[ReportFile] = []
    links: list[ReportLink] = []
    summary: str | None = None
    comment: str | None = None
    crossborder: bool | None = None
    other_provider_covered: bool | None = None
    created: date | None = None
    updated: date | None = None

    @property
    def activity_types(self) -> frozenset[str]:
        """Types of all activities of the report."""
        return frozenset(one.type for one in self.activities if one.type)

    @property
    def url(self) -> str:
        """The report's permanent address."""
        return f"https://data.deqar.eu/report/{self.report_id}"


Entity = Agency | RegisterProvider | Report


def provider_id_of(deqar_id: str) -> int | None:
    """Return the number in a DEQAR id (``DEQARINST0042`` is 42), None where there is none."""
    found = re.fullmatch(r"(?:DEQARINST(?:AP)?)?0*(\d{1,9})", deqar_id.strip(), re.IGNORECASE)
    return int(found.group(1)) if found else None


def deqar_id_of(provider_id: int) -> str:
    """Return the DEQAR id of a number, as DEQAR makes it: four digits at least."""
    return f"DEQARINST{provider_id:04d}"


def content_hash(entity: Entity) -> str:
    """Return 32 hex digits that change when, and only when, what the entity says changes.

    DEQAR's dates of update are not reliable, so change is seen by content. Left out: ids of programmes (they change
    although nothing else does), the order of lists, and `updated` itself.
    """
    return hashlib.sha256(msgspec.json.encode(_canonical(msgspec.to_builtins(entity)))).hexdigest()[:32]


def fingerprint(entities: Iterable[Entity]) -> str:
    """Return 32 hex digits over many entities, whatever their order."""
    digests = sorted(content_hash(one) for one in entities)
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:32]


_UNSTABLE = frozenset({"programme_id", "updated"})


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _canonical(one) for name, one in sorted(value.items()) if name not in _UNSTABLE}
    if isinstance(value, list):
        return sorted((_canonical(one) for one in value), key=msgspec.json.encode)
    return value


def _holds(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
