"""The lists behind the search engine: parameters, filters, the shape of a row, facets."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipelines.demo.deqar import search
from pipelines.demo.deqar.errors import detail
from pipelines.demo.deqar.index import Doc, inherited
from pipelines.demo.deqar.model import ACTIVITY_TYPES, DECISIONS, HIGH_LEVEL, LEVELS, STATUSES, World, seconds
from pipelines.demo.deqar.parameters import (
    Asked,
    agencies,
    boolean,
    by_name,
    by_number,
    countries,
    date_filters,
    matching,
    true_or_false,
)
from pipelines.demo.deqar.search import Filter

MOST_HITS, MOST_PROGRAMMES = 200_000, 3_000


def _page(asked: Asked, docs: list[Doc], filters: list[Filter], form: _Form) -> Doc:
    """Return the envelope of one page."""
    limit, offset = _size(asked, "limit", 10), _size(asked, "offset", 0)
    found, counted = _found(asked, docs, filters, form)
    count = min(len(found), form.most)
    begin = (offset // limit) * limit if limit else 0
    rows = found[begin : min(begin + limit, count)] if limit else []
    shown = [form.convert(asked, marshal.loads(marshal.dumps(row))) for row in rows]  # a deep copy, and a quick one
    fields = {"facet_queries": {}, "facet_fields": counted, "facet_ranges": {}, "facet_intervals": {}}
    facets = {**fields, "facet_heatmaps": {}}
    return {"count": count, "next": limit + offset < count, "results": shown, "facets": facets}


def _found(asked: Asked, docs: list[Doc], filters: list[Filter], form: _Form) -> tuple[list[Doc], dict[str, list[Any]]]:
    """Return everything that fits, in order, with the facets; remembered for the other pages of the same list."""
    path, descending = _ordering(asked, form.ordering)
    rest = sorted((name, text) for name, text in asked.query.items() if name not in ("limit", "offset"))
    key = (urlsplit(asked.url).path, *rest, *([("now", str(asked.world.now()))] if "active" in asked.query else []))
    if key not in asked.index.searches:
        words = asked.query.get("query")
        wanted = [*filters, search.mentions(form.searched, words)] if words else filters
        found = search.ordered([doc for doc in docs if all(one(doc) for one in wanted)], path, descending)
        asked.index.searches[key] = (found, search.facets(found, form.facets, _names(asked.world)))
    return asked.index.searches[key]


@dataclass(frozen=True, slots=True)
class _Form:
    """What one list is like."""

    ordering: Mapping[str, str]
    facets: dict[str, str]
    searched: tuple[str, ...]
    convert: Callable[[Asked, Doc], Doc]
    most: int = MOST_HITS


def _size(asked: Asked, name: str, default: int) -> int:
    text = asked.query.get(name) or str(default)
    if not text.isdecimal():
        raise detail(400, f"{name} should be zero or larger number.")
    return int(text)


def _ordering(asked: Asked, known: Mapping[str, str]) -> tuple[str | None, bool]:
    text = asked.query.get("ordering", "")
    if text in ("", "score", "-score"):
        return None, False
    name = text.removeprefix("-")
    if name not in known:
        raise detail(400, f"unknown field [{name}] for ordering")
    return known[name], text.startswith("-")


def _names(world: World) -> dict[str, Callable[[Any], str]]:
    def country(number: int) -> str:
        return world.countries[number].name

    def agency(number: int) -> str:
        return world.agencies[number].acronym

    def group(number: int) -> str:
        return world.groups[number].name

    by_end: dict[str, Callable[[Any], str]] = {"country.id": country, "agency.id": agency, "agencies.id": agency}
    by_end |= {"group_id": group, "activity_groups": group}
    paths = {path for form in _FORMS for path in form.facets}
    return {path: shown for path in paths for end, shown in by_end.items() if path.endswith(end)}


# -- institutions ------------------------------------------------------------------------------------------------------


def web_institutions(asked: Asked) -> Doc:
    """Return a page of the Web API's list of institutions: those with a report."""
    groups = by_name(asked.world.groups, "name")
    filters = [
        search.equals("has_report", True),
        *countries(asked, "name", "locations.country.id"),
        *agencies(asked, "agencies.id"),
        *matching(asked, "activity", groups, "activity_id", "activity_groups"),
        *matching(asked, "activity_type_id", by_number(ACTIVITY_TYPES), "activity_type", "activity_types"),
        *matching(asked, "status_id", by_number(STATUSES), "status", "status"),
        *matching(asked, "qf_ehea_level_id", by_number(LEVELS), "qf_ehea_level", "qf_ehea_levels"),
        *true_or_false(asked, "crossborder", "crossborder"),
        *true_or_false(asked, "other_provider", "is_other_provider"),
    ]
    return _page(asked, asked.index.institutions, filters, _WEB_INSTITUTIONS)


