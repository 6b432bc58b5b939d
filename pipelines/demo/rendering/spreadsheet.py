"""The demo's spreadsheets in the catalogue's own template: an XLSX workbook, and a pair of CSV files.

Both carry what people do to spreadsheets: real dates, a formula, a note above nothing, a header with a slip in it.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.demo.content import DemoInstitution, DemoOffering

_TEXTS = {"title": "title", "text": "description", "outcomes": "learning_outcomes"}
_ASSESSMENT = {"written": "written examination", "practical": "practical assessment", "oral": "oral examination"}
_SLIP = {"prerequisites_fr": "prerequisits_fr"}
"""A header with a spelling mistake, as it is found in the health school's file."""


def workbook(institution: DemoInstitution) -> bytes:
    """Return the institution's offerings as an XLSX workbook with the sheets Offerings and Instances."""
    book = Workbook()
    offerings = book.active or book.create_sheet()
    offerings.title = "Offerings"
    rows = _offering_rows(institution)
    for row in rows:
        row["prerequisites_fr"] = "Diplôme d'une profession de santé."
    _fill(offerings, rows, _SLIP)
    _fill(book.create_sheet("Instances"), _instance_rows(institution), {})
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def offerings_csv(institution: DemoInstitution) -> bytes:
    """Return the sheet Offerings as CSV: semicolons and a byte-order mark, as Excel writes it in Europe."""
    return _csv(_offering_rows(institution))


def instances_csv(institution: DemoInstitution) -> bytes:
    """Return the sheet Instances as CSV."""
    return _csv(_instance_rows(institution))


def _offering_rows(institution: DemoInstitution) -> list[dict[str, Any]]:
    return [_offering_row(institution, entry) for entry in institution.offerings]


def _offering_row(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    facts = entry.facts
    row: dict[str, Any] = {"offering_id": entry.id, "type": "micro-credential", "country": "LU"}
    for key, column in _TEXTS.items():
        for language, value in entry.by_language(key).items():
            row[f"{column}_{language}"] = "\n".join(value) if isinstance(value, list) else value
    return row | {
        "ects": facts.get("ects"),
        "eqf_level": facts.get("level"),
        "modes": facts.get("mode"),
        "assessment_types": _ASSESSMENT.get(facts.get("assessment", ""), facts.get("assessment")),
        "supervision": "supervised with identity verification" if facts.get("assessment") == "written" else None,
        "quality_assurance_type": "institutional quality assurance",
        "stackable": "yes" if facts.get("ects") in (5, 6) else None,
        "fields": facts.get("field"),
        "languages": "; ".join(entry.texts),
        "homepage": institution.address(entry),
        "contact_email": institution.contact,
        **entry.raw,
    }


def _instance_rows(institution: DemoInstitution) -> list[dict[str, Any]]:
    return [_instance_row(institution, entry) for entry in institution.offerings if entry.facts.get("start")]


def _instance_row(institution: DemoInstitution, entry: DemoOffering) -> dict[str, Any]:
    facts = entry.facts
    return {
        "offering_id": entry.id,
        "instance_id": f"{entry.id}-{facts['start']}",
        "start": facts["start"],
        "end": facts.get("end"),
        "enrolment_opens": "2026-10-01",
        "enrolment_closes": "2027-01-15",
        "location_fr": institution.city,
        "price_amount": facts.get("price"),
        "price_currency": "EUR",
        "capacity": 20,
    }


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _fill(sheet: Worksheet, rows: list[dict[str, Any]], renamed: dict[str, str]) -> None:
    columns = _columns(rows)
    sheet.append([renamed.get(name, name) for name in columns])
    for row in rows:
        sheet.append([_cell(row.get(name)) for name in columns])


def _cell(value: Any) -> Any:
    """Return real dates as dates, as Excel keeps them; everything else as it is."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def _csv(rows: list[dict[str, Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, _columns(rows), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
