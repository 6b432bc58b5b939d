"""The template itself: an XLSX file with a data dictionary, or the same as a pair of CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from connectors.formats._spreadsheet_columns import COLUMNS, Column, Sheet
from connectors.formats._table import letter

DICTIONARY = "Data dictionary"

_REQUIRED = PatternFill("solid", fgColor="FFE699")
_OPTIONAL = PatternFill("solid", fgColor="DDEBF7")
_WIDTHS = {"text": 40, "list": 24, "address": 30, "code": 18, "number": 12, "date": 14}
_FORMATS = {"date": "yyyy-mm-dd"}
_CONTENT = {
    "text": "text; HTML is allowed in descriptions",
    "code": "a code, a short text",
    "list": "several values, separated by semicolons or line breaks",
    "number": "a number",
    "date": "a date: 2025-09-01",
    "address": "a web address that begins with https://",
}


def template(languages: Sequence[str] = ("en",)) -> bytes:
    """Return the template as an XLSX file, with a column per language (BCP 47 tags) for every text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in COLUMNS:
        _fill_sheet(book.create_sheet(sheet.capitalize()), sheet, languages)
    _fill_dictionary(book.create_sheet(DICTIONARY), languages)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template_csv(languages: Sequence[str] = ("en",)) -> dict[str, bytes]:
    """Return the template as two CSV files by name: header rows only, UTF-8 with the mark that Excel looks for."""
    files = {}
    for sheet in COLUMNS:
        out = io.StringIO(newline="")
        csv.writer(out).writerow([name for name, _ in header(sheet, languages)])
        files[f"{sheet}.csv"] = out.getvalue().encode("utf-8-sig")
    return files


def header(sheet: Sheet, languages: Sequence[str]) -> Iterator[tuple[str, Column]]:
    """Yield the header cells of a sheet with their columns."""
    for column in COLUMNS[sheet]:
        for suffix in [f"_{language}" for language in languages] if column.by_language and languages else [""]:
            yield f"{column.name}{suffix}", column


def _fill_sheet(page: Worksheet, sheet: Sheet, languages: Sequence[str]) -> None:
    for index, (name, column) in enumerate(header(sheet, languages)):
        cell = page.cell(row=1, column=index + 1, value=name)
        cell.font = Font(bold=True)
        cell.fill = _REQUIRED if column.required else _OPTIONAL
        page.column_dimensions[letter(index)].width = _WIDTHS[column.content]
        if column.content != "number":
            # Texts as text: otherwise Excel turns a code such as 0913 into 913, and 3-4 into a day in April.
            page.column_dimensions[letter(index)].number_format = _FORMATS.get(column.content, "@")
    page.freeze_panes = "B2"


def _fill_dictionary(page: Worksheet, languages: Sequence[str]) -> None:
    page.append(["sheet", "column", "required", "meaning", "content", "example"])
    for sheet in COLUMNS:
        for name, column in header(sheet, languages):
            required = "yes" if column.required else "no"
            page.append([sheet.capitalize(), name, required, column.meaning, _CONTENT[column.content], column.example])
    for cell in page[1]:
        cell.font = Font(bold=True)
    for index, width in enumerate((12, 32, 10, 70, 40, 36)):
        page.column_dimensions[letter(index)].width = width
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
    page.freeze_panes = "A2"
