"""From kept documents to the register: no network, whatever the order of the documents, and in bounded memory.

Every document of a snapshot is read; a document that is not what its role says makes the whole unreadable, because a
register with a hole in it would let evidence vanish. A record that cannot be read, a word that we do not know, a
date that is none: each is an observation, and the rest goes on.

Memory holds one page and one entity at a time; everything else waits in a temporary file (`connectors.deqar.spill`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from connectors.deqar.spill import Spill
from connectors.documents import Document
from connectors.reading import NotReadable
from standard.observation import Observation
from standard.register import Agency, Entity, RegisterProvider, Report, fingerprint


@dataclass(frozen=True)
class RegisterReading:
    """The register as one snapshot tells it.

    `agencies`, `providers`, `reports`: each entity once, by ascending id; providers and reports lie in a temporary file
    and are read again each time they are gone through. Among the providers are those that others only mention
    (`stubs`): known by id and name, perhaps without anything else. `observations`: what there is to say, of each code
    the first cases; `noticed`: how often each code was met.
    """

    agencies: Sequence[Agency]
    providers: Sequence[RegisterProvider]
    reports: Sequence[Report]
    stubs: frozenset[int] = frozenset()
    observations: list[Observation] = field(default_factory=list)
    noticed: dict[str, int] = field(default_factory=dict)

    def entities(self) -> Iterator[Entity]:
        """Yield everything: agencies, providers, reports."""
        yield from self.agencies
        yield from self.providers
        yield from self.reports

    @property
    def fingerprint(self) -> str:
        """32 hex digits that change when, and only when, something in the register changes."""
        return fingerprint(self.entities())


class _Desk:
    """Where the documents are sorted onto."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.spill = Spill()
        self.agencies: Agencies = Gathering(Agency, self.spill)
        self.providers: Providers = Gathering(RegisterProvider, self.spill)
        self.reports: Reports = Gathering(Report, self.spill)


class _ListPage(msgspec.Struct):
    """A page of a list, each of its rows still as it came, so that a large page takes hardly more than its bytes."""

    results: list[msgspec.Raw]


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


def _rows(document: Document, notes: Notes) -> Iterator[Row]:
    for number, raw in enumerate(_page(document).results):
        one, path = msgspec.json.decode(raw), f"{document.name}#/results/{number}"
        if isinstance(one, dict):
            yield Row(one, path, notes)
        else:
            notes.say("MC00-DEQAR-RECORD-UNREADABLE", path, kind="row")


def _page(document: Document) -> _ListPage:
    try:
        return msgspec.json.decode(document.read(), type=_ListPage)
    except msgspec.ValidationError:
        raise _not_readable(document, "no list of DEQAR") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _not_readable(document, "no JSON") from None


def _record(document: Document, notes: Notes) -> Row:
    record = _decoded(document)
    if not isinstance(record, dict) or "id" not in record:
        raise _not_readable(document, "no record of DEQAR")
    return Row(record, f"{document.name}#", notes)


def _decoded(document: Document) -> Any:
    try:
        return msgspec.json.decode(document.read())
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _not_readable(document, "no JSON") from None


def _not_readable(document: Document, what: str) -> NotReadable:
    facts = {"document": document.name, "what": what}
    return NotReadable(Observation("MC00-DEQAR-DOCUMENT-UNREADABLE", document.url or document.name, facts=facts))


def _concluded(desk: _Desk) -> RegisterReading:
    agencies = [one for _, one, _mention in desk.agencies.merged()]
    found, reports_kept = desk.spill.kept(RegisterProvider), desk.spill.kept(Report)
    stubs, ids = set(), set()
    for number, provider, mention in desk.providers.merged():
        found.add(provider)
        ids.add(number)
        if mention:
            stubs.add(number)
    by_acronym = {name.casefold(): one for one in agencies for name in (one.name, one.acronym) if name}
    for _, told, _mention in desk.reports.merged():
        report = reports.with_own_keys(csv_files.with_agency(told, by_acronym))
        _check(report, ids, desk.notes)
        reports_kept.add(report)
    notes = desk.notes
    return RegisterReading(agencies, found, reports_kept, frozenset(stubs), notes.observations, dict(notes.counted))


def _check(report: Report, providers_known: set[int], notes: Notes) -> None:
    """Note a report that hangs in the air: without an agency, or without a provider that is known."""
    if report.agency_id is None:
        notes.say("MC00-DEQAR-REPORT-WITHOUT-AGENCY", report.url, report.agency_acronym, report=str(report.report_id))
    if not any(one.role == "provider" and one.provider_id in providers_known for one in report.institutions):
        notes.say("MC00-DEQAR-REPORT-WITHOUT-PROVIDER", report.url, report=str(report.report_id))
