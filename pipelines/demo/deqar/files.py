"""The nightly CSV files: with a byte order mark, all cells quoted, an institution once for each of its locations, a
report once for each of its institutions and programmes. Columns are those seen in use; the real files may have more."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from pipelines.demo.deqar.model import (
    ACTIVITY_TYPES,
    DECISIONS,
    HIGH_LEVEL,
    HISTORICAL,
    LEVELS,
    STATUSES,
    Institution,
    Programme,
    Report,
    World,
)

Line = dict[str, object]


def institutions(world: World, _: str) -> Iterator[Line]:
    """Yield the lines of the file of institutions."""
    about = _shown_reports(world)
    for one in world.institutions.values():
        reports = about.get(one.id, [])
        current = next((name for name in one.names if name.valid_to is None), None)
        line: Line = {
            "deqar_id": one.deqar_id,
            "deqar_url": f"https://data.deqar.eu/institution/{one.id}",
            "eter_id": one.eter_id or "",
            "identifiers_all": ", ".join(f"{held.resource}: {held.value}" for held in one.identifiers),
            "country": "",
            "city": "",
            "name_primary": one.name,
            "name_official": current.official if current else one.name,
            "name_versions": ", ".join(current.versions) if current else "",
            "website_link": one.website,
            "founding_date": one.founding_date or "",
            "closure_date": one.closure_date or "",
            "parent_institution": _parents(world, one),
            "historic_relationships": _history(world, one),
            "report_count": len(reports),
            "report_last": max((held.valid_from for held in reports), default=""),
        }
        seats = [{"country": world.countries[seat.country].name, "city": seat.city or ""} for seat in one.locations]
        for seat in seats or [{}]:
            yield {**line, **seat}


def _shown_reports(world: World) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = {}
    for held in world.reports.values():
        for number in held.institutions if held.flag != HIGH_LEVEL else []:
            found.setdefault(number, []).append(held)
    return found


def _parents(world: World, one: Institution) -> str:
    parents = [world.institutions[held.parent] for held in world.hierarchy if held.child == one.id]
    return ", ".join(f"{held.deqar_id} {held.name}" for held in parents)


def _history(world: World, one: Institution) -> str:
    told = []
    for held in world.history:
        if one.id in (held.source, held.target):
            other = world.institutions[held.target if held.source == one.id else held.source]
            word = HISTORICAL[held.type][0 if held.source == one.id else 1]
            told.append(f"{held.day}: {word} {other.deqar_id} {other.name}")
    return ", ".join(told)


def reports(world: World, base: str) -> Iterator[Line]:
    """Yield the lines of the file of reports."""
    for one in world.reports.values():
        if one.flag == HIGH_LEVEL:
            continue
        shared = _report(world, one, base)
        for number in one.institutions:
            institution = world.institutions[number]
            about = _about(world, institution)
            programmes: list[Programme | None] = [*one.programmes] or [None]
            for programme in programmes:
                yield {**shared, **about, **_programme(programme)}


def _report(world: World, one: Report, base: str) -> Line:
    activity = world.activities[one.activities[0]]
    group = world.groups[activity.group]
    return {
        "report_id": one.id,
        "report_local_identifier": one.local_identifier,
        "report_type": ACTIVITY_TYPES[group.type],
        "report_esg_activity_short": activity.name,
        "report_esg_activity_long": group.name,
        "report_agency": world.agencies[one.agency].acronym,
        "report_status": STATUSES[one.status],
        "report_decision": DECISIONS[one.decision],
        "report_valid_from": one.valid_from,
        "report_valid_to": one.valid_to or "",
        "report_files": ", ".join(f"{file.name} [{base}{file.path}]" for file in one.files if file.path),
        "report_url": f"https://data.deqar.eu/report/{one.id}",
    }


def _about(world: World, one: Institution) -> Line:
    parents = [world.institutions[held.parent].deqar_id for held in world.hierarchy if held.child == one.id]
    return {
        "hei_deqar_id": one.deqar_id,
        "hei_name": one.name,
        "parent_hei_deqar_id": ", ".join(parents),
        "country": world.countries[one.locations[0].country].name if one.locations else "",
    }


def _programme(one: Programme | None) -> Line:
    primary = next((name for name in one.names if name[3]), one.names[0] if one.names else None) if one else None
    return {
        "programme_name": one.name if one else "",
        "programme_qualification": primary[2] if primary else "",
        "programme_qf_ehea_level": LEVELS.get(one.level or 0, "") if one else "",
    }


def agencies(world: World, _: str) -> Iterator[Line]:
    """Yield the lines of the file of agencies."""
    for one in world.agencies.values():
        yield {
            "agency_id": one.id,
            "acronym_primary": one.acronym,
            "name_primary": one.name,
            "is_registered": one.registered,
            "registration_start": one.registration_start or "",
            "registration_valid_to": one.registration_valid_to or "",
            "register_entry": f"https://data.deqar.eu/agency/{one.id}",
            "deqar_reports_link": f"https://data.deqar.eu/agency/{one.id}",
        }


FILES: dict[str, tuple[Callable[[World, str], Iterator[Line]], str]] = {
    "deqar-institutions.csv": (
        institutions,
        "deqar_id deqar_url eter_id identifiers_all country city name_primary name_official name_versions website_link "
        "founding_date closure_date parent_institution historic_relationships report_count report_last",
    ),
    "deqar-reports.csv": (
        reports,
        "report_id report_local_identifier hei_deqar_id hei_name parent_hei_deqar_id country programme_name "
        "programme_qualification programme_qf_ehea_level report_type report_esg_activity_short "
        "report_esg_activity_long report_agency report_status report_decision report_valid_from report_valid_to "
        "report_files report_url",
    ),
    "deqar-agencies.csv": (
        agencies,
        "agency_id acronym_primary name_primary is_registered registration_start registration_valid_to register_entry "
        "deqar_reports_link",
    ),
}


def csv_file(name: str, world: World, base: str) -> bytes | None:
    """Return a nightly file, None where there is none of this name."""
    if name not in FILES:
        return None
    lines, columns = FILES[name]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns.split(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines(world, base))
    return text.getvalue().encode("utf-8-sig")
