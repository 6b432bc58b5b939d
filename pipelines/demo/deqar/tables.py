"""The lists behind the database: agencies and activities (paged with links), countries and words (plain arrays)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pipelines.demo.deqar.errors import bad_request
from pipelines.demo.deqar.model import ACTIVITY_TYPES, PERMISSIONS, Agency, Country, World
from pipelines.demo.deqar.records import activity, institutions_in, reports_in

Doc = dict[str, Any]
_DEFAULT = 10


def paged(rows: list[Doc], query: Mapping[str, str], url: str) -> Doc:
    """Return the envelope of one page; a bad limit or offset silently becomes the default."""
    limit, offset = _number(query, "limit", _DEFAULT) or _DEFAULT, _number(query, "offset", 0)
    following = _link(url, limit, offset + limit) if offset + limit < len(rows) else None
    before = _link(url, limit, offset - limit) if offset > 0 else None
    return {"count": len(rows), "next": following, "previous": before, "results": rows[offset : offset + limit]}


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() else default


def _link(url: str, limit: int, offset: int) -> str:
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"limit": str(limit), "offset": str(offset)}
    if offset <= 0:
        given.pop("offset")
    return urlunsplit(parts._replace(query=urlencode(sorted(given.items()))))


# -- agencies ----------------------------------------------------------------------------------------------------------


def agencies(world: World, query: Mapping[str, str], base: str) -> list[Doc]:
    """Return the rows of the list of agencies."""
    wanted = query.get("registered", "True")
    if wanted not in ("True", "False", "All"):
        raise bad_request({"registered": [f"Select a valid choice. {wanted} is not one of the available choices."]})
    found = sorted(world.agencies.values(), key=lambda one: one.acronym)
    return [_agency(world, one, base) for one in found if wanted == "All" or one.registered == (wanted == "True")]


def agency(world: World, one: Agency, base: str) -> Doc:
    """Return an agency's own record, as far as it is imitated: names, registration, activities."""
    row = _agency(world, one, base)
    names = [{"name_versions": [{"name": one.name, "acronym": one.acronym, "name_is_primary": True}]}]
    return {**row, "names": names, "website_link": one.website, "is_registered": one.registered, "historical_data": []}


def _agency(world: World, one: Agency, base: str) -> Doc:
    reviewed = [report for report in world.reports.values() if report.agency == one.id]
    country = world.countries[one.country]
    return {
        "id": one.id,
        "url": f"{base}/webapi/v2/browse/agencies/{one.id}/",
        "deqar_id": one.register_number,
        "name_primary": one.name,
        "acronym_primary": one.acronym,
        "logo": None,
        "country": {
            "id": country.id,
            "url": f"{base}/webapi/v2/browse/countries/{country.id}/",
            "name_english": country.name,
            "iso_3166_alpha2": country.alpha2,
            "iso_3166_alpha3": country.alpha3,
        },
        "activities": [activity(world, number) for number in _activities_of(world, one.id)],
        "registration_start": one.registration_start,
        "registration_valid_to": one.registration_valid_to,
        "registration_note": "",
        "institution_count": len({number for report in reviewed for number in report.institutions}),
        "report_count": len(reviewed),
    }


def _activities_of(world: World, agency_id: int) -> list[int]:
    found = [one for one in world.activities.values() if one.agency == agency_id]
    return [one.id for one in sorted(found, key=lambda one: one.name)]


def activities(world: World) -> list[Doc]:
    """Return the activities of all agencies."""
    ordered = sorted(world.agencies.values(), key=lambda one: one.acronym)
    found = [world.activities[number] for one in ordered for number in _activities_of(world, one.id)]
    return [
        {
            "id": one.id,
            "group_id": one.group,
            "agency": world.agencies[one.agency].acronym,
            "activity": world.groups[one.group].name,
            "activity_type": ACTIVITY_TYPES[world.groups[one.group].type],
            "activity_description": "",
        }
        for one in found
    ]


