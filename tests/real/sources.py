"""The real files behind an HTTP server on loopback, as their publishers served them: one folder of routes per feed.

The files are not part of the project; `absent` says which are missing, and then nothing is served.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.http_server import Answer, Request, Route, as_json
from tests.shared_data import shared

CONTRACTS = Path(__file__).parent / "contracts"
XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/json"}
FILES = {
    "tue_courses": "ooapi-v5/real/tue-courses-items.json",
    "tue_offering": "ooapi-v5/real/tue-course-offering.json",
    "tue_component": "ooapi-v5/real/tue-course-component.json",
    "gateway_programme": "ooapi-v5/gateway/program-200.json",
    "gateway_specification": "ooapi-v5/gateway/education-specification-200.json",
    "imoox": "moochub/real/imoox-v2-page.json",
    "moochub": "moochub/v3-api-example.json",
    "open_university": "xcri-cap/open-university-full.xml",
    "open_university_example": "xcri-cap/open-university-example.xml",
    "adam_smith_september": "xcri-cap/adam-smith-college-2012-09-07.xml",
    "adam_smith_october": "xcri-cap/adam-smith-college-2012-10-04.xml",
}
"""Every real file by the name used here → its path below the folder of feeds."""


def file(name: str) -> Path:
    """Return where a real file lies (it may not be there)."""
    return shared("data", "feeds", *FILES[name].split("/"))


def absent() -> list[str]:
    """Return the paths of the real files that are not there."""
    return [FILES[name] for name in FILES if not file(name).is_file()]


def content(name: str) -> bytes:
    """Return a real file's bytes."""
    return file(name).read_bytes()


def routes() -> dict[str, Route]:
    """Return what the publishers answer; Adam Smith College in the edition of September."""
    return {
        **_tu_eindhoven(),
        "/eduhub-gateway/programs": _always(content("gateway_programme"), {"Content-Type": "text/html"}),
        "/eduhub-gateway/education-specifications": _always(content("gateway_specification"), JSON),
        "/imoox/moochubs_v2.json": _always(content("imoox"), JSON),
        "/moochub-example/courses": _last_page(),
        "/open-university/catalogue.xml": _always(content("open_university"), XML),
        "/open-university-example/catalogue.xml": _always(content("open_university_example"), XML),
        ADAM_SMITH: adam_smith("adam_smith_september"),
    }


ADAM_SMITH = "/adam-smith-college/catalogue.xml"


def adam_smith(edition: str) -> Route:
    """Return the route of Adam Smith College in one of its editions."""
    return _always(content(edition), XML)


def _always(body: bytes, headers: dict[str, str]) -> Route:
    return lambda _: Answer(body, headers=headers)


def _last_page() -> Route:
    """Serve the example, page 2 of 3 at its publisher's, as a last page: its next page is not there to be served."""
    page: dict[str, Any] = json.loads(content("moochub"))
    del page["links"]["next"]
    return as_answer(page)


def as_answer(value: Any) -> Route:
    """Return a route that gives a JSON document."""
    return lambda _: as_json(value)


def _tu_eindhoven() -> dict[str, Route]:
    """Serve ten courses as one page, the component with the course it names, and the offering with that course.

    The offering names no course; it was the answer to a request for the offerings of the first course of the list,
    which is also the one that the component names.
    """
    courses: list[dict[str, Any]] = json.loads(content("tue_courses"))
    component, offering = json.loads(content("tue_component")), json.loads(content("tue_offering"))
    base = "/tu-eindhoven/v5/courses"
    served: dict[str, Route] = {base: _page(courses)}
    for course in courses:
        mine = course["courseId"] == component["course"]
        served[f"{base}/{course['courseId']}/offerings"] = _page([offering] if mine else [])
        served[f"{base}/{course['courseId']}/components"] = _page([component] if mine else [])
    return served


def _page(items: list[dict[str, Any]]) -> Route:
    def answer(request: Request) -> Answer:
        size = int(request.query.get("pageSize", "10"))
        page = {"pageSize": size, "pageNumber": 1, "hasPreviousPage": False, "hasNextPage": False, "items": items}
        return as_json(page)

    return answer
