"""The demo's MOOChub interfaces: version 3 (an institute of technology) and version 2 (a learning platform)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from pipelines.demo.content import DemoInstitution, DemoOffering

_LICENCE = {"identifier": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}


def answer(institution: DemoInstitution, version: int, base: str, query: str) -> dict[str, Any]:
    """Return one page (``?page=N``, ten items) of the interface in MOOChub `version` 2 or 3, with its links."""
    number = int(parse_qs(query).get("page", ["1"])[0])
    render = _course_v3 if version == 3 else _course_v2
    chosen = institution.offerings[(number - 1) * 10 : number * 10]
    last = -(-len(institution.offerings) // 10)
    links = {name: f"{base}?page={page}" for name, page in (("self", number), ("first", 1), ("last", last))}
    if number < last:
        links["next"] = f"{base}?page={number + 1}"
    elif version == 2:
        links["next"] = ""  # what several exporters write on the last page
    return {"links": links, "data": [render(institution, entry) for entry in chosen]}


def document(institution: DemoInstitution, version: int) -> dict[str, Any]:
    """Return the whole catalogue as one document, as platforms do that write a static file."""
    render = _course_v3 if version == 3 else _course_v2
    return {"links": {}, "data": [render(institution, entry) for entry in institution.offerings]}


def _language(entry: DemoOffering) -> str:
    return next(iter(entry.texts))


def _present(attributes: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**attributes, **raw}.items() if value is not None}


def _course_v3(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    facts, language = entry.facts, _language(entry)
    texts = entry.texts[language]
    publisher = {
        "name": institution.name.get(language) or next(iter(institution.name.values())),
        "type": "Organization",
        "url": f"https://www.{institution.domain}/",
    }
    attributes = {
        "name": texts["title"],
        "courseCode": facts["code"],
        "description": texts["text"],
        "learningResourceType": {"identifier": "https://w3id.org/kim/hcrt/course", "type": "Concept"},
        "inLanguage": [language],
        "courseMode": [facts["mode"]],
        "startDate": [facts["start"]],
        "endDate": [facts["end"]] if "end" in facts else None,
        "applicationDeadline": "2027-01-05",
        "workload": {"timeValue": facts["hours"] / 10, "timeUnit": "h/week"} if "hours" in facts else None,
        "duration": "P10W" if "hours" in facts else None,
        "numberOfCredits": facts.get("ects"),
        "educationalLevel": [{"educationalFramework": "EQF", "shortCode": str(facts["level"])}],
        "educationalAlignment": [
            {"educationalFramework": "ISCED-F", "shortCode": facts["field"], "type": "AlignmentObject"}
        ],
        "teaches": [{"name": [{"inLanguage": language, "name": outcome}]} for outcome in texts["outcomes"]],
        "educationalCredentialsAwarded": ["micro-credential"],
        "access": ["free"] if facts["price"] == 0 else ["paid"],
        "offer": [{"price": facts["price"], "priceCurrency": "EUR"}],
        "url": institution.address(entry),
        "license": [_LICENCE],
        "publisher": publisher,
        "creator": [publisher],
        "dateModified": "2026-11-02T08:00:00Z",
    }
    return {"id": entry.id, "type": "Course", "attributes": _present(attributes, entry.raw)}


def _course_v2(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    facts, language = entry.facts, _language(entry)
    texts = entry.texts[language]
    attributes = {
        "name": texts["title"],
        "courseCode": entry.id,
        "courseMode": "MOOC",
        "abstract": texts["text"],
        "description": texts["text"],
        "languages": [language],
        "startDate": facts["start"],
        "endDate": facts.get("end"),
        "workload": round(facts["hours"] / 5) if "hours" in facts else None,  # hours a week, as version 2 has it
        "duration": "P5W" if "hours" in facts else None,
        "learningObjectives": texts["outcomes"],
        "moocProvider": {
            "name": institution.name[language] if language in institution.name else institution.name["de"],
            "url": f"https://www.{institution.domain}/",
        },
        "instructors": [{"name": "Team Weiterbildung", "type": "Organization"}],
        "courseLicenses": [{"id": "CC-BY-4.0", "url": _LICENCE["url"]}],
        "access": ["free"],
        "url": institution.address(entry),
    }
    return {"id": entry.id, "type": "courses", "attributes": _present(attributes, entry.raw)}
