"""An offering: one micro-credential in the common standard, as the catalogue keeps and shows it.

The shape of the public JSON document (absent when unknown, never null-filled). Texts are maps from BCP 47
tag to text; ``und`` marks a text whose language nobody stated. Codes are our own readable words, each tied
to its EU vocabulary address in `standard.vocabularies`.

Sources: the 16 elements of the European approach to micro-credentials (Council Recommendation 2022/C 243/02,
Annex I, numbered as MICROBOL does), the split of specification and run of MLO (EN 15982), and the European
Learning Model (LearningAchievementSpecification / Qualification, LearningOpportunity).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Literal

import msgspec

Texts = dict[str, str]
How = Literal["published", "looked_up", "derived", "contract"]
ElementState = Literal["present", "derived", "missing", "not_applicable"]


class _Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all parts: immutable, and silent about what is unknown."""


class Organisation(_Part, frozen=True):
    """A provider or awarding body. `identifiers`: kind → normalised identifier. `country`: alpha-2."""

    name: Texts
    identifiers: dict[str, str] = {}
    country: str | None = None
    homepage: str | None = None


class Workload(_Part, frozen=True):
    """Notional workload: ECTS credit points and/or hours of learning (both > 0)."""

    ects: float | None = None
    hours: float | None = None


class Level(_Part, frozen=True):
    """Level: EQF 1-8, national level as ``FRAMEWORK level``, QF-EHEA cycle; or the reason why there is none."""

    eqf: int | None = None
    nqf: str | None = None
    qf_ehea: Literal["short", "first", "second", "third"] | None = None
    reason: Texts | None = None


class LearningOutcome(_Part, frozen=True):
    """One outcome: its text by language, and the ESCO skill address if the source gives one."""

    text: Texts
    esco: list[str] = []


class QualityAssurance(_Part, frozen=True):
    """What the record itself says of its quality assurance. `type`: a code of accreditation-types; dates ISO 8601."""

    type: str | None = None
    agency: Texts | None = None
    report: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    text: Texts | None = None


class Relation(_Part, frozen=True):
    """A larger offer this one is part of (or a smaller one it contains): title and/or identifier."""

    title: Texts | None = None
    identifier: str | None = None


class Stackability(_Part, frozen=True):
    """Whether the micro-credential counts towards something larger, and towards what."""

    stackable: bool | None = None
    part_of: list[Relation] = []
    has_part: list[Relation] = []
    text: Texts | None = None


class Contact(_Part, frozen=True):
    """Where to ask. Offices, never named persons."""

    email: str | None = None
    phone: str | None = None
    url: str | None = None


class Price(_Part, frozen=True):
    """A price. `currency`: ISO 4217. `amount` 0 means free, said so by the source; unknown is absent."""

    amount: float | None = None
    currency: str | None = None
    note: Texts | None = None


class Instance(_Part, frozen=True):
    """One run. Dates are ISO 8601: a date, or a date-time with offset where the source gave one."""

    instance_id: str
    title: Texts | None = None
    start: str | None = None
    end: str | None = None
    enrolment_opens: str | None = None
    enrolment_closes: str | None = None
    mode: str | None = None
    location: Texts | None = None
    languages: list[str] = []
    price: list[Price] = []
    capacity: int | None = None
    url: str | None = None
    status: Literal["open", "closed", "cancelled"] | None = None


class Provenance(_Part, frozen=True):
    """How one element's value was got, from which path, and what stood there before it was normalised.

    `original` as a person may be shown it: short, and nothing in it takes effect (`standard.values.harmless`). To the
    byte it stands in the snapshot, at the path.
    """

    how: How
    path: str | None = None
    original: list[str] | None = None


class Completeness(_Part, frozen=True):
    """Share of the applicable elements (of 13) that are present or derived, 0-1, and the state of each by number."""

    score: float
    elements: dict[str, ElementState]


class Offering(_Part, frozen=True):
    """One micro-credential. Field order is the order of the public document.

    `price`: of the offering as a whole; an instance without a price of its own carries it too.
    """

    offering_id: str
    feed: str
    source_id: str
    micro_credential: bool | Literal["unknown"] = "unknown"
    title: Texts = {}
    description: Texts = {}
    country: str | None = None
    region: str | None = None
    awarding_body: Organisation | None = None
    providers: list[Organisation] = []
    workload: Workload | None = None
    level: Level | None = None
    learning_outcomes: list[LearningOutcome] = []
    modes: list[str] = []
    prerequisites: Texts = {}
    assessment_types: list[str] = []
    assessment: Texts = {}
    supervision: str | None = None
    quality_assurance: list[QualityAssurance] = []
    grading_scheme: Texts = {}
    stackability: Stackability | None = None
    fields: list[str] = []
    languages: list[str] = []
    homepage: str | None = None
    image: str | None = None
    contact: Contact | None = None
    keywords: list[str] = []
    licence: str | None = None
    modified: str | None = None
    identifiers: dict[str, str] = {}
    price: list[Price] = []
    instances: list[Instance] = []
    council_conformant: bool = False
    elm_conformant: bool = False
    completeness: Completeness | None = None
    provenance: dict[str, Provenance] = {}


def offering_id(feed: str, source_id: str) -> str:
    """Return the catalogue's identifier for a source's item: readable, fit for a URL, the same on every run.

    It is the feed's name and 65 bits of a hash of the source's own identifier, so it never depends on the
    order of a file, the day, or what the record says. A feed that renames itself makes new offerings.
    """
    digest = hashlib.sha256(f"{feed}\n{source_id}".encode()).digest()
    return f"{feed}-{base64.b32encode(digest[:9]).decode().lower()[:13]}"


_encoder = msgspec.json.Encoder(order="deterministic")


def to_json(offering: Offering) -> bytes:
    """Return the public JSON document of an offering (UTF-8, keys of maps sorted, unknown values absent)."""
    return _encoder.encode(offering)


def from_json(document: bytes | str) -> Offering:
    """Read back a document that `to_json` wrote. Raises `msgspec.ValidationError` on any other shape."""
    return _decoder.decode(document)


def content_hash(offering: Offering) -> str:
    """Return 64 hex digits that change exactly when what the catalogue says of the offering changes.

    Provenance does not count: a record that moved inside its file has not changed.
    """
    return hash_of_content(content(offering))


def content(offering: Offering) -> bytes:
    """Return what the catalogue says of an offering, without provenance, as `content_hash` reads it."""
    return _encoder.encode(msgspec.structs.replace(offering, provenance={}))


def hash_of_content(encoded: bytes) -> str:
    """Return the `content_hash` of an offering of which `content` is at hand."""
    return hashlib.sha256(encoded).hexdigest()


_decoder = msgspec.json.Decoder(Offering)
