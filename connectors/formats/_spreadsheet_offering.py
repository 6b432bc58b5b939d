"""From a row of the template to a source offering or an instance: which column goes into which slot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from connectors.formats._spreadsheet_columns import Heading
from connectors.formats._table import Cell, Row, Table
from connectors.leftovers import credential_scheme
from connectors.text_limit import shown, within_limit
from standard.observation import Observation, Scalar
from standard.source_offering import (
    SourceInstance,
    SourceOffering,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceQualityAssurance,
    SourceRelation,
    SourceValue,
)

_SEPARATORS = re.compile(r"[;\n\r]+")
_BULLET = re.compile(r"^\s*(?:[-–—•*·▪◦‣]|\(?[0-9]{1,2}[.)])\s+")
_ORGANISATION_CODES = ("deqar", "eter", "ror", "schac", "erasmus", "pic", "vat", "identifier")


class Headings(NamedTuple):
    """A table's header, understood. `known`: by column. `refused`: columns of an issued credential, with the scheme."""

    known: dict[int, Heading]
    refused: dict[int, tuple[str, str]]
    by_name: dict[str, list[int]]


def headings(known: dict[int, Heading], unknown: dict[int, str]) -> Headings:
    """Return the header in the form rows are read with."""
    by_name: dict[str, list[int]] = {}
    for column, heading in sorted(known.items(), key=lambda pair: (pair[1].number, pair[0])):
        by_name.setdefault(heading.column.name, []).append(column)
    refused = {column: (name, scheme) for column, name in unknown.items() if (scheme := credential_scheme(name))}
    return Headings(known, refused, by_name)


