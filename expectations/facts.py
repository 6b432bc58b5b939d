"""The facts of a failed expectation: what its message says about the row that does not meet it.

Called for failing rows only, so nothing here needs to be fast. Each function takes what the row stands for and
returns the names that the message of the code uses, ``value`` among them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from expectations.checking import Facts
from expectations.columns import (
    RunOf,
    amount_without_currency,
    last_day,
)
from standard.offering import Offering
from standard.source_offering import SourceOffering

if TYPE_CHECKING:
    from standard.mapping import Mapped

LONGEST_ID = 400

Told = tuple[SourceOffering, str | None]
"""A source offering, and the path of the first record with the same identifier if there was one."""

Row = dict[str, Any]
"""A row of one of the small frames about a whole source or a catalogue."""


_SHARES = ("fill", "least_fill", "unreadable_share", "most_unreadable")


def duplicate(told: Told) -> Facts:
    """An identifier that an earlier record has already."""
    record, first = told
    return {"value": record.source_id, "first": first}


def long_id(told: Told) -> Facts:
    """An identifier that is too long to be one."""
    identifier = told[0].source_id or ""
    return {"value": identifier, "length": len(identifier), "most": LONGEST_ID}


def ects(record: Mapped) -> Facts:
    """The credits of a record."""
    workload = _offering(record).workload
    return {"value": workload.ects if workload else None}


def hours(record: Mapped) -> Facts:
    """The hours of a record."""
    workload = _offering(record).workload
    return {"value": workload.hours if workload else None}


def eqf(record: Mapped) -> Facts:
    """The EQF level of a record."""
    level = _offering(record).level
    return {"value": level.eqf if level else None}


def runs_over(record: Mapped) -> Facts:
    """How many runs there were, and when the last one ended."""
    offering = _offering(record)
    return {"value": last_day(offering), "runs": len(offering.instances)}


def homepage(record: Mapped) -> Facts:
    """The homepage of a record."""
    return {"value": _offering(record).homepage}


def country(record: Mapped) -> Facts:
    """The country of a record."""
    return {"value": _offering(record).country}


def score(record: Mapped) -> Facts:
    """The completeness of a record."""
    completeness = _offering(record).completeness
    return {"value": completeness.score if completeness else None}


def broken(rule: str, tell: Callable[[Mapped], Facts]) -> Callable[[Mapped], Facts]:
    """Return `tell` with the rule of the standard that the record breaks, in plain words."""
    return lambda record: {**tell(record), "rule": rule}


def run_dates(run: RunOf) -> Facts:
    """All dates of an instance."""
    instance = run.instance
    return {
        "value": f"{instance.start} / {instance.end}",
        "start": instance.start,
        "end": instance.end,
        "opens": instance.enrolment_opens,
        "closes": instance.enrolment_closes,
    }


def enrolment_dates(run: RunOf) -> Facts:
    """All dates of an instance, seen from its enrolment."""
    return {**run_dates(run), "value": f"{run.instance.enrolment_opens} / {run.instance.enrolment_closes}"}


def bare_amount(run: RunOf) -> Facts:
    """The amount of a price without currency."""
    amount = amount_without_currency(run.instance)
    return {"value": None if amount is None else f"{amount:g}"}


def counted(row: Row) -> Facts:
    """Everything a row of counts holds; shares of a whole as percentages."""
    facts = {name: _plain(name, value) for name, value in row.items()}
    return {**facts, "value": facts.get("offering_id")}


def delivered(row: Row) -> Facts:
    """How many records came, beside what was announced."""
    facts = counted(row)
    return {**facts, "value": facts["fetched"], "found": facts["fetched"]}


def _plain(name: str, value: Any) -> str | None:
    if value is None or value != value:  # the second is how a null number shows
        return None
    if name in _SHARES:
        return f"{value * 100:.3g} %"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _offering(record: Mapped) -> Offering:
    return record.offering or Offering(offering_id="", feed="", source_id="")
