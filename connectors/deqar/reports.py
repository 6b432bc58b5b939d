"""Reports: the four shapes in which DEQAR tells one, and what differs between them.

The row of the list, the row under an institution, the programme under an institution (each with its report), and the
report's own record. ``degree_outcome`` is a truth value, the number 1 or 2, or an object; a missing file is null, or
the address of the request itself; ``local_identifier`` is an empty text where there is none; only the own record
has the agency's identifiers of programmes and the names of activities, only the others have the calculated end.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from connectors.deqar import agencies as agencies_room
from connectors.deqar.agencies import Agencies
from connectors.deqar.fields import Row
from connectors.deqar.merging import Gathering, Shape
from connectors.deqar.providers import Providers, read_mention, read_number
from standard.register import (
    DECISIONS,
    FLAGS,
    LEVELS,
    STATUSES,
    Activity,
    Programme,
    ProgrammeName,
    Report,
    ReportFile,
    ReportInstitution,
    ReportLink,
    Validity,
    programme_key,
    validity,
)

_SHARED = frozenset(
    {"report_id", "agency_id", "agency_acronym", "contributing_agencies", "local_identifier", "activities"}
    | {"decision", "status", "flag", "validity", "institutions", "programmes", "files", "links", "summary", "comment"}
)
_DATED = _SHARED | {"crossborder", "created", "updated"}
OWN = Shape("own record", 5, _SHARED | {"agency_name"}, frozenset({"crossborder"}))
LIST = Shape("list", 4, _DATED | {"agency_name", "other_provider_covered"})
UNDER = Shape("under an institution", 3, _DATED | {"other_provider_covered"})
PROGRAMME = Shape("programme under an institution", 2, _DATED, gathers=frozenset({"programmes", "institutions"}))

Reports = Gathering[Report]


def read_row(row: Row, into: Reports, agencies: Agencies, providers: Providers, *, shape: Shape) -> None:
    """Read a report's row of the list, of the list under an institution, or its own record."""
    _read(row, row, into, agencies, providers, shape)


def read_programme(row: Row, into: Reports, agencies: Agencies, providers: Providers) -> None:
    """Read a programme's row of the list under an institution: a report with this one programme."""
    report = row.inner("report")
    if report is None:
        row.notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, kind="programme")
        return
    _read(report, row, into, agencies, providers, PROGRAMME)


def _read(row: Row, outer: Row, into: Reports, agencies: Agencies, providers: Providers, shape: Shape) -> None:
    found = row.number("id")
    if found is None:
        row.notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, kind="report")
        return
    agency_id, name, acronym = _agency(row, agencies)
    programmes = [outer] if shape is PROGRAMME else list(row.rows("programmes"))
    report = Report(
        report_id=found,
        agency_id=agency_id,
        agency_name=name,
        agency_acronym=acronym,
        contributing_agencies=_contributing(row, agencies),
        local_identifier=row.text("local_identifier"),
        activities=_activities(row),
        decision=row.word("decision", DECISIONS, "decision"),
        status=row.word("status", STATUSES, "status"),
        flag=row.word("flag_level" if "flag_level" in row.data else "flag", FLAGS, "flag"),
        validity=_validity(row),
        institutions=_institutions(outer, providers),
        programmes=[_programme(one) for one in programmes],
        files=[_file(one) for one in row.rows("report_files")],
        links=_links(row),
        summary=row.text("summary"),
        comment=row.text("other_comment"),
        crossborder=row.flag("crossborder"),
        other_provider_covered=row.flag("other_provider_covered"),
        created=row.day("date_created") or row.day("created_at"),
        updated=row.day("date_updated") or row.day("updated_at"),
    )
    into.add(found, shape, report)


def with_own_keys(report: Report) -> Report:
    """Return the report with keys of programmes that differ: two that look the same are told apart by number."""
    seen: Counter[str] = Counter()
    programmes = []
    for one in report.programmes:
        seen[one.key] += 1
        again = f"{one.key}-{seen[one.key]}" if seen[one.key] > 1 else one.key
        programmes.append(msgspec.structs.replace(one, key=again))
    return report if len(seen) == len(programmes) else msgspec.structs.replace(report, programmes=programmes)


def _agency(row: Row, agencies: Agencies) -> tuple[int | None, str | None, str | None]:
    inner = row.inner("agency")
    found = inner.number("id") if inner else row.number("agency_id")
    acronym = inner.shared("acronym_primary") if inner else row.shared("agency_acronym")
    name = row.shared("agency_name")
    agencies_room.read_mention(agencies, found, name, acronym)
    return found, name, acronym