def connect_providers(asked: Asked, *, institutions_only: bool = False) -> Doc:
    """Return a page of the Connect API's list of all providers."""
    filters = [
        *countries(asked, "alpha2", "locations.country.id"),
        *true_or_false(asked, "other_provider", "is_other_provider"),
    ]
    if institutions_only:
        filters.append(search.equals("is_other_provider", False))
    return _page(asked, asked.index.institutions, filters, _CONNECT)


def _web_institution(_: Asked, row: Doc) -> Doc:
    official = next((one["name_official"] for one in row["names"] if one["name_valid_to"] is None), row["name_primary"])
    name = row["name_primary"]
    row["name_select_display"] = f"{name} ({row['eter_id']})" if row["eter_id"] else name
    row["name_official_display"] = official
    row["name_display"] = name if official == name else f"{official} / {name}"
    row["qf_ehea_level"] = row.pop("qf_ehea_levels")
    row["hierarchical_relationships"] = {side: _short_related(row.pop(side)) for side in ("part_of", "includes")}
    _institution_dates(row)
    row["place"] = row.pop("locations")
    row["country"] = _merged_countries([row["place"]])
    for seat in row["place"]:
        seat["country"] = seat["country"]["name_english"]
    return row


def _connect_provider(_: Asked, row: Doc) -> Doc:
    for name in _WEB_ONLY:
        row.pop(name)
    for one in row["part_of"]:  # and only here: in "includes" the seconds stay
        one["valid_from"], one["valid_to"] = _day(one["valid_from"]), _day(one["valid_to"])
    _institution_dates(row)
    row["country"] = _merged_countries([row["locations"]])
    row["city"] = list(dict.fromkeys(seat["city"] for seat in row["locations"] if seat["city"]))
    return row


def _institution_dates(row: Doc) -> None:
    row["founding_date"], row["closure_date"] = _day(row["founding_date"]), _day(row["closure_date"])
    row["date_created"] = _moment(row.pop("created_at"))
    for seat in row["locations"]:
        for end in ("country_valid_from", "country_valid_to"):
            seat[end] = _day(seat[end])


def _short_related(related: list[Doc]) -> list[Doc]:
    kept = ("deqar_id", "eter_id", "name_primary", "website_link")
    return [
        {
            **{name: one["institution"][name] for name in kept},
            "relationship_type": one["relationship_type"],
            "valid_from": _day(one["valid_from"]),
            "valid_to": _day(one["valid_to"]),
        }
        for one in related
    ]


# -- reports -----------------------------------------------------------------------------------------------------------


def reports(asked: Asked) -> Doc:
    """Return a page of the list of reports."""
    world = asked.world
    filters = [
        *agencies(asked, "agency.id", "contributing_agencies.id"),
        *matching(asked, "activity", by_name(world.activities, "name"), "activity_id", "agency_esg_activities.id"),
        *matching(asked, "activity_group", by_name(world.groups, "name"), "activity_group_id", _GROUPS),
        *matching(asked, "activity_type_id", by_number(ACTIVITY_TYPES), "activity_type", "agency_esg_activities.type"),
        *countries(asked, "name", "institutions.locations.country.id", "platforms.locations.country.id"),
        *_report_filters(asked, ""),
        *true_or_false(asked, "other_provider_covered", "other_provider_covered"),
        *_degrees(asked, "programmes."),
    ]
    flag = asked.query.get("flag")
    filters.append(search.equals("flag", flag) if flag else search.differs("flag", HIGH_LEVEL))
    if boolean(asked, "active"):
        filters.append(search.at_least("valid_to_calculated", int(world.now().astimezone(UTC).timestamp())))
    return _page(asked, asked.index.reports, filters, _REPORTS)


def institutional_reports(asked: Asked, institution: int) -> Doc:
    """Return a page of the reports on an institution as a whole, inherited ones too."""
    filters = [
        _shown_for(asked, institution, "institutions.id", "platforms.id", "valid_from", "valid_to_calculated"),
        search.among("agency_esg_activities.type", ("institutional", "institutional/programme")),
        *_under_filters(asked, ""),
    ]
    return _page(asked, asked.index.reports, filters, _INSTITUTIONAL)


