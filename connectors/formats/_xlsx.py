"""XLSX as tables, streaming, with what openpyxl's own read-only mode does not tell: formulas, merged and hidden cells.

openpyxl reads cells; `_SheetParser` extends its parser of one sheet so that a single pass gives the cached value of a
formula *and* that it was one, which rows are hidden, and (they stand behind the rows) which cells are merged. Opening
the file twice, once for values and once for formulas, would cost twice the time and still not tell the rest.

An XLSX file is a ZIP archive of XML. Before openpyxl sees it: the archive's sizes are compared with limits (a bomb
of a few kilobytes unpacks to gigabytes), and no part may carry a DOCTYPE (entity bombs).
"""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from zlib import error as ZlibError  # noqa: N812  # it is a class

from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from connectors.documents import Document
from connectors.formats._table import Cell, Row, Table, letter
from connectors.reading import NotReadable
from connectors.text_limit import shown
from connectors.xml import has_doctype
from standard.observation import Observation, Scalar
from standard.source_offering import Unreadable

MOST_BYTES = 512 * 1024 * 1024
MOST_PARTS = 10_000
WORST_RATIO = 250
_SMALL = 16 * 1024 * 1024
_INLINE_TEXT = f"{INLINE_STRING}/{{{SHEET_MAIN_NS}}}t"
_HEAD = 64 * 1024
_IN_MEMORY = 32 * 1024 * 1024
_SERIALS = (1.0, 2958466.0)
"""Excel's days: 1 January 1900 to 31 December 9999."""

_DAMAGE: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, ZlibError, LxmlError, SyntaxError, OSError, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError),
)
"""What zipfile, zlib and openpyxl raise on damaged files; openpyxl has no exception of its own for most of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, whether it is hidden, and how to read it."""

    name: str
    hidden: bool
    _book: Book
    _worksheet: Any

    def table(self) -> Table | None:
        """Return the sheet as a table whose header is the first row with content, None for an empty sheet.

        Raises `NotReadable` for a sheet that is damaged before its header ends.
        """
        place = f"{self._book.name}#{_quoted(self.name)}!"
        after: list[Observation] = []
        rows = self._book.rows(self._worksheet, place, after)
        first = next(rows, None)
        if isinstance(first, Unreadable):
            raise NotReadable(first.observation)
        if first is None:
            return None
        header = {index: str(cell.value) for index, cell in first.cells.items()}
        return Table(place, header, rows, first.number, after, self._book.from_serial)


class Book:
    """An XLSX file. Raises `NotReadable` for what is unsafe or no XLSX. Use as a context manager."""

    def __init__(self, document: Document) -> None:
        self.name = document.name
        self._file = _seekable(document)
        try:
            _check(document, self._file)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book: Any = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
        except _DAMAGE as error:
            self._file.close()
            raise NotReadable(_not_xlsx(document.name, error)) from error
        except NotReadable:
            self._file.close()
            raise

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *error: object) -> None:
        self._book.close()
        self._file.close()

    def sheets(self) -> list[Sheet]:
        """Return the worksheets in their order; charts are none."""
        return [Sheet(each.title, each.sheet_state != "visible", self, each) for each in self._book.worksheets]

    def from_serial(self, value: Scalar) -> str | None:
        """Return a plain number as the ISO 8601 date (or date-time) that it is as a day of Excel, else None."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not _SERIALS[0] <= value < _SERIALS[1]:
            return None
        return _iso(from_excel(value, self._book.epoch))

    def rows(self, worksheet: Any, place: str, after: list[Observation]) -> Iterator[Row | Unreadable]:
        """Yield the rows of a sheet that have content; `after` takes what stands behind them in the file."""
        with self._book._archive.open(worksheet._worksheet_path) as source:
            parser = _SheetParser(
                source,
                worksheet._shared_strings,
                data_only=True,
                epoch=self._book.epoch,
                date_formats=self._book._date_formats,
                timedelta_formats=self._book._timedelta_formats,
            )
            try:
                for number, cells in parser.parse():
                    row = _row(number, cells, place, hidden=parser.was_hidden(number))
                    if row is not None:
                        yield row
            except _DAMAGE as error:
                yield _damaged(place, parser.row_counter, error)
        after.extend(_merged(parser, place))


class _SheetParser(WorkSheetParser):
    """openpyxl's parser of a sheet, which also says which cells hold formulas, and drops what nobody asks for."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return a cell with ``formula`` added; a cell that cannot be read is an error cell."""
        try:
            cell: dict[str, Any] = self._plain_text(element) or super().parse_cell(element)
        except (ValueError, IndexError, KeyError, TypeError, OverflowError):
            cell = {"row": self.row_counter, "column": self.col_counter, "value": "#UNREADABLE", "data_type": "e"}
        cell["formula"] = element.find(FORMULA_TAG) is not None
        return cell

    def _plain_text(self, element: Any) -> dict[str, Any] | None:
        """Return an inline text without formatting, which openpyxl reads at ten times the cost; None for all else."""
        text = element.find(_INLINE_TEXT) if element.get("t") == "inlineStr" else None
        if text is None or len(element) != 1 or len(element[0]) != 1 or not element.get("r"):
            return None
        row, self.col_counter = coordinate_to_tuple(element.get("r"))
        return {"row": row, "column": self.col_counter, "value": text.text, "data_type": "s", "style_id": 0}

    def parse_extensions(self, element: Any) -> None:
        """Extensions say nothing of values."""

    def parse_formatting(self, element: Any) -> None:
        """Formatting says nothing of values."""

    def was_hidden(self, number: int) -> bool:
        """Say whether a row just read is hidden, and forget about it."""
        return (self.row_dimensions.pop(str(number), None) or {}).get("hidden") in ("1", "true")


