"""The shapes of trust: what is known of an organisation goes in (`Dossier`), a statement with its evidence comes out.

The rules that lead from one to the other stand in `standard.trust`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from standard.register import Agency, Report

TrustStatus = Literal[
    "programme_report",
    "institution_covered",
    "covered_through_relation",
    "national_register",
    "listed_no_valid_report",
    "negative_report",
    "not_listed",
    "not_checkable",
]
COVERED: tuple[TrustStatus, ...] = (
    "programme_report",
    "institution_covered",
    "covered_through_relation",
    "national_register",
)
"""The statuses that say that evidence stands behind an offering, the strongest first."""

Standing = Literal["linked", "proposed", "unlisted", "elsewhere", "no_register", "nobody"]
"""Whether an organisation was found in the register. ``proposed``: perhaps, a maintainer must say; ``elsewhere``: its
country is not in the register's part that we have; ``nobody``: the offering names none."""

Weight = Literal[
    "counts",
    "negative",
    "decision_unknown",
    "no_decision",
    "expired",
    "not_begun",
    "beginning_unknown",
    "flagged",
    "agency_not_registered",
    "agency_unknown",
    "provider_closed",
]
"""What a report weighs on a day: ``counts``, or the first reason why it does not."""


class Relation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How another provider's reports come to be looked at. `kind`: its part, its alliance, or its predecessor; `type`:
    DEQAR's word for it; `provider_id`: the other provider; `until`: last day on which the relation holds."""

    kind: Literal["part", "alliance", "predecessor"]
    provider_id: int
    type: str | None = None
    name: str | None = None
    since: date | None = None
    until: date | None = None


class ProgrammeMatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a programme in a report is this offering. `method`: identifier, name or confirmed. `score`: 0-100."""

    key: str
    name: str | None
    method: str
    score: float
    reasons: list[str] = []


class Sighting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A report as it is seen from a provider. `agency`: None where the register does not have it. `relation`: None for
    its own reports. `hosted`: the provider only hosts. `closed`: when the provider the report is about closed.
    `programme`: set where the report names this offering for certain."""

    report: Report
    agency: Agency | None = None
    relation: Relation | None = None
    hosted: bool = False
    closed: date | None = None
    programme: ProgrammeMatch | None = None


class NationalEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of the national register of further trusted issuers, for this provider and offering."""

    entry_id: str
    decision: str
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: str | None = None
    scope: str = "all offerings"
    authority: str | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the entry is valid on `day`: both ends included, an open end goes on."""
        return (
            self.valid_from is not None and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )


class Dossier(msgspec.Struct, frozen=True):
    """All that is known of one organisation in one offering. `listed_as`: DEQAR id and name; `link`: how it was found
    there (method and evidence, in words); `because`: why it could not be found, for `standing` other than linked."""

    standing: Standing
    listed_as: str | None = None
    link: list[str] = []
    because: str | None = None
    sightings: Sequence[Sighting] = ()
    national: Sequence[NationalEntry] = ()


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One report (or national entry) in a statement, with what it weighs. Dates are ISO days. `valid_until`: the last
    day it counts; `open_end`: that day was calculated. `agency_registered`: on EQAR on the first day of validity."""

    source: Literal["deqar", "national_register"]
    weight: Weight
    decides: bool = False
    report_id: int | None = None
    url: str | None = None
    agency: str | None = None
    agency_registered: bool | None = None
    activity_types: list[str] = []
    decision: str | None = None
    obligation: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    open_end: bool = False
    relation: Relation | None = None
    programme: ProgrammeMatch | None = None
    scope: str | None = None
    links: list[str] = []


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands behind an offering on a day, as far as one organisation goes.

    `covered_until`: last day on which the status holds by what is known now (None: open, or not covered). `evidence`:
    what decides first, at most `MOST_EVIDENCE`; `seen`: of how many.
    """

    status: TrustStatus
    listed_as: str | None = None
    link: list[str] = []
    because: str | None = None
    covered_until: date | None = None
    evidence: list[Evidence] = []
    seen: int = 0

    @property
    def deciding(self) -> Evidence | None:
        """The report or entry that the status rests on."""
        return next((one for one in self.evidence if one.decides), None)
