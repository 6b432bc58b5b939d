"""The documents of the stand-in's search engine: institutions, reports, programmes. All dates are Unix seconds."""

from __future__ import annotations

from typing import Any

from pipelines.demo.deqar.model import (
    ACTIVITY_TYPES,
    ALLIANCE,
    ASSESSMENTS,
    DECISIONS,
    LEVELS,
    ORGANISATION_TYPES,
    PLATFORM,
    STATUSES,
    Institution,
    Programme,
    Report,
    World,
    last_day,
    programme_type,
    seconds,
)

Doc = dict[str, Any]


class Index:
    """The documents as they were when the index was last brought up to date. `searches`: what was found in them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._edition: int | None = None
        self.searches: dict[Any, tuple[list[Doc], dict[str, list[Any]]]] = {}
        self._institutions: list[Doc] = []
        self._reports: list[Doc] = []
        self._programmes: list[Doc] = []

    @property
    def institutions(self) -> list[Doc]:
        """Documents of all institutions and other providers."""
        self._refresh()
        return self._institutions

    @property
    def reports(self) -> list[Doc]:
        """Documents of all reports, flagged ones too."""
        self._refresh()
        return self._reports

    @property
    def programmes(self) -> list[Doc]:
        """Documents of all programmes, each with its report."""
        self._refresh()
        return self._programmes

    def _refresh(self) -> None:
        if self._edition == self._world.edition:
            return
        self._edition = self._world.edition
        self.searches.clear()
        evidence = _evidence(self._world)
        ordered = sorted(self._world.institutions.values(), key=_alphabetical)
        places = {one.id: number for number, one in enumerate(ordered)}
        hosts = {number for report in self._world.reports.values() for number in report.platforms}
        self._institutions = [
            _institution(self._world, one, evidence.get(one.id, []), hosting=one.id in hosts)
            for one in self._world.institutions.values()
        ]
        indexed = [one for one in self._world.reports.values() if _can_be_indexed(one)]
        self._reports = [_report(self._world, one, places) for one in indexed]
        pairs = zip(indexed, self._reports, strict=True)
        self._programmes = [
            _programme_row(one, doc, number) for one, doc in pairs for number in range(len(one.programmes))
        ]


def _alphabetical(institution: Institution) -> tuple[str, int]:
    return (institution.sort_name or institution.name).casefold(), institution.id


def _can_be_indexed(report: Report) -> bool:
    """A programme whose type cannot be computed keeps its report out of the index."""
    return all(one.outcome == 1 or one.ects is not None for one in report.programmes)


def _evidence(world: World) -> dict[int, list[Report]]:
    """Return the reports about each institution, as provider."""
    found: dict[int, list[Report]] = {}
    for report in world.reports.values():
        for one in report.institutions:
            found.setdefault(one, []).append(report)
    return found


def is_crossborder(world: World, report: Report) -> bool:
    """Return whether the agency works across a border in a seat of one of the report's institutions."""
    abroad = set(world.agencies[report.agency].abroad)
    seats = {place.country for one in report.institutions for place in world.institutions[one].locations}
    return bool(abroad & seats)


def ordered_activities(world: World, report: Report) -> list[int]:
    """Return a report's activities in the backend's order: by agency, then by name."""
    return sorted(report.activities, key=lambda one: _activity_place(world, one))


def _activity_place(world: World, number: int) -> tuple[str, str]:
    activity = world.activities[number]
    return world.agencies[activity.agency].acronym, activity.name


# -- institutions ------------------------------------------------------------------------------------------------------


def _institution(world: World, one: Institution, reports: list[Report], *, hosting: bool) -> Doc:
    return {
        "id": one.id,
        "deqar_id": one.deqar_id,
        "eter_id": one.eter_id,
        "identifiers": identifiers(world, one),
        "is_other_provider": one.other_provider,
        "organization_type": organisation_type(one),
        "name_sort": one.sort_name or one.name,
        "name_primary": one.name,
        "names": names(one),
        "website_link": one.website,
        "founding_date": seconds(one.founding_date),
        "closure_date": seconds(one.closure_date),
        "locations": [_seat(world, one, number, everything=True) for number in range(len(one.locations))],
        "part_of": _related(world, one.id, up=True),
        "includes": _related(world, one.id, up=False),
        "qf_ehea_levels": [LEVELS[level] for level in sorted({held.level for held in one.levels})],
        "has_report": bool(reports) or hosting,
        **_review(world, reports),
        "created_at": seconds(one.created),
    }


