"""The nightly CSV files: everything, for everybody, with fewer fields.

UTF-8 with a byte order mark. An institution is repeated once for each of its locations; a report once for each of its
institutions and programmes. Several things stand in one cell: ``SCHAC: example.org, ROR: https://ror.org/...``,
``DEQARINST0015 Name, DEQARINST0016 Name``, ``2004-07-01: spun off DEQARINST0014 Name``, and addresses of files in
brackets. Columns are found by name; a file without its key columns is not read as an empty one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import msgspec

from connectors.deqar import agencies as agencies_room
from connectors.deqar.agencies import Agencies
from connectors.deqar.fields import Notes, Row
from connectors.deqar.merging import Shape
from connectors.deqar.providers import Providers, country_of, homepage, identifier, read_number, spoken_history
from connectors.deqar.reports import Reports
from connectors.documents import Document
from connectors.reading import NotReadable
from standard.observation import Observation
from standard.register import (
    ACTIVITY_TYPES,
    DECISIONS,
    HISTORICAL,
    LEVELS,
    STATUSES,
    Activity,
    Agency,
    HierarchicalRelationship,
    HistoricalRelationship,
    NameVersion,
    Programme,
    ProgrammeName,
    ProviderIdentifier,
    ProviderLocation,
    ProviderName,
    RegisterProvider,
    Report,
    ReportFile,
    ReportInstitution,
    programme_key,
    provider_id_of,
    validity,
)

_PROVIDER = Shape(
    "CSV file",
    1,
    frozenset({"provider_id", "deqar_id", "name", "names", "eter_id", "identifiers", "locations", "homepage"})
    | {"founding_date", "closure_date", "hierarchical", "historical", "has_report"},
    gathers=frozenset({"locations", "hierarchical", "historical", "identifiers"}),
)
_REPORT = Shape(
    "CSV file",
    1,
    frozenset({"report_id", "agency_id", "agency_name", "agency_acronym", "local_identifier", "activities"})
    | {"decision", "status", "validity", "institutions", "programmes", "files"},
    gathers=frozenset({"institutions", "programmes", "activities"}),
)
_IDENTIFIER = re.compile(r"(?:^|,\s*)([^:,]+):\s+(.*?)(?=,\s*[^:,]+:\s|$)")
_PROVIDER_ID = re.compile(r"DEQARINST(?:AP)?\d+")
_HISTORY = re.compile(r"(\d{4}-\d{2}-\d{2}):\s*(.+?)\s+(DEQARINST(?:AP)?\d+)")
_ADDRESS = re.compile(r"[\[(<](https?://[^\])>\s]+)[\])>]")


def rows(document: Document, key: str, notes: Notes) -> Iterator[Row]:
    """Yield the lines of a file. `key`: the column without which it is not the file we know. Raises `NotReadable`."""
    with document.open() as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        lines = csv.DictReader(text)
        if key not in (lines.fieldnames or []):
            facts = {"column": key, "columns": ", ".join(lines.fieldnames or [])[:200]}
            raise NotReadable(Observation("MC00-DEQAR-COLUMN-MISSING", document.name, facts=facts))
        for line in lines:
            yield Row(dict(line), f"{document.name}#line={lines.line_num}", notes)


def read_agencies(document: Document, agencies: Agencies, notes: Notes) -> None:
    """Read the file of agencies. Raises `NotReadable`."""
    for row in rows(document, "agency_id", notes):
        found = row.number("agency_id")
        if found is None:
            notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, kind="agency")
            continue
        agency = Agency(
            agency_id=found,
            name=row.text("name_primary"),
            acronym=row.text("acronym_primary"),
            registered=row.flag("is_registered"),
            registration_start=row.day("registration_start"),
            registration_valid_to=row.day("registration_valid_to"),
        )
        agencies.add(found, agencies_room.CSV, agency)


def read_institutions(document: Document, providers: Providers, notes: Notes) -> None:
    """Read the file of institutions. Raises `NotReadable`."""
    for row in rows(document, "deqar_id", notes):
        deqar_id = row.text("deqar_id") or ""
        found = provider_id_of(deqar_id)
        if found is None:
            notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, deqar_id, kind="provider")
            continue
        official, versions = row.text("name_official"), _parts(row, "name_versions")
        provider = RegisterProvider(
            provider_id=found,
            deqar_id=deqar_id,
            name=row.text("name_primary"),
            names=[ProviderName(official, versions=[NameVersion(one) for one in versions])] if official else [],
            eter_id=row.text("eter_id"),
            identifiers=_identifiers(row),
            locations=_locations(row),
            homepage=homepage(row),
            founding_date=row.day("founding_date"),
            closure_date=row.day("closure_date"),
            hierarchical=_parents(row, found),
            historical=_history(row, found),
            has_report=_any_report(row),
        )
        providers.add(found, _PROVIDER, provider)


def read_reports(document: Document, reports: Reports, providers: Providers, notes: Notes) -> None:
    """Read the file of reports; its lines are put together report by report. Raises `NotReadable`."""
    for row in rows(document, "report_id", notes):
        found = row.number("report_id")
        if found is None:
            notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, row.text("report_id"), kind="report")
            continue
        provider = provider_id_of(row.text("hei_deqar_id") or "")
        if provider is not None:
            read_number(provider, providers, row.text("hei_name"), row.text("hei_deqar_id"))
        report = Report(
            report_id=found,
            agency_acronym=row.text("report_agency"),
            local_identifier=row.text("report_local_identifier"),
            activities=_activities(row),
            decision=row.word("report_decision", DECISIONS, "decision"),
            status=row.word("report_status", STATUSES, "status"),
            validity=validity(row.day("report_valid_from"), row.day("report_valid_to")),
            institutions=[] if provider is None else [ReportInstitution(provider)],
            programmes=_programmes(row),
            files=[ReportFile(url=url) for url in _ADDRESS.findall(row.as_published("report_files") or "")],
        )
        reports.add(found, _REPORT, report)


def with_agency(report: Report, by_acronym: dict[str, Agency]) -> Report:
    """Return the report with the number of its agency, where a CSV file gave the acronym (or the name) alone."""
    if report.agency_id is not None or report.agency_acronym is None:
        return report
    agency = by_acronym.get(report.agency_acronym.casefold())
    if agency is None:
        return report
    return msgspec.structs.replace(
        report, agency_id=agency.agency_id, agency_name=agency.name, agency_acronym=agency.acronym
    )


def _parts(row: Row, name: str) -> list[str]:
    return [part.strip() for part in (row.text(name) or "").split(",") if part.strip()]


def _identifiers(row: Row) -> list[ProviderIdentifier]:
    text = row.text("identifiers_all") or ""
    return [
        identifier(row, resource.strip(), value.strip())
        for resource, value in _IDENTIFIER.findall(text)
        if value.strip()
    ]


def _locations(row: Row) -> list[ProviderLocation]:
    name, city = row.text("country"), row.text("city")
    if name is None and city is None:
        return []  # an alliance
    code = country_of(name)
    if name is not None and code is None:
        row.notes.unknown_word(f"{row.path}/country", name, "country")
    return [ProviderLocation(country=code, country_name=name, city=city)]


def _parents(row: Row, child: int) -> list[HierarchicalRelationship]:
    ids = (provider_id_of(one) for one in _PROVIDER_ID.findall(row.text("parent_institution") or ""))
    return [HierarchicalRelationship(one, child) for one in ids if one is not None]


def _history(row: Row, asked: int) -> list[HistoricalRelationship]:
    found = []
    for day, word, deqar_id in _HISTORY.findall(row.text("historic_relationships") or ""):
        other = provider_id_of(deqar_id)
        if word not in HISTORICAL and word not in HISTORICAL.values():
            row.notes.unknown_word(f"{row.path}/historic_relationships", word, "history")
        if other is not None:
            source, kind, target = spoken_history(asked, word, other)
            found.append(HistoricalRelationship(source, kind, target, date.fromisoformat(day)))
    return found


def _any_report(row: Row) -> bool | None:
    count = row.number("report_count")
    return None if count is None else count > 0


def _activities(row: Row) -> list[Activity]:
    """Return the activity; the file has no number for it, so it stands under 0."""
    kind = row.word("report_type", ACTIVITY_TYPES, "activity type")
    name = row.text("report_esg_activity_long") or row.text("report_esg_activity_short")
    return [Activity(0, kind, name)] if kind or name else []


def _programmes(row: Row) -> list[Programme]:
    name, qualification = row.text("programme_name"), row.text("programme_qualification")
    if name is None:
        return []
    level = row.word("programme_qf_ehea_level", LEVELS, "level")
    names = [ProgrammeName(name, qualification, primary=True)]
    return [Programme(programme_key(name, level, None, qualification), name, names, level)]
