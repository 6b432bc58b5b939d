"""From kept documents to the register: no network, and whatever the order of the documents.

Every document of a snapshot is read; a document that is not what its role says makes the whole unreadable, because a
register with a hole in it would let evidence vanish. A record that cannot be read, a word that we do not know, a
date that is none: each is an observation, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from connectors.deqar import agencies as agencies_room
from connectors.deqar import csv_files, providers, reports
from connectors.deqar.agencies import Agencies
from connectors.deqar.fields import Notes, Row
from connectors.deqar.merging import Gathering
from connectors.deqar.providers import Providers
from connectors.deqar.reports import Reports
from connectors.deqar.routes import ROLES, role_of
from connectors.documents import Document
from connectors.reading import NotReadable
from standard.observation import Observation
from standard.register import Agency, RegisterProvider, Report, fingerprint


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """The register as one snapshot tells it.

    `agencies`, `providers`, `reports`: each entity once, by ascending id. Among the providers are those that others
    only mention (`stubs`): known by id and name, perhaps without anything else. `observations`: what there is to say.
    """

    agencies: list[Agency]
    providers: list[RegisterProvider]
    reports: list[Report]
    stubs: frozenset[int] = frozenset()
    observations: list[Observation] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """32 hex digits that change when, and only when, something in the register changes."""
        return fingerprint([*self.agencies, *self.providers, *self.reports])


@dataclass(slots=True)
class _Desk:
    """Where the documents are sorted onto."""

    notes: Notes = field(default_factory=Notes)
    agencies: Agencies = field(default_factory=Gathering)
    providers: Providers = field(default_factory=Gathering)
    reports: Reports = field(default_factory=Gathering)


def read_register(documents: Iterable[Document]) -> RegisterReading:
    """Return the register out of the documents of a snapshot (or of files on disk: their address tells the role).

    Raises `NotReadable` for a document that is not what its role says.
    """
    desk = _Desk()
    for document in documents:
        _read(document, desk)
    return _concluded(desk)


def _read(document: Document, desk: _Desk) -> None:
    role = document.role if document.role in ROLES else role_of(document.url)
    if role in _FILES:
        _FILES[role](document, desk)
    elif role in _LISTS:
        for row in _rows(document, desk.notes):
            _LISTS[role](row, desk)
    elif role in _RECORDS:
        _RECORDS[role](_record(document, desk.notes), desk)
    elif role not in _NOT_READ:
        raise _not_readable(document, "nothing of DEQAR that is known here")


_FILES: dict[str | None, Callable[[Document, _Desk], None]] = {
    "csv-agencies": lambda document, desk: csv_files.read_agencies(document, desk.agencies, desk.notes),
    "csv-institutions": lambda document, desk: csv_files.read_institutions(document, desk.providers, desk.notes),
    "csv-reports": lambda document, desk: csv_files.read_reports(document, desk.reports, desk.providers, desk.notes),
}
_LISTS: dict[str | None, Callable[[Row, _Desk], None]] = {
    "connect-providers": lambda row, desk: providers.read_listed(row, desk.providers, web=False),
    "web-institutions": lambda row, desk: providers.read_listed(row, desk.providers, web=True),
    "web-reports": lambda row, desk: _report(row, desk, reports.LIST),
    "institutional-reports": lambda row, desk: _report(row, desk, reports.UNDER),
    "programmes": lambda row, desk: reports.read_programme(row, desk.reports, desk.agencies, desk.providers),
    "web-agencies": lambda row, desk: agencies_room.read_listed(row, desk.agencies),
}
_RECORDS: dict[str | None, Callable[[Row, _Desk], None]] = {
    "provider": lambda row, desk: providers.read_own(row, desk.providers),
    "report": lambda row, desk: _report(row, desk, reports.OWN),
}
_NOT_READ = frozenset({"countries", "country", "resources", "activities", "activity-groups", "agency-decisions"})
"""Documents that are no part of the register: countries are kept for the numbers they were looked up by."""


def _report(row: Row, desk: _Desk, shape: Any) -> None:
    reports.read_row(row, desk.reports, desk.agencies, desk.providers, shape=shape)


def _rows(document: Document, notes: Notes) -> Iterable[Row]:
    page = _decoded(document)
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise _not_readable(document, "no list of DEQAR")
    for number, one in enumerate(page["results"]):
        if isinstance(one, dict):
            yield Row(one, f"{document.name}#/results/{number}", notes)
        else:
            notes.say("MC00-DEQAR-RECORD-UNREADABLE", f"{document.name}#/results/{number}", kind="row")


def _record(document: Document, notes: Notes) -> Row:
    record = _decoded(document)
    if not isinstance(record, dict) or "id" not in record:
        raise _not_readable(document, "no record of DEQAR")
    return Row(record, f"{document.name}#", notes)


def _decoded(document: Document) -> Any:
    try:
        return msgspec.json.decode(document.read())
    except msgspec.DecodeError:
        raise _not_readable(document, "no JSON") from None


def _not_readable(document: Document, what: str) -> NotReadable:
    facts = {"document": document.name, "what": what}
    return NotReadable(Observation("MC00-DEQAR-DOCUMENT-UNREADABLE", document.url or document.name, facts=facts))


def _concluded(desk: _Desk) -> RegisterReading:
    agencies = [one for _, one in desk.agencies.merged()]
    stubs = desk.providers.only(providers.MENTION)
    found = [one for _, one in desk.providers.merged()]
    by_acronym = {name.casefold(): one for one in agencies for name in (one.name, one.acronym) if name}
    told = [reports.with_own_keys(csv_files.with_agency(one, by_acronym)) for _, one in desk.reports.merged()]
    ids = {one.provider_id for one in found}
    for report in told:
        _check(report, ids, desk.notes)
    return RegisterReading(agencies, found, told, stubs, desk.notes.observations)


def _check(report: Report, providers_known: set[int], notes: Notes) -> None:
    """Note a report that hangs in the air: without an agency, or without a provider that is known."""
    if report.agency_id is None:
        notes.say("MC00-DEQAR-REPORT-WITHOUT-AGENCY", report.url, report.agency_acronym, report=str(report.report_id))
    if not any(one.role == "provider" and one.provider_id in providers_known for one in report.institutions):
        notes.say("MC00-DEQAR-REPORT-WITHOUT-PROVIDER", report.url, report=str(report.report_id))
