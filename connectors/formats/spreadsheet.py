"""Our own spreadsheet template, filled in by institutions that have no system to export from: XLSX, or CSV files.

Two sheets, or two files: **Offerings** (one row per micro-credential) and **Instances** (one row per run, joined on
``offering_id``). What the columns are stands in `connectors.formats._spreadsheet_columns`, and as a data dictionary
in the template itself (`template`). How files are opened stands in `connectors.formats._csv` and
`connectors.formats._xlsx`.

The row-by-row report is the point of this format, so nothing is guessed in silence: an unknown column is named with
the nearest name of the template and is not read; formulas, error cells, merged cells, hidden rows and sheets are
flagged; a run that names no known offering is named with its row.

Instances are read first and kept by offering as bare rows; offerings are then streamed. Duplicate identifiers are
passed on as they are: judging them is not the reader's part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from connectors.documents import Document, Fetched
from connectors.formats import Format, Options
from connectors.formats._csv import open_csv
from connectors.formats._spreadsheet_columns import COLUMNS, Heading, Sheet, fold, match, suggestion
from connectors.formats._spreadsheet_offering import Cells, Headings, headings, identifier, read_instance, read_offering
from connectors.formats._spreadsheet_template import template, template_csv
from connectors.formats._table import Row, Table
from connectors.formats._xlsx import Book
from connectors.formats._xlsx import Sheet as BookSheet
from connectors.leftovers import credential_scheme
from connectors.reading import NotReadable, Reading
from connectors.sniffing import head_of, refuse_html
from connectors.text_limit import shown
from standard.observation import Observation
from standard.source_offering import SourceInstance, SourceOffering, Unreadable

if TYPE_CHECKING:
    from connectors.http import Fetcher

__all__ = ["FORMATS", "SpreadsheetOptions", "template", "template_csv"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class SpreadsheetOptions(BaseModel):
    """`format_options` in the contract. `instances`: address of the second CSV file, if the feed is two CSV files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instances: str | None = None


def pull(fetcher: Fetcher, url: str, options: Options) -> Iterator[Fetched]:
    """Yield the file at `url`, and the CSV file of instances if the options name one. Raises `PullFailure`."""
    chosen = SpreadsheetOptions.model_validate(options)
    yield fetcher.get(url, role="offerings")
    if chosen.instances:
        yield fetcher.get(chosen.instances, role="instances")


def sniff(name: str, head: bytes) -> float:
    """Say how sure it is the template: certain with its offering_id, likely for an XLSX, possible for any CSV."""
    lowered = name.casefold()
    if head.startswith(_ZIP):
        return 0.9 if b"xl/" in head or lowered.endswith(".xlsx") else 0.3
    if head.startswith(_OLE):
        return 0.6 if lowered.endswith(".xls") else 0.3
    first = head.replace(b"\x00", b"").split(b"\n", 1)[0].decode("utf-8", "replace")
    cells = {cell.strip(' "\r\ufeff\ufffd') for mark in ",;\t" for cell in first.split(mark)}
    if sum(map(_is_known, cells)) >= 2:
        return 0.95 if "offeringid" in map(fold, cells) else 0.5
    return 0.3 if lowered.endswith((".csv", ".tsv")) else 0.0


def read(documents: Sequence[Document], reading: Reading, options: Options) -> Iterator[SourceOffering | Unreadable]:
    """Yield the rows of Offerings, each with its runs. Raises `NotReadable` where there is no such sheet or file."""
    SpreadsheetOptions.model_validate(options)
    with ExitStack() as stack:
        tables = _Tables()
        for document in documents:
            _open(document, reading, stack, tables)
        if tables.offerings is None:
            path = documents[0].name if documents else None
            raise NotReadable(
                Observation("MC00-SHEET-MISSING", path, facts={"found": shown(", ".join(tables.names()))})
            )
        reading.unread.update(f"sheet {name}" for name in tables.other if not _is_dictionary(name))
        yield from _read_tables(tables.offerings, tables.instances, reading)


