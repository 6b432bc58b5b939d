"""The world of the recorded run: the real backend's published demo fixtures, read from beside the project, together
with what that run had besides (`deqar_run.yaml`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.demo.deqar.model import World, world_of
from tests.shared_data import shared

RUN_DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOLDER = shared("data", "deqar")
NEEDS_RECORDS = pytest.mark.skipif(
    not (FOLDER / "generated").is_dir(), reason="needs the recorded answers of DEQAR in ../shared/data/deqar"
)
NOT_LOADED = ("programmes/fixtures/programme_demo_13.yaml", "programmes/fixtures/programme_demo_ap_03.yaml")
"""Fixture files that the recorded run did not load: none of its answers shows their programmes."""

Tables = dict[str, Any]


def recorded() -> list[Path]:
    """Return the files with recorded requests and answers."""
    return sorted(one for one in (FOLDER / "generated").glob("*.json") if one.name != "meili_documents.json")


def recorded_world() -> World:
    """Return the world of the recorded run, at its day."""
    tables = upstream_tables(without=NOT_LOADED)
    run = yaml.safe_load(Path(__file__).with_name("deqar_run.yaml").read_text(encoding="utf-8"))
    tables["institutions"] += run["institutions"]
    tables["reports"] += [_synthetic(one) for one in run["reports"]]
    return world_of({**tables, "hierarchy": run["hierarchy"], "history": run["history"]}, lambda: RUN_DAY)


def upstream_world(without: tuple[str, ...] = ()) -> World:
    """Return the published demo fixtures alone."""
    return world_of(upstream_tables(without=without), lambda: RUN_DAY)


def upstream_tables(without: tuple[str, ...]) -> Tables:
    """Return the tables of the published fixtures, with countries, words and agencies."""
    run = yaml.safe_load(Path(__file__).with_name("deqar_run.yaml").read_text(encoding="utf-8"))
    countries = list(_countries())
    by_code = {one["alpha2"]: one["id"] for one in countries}
    agencies = [{**one, "country": by_code.get(one["country"], one["country"])} for one in run["agencies"]]
    rows = _rows(without)
    return {
        "countries": countries,
        "agencies": agencies,
        "groups": run["groups"],
        "activities": run["activities"],
        "institutions": [_institution(pk, one, rows) for pk, one in rows["institutions.institution"].items()],
        "reports": [_report(pk, one, rows) for pk, one in rows["reports.report"].items()],
        "resources": {one["id"]: _resource(one) for one in _json("vocabularies", "identifier_resource.json")},
    }


def _json(*parts: str) -> Any:
    return json.loads(FOLDER.joinpath(*parts).read_text(encoding="utf-8"))


def _countries() -> Iterator[Tables]:
    for one in _json("reference", "countries.json"):
        yield {
            "id": one["id"],
            "name": one["name_english"],
            "alpha2": one["iso_3166_alpha2"],
            "alpha3": one["iso_3166_alpha3"],
            "ehea": one["ehea_is_member"],
            "member_since": one["eqar_governmental_member_start"],
            "external": one["external_QAA_is_permitted"],
            "european_approach": one["european_approach_is_permitted"],
        }


def _resource(one: Tables) -> Tables:
    return {name: one.get(name) for name in ("title", "source", "link")}


def _rows(without: tuple[str, ...]) -> dict[str, dict[int, Tables]]:
    """Return the rows of each model by key; a later row of the same key replaces the earlier, as loading does."""
    found: dict[str, dict[int, Tables]] = {}
    for file, rows in _json("reference", "upstream_demo_fixtures.json").items():
        for row in rows if file not in without else []:
            found.setdefault(row["model"].lower(), {})[row["pk"]] = row["fields"]
    return found


def _of(rows: dict[str, dict[int, Tables]], model: str, owner: str, pk: int) -> list[tuple[int, Tables]]:
    return [(key, one) for key, one in rows.get(model, {}).items() if one[owner] == pk]


def _institution(pk: int, one: Tables, rows: dict[str, dict[int, Tables]]) -> Tables:
    seats = [place for _, place in _of(rows, "institutions.institutioncountry", "institution", pk)]
    names = [(key, name) for key, name in _of(rows, "institutions.institutionname", "institution", pk)]
    identifiers = [held for _, held in _of(rows, "institutions.institutionidentifier", "institution", pk)]
    levels = [held for _, held in _of(rows, "institutions.institutionqfehealevel", "institution", pk)]
    # The backend orders seats by their beginning; of two with the same, the later row came first in the recorded run.
    seats.reverse()
    seats.sort(key=lambda place: place.get("country_valid_from", "9999"))
    return {
        "id": pk,
        "created": one["created_at"],
        "deqar_id": str(one["deqar_id"]),
        "name": one.get("name_primary", ""),
        "sort_name": one.get("name_sort", ""),
        "eter_id": one.get("eter_id"),
        "website": one.get("website_link", ""),
        "other_provider": one.get("is_other_provider", False),
        "closure_date": one.get("closure_date"),
        "names": [_name(key, name, rows) for key, name in names],
        "identifiers": [
            {
                "resource": held["resource"],
                "value": held["identifier"],
                "agency": held.get("agency"),
                "valid_from": held.get("identifier_valid_from"),
            }
            for held in identifiers
        ],
        "locations": [_seat(place) for place in seats],
        "levels": [
            {
                "level": held["qf_ehea_level"],
                "valid_from": held["qf_ehea_level_valid_from"],
                "valid_to": held.get("qf_ehea_level_valid_to"),
            }
            for held in levels
        ],
    }


def _seat(place: Tables) -> Tables:
    return {
        "country": place["country"],
        "city": place.get("city"),
        "lat": place.get("lat"),
        "long": place.get("long"),
        "valid_from": place.get("country_valid_from", RUN_DAY.date().isoformat()),
        "valid_to": place.get("country_valid_to"),
    }


def _name(pk: int, name: Tables, rows: dict[str, dict[int, Tables]]) -> Tables:
    versions = _of(rows, "institutions.institutionnameversion", "institution_name", pk)
    return {
        "official": name["name_official"],
        "english": name.get("name_english", ""),
        "acronym": name.get("acronym", ""),
        "versions": [one["name"] for _, one in versions],
        "valid_to": name.get("name_valid_to"),
    }


def _report(pk: int, one: Tables, rows: dict[str, dict[int, Tables]]) -> Tables:
    languages = {held["id"]: held["language_name_en"] for held in _json("vocabularies", "language.json")}
    files = _of(rows, "reports.reportfile", "report", pk)
    return {
        "id": pk,
        "agency": one["agency"],
        "activities": one["agency_esg_activities"],
        "status": one["status"],
        "decision": one["decision"],
        "valid_from": one["valid_from"],
        "valid_to": one.get("valid_to"),
        "institutions": one["institutions"],
        "contributing": one.get("contributing_agencies", []),
        "local_identifier": one["local_identifier"],
        "created": one["created_at"][:10],
        "updated": RUN_DAY.date().isoformat(),
        "files": [{"id": key, "languages": [languages[held] for held in file["languages"]]} for key, file in files],
        "programmes": [_programme(key, held, rows) for key, held in _of(rows, "programmes.programme", "report", pk)],
    }


def _programme(pk: int, one: Tables, rows: dict[str, dict[int, Tables]]) -> Tables:
    names = _of(rows, "programmes.programmename", "programme", pk)
    return {
        "id": pk,
        "name": one["name_primary"],
        "names": [[key, held["name"], held["qualification"], held["name_is_primary"]] for key, held in names],
        "countries": one["countries"],
        "ects": one.get("workload_ects"),
        "assessment": one.get("assessment_certification"),
        "field": one.get("field_study"),
        "outcome_text": one.get("learning_outcome_description"),
    }


def _synthetic(one: Tables) -> Tables:
    path = f"/reports/ACQUIN/{one['valid_from'][:4]}/{one['id']}/20250326_2340_report.pdf"
    rest = {name: value for name, value in one.items() if name != "file"}
    return {
        "agency": 5,
        "local_identifier": f"SYN-{one['id']}",
        "files": [{"id": one["file"], "path": path, "name": "Report", "languages": ["English"]}],
        "links": [["View report record on agency site", f"https://agency.example.org/reports/{one['id']}"]],
        **rest,
    }
