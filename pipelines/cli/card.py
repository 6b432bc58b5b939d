"""An offering on a terminal: what a person wants to read of it, in sections, and nothing they would have to decode.

Texts stand in every language they have, codes as words. How a value was got is told only where the source did not
publish it so; what the catalogue does not know is named once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from expectations.elements import ELEMENTS
from pipelines.cli.output import SEVERITY_STYLE, moment, table
from standard.vocabularies import vocabulary

if TYPE_CHECKING:
    from catalogue_db.offerings import StoredOffering
    from standard.offering import (
        Instance,
        Level,
        Offering,
        Organisation,
        Price,
        Provenance,
        QualityAssurance,
        Relation,
        Stackability,
        Texts,
        Workload,
    )
    from standard.verdict import Finding

_HOW = {
    "looked_up": "from the feed's look-up",
    "derived": "derived",
    "contract": "from the feed's contract",
}
_CYCLES = {"short": "short cycle", "first": "first cycle", "second": "second cycle", "third": "third cycle"}
_LONGEST_ORIGINAL = 60

Line = tuple[str, str, RenderableType]
"""Heading, the field of the offering it tells of (for its provenance), and what there is to say."""


def card(stored: StoredOffering) -> RenderableType:
    """Return the offering as a page for a terminal."""
    offering = stored.offering
    parts: list[RenderableType] = [_head(stored), _facts(offering)]
    if offering.instances:
        parts += [Text("\nRuns", style="bold"), _runs(offering.instances)]
    parts.append(_completeness(offering))
    if stored.findings:
        parts += [Text("\nFindings", style="bold"), findings_of(stored.findings)]
    return Group(*parts)


def _head(stored: StoredOffering) -> RenderableType:
    kept = f"version {stored.version} since {moment(stored.valid_from)}"
    if stored.data_as_of:
        kept += f", data as of {moment(stored.data_as_of)}"
    lines = [
        f"[bold]{escape(_best(stored.offering.title) or '(without a title)')}[/bold]",
        f"[dim]{stored.offering.offering_id}[/dim]",
        f"{_STATUS.get(stored.status, '')}{stored.status}[/]: {kept}" if stored.status in _STATUS else kept,
    ]
    why = stored.withdrawn_reason if stored.status == "withdrawn" else stored.stale_reason
    if why:
        lines.append(f"[dim]{escape(why)}[/dim]")
    return Text.from_markup("\n".join(lines) + "\n")


_STATUS = {"live": "[green]", "stale": "[yellow]", "withdrawn": "[red]"}


def _facts(offering: Offering) -> Table:
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(style="bold", no_wrap=True, width=18)
    shown.add_column(overflow="fold")
    for heading, field, told in _lines(offering):
        shown.add_row(heading, told)
        how = _provenance(offering.provenance.get(field))
        if how:
            shown.add_row("", Text(how, style="dim"))
    return shown


def _lines(offering: Offering) -> Iterator[Line]:
    """Every section that has something to say, in the order of the public document."""
    for heading, field, told in _all_lines(offering):
        if told:
            yield heading, field, told if not isinstance(told, str) else Text(told)


def _all_lines(o: Offering) -> Iterator[tuple[str, str, RenderableType | None]]:
    yield "Title", "title", _texts(o.title) if len(o.title) > 1 or "und" in o.title else None
    yield "Description", "description", _texts(o.description)
    yield "Awarding body", "awarding_body", _organisation(o.awarding_body)
    signs = o.awarding_body.name if o.awarding_body else None
    others = [provider for provider in o.providers if provider.name != signs]
    yield "Taught by", "providers", _stacked(map(_organisation, others))
    yield "Country", "country", _labels("countries", [o.country] if o.country else [])
    yield "Region", "region", o.region
    yield "Workload", "workload", _workload(o.workload)
    yield "Level", "level", _level(o.level)
    yield "Learning outcomes", "learning_outcomes", _outcomes(o)
    yield "Participation", "modes", _labels("modes", o.modes)
    yield "Prerequisites", "prerequisites", _texts(o.prerequisites)
    yield "Assessment", "assessment_types", _labels("assessment_types", o.assessment_types)
    yield "" if o.assessment_types else "Assessment", "assessment", _texts(o.assessment)
    yield "Supervision", "supervision", _labels("supervision", [o.supervision] if o.supervision else [])
    yield "Quality assurance", "quality_assurance", _stacked(map(_quality, o.quality_assurance))
    yield "Grading", "grading_scheme", _texts(o.grading_scheme)
    yield "Stackability", "stackability", _stackability(o.stackability)
    yield "Field", "fields", _stacked(f"{code} {_label('isced_f', code)}" for code in o.fields)
    yield "Language", "languages", _labels("languages", o.languages)
    yield "Price", "price", _stacked(map(price, o.price))
    yield "Homepage", "homepage", o.homepage
    contact = o.contact
    yield "Contact", "contact", _stacked([contact.email, contact.phone, contact.url] if contact else [])
    yield "Keywords", "keywords", ", ".join(o.keywords)
    yield "Licence", "licence", o.licence
    yield "Source's id", "source_id", o.source_id
    yield "Other ids", "identifiers", _stacked(f"{kind}: {value}" for kind, value in o.identifiers.items())
    yield "Changed by source", "modified", o.modified


def _texts(texts: Texts | None) -> RenderableType | None:
    """Texts by language: the tag beside each where there are several, or where the language is not known."""
    if not texts:
        return None
    if len(texts) == 1 and "und" not in texts:
        return Text(next(iter(texts.values())))
    shown = Table.grid(padding=(0, 1, 0, 0))
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    for tag, text in texts.items():
        shown.add_row(tag, Text(text))
    return shown


def _best(texts: Mapping[str, str] | None) -> str | None:
    from catalogue_db.texts import preferred

    return preferred(texts or {}, ["en"])[1]


def _stacked(lines: Iterable[str | None]) -> str:
    return "\n".join(line for line in lines if line)


def _label(name: str, code: str) -> str:
    try:
        return vocabulary(name).label(code) or code
    except (KeyError, ValueError):
        return code


def _labels(name: str, codes: Iterable[str]) -> str:
    return ", ".join(_label(name, code) for code in codes)


def _organisation(organisation: Organisation | None) -> str | None:
    if organisation is None:
        return None
    names = list(dict.fromkeys(organisation.name.values()))
    known = ", ".join(f"{kind} {value}" for kind, value in organisation.identifiers.items())
    return " / ".join(names) + (f"\n{known}" if known else "")


def _workload(workload: Workload | None) -> str | None:
    if workload is None:
        return None
    parts = [(workload.ects, "ECTS"), (workload.hours, "hours")]
    return ", ".join(f"{amount:g} {unit}" for amount, unit in parts if amount is not None)


def _level(level: Level | None) -> str | None:
    if level is None:
        return None
    parts = [
        f"EQF {level.eqf}" if level.eqf is not None else None,
        level.nqf,
        _CYCLES.get(level.qf_ehea or ""),
        _best(level.reason),
    ]
    return ", ".join(part for part in parts if part)


def _outcomes(offering: Offering) -> RenderableType | None:
    if not offering.learning_outcomes:
        return None
    shown = Table.grid(padding=(0, 1, 0, 0))
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    for outcome in offering.learning_outcomes:
        shown.add_row("•", _texts(outcome.text) or Text(", ".join(outcome.esco)))
    return shown


def _quality(statement: QualityAssurance) -> str:
    valid = f"valid {statement.valid_from or ''}–{statement.valid_until or ''}"
    parts = [
        _label("accreditation_types", statement.type) if statement.type else None,
        _best(statement.agency),
        _best(statement.text),
        valid if statement.valid_from or statement.valid_until else None,
        statement.report,
    ]
    return ", ".join(part for part in parts if part)


def _stackability(stackability: Stackability | None) -> str | None:
    if stackability is None:
        return None
    said = {True: "yes", False: "no", None: None}[stackability.stackable]
    part_of = [f"part of {_relation(larger)}" for larger in stackability.part_of]
    has_part = [f"contains {_relation(smaller)}" for smaller in stackability.has_part]
    return _stacked([said, _best(stackability.text), *part_of, *has_part])


def _relation(relation: Relation) -> str:
    return " ".join(part for part in (_best(relation.title), relation.identifier) if part)


def price(of: Price) -> str:
    """Return a price in words: ``450 EUR``, ``free``, and the note that goes with it."""
    amount = None if of.amount is None else "free" if of.amount == 0 else f"{of.amount:g} {of.currency or ''}".strip()
    return ", ".join(part for part in (amount, _best(of.note)) if part)


def _provenance(provenance: Provenance | None) -> str | None:
    """How a value was got, where the source does not say it so itself."""
    if provenance is None or provenance.how == "published":
        return None
    told = _HOW.get(provenance.how, provenance.how)
    original = " | ".join(provenance.original or [])
    if len(original) > _LONGEST_ORIGINAL:
        original = original[:_LONGEST_ORIGINAL] + "…"
    return f"({told}{f', the source says {original!r}' if original else ''})"


def _runs(instances: Iterable[Instance]) -> Table:
    shown = table("start", "end", "enrolment", "where and how", "price")
    shown.padding, shown.pad_edge = (0, 1, 0, 0), False
    for one in instances:
        place = (_best(one.location), _label("modes", one.mode) if one.mode else None, _best(one.title))
        shown.add_row(
            escape(_day(one.start)),
            escape(_day(one.end)),
            escape(_enrolment(one)),
            escape(_stacked(place)),
            escape(_stacked(map(price, one.price))),
        )
    return shown


def _day(published: str | None) -> str:
    return (published or "").replace("T", " ")[:16]


def _enrolment(one: Instance) -> str:
    opens = f"from {_day(one.enrolment_opens)}" if one.enrolment_opens else None
    closes = f"until {_day(one.enrolment_closes)}" if one.enrolment_closes else None
    places = f"{one.capacity} places" if one.capacity is not None else None
    return _stacked([one.status, opens, closes, places])


def _completeness(offering: Offering) -> RenderableType:
    if offering.completeness is None:
        return Text("")
    states = offering.completeness.elements
    applying = [number for number, state in states.items() if state != "not_applicable"]
    missing = [ELEMENTS[int(number)] for number in applying if states[number] == "missing"]
    told = f"\n[bold]Completeness[/bold] {len(applying) - len(missing)} of {len(applying)} elements"
    return Text.from_markup(told + (f"; not known: {escape(', '.join(missing))}" if missing else ""))


def findings_of(findings: Iterable[Finding]) -> Table:
    """Return findings with what to do about each, the gravest first."""
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    for finding in sorted(findings, key=lambda each: list(SEVERITY_STYLE).index(each.severity)):
        message = f"{escape(finding.message)} [dim]{finding.code}[/dim]\n→ {escape(finding.remedy)}"
        shown.add_row(Text(finding.severity, style=SEVERITY_STYLE[finding.severity]), Text.from_markup(message))
    return shown