# Which table is which --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tables:
    """The tables found. `other`: names of sheets and files that are neither."""

    offerings: Table | None = None
    instances: list[Table] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    def names(self) -> list[str]:
        """Return the names of all that was found instead of Offerings."""
        return [*(table.place.rstrip("#!") for table in self.instances), *self.other]


def _open(document: Document, reading: Reading, stack: ExitStack, tables: _Tables) -> None:
    head = head_of(document)
    if not head.strip():
        raise NotReadable(Observation("MC00-SOURCE-NO-CONTENT", document.name, facts={"document": document.name}))
    refuse_html(document.name, head)
    if head.startswith(_OLE):
        raise NotReadable(Observation("MC00-SOURCE-OLD-EXCEL", path=document.name))
    if head.startswith(_ZIP):
        book = stack.enter_context(Book(document))
        for sheet in book.sheets():
            _open_sheet(sheet, reading, tables)
    elif b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        facts = {"reason": "it holds bytes that no text file holds"}
        raise NotReadable(Observation("MC00-SOURCE-NOT-SPREADSHEET", path=document.name, facts=facts))
    else:
        _place(
            tables, open_csv(document, reading, _is_known), document.name, f"{document.role} {document.name}", reading
        )


def _open_sheet(sheet: BookSheet, reading: Reading, tables: _Tables) -> None:
    try:
        table = None if _is_dictionary(sheet.name) else sheet.table()
    except NotReadable:
        if _kind(sheet.name):
            raise
        table = None
    if table is None:
        tables.other.append(sheet.name)
    elif _place(tables, table, sheet.name, sheet.name, reading) and sheet.hidden:
        reading.observations.append(Observation("MC00-SHEET-HIDDEN", table.place, sheet.name))


def _place(tables: _Tables, table: Table, name: str, called: str, reading: Reading) -> bool:
    """Put a table where it belongs: by what it is called, else by its columns (then with an observation)."""
    kind = _kind(called) or _kind_by_header(table)
    if kind is None or (kind == "offerings" and tables.offerings is not None):
        tables.other.append(name)
        return False
    if _kind(called) is None:
        facts = {"name": name, "expected": kind.capitalize()}
        reading.observations.append(Observation("MC00-SHEET-NAME", table.place, name, facts))
    if kind == "offerings":
        tables.offerings = table
    else:
        tables.instances.append(table)
    return True


def _kind(called: str) -> Sheet | None:
    folded = fold(called)
    if "instances" in folded:
        return "instances"
    return "offerings" if "offerings" in folded else None


def _is_dictionary(name: str) -> bool:
    return fold(name) == "datadictionary"


def _kind_by_header(table: Table) -> Sheet | None:
    """Return what a table is by its columns: both of ours have an offering_id, and then mostly columns of their own."""
    headers = table.header.values()
    if not any(fold(header) == "offeringid" for header in headers):
        return None
    found: dict[Sheet, int] = {sheet: sum(1 for header in headers if match(header, sheet)) for sheet in COLUMNS}
    best = max(found, key=lambda sheet: found[sheet])
    return best if found[best] >= 2 else None


def _is_known(header: str) -> bool:
    return match(header, "offerings") is not None or match(header, "instances") is not None


# Header ----------------------------------------------------------------------------------------------------------


def _header(table: Table, sheet: Sheet, reading: Reading) -> Headings:
    """Understand a table's header; what is unknown, double or missing is noted."""
    known: dict[int, Heading] = {}
    unknown: dict[int, str] = {}
    seen: set[tuple[str, str, int]] = set()
    for column, text in table.header.items():
        heading = match(text, sheet)
        if heading is None:
            unknown[column] = text
        elif heading.key() in seen:
            reading.observations.append(_note("MC00-COLUMN-DOUBLE", table, column, text))
        else:
            seen.add(heading.key())
            known[column] = heading
    reading.observations.extend(_unknown(table, sheet, unknown))
    present = {heading.column.name for heading in known.values()}
    for column_ in COLUMNS[sheet]:
        if column_.required and column_.name not in present:
            facts = {"column": column_.name, "sheet": sheet.capitalize()}
            path = table.path(table.header_row, 0)
            reading.observations.append(Observation("MC00-COLUMN-MISSING", path, column_.name, facts))
    return headings(known, unknown)