def _review(world: World, reports: list[Report]) -> Doc:
    agencies = {number for report in reports for number in (report.agency, *report.contributing)}
    groups = {world.activities[number].group for report in reports for number in report.activities}
    acronyms = sorted((world.agencies[number].acronym, number) for number in agencies)
    return {
        "agencies": [{"id": number, "acronym_primary": acronym} for acronym, number in acronyms],
        "status": sorted({STATUSES[report.status] for report in reports}),
        "activity_types": sorted({ACTIVITY_TYPES[world.groups[group].type] for group in groups}),
        "activity_groups": sorted(groups),
        "crossborder": any(is_crossborder(world, report) for report in reports),
    }


def identifiers(world: World, one: Institution) -> list[Doc]:
    """Return the identifiers of an institution as lists show them: those of everybody first."""
    return [
        {
            "identifier": held.value,
            "agency": None if held.agency is None else _agency(world, held.agency),
            "resource": held.resource,
        }
        for held in sorted(one.identifiers, key=lambda held: (held.agency is not None, held.agency or 0, held.resource))
    ]


def names(one: Institution) -> list[Doc]:
    """Return the names of an institution as lists show them."""
    return [
        {
            "name_official": held.official,
            "name_official_transliterated": held.transliterated,
            "name_english": held.english,
            "name_versions": [{"name": text, "transliteration": ""} for text in held.versions],
            "acronym": held.acronym,
            "name_valid_to": held.valid_to,
        }
        for held in one.names
    ]


def organisation_type(one: Institution) -> Doc | None:
    """Return the type of an other provider, with its number."""
    return (
        None
        if one.organisation_type is None
        else {"id": one.organisation_type, "type": ORGANISATION_TYPES[one.organisation_type]}
    )


def country(world: World, number: int) -> Doc:
    """Return a country as the index keeps it."""
    one = world.countries[number]
    return {
        "id": one.id,
        "iso_3166_alpha2": one.alpha2,
        "iso_3166_alpha3": one.alpha3,
        "name_english": one.name,
        "ehea_is_member": one.ehea,
    }


def _agency(world: World, number: int) -> Doc:
    return {"id": number, "acronym_primary": world.agencies[number].acronym}


def _seat(world: World, one: Institution, number: int, *, everything: bool) -> Doc:
    held = one.locations[number]
    point = {"lat": held.lat, "long": held.long} if everything else {}
    return {
        "country": country(world, held.country),
        "city": held.city,
        **point,
        "country_verified": held.verified,
        "country_valid_from": seconds(held.valid_from),
        "country_valid_to": seconds(held.valid_to),
    }


def _related(world: World, asked: int, *, up: bool) -> list[Doc]:
    found = [one for one in world.hierarchy if (one.child if up else one.parent) == asked]
    return [
        {
            "institution": _brief(world.institutions[one.parent if up else one.child]),
            "relationship_type": one.type,
            "valid_from": seconds(one.valid_from),
            "valid_to": seconds(one.valid_to),
        }
        for one in found
    ]


def _brief(one: Institution) -> Doc:
    return {
        "id": one.id,
        "deqar_id": one.deqar_id,
        "eter_id": one.eter_id,
        "name_primary": one.name,
        "name_sort": one.sort_name or one.name,
        "website_link": one.website,
    }


# -- reports and programmes --------------------------------------------------------------------------------------------


