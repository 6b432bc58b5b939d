"""What the stand-in knows, in the form of the real backend's tables, and the ways in which it changes."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec

PERMISSIONS = {1: "yes", 2: "no", 3: "partially / with conditions"}
DECISIONS = {1: "positive", 2: "positive with conditions or restrictions", 3: "negative", 4: "not applicable"}
STATUSES = {1: "part of obligatory EQA system", 2: "voluntary"}
ACTIVITY_TYPES = {1: "programme", 2: "institutional", 3: "joint programme", 4: "institutional/programme"}
DEGREE_OUTCOMES = {1: "Full degree", 2: "No full degree"}
ASSESSMENTS = {
    1: "Attendance certificate",
    2: "Assessment based certificate",
    3: "No assessment and no certificate",
}
LEVELS = {1: "short cycle", 2: "first cycle", 3: "second cycle", 4: "third cycle"}
ORGANISATION_TYPES = {
    1: "private company",
    2: "non governmental organisation",
    3: "public – private partnership",
    4: "public organisation",
    5: "other",
}
HISTORICAL = {
    2: ("succeeded", "succeeded by"),
    3: ("was absorbed by", "absorbed"),
    4: ("was spun off from", "spun off"),
}
"""What the source did to the target, and the same seen from the target."""
PLATFORM, ALLIANCE = "educational platform", "European Universities alliance"
HIGH_LEVEL = "high level"


class Country(msgspec.Struct, frozen=True):
    """A country or sub-system. `external`, `european_approach`: keys of `PERMISSIONS`."""

    id: int
    name: str
    alpha2: str
    alpha3: str | None = None
    ehea: bool = False
    member_since: str | None = None
    external: int = 2
    european_approach: int = 2


class Agency(msgspec.Struct, frozen=True):
    """An agency. `abroad`: countries in which its work counts as cross-border. `decisions`: on its registration."""

    id: int
    register_number: int
    name: str
    acronym: str
    country: int
    website: str = ""
    registered: bool = True
    registration_start: str | None = None
    registration_valid_to: str | None = None
    abroad: list[int] = []
    decisions: list[dict[str, Any]] = []


class Group(msgspec.Struct, frozen=True):
    """An activity as agencies share it. `type`: key of `ACTIVITY_TYPES`."""

    id: int
    name: str
    type: int


class Activity(msgspec.Struct, frozen=True):
    """An agency's activity."""

    id: int
    agency: int
    group: int
    name: str
    valid_from: str | None = "2010-01-01"
    valid_to: str | None = None


class Name(msgspec.Struct, frozen=True):
    """A name of an institution."""

    official: str
    english: str = ""
    acronym: str = ""
    transliterated: str = ""
    versions: list[str] = []
    valid_to: str | None = None


class Identifier(msgspec.Struct, frozen=True):
    """An identifier of an institution. `agency`: whose local identifier it is."""

    resource: str
    value: str
    agency: int | None = None
    valid_from: str | None = None
    valid_to: str | None = None


class Location(msgspec.Struct, frozen=True):
    """A seat."""

    country: int
    city: str | None = None
    lat: float | None = None
    long: float | None = None
    source: str = ""
    verified: bool = True
    valid_from: str | None = None
    valid_to: str | None = None


class InstitutionLevel(msgspec.Struct, frozen=True):
    """A level at which an institution works. `level`: key of `LEVELS`."""

    level: int
    source: str = ""
    valid_from: str | None = None
    valid_to: str | None = None


class Institution(msgspec.Struct, frozen=True):
    """An institution or other provider. `organisation_type`: key of `ORGANISATION_TYPES`."""

    id: int
    created: str
    deqar_id: str = ""
    name: str = ""
    sort_name: str = ""
    eter_id: str | None = None
    website: str = ""
    other_provider: bool = False
    organisation_type: int | None = None
    founding_date: str | None = None
    closure_date: str | None = None
    source_of_information: str | None = None
    names: list[Name] = []
    identifiers: list[Identifier] = []
    locations: list[Location] = []
    levels: list[InstitutionLevel] = []
    historical_data: list[dict[str, Any]] = []


class Hierarchy(msgspec.Struct, frozen=True):
    """`parent` includes `child`."""

    parent: int
    child: int
    type: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


class History(msgspec.Struct, frozen=True):
    """What the source did to the target. `type`: key of `HISTORICAL`."""

    source: int
    target: int
    type: int
    day: str


class Programme(msgspec.Struct, frozen=True):
    """A programme of a report. `names`: (id, name, qualification, is primary). `outcome`: key of `DEGREE_OUTCOMES`;
    `level`, `assessment`: keys too. `identifiers`: the agency's own."""

    id: int
    name: str
    names: list[tuple[int, str, str, bool]] = []
    identifiers: list[str] = []
    level: int | None = None
    nqf_level: str = ""
    outcome: int = 1
    ects: int | None = None
    assessment: int | None = None
    field: str | None = None
    outcomes: list[str] = []
    outcome_text: str | None = None
    countries: list[int] = []