def programmes(asked: Asked, institution: int) -> Doc:
    """Return a page of the programmes of an institution, each with its report, inherited ones too."""
    begin, end = "report.valid_from", "report.valid_to_calculated"
    filters = [
        _shown_for(asked, institution, "institutions", "platforms", begin, end),
        search.among("report.agency_esg_activities.type", ("programme", "joint programme", "institutional/programme")),
        *_under_filters(asked, "report."),
        *matching(asked, "qf_ehea_level_id", by_number(LEVELS), "qf_ehea_level", "qf_ehea_level"),
        *_degrees(asked, ""),
    ]
    return _page(asked, asked.index.programmes, filters, _PROGRAMMES)


def _shown_for(asked: Asked, institution: int, provider: str, platform: str, begin: str, end: str) -> Filter:
    own = search.either(search.equals(provider, institution), search.equals(platform, institution))
    inherited_ones = []
    for other, also_platform, since, until in inherited(asked.world, institution):
        whose = search.equals(provider, other)
        parts = [search.either(whose, search.equals(platform, other)) if also_platform else whose]
        parts += [search.at_least(end, seconds(since) or 0)] if since else []
        parts += [search.at_most(begin, seconds(until) or 0)] if until else []
        inherited_ones.append(search.every(*parts))
    return search.either(own, *inherited_ones)


def _under_filters(asked: Asked, inside: str) -> list[Filter]:
    groups = by_name(asked.world.groups, "name")
    group_path = f"{inside}{_GROUPS}"
    return [
        search.differs(f"{inside}flag", HIGH_LEVEL),
        *agencies(asked, f"{inside}agency.id", f"{inside}contributing_agencies.id"),
        *matching(asked, "activity_group", groups, "activity_group_id", group_path),
        *_report_filters(asked, inside),
    ]


def _report_filters(asked: Asked, inside: str) -> list[Filter]:
    languages = f"{inside}report_files.languages"
    return [
        *matching(asked, "status_id", by_number(STATUSES), "status", f"{inside}status"),
        *matching(asked, "decision_id", by_number(DECISIONS), "decision", f"{inside}decision"),
        *matching(asked, "language_id", {}, "language", languages),
        *true_or_false(asked, "cross_border", f"{inside}crossborder"),
        *date_filters(asked, f"{inside}valid_from", f"{inside}valid_to_calculated"),
    ]


def _degrees(asked: Asked, inside: str) -> list[Filter]:
    wanted = boolean(asked, "degree_outcome")
    kind = asked.query.get("programme_type")
    filters = [] if wanted is None else [search.equals(f"{inside}degree_outcome", 1 if wanted else 2)]
    return filters + ([search.equals(f"{inside}programme_type", kind)] if kind else [])


def _report_row(asked: Asked, row: Doc) -> Doc:
    world = asked.world
    if row["local_identifier"]:
        row["local_id"] = [row["local_identifier"]]
    row["flag_level"] = row.pop("flag")
    _report_dates(row)
    row["date_created"], row["date_updated"] = _moment(row.pop("created_at")), _moment(row.pop("updated_at"))
    agency = world.agencies[row["agency"]["id"]]
    row["agency_name"], row["agency_acronym"] = agency.name, row["agency"]["acronym_primary"]
    first = row["agency_esg_activities"][0] if row["agency_esg_activities"] else None
    row["agency_esg_activity"] = world.groups[first["group_id"]].name if first else "N/A"
    row["agency_esg_activity_type"] = first["type"] if first else "N/A"
    row["contributing_agencies"] = [_contributing(world, one["id"]) for one in row["contributing_agencies"]]
    for one in row["programmes"]:
        one["degree_outcome"] = one["degree_outcome"] == 1
    row["country"] = _merged_countries([one["locations"] for one in row["institutions"]])
    _file_addresses(asked, row)
    return row


def _contributing(world: World, number: int) -> Doc:
    one = world.agencies[number]
    return {"agency_id": number, "agency_acronym": one.acronym, "agency_name": one.name, "agency_url": one.website}


def _institutional_row(asked: Asked, row: Doc) -> Doc:
    _report_dates(row)
    row["created_at"], row["updated_at"] = _moment(row["created_at"]), _moment(row["updated_at"])
    for one in (*row["institutions"], *row["platforms"]):
        for seat in one["locations"]:
            for end in ("country_valid_from", "country_valid_to"):
                seat[end] = _moment(seat[end])
    _file_addresses(asked, row)
    return row


def _programme_row(asked: Asked, row: Doc) -> Doc:
    row["degree_outcome"] = row["degree_outcome"] == 1
    report = row["report"]
    _report_dates(report)
    report["created_at"], report["updated_at"] = _moment(report["created_at"]), _moment(report["updated_at"])
    _file_addresses(asked, report)
    return row


