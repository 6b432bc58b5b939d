"""Tiny sources for these tests: a real HTTP server on loopback, and one small feed in each format.

Every feed holds the same three micro-credentials of a fictional school, so that the formats can be compared.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]
Respond = Callable[[str, dict[str, str]], Answer]


@dataclass
class Source:
    """What the server answers, by path; `asked` lists every request. A path without an answer is a 404."""

    url: str = ""
    answers: dict[str, Answer | Respond] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(
        self, path: str, body: bytes | str, media_type: str = "application/json", status: int = 200, **headers: str
    ) -> None:
        """Answer `path` with `body`."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": media_type, **named}, content)

    def answer(self, target: str) -> Answer:
        """Return what is answered to a request."""
        self.asked.append(target)
        parts = urlsplit(target)
        found = self.answers.get(parts.path)
        if found is None:
            return 404, {"Content-Type": "text/plain"}, b"nothing here"
        if callable(found):
            return found(parts.path, {name: values[-1] for name, values in parse_qs(parts.query).items()})
        return found


@contextmanager
def serving() -> Iterator[Source]:
    """Serve a `Source` on loopback for the length of the block."""
    source = Source()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = source.answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    source.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        server.server_close()


Row = dict[str, str]

ROWS: list[Row] = [
    {
        "offering_id": f"MC-{number}",
        "title_en": title,
        "description_en": f"A short course: {title.lower()}.",
        "country": "LU",
        "awarding_body": "School of Practice",
        "ects": ects,
        "eqf_level": "6",
        "learning_outcomes_en": "Explains the basics\nApplies them to a case",
        "modes": "online",
        "assessment_types": "written",
        "homepage": f"https://practice.example/mc-{number}",
        "languages": "en",
    }
    for number, title, ects in [(1, "Data for Nurses", "3"), (2, "Safe Kitchens", "2"), (3, "Timber and Fire", "5")]
]


def spreadsheet(rows: list[Row]) -> bytes:
    """The rows as a CSV file of the project's own template."""
    columns = list(dict.fromkeys(name for row in rows for name in row)) or list(ROWS[0])
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def moochub(rows: list[Row], version: int = 3) -> bytes:
    """The rows as one page of a MOOChub feed."""
    items = [_moochub_item(row, version) for row in rows]
    return json.dumps({"links": {"self": "/courses", "first": "/courses"}, "data": items}).encode()


def _moochub_item(row: Row, version: int) -> dict[str, Any]:
    language = [row["languages"]] if version == 3 else row["languages"]
    attributes: dict[str, Any] = {
        "name": row["title_en"],
        "description": row["description_en"],
        "url": row["homepage"],
        "inLanguage": [row["languages"]],
        "startDate": ["2026-02-01T00:00:00+00:00"] if version == 3 else "2026-02-01T00:00:00+00:00",
        "courseMode": ["online"] if version == 3 else "online",
        "publisher": {"name": row["awarding_body"], "type": "Organization"},
        "creator": [{"name": row["awarding_body"], "type": "Organization"}],
        "workload": f"PT{int(row['ects']) * 25}H",
        "license": [{"identifier": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}],
    }
    attributes["languages" if version == 2 else "inLanguage"] = language
    return {"type": "courses" if version == 2 else "Course", "id": row["offering_id"], "attributes": attributes}


def xcri(rows: list[Row]) -> bytes:
    """The rows as an XCRI-CAP 1.2 catalogue."""
    courses = "".join(
        f"""<course>
        <dc:identifier>{row["homepage"]}</dc:identifier>
        <dc:title xml:lang="en">{row["title_en"]}</dc:title>
        <dc:description xml:lang="en">{row["description_en"]}</dc:description>
        <mlo:url>{row["homepage"]}</mlo:url>
        <mlo:credit><credit:scheme>ECTS</credit:scheme><credit:value>{row["ects"]}</credit:value></mlo:credit>
        </course>"""
        for row in rows
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="http://xcri.org/profiles/1.2/catalog" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:mlo="http://purl.org/net/mlo" xmlns:credit="http://purl.org/net/cm" generated="2026-01-01T00:00:00Z">
  <provider><dc:identifier>https://practice.example/</dc:identifier><dc:title>School of Practice</dc:title>
  {courses}</provider></catalog>""".encode()


def ooapi_courses(rows: list[Row]) -> bytes:
    """The rows as one page of the OOAPI list of courses."""
    items = [_ooapi_course(row) for row in rows]
    page = {"pageSize": 250, "pageNumber": 1, "hasPreviousPage": False, "hasNextPage": False, "items": items}
    return json.dumps(page).encode()


def _ooapi_course(row: Row) -> dict[str, Any]:
    return {
        "courseId": f"00000000-0000-4000-8000-{row['offering_id'][-1]:0>12}",
        "primaryCode": {"codeType": "identifier", "code": row["offering_id"]},
        "name": [{"language": "en-GB", "value": row["title_en"]}],
        "abbreviation": row["offering_id"],
        "description": [{"language": "en-GB", "value": row["description_en"]}],
        "studyLoad": {"studyLoadUnit": "ects", "value": int(row["ects"])},
        "level": "bachelor",
        "teachingLanguage": "eng",
        "modeOfDelivery": ["online"],
        "learningOutcomes": [[{"language": "en-GB", "value": "Explains the basics"}]],
        "link": row["homepage"],
    }


def serve_feed(source: Source, name: str, format_name: str, rows: list[Row]) -> str:
    """Let `source` offer `rows` in a format; return the address for the contract."""
    if format_name == "spreadsheet":
        source.put(f"/{name}/offerings.csv", spreadsheet(rows), "text/csv")
        return f"{source.url}/{name}/offerings.csv"
    if format_name == "xcri-cap-1.2":
        source.put(f"/{name}/xcri.xml", xcri(rows), "application/xml")
        return f"{source.url}/{name}/xcri.xml"
    if format_name == "ooapi-5":
        source.put(f"/{name}/courses", ooapi_courses(rows))
        return f"{source.url}/{name}"
    source.put(f"/{name}/courses", moochub(rows, int(format_name[-1])))
    return f"{source.url}/{name}/courses"


def contract(
    folder: Path, name: str, url: str, format_name: str = "spreadsheet", expectations: str = "", more: str = ""
) -> Path:
    """Write a contract into the register `folder`; `more` are further lines of YAML."""
    options = "{lists: [courses], references: [], offerings: none}" if format_name == "ooapi-5" else "{}"
    file = folder / f"{name}.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"""name: {name}
title: School of Practice, short courses
institution:
  name: {{en: School of Practice}}
  country: LU
  homepage: https://practice.example/
owner: {{name: Short courses, email: short@practice.example}}
licence: CC-BY-4.0
format: {format_name}
format_options: {options}
transport:
  url: {url}
  rate: 500
  retries: {{attempts: 1}}
schedule: "0 3 * * *"
defaults: {{language: en, country: LU}}
expectations: {{least_offerings: 1{expectations}}}
{more}""",
        "utf-8",
    )
    return file
