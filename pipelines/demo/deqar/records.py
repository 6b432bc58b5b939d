"""Single records: an institution, a report, a country, an agency. Read from the tables, so never behind."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urljoin

from pipelines.demo.deqar.index import inherited, is_crossborder, names, ordered_activities, organisation_type
from pipelines.demo.deqar.model import (
    ACTIVITY_TYPES,
    ASSESSMENTS,
    DECISIONS,
    DEGREE_OUTCOMES,
    HISTORICAL,
    LEVELS,
    PERMISSIONS,
    STATUSES,
    Agency,
    Institution,
    Location,
    Programme,
    Report,
    World,
    programme_type,
    seconds,
)

Doc = dict[str, Any]


def institution(world: World, one: Institution, base: str, *, history: bool) -> Doc:
    """Return an institution's own record. `base`: the address under which we are asked; `history`: expired parts too.

    It has neither the DEQAR id nor the primary name.
    """
    return {
        "id": one.id,
        "eter_id": one.eter_id,
        "identifiers": _identifiers(world, one),
        "website_link": one.website,
        "names": [{**name, "name_source_note": ""} for name in names(one)],
        "countries": [_seat(world, seat) for seat in one.locations if history or _current(seat.valid_to, world.today)],
        "founding_date": one.founding_date,
        "closure_date": one.closure_date,
        "historical_relationships": _history(world, one.id, base),
        "hierarchical_relationships": {
            "includes": _hierarchy(world, one.id, base, up=False),
            "part_of": _hierarchy(world, one.id, base, up=True),
        },
        "meili_filters": _filters(world, one.id),
        "qf_ehea_levels": [
            {
                "qf_ehea_level": LEVELS[held.level],
                "qf_ehea_level_source": held.source,
                "qf_ehea_level_source_note": "",
                "qf_ehea_level_valid_from": held.valid_from,
                "qf_ehea_level_valid_to": held.valid_to,
            }
            for held in one.levels
            if history or _current(held.valid_to, world.today)
        ],
        "is_other_provider": one.other_provider,
        "organization_type": organisation_type(one),
        "is_orgreg_alliance": False,
        "source_of_information": one.source_of_information,
        "historical_data": list(one.historical_data) if history else [],
    }


def _current(valid_to: str | None, today: date) -> bool:
    return valid_to is None or valid_to >= today.isoformat()


def agency_label(agency: Agency) -> str:
    """Return an agency as own records name it."""
    return f"{agency.acronym} - {agency.name}"


def _identifiers(world: World, one: Institution) -> list[Doc]:
    ordered = sorted(one.identifiers, key=lambda held: (held.agency is not None, held.agency or 0, held.resource))
    return [
        {
            "identifier": held.value,
            "agency": None if held.agency is None else agency_label(world.agencies[held.agency]),
            "resource": held.resource,
            "identifier_valid_from": held.valid_from,
            "identifier_valid_to": held.valid_to,
        }
        for held in ordered
    ]


def _seat(world: World, seat: Location) -> Doc:
    return {
        "country": country(world, seat.country),
        "city": seat.city,
        "lat": seat.lat,
        "long": seat.long,
        "country_source": seat.source,
        "country_valid_from": seat.valid_from,
        "country_valid_to": seat.valid_to,
        "country_verified": seat.verified,
    }


def _relative(world: World, number: int, base: str) -> Doc:
    one = world.institutions[number]
    places = [
        {
            "country": world.countries[seat.country].name,
            "city": seat.city,
            "lat": seat.lat,
            "long": seat.long,
            "country_verified": seat.verified,
        }
        for seat in one.locations
    ]
    return {
        "id": one.id,
        "eter_id": one.eter_id,
        "url": f"{base}/webapi/v2/browse/institutions/{one.id}/",
        "name_primary": one.name,
        "name_sort": one.sort_name or one.name,
        "website_link": one.website,
        "countries": places,
    }


def _hierarchy(world: World, asked: int, base: str, *, up: bool) -> list[Doc]:
    found = [one for one in world.hierarchy if (one.child if up else one.parent) == asked]
    return [
        {
            "institution": _relative(world, one.parent if up else one.child, base),
            "relationship_type": one.type,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in found
    ]


def _history(world: World, asked: int, base: str) -> list[Doc]:
    found = []
    for one in world.history:
        if asked in (one.source, one.target):
            other = one.target if one.source == asked else one.source
            word = HISTORICAL[one.type][0 if one.source == asked else 1]
            relative = _relative(world, other, base)
            found.append({"institution": relative, "relationship_type": word, "relationship_date": one.day})
    return found


def _filters(world: World, asked: int) -> Doc:
    """Return the search engine's filters for the reports that are shown for an institution."""
    reports, programmes = [f"institutions.id = {asked}", f"platforms.id = {asked}"], []
    programmes += [f"institutions = {asked}", f"platforms = {asked}"]
    for other, also_platform, since, until in inherited(world, asked):
        for found, end, inside in ((reports, ".id", ""), (programmes, "", "report.")):
            whose = f"institutions{end} = {other}"
            whose = f"( {whose} OR platforms{end} = {other} )" if also_platform else whose
            whose += f" AND {inside}valid_to_calculated >= {seconds(since)}" if since else ""
            found.append(whose + (f" AND {inside}valid_from <= {seconds(until)}" if until else ""))
    return {"reports": reports, "programmes": programmes}


