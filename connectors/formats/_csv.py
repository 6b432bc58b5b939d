"""CSV as a table: charset, delimiter, header; then row by row, a bad row never taking the good ones with it.

Accepted: UTF-8 with or without byte order mark, UTF-16, Windows-1252 (`connectors.document_charset`); comma,
semicolon or tab (whichever gives the most column names of the template); Excel's first line ``sep=;``; line breaks
inside quotation marks. A row with more or fewer cells than the header, or with a quotation mark that is never closed,
cannot be trusted: its values may stand under the wrong names. It is *unreadable* and named by the number a
spreadsheet program shows. Cells that begin with ``=``, ``+``, ``-`` or ``@`` are texts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from connectors.document_charset import charset_of
from connectors.documents import Document
from connectors.formats._table import Cell, Row, Table
from connectors.reading import NotReadable, Reading
from connectors.text_limit import shown
from standard.observation import Observation
from standard.source_offering import Unreadable

LONGEST_CELL = 128 * 1024 * 1024
"""Characters: the csv module gives up beyond. What is longer than `connectors.text_limit` is cut afterwards."""

_DELIMITERS = (",", ";", "\t")
_FIRST_LINES = 64 * 1024


def open_csv(document: Document, reading: Reading, known: Callable[[str], bool]) -> Table:
    """Return the table of a CSV file. `known`: whether a header cell is a column name of the template.

    Raises `NotReadable` for an empty file.
    """
    charset, _ = charset_of(document, reading)
    lines = _lines(document, charset.name, charset.mark)
    delimiter, skipped = _delimiter(document, charset.name, charset.mark, known)
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    records = _records(csv.reader(lines, delimiter=delimiter, strict=True))
    for number, record in records:
        if number > skipped and isinstance(record, list) and any(cell.strip() for cell in record):
            header = {index: cell for index, cell in enumerate(record) if cell.strip()}
            place = f"{document.name}#"
            return Table(place, header, _rows(place, records, len(record)), header_row=number)
    raise NotReadable(Observation("MC00-SOURCE-NO-CONTENT", document.name, facts={"document": document.name}))


def _lines(document: Document, charset: str, mark: int) -> Iterator[str]:
    """Yield the lines with their ends, closing the file at the end."""
    with document.open() as stream:
        stream.read(mark)
        text = io.TextIOWrapper(io.BufferedReader(_Lent(stream)), encoding=charset, errors="replace", newline="")
        yield from text


class _Lent(io.RawIOBase):
    """Lends any stream of bytes to a text wrapper, whatever else the stream can do."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It can be read; that is all that is asked of it."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill `buffer` with the next bytes; 0 at the end."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def _delimiter(document: Document, charset: str, mark: int, known: Callable[[str], bool]) -> tuple[str, int]:
    """Return the delimiter, and the number of rows before the header (1 for Excel's ``sep=``, else 0)."""
    with document.open() as stream:
        stream.read(mark)
        head = stream.read(_FIRST_LINES).decode(charset, errors="replace")
    first, _, _ = head.partition("\n")
    declared = first.strip().strip('"')
    if declared.casefold().startswith("sep=") and len(declared) == 5:
        return declared[4], 1
    return max(_DELIMITERS, key=lambda delimiter: _score(head, delimiter, known)), 0


def _score(head: str, delimiter: str, known: Callable[[str], bool]) -> tuple[int, int]:
    """Return how many header cells are known, then how many there are, if this is the delimiter."""
    for _, record in _records(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=True)):
        if isinstance(record, list) and any(cell.strip() for cell in record):
            return sum(1 for cell in record if known(cell)), len(record)
    return 0, 0


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each record with its number from 1, or the csv module's complaint about it in its place."""
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, str(error)
        else:
            yield number, record


def _rows(place: str, records: Iterator[tuple[int, list[str] | str]], width: int) -> Iterator[Row | Unreadable]:
    for number, record in records:
        if isinstance(record, str):
            yield _broken(place, number, record)
        elif any(cell and not cell.isspace() for cell in record):
            extra = any(cell.strip() for cell in record[width:])
            if extra or len(record) < width:
                yield _ragged(place, number, record, width)
            else:
                yield Row(number, _cells(record, width), [])


def _cells(record: list[str], width: int) -> dict[int, Cell]:
    return {index: Cell(cell) for index, cell in enumerate(record[:width]) if cell and not cell.isspace()}


def _ragged(place: str, number: int, record: list[str], width: int) -> Unreadable:
    path = f"{place}A{number}"
    facts = {"row": str(number), "cells": str(len(record)), "columns": str(width)}
    return Unreadable(path, Observation("MC00-ROW-RAGGED", path, shown(record[0] if record else ""), facts))


def _broken(place: str, number: int, reason: str) -> Unreadable:
    path = f"{place}A{number}"
    return Unreadable(path, Observation("MC00-ROW-BROKEN", path, facts={"row": str(number), "reason": reason}))