def _contributing(row: Row, agencies: Agencies) -> list[int]:
    """Read contributing agencies: ``id`` and ``acronym_primary``, or in the list ``agency_id`` and ``agency_acronym``
    with the agency's site as ``agency_url``."""
    found = []
    for one in row.rows("contributing_agencies"):
        listed = "agency_id" in one.data
        number = one.number("agency_id" if listed else "id")
        name, acronym = ("agency_name", "agency_acronym") if listed else ("name_primary", "acronym_primary")
        homepage = one.address("agency_url") if listed else None
        agencies_room.read_mention(agencies, number, one.text(name), one.text(acronym), homepage)
        if number is not None:
            found.append(number)
    return sorted(found)


def _activities(row: Row) -> list[Activity]:
    return [one for one in map(agencies_room.activity, row.rows("agency_esg_activities")) if one is not None]


def _validity(row: Row) -> Validity:
    """Return the dates; DEQAR's own calculation is checked against the rule, not taken over."""
    found = validity(row.day("valid_from"), row.day("valid_to"))
    published = row.day("valid_to_calculated")
    if published is not None and published != found.valid_to_calculated:
        own = str(found.valid_to_calculated or "unknown")
        row.notes.say("MC00-DEQAR-VALIDITY-DIFFERS", row.path, str(published), published=str(published), own=own)
    return found


def _institutions(row: Row, providers: Providers) -> list[ReportInstitution]:
    """Read providers and platforms: objects, or in a programme's row their ids alone."""
    found = []
    roles: tuple[tuple[str, Literal["provider", "platform"]], ...] = (
        ("institutions", "provider"),
        ("platforms", "platform"),
    )
    for name, role in roles:
        mentioned = [read_mention(one, providers) for one in row.rows(name)]
        for number in row.numbers(name):
            read_number(number, providers)
        ids = {one for one in (*mentioned, *row.numbers(name)) if one is not None}
        found += [ReportInstitution(one, role) for one in sorted(ids)]
    return found


def _programme(row: Row) -> Programme:
    names = [
        ProgrammeName(name, one.text("qualification"), primary=one.flag("name_is_primary") or False)
        for one in (*row.rows("names"), *row.rows("programme_names"))
        if (name := one.text("name"))
    ]
    name, level, ects = (
        row.text("name_primary"),
        row.word("qf_ehea_level", LEVELS, "level"),
        row.decimal("workload_ects"),
    )
    return Programme(
        key=programme_key(name, level, ects),
        name=name,
        names=names,
        level=level,
        nqf_level=row.shared("nqf_level"),
        ects=ects,
        full_degree=_full_degree(row),
        type=row.shared("programme_type"),
        assessment=row.shared("assessment_certification"),
        field=row.shared("field_study"),
        outcomes=[*row.texts("learning_outcomes"), *_esco(row)],
        outcome_text=row.text("learning_outcome_description"),
        identifiers=[value for one in row.rows("programme_identifiers") if (value := one.text("identifier"))],
        countries=row.texts("countries"),
        programme_id=row.number("id"),
    )


def _full_degree(row: Row) -> bool | None:
    """Return whether a programme leads to a full degree: true, 1, or ``{"id": 1}`` say yes; false, 2, id 2 say no."""
    outcome = row.inner("degree_outcome")
    told = outcome.data.get("id") if outcome else row.data.get("degree_outcome")
    if isinstance(told, bool):
        return told
    if told in (1, 2):
        return bool(told == 1)
    if told is not None:
        row.notes.unknown_word(f"{row.path}/degree_outcome", str(told), "degree outcome")
    return None


def _links(row: Row) -> list[ReportLink]:
    links = ((one.address("link"), one.text("link_display_name")) for one in row.rows("report_links"))
    return [ReportLink(url, name) for url, name in links if url]


def _esco(row: Row) -> list[str]:
    return [address for one in row.rows("learning_outcomes") if (address := one.address("learning_outcome_esco"))]


def _file(row: Row) -> ReportFile:
    """Return a file. In lists, an entry without a file carries the address of the request (a path of the API)."""
    url = row.address("file")
    if url is not None and urlsplit(url).path.startswith(("/webapi/", "/connectapi/")):
        url = None
    return ReportFile(row.text("file_display_name"), url, row.texts("languages"))
