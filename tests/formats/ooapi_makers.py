"""Small records of OOAPI 5 for tests, written for them."""

from __future__ import annotations

from typing import Any

from standard.source_offering import SourceOffering
from tests.formats.json_support import document, read

FORMAT = "ooapi-5"


def text(value: str, language: str = "en-GB") -> dict[str, str]:
    return {"language": language, "value": value}


def a_course(**changes: Any) -> dict[str, Any]:
    course = {
        "courseId": "c-1",
        "primaryCode": {"codeType": "courseCode", "code": "BIO-101"},
        "name": [text("Soil life"), text("Bodemleven", "nl-NL")],
        "description": [text("What lives in the ground.")],
        "teachingLanguage": "eng",
        "level": "bachelor",
        "studyLoad": {"studyLoadUnit": "ects", "value": 5},
    }
    return {**course, **changes}


def a_run(**changes: Any) -> dict[str, Any]:
    run = {
        "offeringId": "r-1",
        "offeringType": "course",
        "course": "c-1",
        "name": [text("Autumn term")],
        "startDate": "2026-09-01",
        "endDate": "2026-11-01",
    }
    return {**run, **changes}


def one(*contents: Any, **named: Any) -> SourceOffering:
    documents = [document(content, f"d{at}.json") for at, content in enumerate(contents)]
    found = read(FORMAT, *documents, **named)
    assert not found.unreadable
    assert len(found.offerings) == 1
    return found.offerings[0]


ROOT = {
    "organizationId": "o-root",
    "organizationType": "root",
    "primaryCode": {"codeType": "brin", "code": "21XX"},
    "name": [text("University of Examples")],
    "addresses": [{"addressType": "postal", "city": "Delft", "countryCode": "NL"}],
    "link": "https://uni.example",
}
FACULTY = {"organizationId": "o-fac", "organizationType": "faculty", "name": [text("Faculty")], "parent": "o-root"}
SPEC = {
    "educationSpecificationId": "e-1",
    "educationSpecificationType": "course",
    "formalDocument": "certificate",
    "levelOfQualification": "7",
    "fieldsOfStudy": "0511",
    "studyLoad": {"studyLoadUnit": "sbu", "value": 140},
    "learningOutcomes": [[text("From the specification")]],
    "name": [text("Specification")],
    "parent": "e-0",
}