def identifier(value: Scalar) -> str:
    """Return an identifier as text: the number 12 in a cell and the text "12" are the same offering."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


class Cells:
    """The cells of one row, by column name."""

    def __init__(self, table: Table, header: Headings, row: Row) -> None:
        self._table = table
        self._header = header
        self._row = row
        self.notes = list(row.notes)

    @property
    def path(self) -> str:
        """Path of the row: its first cell."""
        return self._table.path(self._row.number, 0)

    def first(self, name: str, scheme: str | None = None) -> SourceValue | None:
        """Return the first value of a column that may stand once."""
        return next(iter(self.values(name, scheme)), None)

    def values(self, name: str, scheme: str | None = None) -> list[SourceValue]:
        """Return the values of a column in all its languages and numbers, each cell as it stands."""
        return [value for column in self._header.by_name.get(name, ()) if (value := self._value(column, scheme))]

    def parts(self, name: str, scheme: str | None = None) -> list[SourceValue]:
        """Return the single values of cells that hold several, separated by semicolons or line breaks."""
        found = []
        for value in self.values(name, scheme):
            texts = [value.value] if not isinstance(value.value, str) else _SEPARATORS.split(value.value)
            found += [
                SourceValue(text.strip() if isinstance(text, str) else text, value.path, value.lang, scheme)
                for text in texts
                if not isinstance(text, str) or text.strip()
            ]
        return found

    def source_id(self, name: str) -> str | None:
        """Return the identifier in a column, None where there is none."""
        value = self.first(name)
        return identifier(value.value) if value else None

    def refused(self) -> list[SourceValue]:
        """Return the names of columns of an issued credential that are filled in; what stands in them is not kept."""
        return [
            SourceValue(name, self._table.path(self._row.number, column), scheme=scheme)
            for column, (name, scheme) in self._header.refused.items()
            if column in self._row.cells
        ]

    def count_unread(self, unread: Counter[str]) -> None:
        """Count filled cells in columns that are not of the template."""
        for column in self._row.cells:
            if column not in self._header.known and column not in self._header.refused:
                unread[self._table.header.get(column, "(no header)").strip()] += 1

    def _value(self, column: int, scheme: str | None) -> SourceValue | None:
        cell = self._row.cells.get(column)
        if cell is None:
            return None
        heading = self._header.known[column]
        path = self._table.path(self._row.number, column)
        value = self._dated(cell) if heading.column.content == "date" else cell
        text = within_limit(value.value, path, self.notes) if isinstance(value.value, str) else value.value
        return SourceValue(text, path, heading.lang, "excel" if value.serial else scheme)

    def _dated(self, cell: Cell) -> Cell:
        """Return a cell of a column for dates; a plain number there is a day of Excel without its format."""
        moment = None if cell.serial else self._table.from_serial(cell.value)
        return cell if moment is None else Cell(moment, serial=True)


# Offerings -------------------------------------------------------------------------------------------------------


def read_offering(cells: Cells, instances: list[SourceInstance]) -> SourceOffering:
    """Return the offering of one row, with its instances."""
    offering = SourceOffering(path=cells.path, source_id=cells.source_id("offering_id"), instances=instances)
    _identity(offering, cells)
    _texts(offering, cells)
    _workload_and_level(offering, cells)
    _codes(offering, cells)
    _quality_and_relations(offering, cells)
    offering.awarding_bodies = list(_organisations(cells, "awarding_body"))
    offering.providers = list(_organisations(cells, "provider"))
    offering.prices = _prices(cells)
    offering.refused = cells.refused()
    offering.observations = cells.notes
    return offering


def _identity(offering: SourceOffering, cells: Cells) -> None:
    kind = cells.first("type")
    offering.kind = str(kind.value).strip() if kind else None
    offering.identifiers = cells.values("code", "code")
    offering.markers = [*cells.values("micro_credential", "micro_credential"), *cells.values("type", "type")]
    offering.modified = cells.values("modified")
    offering.licences = cells.values("licence")


def _texts(offering: SourceOffering, cells: Cells) -> None:
    offering.titles = cells.values("title")
    offering.descriptions = cells.values("description")
    offering.prerequisites = cells.values("prerequisites")
    offering.assessment_texts = cells.values("assessment")
    offering.grading_schemes = cells.values("grading_scheme")
    offering.stackability_texts = cells.values("stackability")
    offering.keywords = cells.parts("keywords")
    offering.learning_outcomes = _outcomes(cells)


def _workload_and_level(offering: SourceOffering, cells: Cells) -> None:
    system = cells.first("credit_system")
    scheme = str(system.value).strip() if system else "credit"
    known = {"ects", "cfu", "op", "cats"}
    offering.workload = [
        *cells.values("ects", "ects"),
        *cells.values("credits", scheme.casefold() if scheme.casefold() in known else scheme),
        *cells.values("hours", "hour"),
        *cells.values("contact_hours", "contact_hour"),
    ]
    framework = cells.first("national_framework")
    offering.levels = [
        *cells.values("eqf_level", "eqf"),
        *cells.values("national_level", str(framework.value).strip() if framework else "nqf"),
        *cells.values("qf_ehea_cycle", "qf_ehea"),
    ]


def _codes(offering: SourceOffering, cells: Cells) -> None:
    offering.countries = cells.values("country")
    offering.regions = cells.values("region")
    offering.modes = cells.parts("modes")
    offering.assessment_types = cells.parts("assessment_types")
    offering.supervision = cells.values("supervision")
    offering.fields = cells.parts("fields", "isced-f")
    offering.languages = cells.parts("languages")
    offering.homepages = cells.values("homepage")
    offering.images = cells.values("image")
    offering.contacts = [
        *cells.values("contact_email", "email"),
        *cells.values("contact_phone", "phone"),
        *cells.values("contact_url", "url"),
    ]


def _quality_and_relations(offering: SourceOffering, cells: Cells) -> None:
    offering.stackable = cells.values("stackable")
    quality = SourceQualityAssurance(
        path=cells.path,
        types=cells.values("quality_assurance_type"),
        agencies=cells.values("quality_assurance_agency"),
        reports=cells.values("quality_assurance_report"),
        valid_from=cells.values("quality_assurance_from"),
        valid_until=cells.values("quality_assurance_until"),
        texts=cells.values("quality_assurance"),
    )
    if quality != SourceQualityAssurance(path=cells.path):
        offering.quality_assurance = [quality]
    offering.relations = list(_relations(cells))


def _relations(cells: Cells) -> Iterator[SourceRelation]:
    """Yield relations: a title belongs to the larger offer if there is one, else it stands alone."""
    parents = cells.parts("part_of")
    titles = cells.values("part_of_title")
    if len(parents) > 1:
        yield from (SourceRelation(value.path, "part_of", identifiers=[value]) for value in parents)
        parents = []
    if parents or titles:
        yield SourceRelation((parents or titles)[0].path, "part_of", identifiers=parents, titles=titles)
    yield from (SourceRelation(value.path, "has_part", identifiers=[value]) for value in cells.parts("has_part"))


def _organisations(cells: Cells, prefix: str) -> Iterator[SourceOrganisation]:
    names = cells.values(prefix)
    identifiers = [value for kind in _ORGANISATION_CODES for value in cells.values(f"{prefix}_{kind}", kind)]
    countries = cells.values(f"{prefix}_country")
    homepages = cells.values(f"{prefix}_homepage")
    if names or identifiers:
        path = (names or identifiers)[0].path
        yield SourceOrganisation(path, names, identifiers, countries, homepages)


# Learning outcomes -----------------------------------------------------------------------------------------------


def _outcomes(cells: Cells) -> list[SourceOutcome]:
    """Read one outcome per line; line 3 in Finnish is line 3 in English where all languages have as many lines."""
    by_language: dict[str | None, list[SourceValue]] = {}
    for value in cells.values("learning_outcomes"):
        by_language.setdefault(value.lang, []).extend(_lines(value))
    skills = _skill_lines(cells)
    lengths = {len(lines) for lines in by_language.values()}
    if len(lengths) > 1:
        counts = ", ".join(f"{lang or 'no language'}: {len(lines)}" for lang, lines in by_language.items())
        cells.notes.append(Observation("MC08-OUTCOMES-UNPAIRED", cells.path, counts, {"counts": counts}))
        groups = [[line] for lines in by_language.values() for line in lines]
    else:
        groups = [list(group) for group in zip(*by_language.values(), strict=True)]
    if skills and len(skills) != len(groups):
        cells.notes.append(_unpaired_skills(cells, len(skills), len(groups)))
        groups += [[] for _ in skills]
        skills = [[] for _ in range(len(groups) - len(skills))] + skills
    return [
        SourceOutcome(path=(texts or links)[0].path, texts=texts, skills=links)
        for texts, links in zip(groups, skills or [[] for _ in groups], strict=True)
        if texts or links
    ]


def _unpaired_skills(cells: Cells, skills: int, outcomes: int) -> Observation:
    facts = {"skills": str(skills), "outcomes": str(outcomes)}
    return Observation("MC08-SKILLS-UNPAIRED", cells.path, shown(f"{skills} / {outcomes}"), facts)


def _lines(value: SourceValue) -> Iterable[SourceValue]:
    """Yield the lines of a cell, without the bullet or number in front: the cell is a list, they are its bullets."""
    if not isinstance(value.value, str):
        return [value]
    lines = (_BULLET.sub("", line).strip() for line in value.value.splitlines())
    return [SourceValue(line, value.path, value.lang) for line in lines if line]


def _skill_lines(cells: Cells) -> list[list[SourceValue]]:
    """Return the skill addresses line by line, several in a line separated by semicolons."""
    lines = []
    for value in cells.values("learning_outcomes_esco"):
        for line in str(value.value).splitlines():
            addresses = [part.strip() for part in line.split(";") if part.strip()]
            lines.append([SourceValue(address, value.path, scheme="esco") for address in addresses])
    return lines


# Instances -------------------------------------------------------------------------------------------------------


def read_instance(cells: Cells) -> SourceInstance:
    """Return the run of one row of the sheet Instances."""
    return SourceInstance(
        path=cells.path,
        source_id=cells.source_id("instance_id"),
        titles=cells.values("title"),
        start=cells.values("start"),
        end=cells.values("end"),
        enrolment_opens=cells.values("enrolment_opens"),
        enrolment_closes=cells.values("enrolment_closes"),
        modes=cells.parts("modes"),
        locations=cells.values("location"),
        languages=cells.parts("languages"),
        prices=_prices(cells),
        capacity=cells.values("capacity"),
        urls=cells.values("url"),
        status=cells.values("status"),
    )


def _prices(cells: Cells) -> list[SourcePrice]:
    amount, currency = cells.first("price_amount"), cells.first("price_currency")
    notes = cells.values("price_note")
    first = amount or (notes[0] if notes else None)
    return [] if first is None else [SourcePrice(first.path, amount, currency, notes)]