# -- countries ---------------------------------------------------------------------------------------------------------


def country(world: World, number: int) -> Doc:
    """Return a country's own record."""
    one = world.countries[number]
    return {
        "id": one.id,
        "name_english": one.name,
        "iso_3166_alpha2": one.alpha2,
        "iso_3166_alpha3": one.alpha3,
        "ehea_is_member": one.ehea,
        "eqar_governmental_member_start": one.member_since,
        "qa_requirements": [],
        "qa_requirement_note": "",
        "external_QAA_is_permitted": PERMISSIONS[one.external],
        "external_QAA_note": "",
        "eligibility": "",
        "conditions": "",
        "recognition": "",
        "european_approach_is_permitted": PERMISSIONS[one.european_approach],
        "european_approach_note": "",
        "has_full_institution_list": False,
        "ehea_key_commitment": "no",
        "general_note": "",
        "qaa_regulations": [],
        "report_count": reports_in(world, number),
        "institution_count": len(institutions_in(world, number)),
        "historical_data": [],
    }


def institutions_in(world: World, number: int) -> list[Institution]:
    """Return the institutions with a seat in a country, past seats too."""
    return [one for one in world.institutions.values() if any(seat.country == number for seat in one.locations)]


def reports_in(world: World, number: int) -> int:
    """Return how many reports are about institutions in a country; a report counts once for each of them."""
    here = {one.id for one in institutions_in(world, number)}
    return sum(one in here for report in world.reports.values() for one in report.institutions)


# -- reports -----------------------------------------------------------------------------------------------------------


def report(world: World, one: Report, base: str) -> Doc:
    """Return a report's own record, flagged or not.

    Raises `TypeError` where a programme without a full degree has no workload: the real backend answers 500.
    """
    agency = world.agencies[one.agency]
    activities = ordered_activities(world, one)
    first = world.activities[activities[0]] if activities else None
    providers = _alphabetical(world, one.institutions)
    return {
        "id": one.id,
        "agency_name": agency.name,
        "agency_acronym": agency.acronym,
        "agency_id": agency.id,
        "agency_url": f"{base}/webapi/v2/browse/agencies/{agency.id}/",
        "contributing_agencies": [_contributing(world.agencies[number]) for number in one.contributing],
        "agency_esg_activity": first.name if first else "N/A",
        "agency_esg_activity_type": ACTIVITY_TYPES[world.groups[first.group].type] if first else "N/A",
        "agency_esg_activities": [activity(world, number) for number in activities],
        "institutions": [_reviewed(held) for held in providers],
        "institutions_hierarchical": _around(world, providers),
        "institutions_historical": _before_and_after(world, providers),
        "programmes": [_programme(world, agency, programme) for programme in one.programmes],
        "platforms": [_reviewed(held) for held in _alphabetical(world, one.platforms)],
        "report_valid": _still_valid(one, world.today),
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "status": STATUSES[one.status],
        "decision": DECISIONS[one.decision],
        "crossborder": is_crossborder(world, one),
        "summary": one.summary,
        "report_files": [_file(held, base) for held in one.files],
        "report_links": [{"link_display_name": name, "link": address} for name, address in one.links],
        "local_identifier": one.local_identifier,
        "other_comment": one.comment,
        "flag": one.flag,
    }