def _unknown(table: Table, sheet: Sheet, unknown: dict[int, str]) -> Iterator[Observation]:
    for column, text in unknown.items():
        if credential_scheme(text) is None:
            near = suggestion(text, sheet)
            hint = f"Did you mean '{near}'?" if near else "No column of the template has a similar name."
            yield _note("MC00-COLUMN-UNKNOWN", table, column, text, hint=hint, suggestion=near or "")


def _note(code: str, table: Table, column: int, text: str, **facts: str) -> Observation:
    path = table.path(table.header_row, column)
    return Observation(code, path, shown(text), {"column": shown(text.strip()), **facts})


# Rows ------------------------------------------------------------------------------------------------------------


class _Runs:
    """The rows of Instances by offering; `unused` names those whose offering never came."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Table, Headings, Row]]] = {}
        self._used: set[str] = set()

    def add(self, offering_id: str, table: Table, header: Headings, row: Row) -> None:
        """Keep a row for its offering."""
        self._rows.setdefault(offering_id, []).append((table, header, row))

    def of(self, offering_id: str | None, notes: list[Observation]) -> list[SourceInstance]:
        """Return the runs of an offering; what was noted about their cells goes to the offering's notes."""
        instances = []
        for table, header, row in self._rows.get(offering_id or "", ()):
            self._used.add(offering_id or "")
            cells = Cells(table, header, row)
            instances.append(read_instance(cells))
            notes.extend(cells.notes)
        return instances

    def unused(self) -> Iterator[Observation]:
        """Yield one observation per row whose offering does not exist."""
        for offering_id, rows in self._rows.items():
            if offering_id not in self._used:
                for table, _, row in rows:
                    facts = {"row": str(row.number), "offering_id": shown(offering_id)}
                    path = table.path(row.number, 0)
                    yield Observation("MC00-INSTANCE-ORPHAN", path, shown(offering_id), facts)


def _read_tables(table: Table, instances: list[Table], reading: Reading) -> Iterator[SourceOffering | Unreadable]:
    header = _header(table, "offerings", reading)
    runs = _Runs()
    for other in instances:
        _read_instances(other, runs, reading)
    for row in table.rows:
        if isinstance(row, Unreadable):
            yield row
            continue
        cells = Cells(table, header, row)
        cells.count_unread(reading.unread)
        offering = read_offering(cells, [])
        offering.instances = runs.of(offering.source_id, offering.observations)
        yield offering
    for each in (table, *instances):
        reading.observations.extend(each.after)
    reading.observations.extend(runs.unused())


def _read_instances(table: Table, runs: _Runs, reading: Reading) -> None:
    """Keep the rows of Instances; those that cannot be read or name no offering are noted for the whole source."""
    header = _header(table, "instances", reading)
    for row in table.rows:
        if isinstance(row, Unreadable):
            reading.observations.append(row.observation)
            continue
        cells = Cells(table, header, row)
        cells.count_unread(reading.unread)
        offering_id = cells.source_id("offering_id")
        if offering_id is None:
            facts = {"row": str(row.number), "offering_id": ""}
            reading.observations.append(Observation("MC00-INSTANCE-ORPHAN", cells.path, facts=facts))
        else:
            runs.add(identifier(offering_id), table, header, row)


FORMATS = [Format("spreadsheet", "Spreadsheet template (XLSX or CSV)", pull, read, sniff, SpreadsheetOptions)]
