"""From an entity of the register to the rows that keep it. Pure: nothing here touches the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Table

from catalogue_db.linking.domains import registered_domain
from catalogue_db.storable import lookup_key
from catalogue_db.tables import (
    register_identifier,
    register_location,
    register_name,
    register_programme,
    register_relationship,
    register_report_activity,
    register_report_file,
    register_report_provider,
)
from catalogue_db.texts import to_json_text
from standard.names import name_key
from standard.register import Agency, Entity, ProviderName, RegisterProvider, Report
from standard.values.identifiers import organisation_identifier

Row = dict[str, Any]
Parts = dict[Table, list[Row]]


def head_row(entity: Entity) -> Row:
    """The columns of the entity's own row, without what keeps its history."""
    if isinstance(entity, Agency):
        return _agency(entity)
    return _provider(entity) if isinstance(entity, RegisterProvider) else _report(entity)


def part_rows(entity: Entity) -> Parts:
    """The rows of the entity's parts, by table."""
    if isinstance(entity, Agency):
        return {}
    return _provider_parts(entity) if isinstance(entity, RegisterProvider) else _report_parts(entity)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _agency(agency: Agency) -> Row:
    return {
        "agency_id": agency.agency_id,
        "register_number": agency.register_number,
        "name": agency.name,
        "acronym": agency.acronym,
        "country": agency.country,
        "homepage": agency.homepage,
        "registered": agency.registered,
        "registration_start": _iso(agency.registration_start),
        "registration_valid_to": _iso(agency.registration_valid_to),
    }


def _provider(provider: RegisterProvider) -> Row:
    return {
        "provider_id": provider.provider_id,
        "deqar_id": provider.deqar_id,
        "eter_id": provider.eter_id,
        "name": provider.name,
        "homepage": provider.homepage,
        "domain": registered_domain(provider.homepage),
        "other_provider": provider.other_provider,
        "organisation_type": provider.organisation_type,
        "alliance": provider.alliance,
        "founding_date": _iso(provider.founding_date),
        "closure_date": _iso(provider.closure_date),
    }


def _provider_parts(provider: RegisterProvider) -> Parts:
    key = {"provider_id": provider.provider_id}
    return {
        register_name: _numbered(key, _names(provider)),
        register_identifier: _numbered(key, _identifiers(provider)),
        register_location: _numbered(key, _locations(provider)),
        register_relationship: _numbered(key, _relationships(provider)),
    }


def _numbered(key: Row, rows: Iterable[Row]) -> list[Row]:
    return [{**key, "position": position, **row} for position, row in enumerate(rows, 1)]


def _names(provider: RegisterProvider) -> Iterable[Row]:
    """Every form of every name, each once (the primary one first)."""
    forms: list[tuple[str, str | None, date | None]] = [("primary", provider.name, None)]
    forms += [form for one in provider.names for form in _forms(one)]
    seen: dict[tuple[str, bool], Row] = {}
    for kind, name, valid_to in forms:
        if name:
            row = {"kind": kind, "name": name, "name_key": lookup_key(name_key(name)), "valid_to": _iso(valid_to)}
            seen.setdefault((name, kind == "acronym"), row)
    return seen.values()


def _forms(name: ProviderName) -> list[tuple[str, str | None, date | None]]:
    versions = [form for one in name.versions for form in (one.name, one.transliteration)]
    told = [("official", name.official), ("english", name.english), ("transliterated", name.transliterated)]
    told += [*(("version", form) for form in versions), ("acronym", name.acronym)]
    return [(kind, form, name.valid_to) for kind, form in told]


def _identifiers(provider: RegisterProvider) -> Iterable[Row]:
    """The identifiers as published and as compared; DEQARINST and ETER ids are columns of their own in DEQAR."""
    own = [("deqar", provider.deqar_id), ("eter", provider.eter_id)]
    for name, number in own:
        if number:
            yield _identifier(name.upper(), number, *_normalised(name, number))
    for one in provider.identifiers:
        kind, normalised = (one.kind, one.normalised) if one.normalised else _normalised(one.resource, one.value)
        yield {
            **_identifier(one.resource, one.value, kind, normalised),
            "agency_id": one.agency_id,
            "valid_from": _iso(one.valid_from),
            "valid_to": _iso(one.valid_to),
        }


def _identifier(resource: str, value: str, kind: str | None, normalised: str | None) -> Row:
    kept = {"agency_id": None, "valid_from": None, "valid_to": None}
    looked_up = {"kind": kind and lookup_key(kind), "normalised": normalised and lookup_key(normalised)}
    return {"resource": resource, "value": value, **looked_up, **kept}


def _normalised(resource: str, value: str) -> tuple[str | None, str | None]:
    return organisation_identifier(resource, value).value or (None, None)


def _locations(provider: RegisterProvider) -> Iterable[Row]:
    for one in provider.locations:
        yield {
            "country": one.country,
            "country_name": one.country_name,
            "city": one.city,
            "latitude": one.latitude,
            "longitude": one.longitude,
            "verified": one.verified,
            "valid_from": _iso(one.valid_from),
            "valid_to": _iso(one.valid_to),
        }


def _relationships(provider: RegisterProvider) -> Iterable[Row]:
    for link in provider.hierarchical:
        yield {
            "kind": "hierarchical",
            "first_id": link.parent_id,
            "type": link.type,
            "second_id": link.child_id,
            "valid_from": _iso(link.valid_from),
            "valid_to": _iso(link.valid_to),
        }
    for change in provider.historical:
        yield {
            "kind": "historical",
            "first_id": change.source_id,
            "type": change.type,
            "second_id": change.target_id,
            "valid_from": _iso(change.day),
            "valid_to": None,
        }


def _report(report: Report) -> Row:
    return {
        "report_id": report.report_id,
        "agency_id": report.agency_id,
        "agency": report.agency_name or report.agency_acronym,
        "local_identifier": report.local_identifier,
        "decision": report.decision,
        "status": report.status,
        "flag": report.flag,
        "activity_types": to_json_text(sorted(report.activity_types)),
        "valid_from": _iso(report.validity.valid_from),
        "valid_to": _iso(report.validity.valid_to),
        "valid_to_calculated": _iso(report.validity.valid_to_calculated),
        "url": report.url,
    }


def _report_parts(report: Report) -> Parts:
    key = {"report_id": report.report_id}
    about = dict.fromkeys((one.provider_id, one.role) for one in report.institutions)
    activities = [
        {"activity_id": one.activity_id, "group_id": one.group_id, "type": one.type, "name": one.name}
        for one in report.activities
    ]
    return {
        register_report_provider: [{**key, "provider_id": number, "role": role} for number, role in about],
        register_report_activity: _numbered(key, activities),
        register_report_file: _numbered(key, _files(report)),
        register_programme: _numbered(key, _programmes(report)),
    }


def _files(report: Report) -> Iterable[Row]:
    for file in report.files:
        yield {"kind": "file", "name": file.name, "url": file.url, "languages": to_json_text(file.languages)}
    for link in report.links:
        yield {"kind": "link", "name": link.name, "url": link.url, "languages": "[]"}


def _programmes(report: Report) -> Iterable[Row]:
    for one in report.programmes:
        yield {
            "programme_key": one.key,
            "name": one.name,
            "names": to_json_text([each.name for each in one.names]),
            "level": one.level,
            "nqf_level": one.nqf_level,
            "ects": one.ects,
            "full_degree": one.full_degree,
            "type": one.type,
            "assessment": one.assessment,
            "field": one.field,
            "outcomes": to_json_text(one.outcomes),
            "identifiers": to_json_text(one.identifiers),
        }