# Rows ------------------------------------------------------------------------------------------------------------


def _row(number: int, parsed: list[dict[str, Any]], place: str, *, hidden: bool) -> Row | None:
    cells: dict[int, Cell] = {}
    notes: list[Observation] = []
    for each in parsed:
        cell = _cell(each, f"{place}{letter(each['column'] - 1)}{number}", notes)
        if cell is not None:
            cells[each["column"] - 1] = cell
    if not cells and not notes:
        return None
    if hidden:
        notes.append(Observation("MC00-ROW-HIDDEN", f"{place}A{number}", facts={"row": str(number)}))
    return Row(number, cells, notes)


def _cell(parsed: dict[str, Any], path: str, notes: list[Observation]) -> Cell | None:
    """Return a cell with content, None for an empty one; formulas and errors are noted."""
    value = parsed["value"]
    if parsed["data_type"] == "e":
        notes.append(Observation("MC00-CELL-ERROR", path, shown(str(value))))
        return None
    blank = value is None or (isinstance(value, str) and not value.strip())
    if parsed["formula"]:
        notes.append(Observation("MC00-CELL-FORMULA-EMPTY" if blank else "MC00-CELL-FORMULA", path))
    if blank:
        return None
    if isinstance(value, (str, bool, int, float)):
        return Cell(value)
    return Cell(_iso(value), serial=True)


def _iso(value: datetime | date | time | timedelta) -> str:
    """Return a date or time of openpyxl as ISO 8601; midnight is a date, as Excel has no other way to say so."""
    if isinstance(value, datetime):
        whole = value.time() == time(0)
        return value.date().isoformat() if whole else value.isoformat(timespec="seconds")
    return f"PT{round(value.total_seconds())}S" if isinstance(value, timedelta) else value.isoformat()


def _merged(parser: WorkSheetParser, place: str) -> list[Observation]:
    """Return one observation for all merged cells of a sheet: only the first of each holds a value."""
    ranges = [str(each.ref) for each in parser.merged_cells.mergeCell] if parser.merged_cells else []
    if not ranges:
        return []
    facts = {"count": str(len(ranges)), "ranges": shown(", ".join(ranges[:20]))}
    return [Observation("MC00-CELL-MERGED", f"{place}{ranges[0].partition(':')[0]}", shown(ranges[0]), facts)]


def _damaged(place: str, number: int, error: Exception) -> Unreadable:
    path = f"{place}A{number + 1}"
    reason = shown(f"the sheet is damaged after row {number}: {error}")
    return Unreadable(path, Observation("MC00-ROW-BROKEN", path, facts={"row": str(number + 1), "reason": reason}))


def _quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    return sheet if sheet.replace("_", "").isalnum() else "'" + sheet.replace("'", "''") + "'"


# The archive -----------------------------------------------------------------------------------------------------


def _seekable(document: Document) -> BinaryIO:
    """Return the document in a file that can be read from any place, as ZIP archives need."""
    stream = document.open()
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by the book
    with stream:
        while data := stream.read(_HEAD):
            copy.write(data)
    copy.seek(0)
    return copy  # type: ignore[return-value]  # it is one in all that counts


def _check(document: Document, file: BinaryIO) -> None:
    """Refuse an archive that unpacks too large, or that holds a part with a DOCTYPE."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        if len(parts) > MOST_PARTS or size > MOST_BYTES or (size > _SMALL and size > WORST_RATIO * max(packed, 1)):
            raise _unsafe(document, f"an archive of {len(parts)} parts that unpacks to {size // 1_000_000} MB")
        if not any(part.filename.casefold() == "xl/workbook.xml" for part in parts):
            raise NotReadable(_not_xlsx(document.name, "there is no workbook in it"))
        for part in parts:
            if part.filename.casefold().endswith((".xml", ".rels", ".vml")):
                with archive.open(part) as content:
                    if has_doctype(content.read(_HEAD)):
                        raise _unsafe(document, f"a DOCTYPE in its part {shown(part.filename)}")
    file.seek(0)


def _unsafe(document: Document, what: str) -> NotReadable:
    return NotReadable(Observation("MC00-SOURCE-UNSAFE", path=document.name, facts={"what": what}))


def _not_xlsx(name: str, reason: object) -> Observation:
    return Observation("MC00-SOURCE-NOT-SPREADSHEET", path=name, facts={"reason": shown(str(reason))})
