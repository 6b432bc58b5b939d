"""The demo's OOAPI v5 endpoint: lists with page envelopes, references by id, empty strings for no value."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qs

from pipelines.demo.content import DemoInstitution, DemoOffering

_SPACE = uuid.UUID("6d1f2c1e-7a55-4b8e-8a52-0f5d0a4b7c11")
_TAGS = {"en": "en-GB", "fr": "fr-FR", "de": "de-DE"}
_LANGUAGE_CODES = {"en": "eng", "fr": "fra", "de": "deu"}
_MODES = {"onsite": "situated", "online": "online", "blended": "blended", "hybrid": "hybrid"}
_LEVELS = {5: "associate degree", 6: "bachelor", 7: "master"}


def answer(institution: DemoInstitution, path: str, query: str) -> dict[str, Any] | None:
    """Return the JSON answer for `path` below the endpoint's root (``courses``, ``courses/<id>/offerings``, ...).

    None stands for 404. `query` is the raw query string; `pageSize` and `pageNumber` are honoured.
    """
    parts = path.strip("/").split("/")
    items = _items(institution, parts)
    return None if items is None else _page(items, query)


def all_runs(institution: DemoInstitution) -> list[dict[str, Any]]:
    """Return the OOAPI offerings (runs) of all courses in one list, as some endpoints do per organisation."""
    return [_offering(institution, entry) for entry in institution.offerings]


def _items(institution: DemoInstitution, parts: list[str]) -> list[dict[str, Any]] | None:
    match parts:
        case ["courses"]:
            return [_course(institution, entry) for entry in _of_kind(institution, "course")]
        case ["programs"]:
            return [_programme(institution, entry) for entry in _of_kind(institution, "programme")]
        case ["education-specifications"]:
            return [_specification(institution, entry) for entry in institution.offerings]
        case ["organizations"]:
            return [_organisation(institution)]
        case ["courses" | "programs", identifier, "offerings"]:
            found = [entry for entry in institution.offerings if _id("offer", entry.id) == identifier]
            return [_offering(institution, found[0])] if found else None
    return None


def _of_kind(institution: DemoInstitution, kind: str) -> list[DemoOffering]:
    return [entry for entry in institution.offerings if entry.facts.get("kind", "course") == kind]


def _page(items: list[dict[str, Any]], query: str) -> dict[str, Any]:
    parameters = parse_qs(query)
    size = int(parameters.get("pageSize", ["10"])[0])
    number = int(parameters.get("pageNumber", ["1"])[0])
    chosen = items[(number - 1) * size : number * size]
    return {
        "pageSize": size,
        "pageNumber": number,
        "hasPreviousPage": number > 1,
        "hasNextPage": number * size < len(items),
        "totalPages": -(-len(items) // size),
        "items": chosen,
    }


def _id(kind: str, key: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}:{key}"))


def _texts(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"language": _TAGS[language], "value": value} for language, value in values.items()]


def _outcomes(entry: DemoOffering) -> list[list[dict[str, str]]]:
    by_language = entry.by_language("outcomes")
    length = max(len(items) for items in by_language.values())
    return [
        [
            {"language": _TAGS[language], "value": items[index]}
            for language, items in by_language.items()
            if index < len(items)
        ]
        for index in range(length)
    ] or [[]]


def _common(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    facts = entry.facts
    return {
        "primaryCode": {"codeType": "programCode", "code": entry.id},
        "abbreviation": entry.id,
        "name": _texts(entry.by_language("title")),
        "description": _texts(entry.by_language("text")),
        "teachingLanguage": _LANGUAGE_CODES[next(iter(entry.texts))],
        "level": _LEVELS[facts["level"]],
        "studyLoad": {"studyLoadUnit": "ects", "value": facts["ects"]},
        "modeOfDelivery": [_MODES[facts["mode"]]],
        "duration": "",
        "fieldsOfStudy": facts["field"],
        "learningOutcomes": _outcomes(entry),
        "admissionRequirements": [{"language": "en-GB", "value": "Secondary school leaving certificate."}],
        "assessment": [{"language": "en-GB", "value": facts["assessment"]}],
        "link": institution.address(entry),
        "educationSpecification": _id("spec", entry.id),
        "organization": _id("organisation", institution.key),
        "addresses": [{"addressType": "teaching", "city": institution.city, "countryCode": "LU"}],
        "firstStartDate": "",
        "consumers": [],
        "ext": {},
        **entry.raw,
    }


def _course(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    return {"courseId": _id("offer", entry.id), **_common(institution, entry)}


def _programme(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    return {"programId": _id("offer", entry.id), "programType": "program", **_common(institution, entry)}


def _specification(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    degree = entry.facts.get("kind") == "programme"
    return {
        "educationSpecificationId": _id("spec", entry.id),
        "primaryCode": {"codeType": "programCode", "code": f"{entry.id}-S"},
        "educationSpecificationType": "program" if degree else "course",
        "name": _texts(entry.by_language("title")),
        "formalDocument": "diploma" if degree else "certificate",
        "organization": _id("organisation", institution.key),
    }


def _organisation(institution: DemoInstitution) -> dict[str, Any]:
    return {
        "organizationId": _id("organisation", institution.key),
        "primaryCode": {"codeType": "schacHome", "code": institution.domain},
        "organizationType": "root",
        "name": _texts(institution.name),
        "shortName": institution.key,
        "link": f"https://www.{institution.domain}/",
        "addresses": [{"addressType": "visit", "city": institution.city, "countryCode": "LU"}],
    }


def _offering(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    facts = entry.facts
    cost = {"costType": "total costs", "amount": f"{facts['price']:.2f}", "currency": "EUR"}
    return {
        "offeringId": _id("run", entry.id),
        "primaryCode": {"codeType": "offeringCode", "code": f"{entry.id}-1"},
        "offeringType": "course",
        "name": [{"language": "en-GB", "value": "Spring 2027"}],
        "description": [],
        "teachingLanguage": _LANGUAGE_CODES[next(iter(entry.texts))],
        "resultExpected": True,
        "startDate": facts["start"],
        "endDate": facts.get("end", ""),
        "enrollStartDate": "2026-10-01",
        "enrollEndDate": "2027-01-10",
        "modeOfDelivery": [_MODES[facts["mode"]]],
        "maxNumberStudents": 30,
        "resultValueType": "pass-or-fail",
        "priceInformation": [cost],
        "addresses": [{"addressType": "teaching", "city": institution.city, "countryCode": "LU"}],
        "course": _id("offer", entry.id),
        "organization": _id("organisation", institution.key),
        "link": institution.address(entry),
    }