def _report_dates(row: Doc) -> None:
    for name in ("valid_from", "valid_to", "valid_to_calculated"):
        row[name] = _moment(row[name])


def _file_addresses(asked: Asked, row: Doc) -> None:
    """Make addresses of files absolute: an entry without a file gets the address of the request."""
    for file in row["report_files"]:
        file["file"] = urljoin(asked.url, file["file"])


def _merged_countries(seats: list[list[Doc]]) -> list[str]:
    return list(dict.fromkeys(seat["country"]["name_english"] for among in seats for seat in among))


def _day(moment: int | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).date().isoformat()


def _moment(moment: int | None) -> str | None:
    return None if moment is None else f"{_day(moment)}T00:00:00Z"


# -- what each list is like --------------------------------------------------------------------------------------------

_GROUPS = "agency_esg_activities.group_id"
_BY_INSTITUTION = {
    "name_sort": "name_sort",
    "founding_date": "founding_date",
    "closure_date": "closure_date",
    "country": "locations.country.name_english",
}
_WEB_ONLY = frozenset(
    {"has_report", "agencies", "status", "activity_types", "activity_groups", "crossborder"}
    | {"qf_ehea_levels", "name_sort"}
)
_INSTITUTION_WORDS = ("name_primary", "names", "deqar_id", "eter_id", "identifiers.identifier", "locations.city")
_WEB_INSTITUTIONS = _Form(
    _BY_INSTITUTION,
    {
        "locations.country.id": "country_facet",
        "qf_ehea_levels": "qf_ehea_level_facet",
        "agencies.id": "reports_agencies",
        "status": "status_facet",
        "activity_types": "activity_type_facet",
        "activity_groups": "activity_facet",
        "crossborder": "crossborder_facet",
        "is_other_provider": "other_provider_facet",
    },
    _INSTITUTION_WORDS,
    _web_institution,
)
_CONNECT = _Form(
    {**_BY_INSTITUTION, "deqar_id": "deqar_id", "eter_id": "eter_id"},
    {"locations.country.id": "country_facet", "is_other_provider": "other_provider_facet"},
    _INSTITUTION_WORDS,
    _connect_provider,
)


def _report_facets(inside: str) -> dict[str, str]:
    return {
        f"{inside}agency.id": "agency_facet",
        f"{inside}contributing_agencies.id": "agency_facet",
        f"{inside}{_GROUPS}": "activity_facet",
        f"{inside}status": "status_facet",
        f"{inside}decision": "decision_facet",
        f"{inside}report_files.languages": "language_facet",
        f"{inside}crossborder": "crossborder_facet",
    }


_UNDER_ORDER = ("valid_from", "valid_to_calculated")
_REPORT_WORDS = ("institutions.name_primary", "programmes.names.name", "programmes.name_primary", "local_identifier")
_REPORTS = _Form(
    {
        "institution_programme_sort": "institutions.name_sort",
        "agency": "agency.acronym_primary",
        "country": "institutions.locations.country.name_english",
        "activity": "agency_esg_activities.type",
        "flag": "flag",
        "valid_from": "valid_from",
        "valid_to_calculated": "valid_to_calculated",
        "date_created": "created_at",
        "date_updated": "updated_at",
    },
    {
        **_report_facets(""),
        "institutions.locations.country.id": "country_facet",
        "platforms.locations.country.id": "country_facet",
        "flag": "flag_level_facet",
        "agency_esg_activities.type": "activity_type_facet",
        "other_provider_covered": "other_provider_covered_facet",
        "programmes.degree_outcome": "degree_outcome_facet",
        "programmes.programme_type": "programme_type_facet",
    },
    _REPORT_WORDS,
    _report_row,
)
_INSTITUTIONAL = _Form(
    {"valid_from": "valid_from", "valid_to_calculated": "valid_to_calculated"}
    | {"date_created": "created_at", "date_updated": "updated_at"},
    _report_facets(""),
    _REPORT_WORDS,
    _institutional_row,
)
_PROGRAMMES = _Form(
    {"name": "name_primary", **{name: f"report.{name}" for name in _UNDER_ORDER}}
    | {"date_created": "report.created_at", "date_updated": "report.updated_at"},
    {**_report_facets("report."), "degree_outcome": "degree_outcome_facet", "programme_type": "programme_type_facet"},
    ("names.name", "name_primary"),
    _programme_row,
    MOST_PROGRAMMES,
)
_FORMS = (_WEB_INSTITUTIONS, _CONNECT, _REPORTS, _INSTITUTIONAL, _PROGRAMMES)
