"""Flattens records into pandas frames for judging: one comprehension per column, real string columns.

What belongs together is computed here on whole columns (hours per credit, the level that goes with a cycle), so
that a rule is a plain expectation about a column. Absent values are nulls, which expectations pass over: whether
something may be absent is judged by its state, never by its emptiness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from standard.observation import Observation
from standard.offering import Instance, Offering, Texts
from standard.source_offering import SourceOffering

if TYPE_CHECKING:
    import pandas as pd

EQF_OF_CYCLE = {"short": 5, "first": 6, "second": 7, "third": 8}
"""EQF level of each cycle of the European Higher Education Area (EQF recommendation 2017/C 189/03, annex II)."""


class MappedRecord(Protocol):
    """What the mapping gives for one source offering (`standard.mapping.Mapped`).

    `states`: field of the offering → ``present``, ``derived``, ``missing`` or ``unreadable``.
    """

    @property
    def offering(self) -> Offering | None: ...
    @property
    def observations(self) -> Sequence[Observation]: ...
    @property
    def states(self) -> Mapping[str, str]: ...


class RunOf:
    """One instance of one record of a batch: `record` is the record's row, `number` the instance's place in it."""

    __slots__ = ("instance", "number", "record")

    def __init__(self, record: int, number: int, instance: Instance) -> None:
        self.record = record
        self.number = number
        self.instance = instance


def sources_frame(ids: Sequence[str | None], firsts: Sequence[str | None]) -> pd.DataFrame:
    """Return the frame of source offerings: identifier, and path of an earlier record with the same one."""
    return _frame({"source_id": list(ids), "first_with_id": list(firsts)}, {})


def offerings_frame(mapped: Sequence[MappedRecord], fields: Sequence[str]) -> pd.DataFrame:
    """Return the frame of mapped records: a ``<field>_state`` for each of `fields`, and what is judged by value."""
    offerings = [record.offering or _NOTHING for record in mapped]
    texts = {f"{field}_state": [record.states.get(field) for record in mapped] for field in fields}
    texts |= {
        "mapped": ["yes" if record.offering is not None else "no" for record in mapped],
        "country": [offering.country for offering in offerings],
        "homepage": [offering.homepage for offering in offerings],
        "repeats": ["description" if _repeats_description(offering) else None for offering in offerings],
        "quality_assured_until": [quality_assured_until(offering) for offering in offerings],
        "last_day": [last_day(offering) for offering in offerings],
    }
    numbers: dict[str, list[float | None]] = {
        "title_shortest": [min(map(len, offering.title.values()), default=None) for offering in offerings],
        "title_longest": [max(map(len, offering.title.values()), default=None) for offering in offerings],
        "ects": [offering.workload.ects if offering.workload else None for offering in offerings],
        "hours": [offering.workload.hours if offering.workload else None for offering in offerings],
        "eqf": [offering.level.eqf if offering.level else None for offering in offerings],
        "eqf_of_cycle": [_eqf_of_cycle(offering) for offering in offerings],
        "score": [offering.completeness.score if offering.completeness else None for offering in offerings],
    }
    frame = _frame(texts, numbers)
    frame["hours_per_credit"] = frame["hours"] / frame["ects"].where(frame["ects"] > 0)
    return frame


def runs_of(mapped: Sequence[MappedRecord]) -> list[RunOf]:
    """Return every instance of a batch with the row of its record."""
    return [
        RunOf(row, number, instance)
        for row, record in enumerate(mapped)
        if record.offering is not None
        for number, instance in enumerate(record.offering.instances)
    ]


def instances_frame(runs: Sequence[RunOf]) -> pd.DataFrame:
    """Return the frame of instances: their dates as days (an order that offsets cannot upset), and prices."""
    instances = [run.instance for run in runs]
    texts = {
        "start": [_day(instance.start) for instance in instances],
        "end": [_day(instance.end) for instance in instances],
        "enrolment_opens": [_day(instance.enrolment_opens) for instance in instances],
        "enrolment_closes": [_day(instance.enrolment_closes) for instance in instances],
        "price": ["without currency" if amount_without_currency(instance) else None for instance in instances],
    }
    return _frame(texts, {})


def quality_assured_until(offering: Offering) -> str | None:
    """Return the last day on which any stated quality assurance holds; None if one is open-ended or none is stated."""
    ends = [_day(statement.valid_until) for statement in offering.quality_assurance]
    return max((end for end in ends if end), default=None) if all(ends) else None


def last_day(offering: Offering) -> str | None:
    """Return the last day of all runs (their end, else their start); None if there is no run or one has no date."""
    days = [_day(instance.end or instance.start) for instance in offering.instances]
    return max((day for day in days if day), default=None) if all(days) else None


def amount_without_currency(instance: Instance) -> float | None:
    """Return the first amount above zero that has no currency (nothing is nothing in every currency)."""
    return next((price.amount for price in instance.price if price.amount and not price.currency), None)


_NOTHING = Offering(offering_id="", feed="", source_id="")


def _frame(texts: Mapping[str, list[str | None]], numbers: Mapping[str, list[float | None]]) -> pd.DataFrame:
    import pandas as pd

    columns = {name: pd.Series(column, dtype="str") for name, column in texts.items()}
    return pd.DataFrame(columns | {name: pd.Series(column, dtype="float64") for name, column in numbers.items()})


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment else None


def _eqf_of_cycle(offering: Offering) -> int | None:
    level = offering.level
    return EQF_OF_CYCLE[level.qf_ehea] if level and level.qf_ehea else None


def _repeats_description(offering: Offering) -> bool:
    """Say whether the outcomes, taken together, are the description in every language in which both stand."""
    if not offering.learning_outcomes or not offering.description:
        return False
    shared = {lang for outcome in offering.learning_outcomes for lang in outcome.text} & offering.description.keys()
    return bool(shared) and all(_outcomes_text(offering, lang) == _squeezed(offering.description, lang) for lang in shared)


def _outcomes_text(offering: Offering, lang: str) -> str:
    return " ".join(" ".join(outcome.text.get(lang, "").split()) for outcome in offering.learning_outcomes)


def _squeezed(texts: Texts, lang: str) -> str:
    return " ".join(texts[lang].split())
