"""The demo's sources after somebody hostile had access to the institution's system: every field is spoilt.

Made from what the demo serves, so that whatever the demo shows of a format is tried: a record for each way in with all
its fields spoilt, and a record for each field with every way in at once.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from pipelines.demo.server import respond
from tests.browser import ADDRESSES, FORMULAS, PAYLOADS
from tests.pipelines.sources import Source

Spoil = Callable[[str], str]
WHOLE = (*ADDRESSES, *FORMULAS)
"""What takes effect only where a value begins with it."""
ALL_AT_ONCE = " ".join((*PAYLOADS, *ADDRESSES))
KEPT = ("courseId", "id", "offering_id", "{http://purl.org/dc/elements/1.1/}identifier")
"""Fields without which there is no record; what stands in them is spoilt only where they are the one field spoilt."""


def serve_spoilt(source: Source, name: str, format_name: str) -> str:
    """Let `source` offer a spoilt feed in a format; return the address for the contract."""
    path, media_type, spoilt = {
        "ooapi-5": ("/valalzette/ooapi/v5/courses", "application/json", _ooapi),
        "moochub-3": ("/ardennes/moochub/v3/courses", "application/json", _moochub),
        "xcri-cap-1.2": ("/moselland/xcri.xml", "application/xml", _xcri),
        "spreadsheet": ("/greengate/offerings.csv", "text/csv", _spreadsheet),
    }[format_name]
    answer = respond(path, 1, source.url)
    assert answer is not None
    ending = path.rpartition("/")[2]
    source.put(f"/{name}/{ending}", spoilt(answer[1]), media_type)
    return f"{source.url}/{name}" if format_name == "ooapi-5" else f"{source.url}/{name}/{ending}"


def _ooapi(body: bytes) -> bytes:
    page = json.loads(body) | {"hasNextPage": False, "totalPages": 1}
    page["items"] = list(_json_records(page["items"], "courseId", "00000000-0000-4000-8000-{:012}"))
    return json.dumps(page).encode()


def _moochub(body: bytes) -> bytes:
    page = json.loads(body)
    page["links"] = {"self": page["links"]["self"], "first": page["links"]["first"]}
    page["data"] = list(_json_records(page["data"], "id", "course-{}"))
    return json.dumps(page).encode()


def _json_records(items: list[Any], identifier: str, form: str) -> Iterator[Any]:
    seed = max(items, key=lambda item: len(list(_leaves(item))))
    yield items[0]
    number = 0
    for payload in (*PAYLOADS, *WHOLE):
        made = copy.deepcopy(seed)
        for parent, key in list(_leaves(made)):
            parent[key] = payload if payload in WHOLE else f"{parent[key]} {payload}"
        made[payload] = {payload: payload}
        number += 1
        yield made | {identifier: form.format(number)}
    for place in range(len(list(_leaves(seed)))):
        made = copy.deepcopy(seed)
        number += 1
        made[identifier] = form.format(number)
        parent, key = list(_leaves(made))[place]
        parent[key] = f"{parent[key]} {ALL_AT_ONCE}"
        yield made


def _leaves(document: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a text or number: what holds it, and its name or number there."""
    for key in document if isinstance(document, dict) else range(len(document)):
        if isinstance(document[key], dict | list):
            yield from _leaves(document[key])
        elif not isinstance(document[key], bool):
            yield document, key


def _xcri(body: bytes) -> bytes:
    root = etree.fromstring(body)
    courses = root.findall(".//{*}course")
    seed = max(courses, key=lambda course: len(list(course.iter("*"))))
    (home,) = root.findall(".//{*}provider")
    for course in courses[1:]:
        home.remove(course)
    places = [place for place, element in enumerate(seed.iter("*")) if not len(element)]
    for number, payload in enumerate((*PAYLOADS, *WHOLE)):
        home.append(_xcri_course(seed, number, places, _storable(payload)))
    for number, place in enumerate(places, start=100):
        home.append(_xcri_course(seed, number, [place], _storable(ALL_AT_ONCE)))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _xcri_course(seed: Any, number: int, places: list[int], payload: str) -> Any:
    course = copy.deepcopy(seed)
    elements = list(course.iter("*"))
    for place in places:
        element = elements[place]
        if element.tag in KEPT and len(places) > 1:
            element.text = f"https://www.hs-moselland.example/id/{number}"
        else:
            element.text = payload if payload in WHOLE else f"{element.text or ''} {payload}"
            for name in element.attrib:
                element.attrib[name] = payload
    etree.SubElement(course, "own").text = payload
    return course


def _storable(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return "".join(character for character in text if character.isprintable() or character in "\n\t")


_MORE_COLUMNS = (
    *("awarding_body", "provider_en", "keywords_en", "price_note_en", "price_amount", "stackability_en", "licence"),
    *("code", "contact_url", "image", "prerequisites_en", "grading_scheme_en", "region", "modified"),
)


def _spreadsheet(body: bytes) -> bytes:
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    seed = max(rows, key=lambda row: sum(bool(value) for value in row.values()))
    seed |= dict.fromkeys(_MORE_COLUMNS, "1")
    made = [rows[0]]
    for payload in (*PAYLOADS, *WHOLE):
        spoilt = {name: payload if payload in WHOLE else f"{value} {payload}" for name, value in seed.items()}
        made.append(spoilt | {"offering_id": f"MC-{len(made)}"})
    for name in seed:
        made.append({**seed, "offering_id": f"MC-{len(made)}"} | {name: f"{seed[name]} {ALL_AT_ONCE} {len(made)}"})
    out = io.StringIO()
    columns = [*seed, *PAYLOADS[:3]]
    writer = csv.DictWriter(out, columns, delimiter=";")
    writer.writeheader()
    writer.writerows(row | dict.fromkeys(PAYLOADS[:3], "x") for row in made)
    return out.getvalue().replace("\x00", "").encode()  # no text file holds a zero