class File(msgspec.Struct, frozen=True):
    """A file of a report. `path`: empty where the entry has no file."""

    id: int
    path: str = ""
    name: str = ""
    languages: list[str] = []


class Report(msgspec.Struct, frozen=True):
    """A report. `status`, `decision`: keys of the words above. `links`: (name, address)."""

    id: int
    agency: int
    activities: list[int]
    status: int
    decision: int
    valid_from: str
    institutions: list[int]
    valid_to: str | None = None
    platforms: list[int] = []
    contributing: list[int] = []
    local_identifier: str = ""
    flag: str = "none"
    programmes: list[Programme] = []
    files: list[File] = []
    links: list[tuple[str, str]] = []
    summary: str | None = None
    comment: str | None = None
    created: str = "2024-12-02"
    updated: str = "2025-03-26"


class _Tables(msgspec.Struct):
    """All tables as lists, as files and tests give them."""

    countries: list[Country]
    agencies: list[Agency]
    groups: list[Group]
    activities: list[Activity]
    institutions: list[Institution]
    reports: list[Report]
    hierarchy: list[Hierarchy] = []
    history: list[History] = []
    resources: dict[str, dict[str, str | None]] = {}


class World:
    """Everything the stand-in knows. `now` is its clock. After a change the search index follows at once, unless
    `lagging` is set: then it stays behind until `reindex`."""

    def __init__(self, tables: _Tables, now: Callable[[], datetime]) -> None:
        self.now = now
        self.lagging = False
        self.edition = 0
        self.countries = {one.id: one for one in tables.countries}
        self.agencies = {one.id: one for one in tables.agencies}
        self.groups = {one.id: one for one in tables.groups}
        self.activities = {one.id: one for one in tables.activities}
        self.institutions = {one.id: one for one in tables.institutions}
        self.reports = {one.id: one for one in tables.reports}
        self.hierarchy = list(tables.hierarchy)
        self.history = list(tables.history)
        self.resources = dict(tables.resources)
        self.changed_at = now()
        highest = max((p.id for r in tables.reports for p in r.programmes), default=0)
        self._programme_ids = itertools.count(highest + 1)

    @property
    def today(self) -> date:
        """The day on the stand-in's clock (UTC)."""
        return self.now().astimezone(UTC).date()

    def reindex(self) -> None:
        """Let the search index catch up."""
        self.edition += 1

    # -- the ways in which reports change ----------------------------------------------------------------------------

    def add(self, report: Report) -> None:
        """Add a report, or put it in the place of the one with its number."""
        self.reports[report.id] = report
        self._touch()

    def update_by_api(self, report_id: int, **changes: Any) -> None:
        """Change a report as an agency's upload does: the date of update moves, programmes get new ids."""
        report = msgspec.structs.replace(self.reports[report_id], updated=self.today.isoformat(), **changes)
        renewed = [msgspec.structs.replace(one, id=next(self._programme_ids)) for one in report.programmes]
        self.add(msgspec.structs.replace(report, programmes=renewed))

    def edit_in_form(self, report_id: int, **changes: Any) -> None:
        """Change a report as the web form does: the date of update does not move."""
        self.add(msgspec.structs.replace(self.reports[report_id], **changes))

    def request_deletion(self, report_id: int) -> None:
        """Flag a report: it leaves the lists, its own record still answers."""
        self.edit_in_form(report_id, flag=HIGH_LEVEL)

    def delete(self, report_id: int) -> None:
        """Delete a report."""
        del self.reports[report_id]
        self._touch()

    def _touch(self) -> None:
        self.changed_at = self.now()
        if not self.lagging:
            self.reindex()


def world_of(tables: dict[str, Any], now: Callable[[], datetime] | None = None) -> World:
    """Return a world from its tables as plain data (see the classes here for their fields)."""
    return World(msgspec.convert(tables, _Tables, strict=False), now or (lambda: datetime.now(UTC)))


def seconds(day: str | None) -> int | None:
    """Return a day as the search index keeps it: Unix seconds at midnight."""
    return None if day is None else calendar.timegm(date.fromisoformat(day).timetuple())


def last_day(report: Report) -> str:
    """Return the calculated end of a report: six years where none is given, 29 February becoming 1 March."""
    if report.valid_to is not None:
        return report.valid_to
    begin = date.fromisoformat(report.valid_from)
    if (begin.month, begin.day) == (2, 29):
        return date(begin.year + 6, 3, 1).isoformat()
    return begin.replace(year=begin.year + 6).isoformat()


def programme_type(programme: Programme) -> str:
    """Return the computed type. Raises `TypeError` where a programme without a full degree has no workload, as the
    real backend does (and then answers 500)."""
    if programme.outcome == 1:
        return "Full recognised degree programme"
    if programme.ects is None:
        raise TypeError("'<' not supported between instances of 'NoneType' and 'int'")
    return "Micro-credential" if programme.ects < 60 else "Other provision"