def _report(world: World, one: Report, places: dict[int, int]) -> Doc:
    providers = sorted(one.institutions, key=lambda number: places[number])
    platforms = sorted(one.platforms, key=lambda number: places[number])
    covered = any(world.institutions[number].other_provider for number in one.institutions)
    return {
        **_report_core(world, one),
        "institutions": [_reviewed(world, number) for number in providers],
        "platforms": [_reviewed(world, number) for number in platforms],
        "programmes": [_programme(programme) for programme in one.programmes],
        "other_provider_covered": covered,
    }


def _report_core(world: World, one: Report) -> Doc:
    return {
        "id": one.id,
        "local_identifier": one.local_identifier,
        "agency": _agency(world, one.agency),
        "contributing_agencies": [_agency(world, number) for number in one.contributing],
        "agency_esg_activities": [_activity(world, number) for number in ordered_activities(world, one)],
        "decision": DECISIONS[one.decision],
        "status": STATUSES[one.status],
        "valid_from": seconds(one.valid_from),
        "valid_to": seconds(one.valid_to),
        "valid_to_calculated": seconds(last_day(one)),
        "created_at": seconds(one.created),
        "updated_at": seconds(one.updated),
        "crossborder": is_crossborder(world, one),
        "report_files": [
            {"file_display_name": file.name, "file": file.path, "languages": list(file.languages)} for file in one.files
        ],
        "report_links": [{"link_display_name": name, "link": address} for name, address in one.links],
        "summary": one.summary,
        "other_comment": one.comment,
        "flag": one.flag,
    }


def _activity(world: World, number: int) -> Doc:
    group = world.groups[world.activities[number].group]
    return {"id": number, "group_id": group.id, "type": ACTIVITY_TYPES[group.type]}


def _reviewed(world: World, number: int) -> Doc:
    one = world.institutions[number]
    brief = {name: text for name, text in _brief(one).items() if name != "eter_id"}
    seats = [_seat(world, one, place, everything=False) for place in range(len(one.locations))]
    return {**brief, "is_other_provider": one.other_provider, "locations": seats}


def _programme(one: Programme) -> Doc:
    return {
        "id": one.id,
        "names": [
            {"id": number, "name": name, "qualification": qualification, "name_is_primary": primary}
            for number, name, qualification, primary in one.names
        ],
        "name_primary": one.name,
        "qf_ehea_level": LEVELS.get(one.level or 0),
        "nqf_level": one.nqf_level,
        "workload_ects": one.ects,
        "degree_outcome": one.outcome,
        "programme_type": programme_type(one),
        "assessment_certification": ASSESSMENTS.get(one.assessment or 0),
        "learning_outcomes": list(one.outcomes),
        "learning_outcome_description": one.outcome_text,
        "field_study": one.field,
    }


_NOT_OF_PROGRAMMES = frozenset({"institutions", "platforms", "programmes", "other_provider_covered"})


def _programme_row(report: Report, doc: Doc, number: int) -> Doc:
    core = {name: value for name, value in doc.items() if name not in _NOT_OF_PROGRAMMES}
    return {
        **doc["programmes"][number],
        "institutions": sorted(report.institutions),
        "platforms": sorted(report.platforms),
        "report": core,
    }


# -- whose reports are shown for an institution ------------------------------------------------------------------------


def inherited(world: World, asked: int) -> list[tuple[int, bool, str | None, str | None]]:
    """Return whose reports are shown for an institution: (institution, also as platform, still valid on, begun by).

    Its own; those of what it includes, except educational platforms and alliances; those of an alliance it is in; those
    of institutions it succeeded or absorbed (as provider only).
    """
    found: list[tuple[int, bool, str | None, str | None]] = []
    for one in world.hierarchy:
        if one.parent == asked and one.type not in (PLATFORM, ALLIANCE):
            found.append((one.child, True, one.valid_from, one.valid_to))
    for one in world.hierarchy:
        if one.child == asked and one.type == ALLIANCE:
            found.append((one.parent, True, one.valid_from, one.valid_to))
    for before in world.history:
        if before.source == asked and before.type == 2:
            found.append((before.target, False, before.day, None))
        if before.target == asked and before.type == 3:
            found.append((before.source, False, before.day, None))
    return found