def activity_groups(world: World) -> list[Doc]:
    """Return the activities as agencies share them, each with who carries it out."""
    return [
        {
            "id": group.id,
            "activity": group.name,
            "activity_type": ACTIVITY_TYPES[group.type],
            "reports_link": None,
            "members": _members(world, group.id),
        }
        for group in sorted(world.groups.values(), key=lambda one: one.name)
    ]


def _members(world: World, group_id: int) -> list[Doc]:
    found = [one for one in world.activities.values() if one.group == group_id]
    return [
        {
            "id": one.id,
            "agency": world.agencies[one.agency].acronym,
            "activity_description": "",
            "reports_link": None,
            "activity_valid_from": one.valid_from,
            "activity_valid_to": one.valid_to,
        }
        for one in sorted(found, key=lambda one: (world.agencies[one.agency].acronym, one.name))
    ]


def agency_decisions(world: World, base: str) -> list[Doc]:
    """Return the decisions on agencies' registration."""
    return [
        {
            "agency_acronym": one.acronym,
            "decision_date": held["date"],
            "decision_type": held["type"],
            "decision_file": f"{base}{held['file']}" if held.get("file") else None,
            "decision_file_extra": None,
        }
        for one in world.agencies.values()
        for held in one.decisions
    ]


# -- countries and words -----------------------------------------------------------------------------------------------


def countries(world: World, query: Mapping[str, str], base: str) -> list[Doc]:
    """Return the countries of the European Higher Education Area."""
    found = [one for one in world.countries.values() if one.ehea]
    for name, attribute in (("external_qaa", "external"), ("european_approach", "european_approach")):
        wanted = query.get(name)
        if wanted:
            if not wanted.isdecimal() or int(wanted) not in PERMISSIONS:
                text = "Select a valid choice. That choice is not one of the available choices."
                raise bad_request({name: [text]})
            found = [one for one in found if getattr(one, attribute) == int(wanted)]
    return [_country(world, one, base) for one in sorted(found, key=lambda one: one.name)]


def _country(world: World, one: Country, base: str) -> Doc:
    return {
        "id": one.id,
        "url": f"{base}/webapi/v2/browse/countries/{one.id}/",
        "name_english": one.name,
        "iso_3166_alpha2": one.alpha2,
        "iso_3166_alpha3": one.alpha3,
        "external_QAA_is_permitted": PERMISSIONS[one.external],
        "european_approach_is_permitted": PERMISSIONS[one.european_approach],
        "has_full_institution_list": False,
        "ehea_key_commitment": "no",
        "eqar_governmental_member_start": one.member_since,
        "agency_count": sum(agency.country == one.id for agency in world.agencies.values()),
    }


def countries_by_reports(world: World, base: str) -> list[Doc]:
    """Return the countries in which a provider with a report has its seat today."""
    rows = []
    for one in sorted(world.countries.values(), key=lambda one: one.name):
        here = institutions_in(world, one.id)
        reviewed = {number for report in world.reports.values() for number in report.institutions}
        seated = [held for held in here if held.id in reviewed and _seated(world, held.id, one.id)]
        if seated:
            rows.append(
                {
                    "id": one.id,
                    "url": f"{base}/webapi/v2/browse/countries/{one.id}/",
                    "name_english": one.name,
                    "ehea_is_member": one.ehea,
                    "iso_3166_alpha2": one.alpha2,
                    "iso_3166_alpha3": one.alpha3,
                    "has_full_institution_list": False,
                    "ehea_key_commitment": "no",
                    "institution_count": len(seated),
                    "institution_total": len(here),
                    "institution_eter": sum(held.eter_id is not None for held in here),
                    "reports_total": reports_in(world, one.id),
                }
            )
    return rows


def _seated(world: World, institution: int, country: int) -> bool:
    today = world.today.isoformat()
    seats = [seat for seat in world.institutions[institution].locations if seat.country == country]
    return any(seat.valid_to is None or seat.valid_to >= today for seat in seats)


def resources(world: World) -> list[Doc]:
    """Return the kinds of identifier that are in use."""
    used = sorted({held.resource for one in world.institutions.values() for held in one.identifiers})
    nothing: dict[str, str | None] = {"title": None, "source": None, "link": None}
    return [{"resource": name, **nothing, **world.resources.get(name, {})} for name in used]