def activity(world: World, number: int) -> Doc:
    """Return an agency's activity as own records and the list of agencies tell it."""
    held = world.activities[number]
    group = world.groups[held.group]
    return {
        "id": held.id,
        "group_id": group.id,
        "activity": group.name,
        "activity_description": "",
        "reports_link": None,
        "activity_type": ACTIVITY_TYPES[group.type],
        "activity_valid_to": held.valid_to,
    }


def _still_valid(one: Report, today: date) -> bool:
    """Return ``report_valid``: no lower bound, and the last day does not count (six years back without an end)."""
    if one.valid_to is not None:
        return one.valid_to > today.isoformat()
    back = (today.month, today.day) == (2, 29)
    floor = date(today.year - 6, 3, 1) if back else today.replace(year=today.year - 6)
    return one.valid_from > floor.isoformat()


def _alphabetical(world: World, numbers: list[int]) -> list[Institution]:
    found = [world.institutions[number] for number in numbers]
    return sorted(found, key=lambda held: ((held.sort_name or held.name).casefold(), held.id))


def _contributing(one: Agency) -> Doc:
    return {"id": one.id, "name_primary": one.name, "acronym_primary": one.acronym}


def _reviewed(one: Institution) -> Doc:
    return {
        "id": one.id,
        "deqar_id": one.deqar_id,
        "name_primary": one.name,
        "website_link": one.website,
        "is_other_provider": one.other_provider,
    }


def _around(world: World, providers: list[Institution]) -> list[Doc]:
    found: dict[tuple[int, str], Doc] = {}
    for held in providers:
        children = [(one.child, "child", one.type) for one in world.hierarchy if one.parent == held.id]
        parents = [(one.parent, "parent", one.type) for one in world.hierarchy if one.child == held.id]
        for number, side, kind in children + parents:
            words = {"relationship": side, "relationship_type": kind or "N/A"}
            found.setdefault((number, side), {**_reviewed(world.institutions[number]), **words})
    return list(found.values())


def _before_and_after(world: World, providers: list[Institution]) -> list[Doc]:
    """Return what became of the providers; ``relationship`` says on which side the provider itself stands."""
    found = []
    for held in providers:
        for one in world.history:
            if held.id in (one.source, one.target):
                is_source = one.source == held.id
                other = world.institutions[one.target if is_source else one.source]
                words = {"relationship": "source" if is_source else "target"}
                words["relationship_type"] = HISTORICAL[one.type][0 if is_source else 1]
                found.append({**_reviewed(other), **words, "relationship_date": one.day})
    return found


def _programme(world: World, agency: Agency, one: Programme) -> Doc:
    return {
        "id": one.id,
        "name_primary": one.name,
        "programme_names": [
            {"name": name, "name_is_primary": primary, "qualification": qualification}
            for _, name, qualification, primary in one.names
        ],
        "programme_identifiers": [
            {"identifier": held, "agency": agency_label(agency), "resource": "local identifier"}
            for held in one.identifiers
        ],
        "nqf_level": one.nqf_level,
        "qf_ehea_level": LEVELS.get(one.level or 0),
        "countries": [world.countries[number].name for number in one.countries],
        "programme_type": programme_type(one),
        "degree_outcome": {"id": one.outcome, "outcome": DEGREE_OUTCOMES[one.outcome]},
        "workload_ects": one.ects,
        "assessment_certification": ASSESSMENTS.get(one.assessment or 0),
        "field_study": one.field,
        "learning_outcomes": [{"learning_outcome_esco": address} for address in one.outcomes],
        "learning_outcome_description": one.outcome_text,
    }


def _file(held: Any, base: str) -> Doc:
    address = urljoin(f"{base}/", held.path) if held.path else None
    return {"id": held.id, "file_display_name": held.name, "file": address, "languages": list(held.languages)}
