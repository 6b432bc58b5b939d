"""Files of our spreadsheet template for tests: filled in, saved, read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook

from connectors.formats.spreadsheet import template
from standard.source_offering import SourceOffering
from tests.formats.documents import Outcome, document, read

FORM = "spreadsheet"
Rows = Sequence[Mapping[str, Any]]


def filled(offerings: Rows, instances: Rows = (), languages: Sequence[str] = ("en", "fi")) -> Workbook:
    """Return the template with rows from row 2 on."""
    book = load_workbook(io.BytesIO(template(languages)))
    for name, rows in (("Offerings", offerings), ("Instances", instances)):
        sheet = book[name]
        columns = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
        for number, row in enumerate(rows, 2):
            for column, value in row.items():
                cell = sheet.cell(row=number, column=columns[column])
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(book: Workbook, name: str = "template.xlsx") -> Outcome:
    return read(FORM, document(saved(book), name))


def comma(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def as_csv(text: str | bytes, *more: tuple[str, str]) -> Outcome:
    others = [document(content, name) for name, content in more]
    return read(FORM, document(text, "offerings.csv"), *others)


def first(found: Outcome) -> SourceOffering:
    (offering,) = found.offerings
    return offering


def with_cached_value(data: bytes, cell: str, value: str) -> bytes:
    """Return the workbook as a spreadsheet program saves it: with the result of the formula beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                start = content.index(f'<c r="{cell}"'.encode())
                end = content.index(b"</c>", start)
                piece = content[start:end].split(b"<v", 1)[0].replace(b"<c ", b'<c t="str" ', 1)
                content = content[:start] + piece + f"<v>{value}</v>".encode() + content[end:]
            new.writestr(part, content)
    return out.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


FULL: dict[str, Any] = {
    "offering_id": "A-1",
    "title_en": "Data",
    "title_fi": "Tieto",
    "description_en": "About data.",
    "type": "micro-credential",
    "micro_credential": "yes",
    "country": "FI",
    "awarding_body_en": "Uni",
    "awarding_body_schac": "uni.fi",
    "provider_en": "Open Uni",
    "provider_homepage": "https://open.example",
    "ects": 3,
    "hours": 80.5,
    "credits": "5",
    "credit_system": "CFU",
    "eqf_level": 6,
    "national_level": "6",
    "national_framework": "FiNQF",
    "learning_outcomes_en": "- Reads charts\n- Draws charts\n\n",
    "learning_outcomes_fi": "1. Lukee\n2. Piirtää",
    "learning_outcomes_esco": "http://data.europa.eu/esco/skill/1\nhttp://data.europa.eu/esco/skill/2; http://x/3",
    "modes": "online; onsite",
    "quality_assurance_type": "programme accreditation",
    "quality_assurance_until": date(2029, 12, 31),
    "stackable": "yes",
    "part_of": "MSC",
    "part_of_title_en": "Master",
    "fields": "0613;0688",
    "languages": "fi\nen",
    "homepage": "https://uni.example/a",
    "contact_email": "info@uni.example",
    "keywords_en": "data; charts",
    "price_amount": 0,
    "price_currency": "EUR",
}


SAVED = saved(filled([FULL, FULL], [{"offering_id": "A-1", "start": date(2025, 9, 1)}]))
