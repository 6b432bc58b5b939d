"""Flattens records into pandas frames for judging: one comprehension per column, real string columns.

What belongs together is computed here on whole columns (hours per credit, the level that goes with a cycle), so
that a rule is a plain expectation about a column. Absent values are nulls, which expectations pass over: whether
something may be absent is judged by its state, never by its emptiness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from standard.offering import Instance, Offering

if TYPE_CHECKING:
    import pandas as pd

    from standard.mapping import Mapped


@dataclass(frozen=True, slots=True)
class RunOf:
    """One instance of one record of a batch; `record` is the record's row."""

    record: int
    instance: Instance


def sources_frame(ids: Sequence[str | None], firsts: Sequence[str | None]) -> pd.DataFrame:
    """Return the frame of source offerings: identifier, and path of an earlier record with the same one."""
    return _frame({"source_id": list(ids), "first_with_id": list(firsts)}, {})


def offerings_frame(
    mapped: Sequence[Mapped], explained: Sequence[bool], fields: Sequence[str], today: date
) -> pd.DataFrame:
    """Return the frame of mapped records: a ``<field>_state`` for each of `fields`, and what is judged by value.

    `explained`: whether a finding already says why a record cannot be published; `today`: the day of judging.
    """
    offerings = [record.offering or _NOTHING for record in mapped]
    texts: dict[str, list[str | None]] = {
        f"{field}_state": [record.states.get(field) for record in mapped] for field in fields
    }
    texts |= {
        "unexplained": [
            "not mapped" if record.offering is None and not known else None
            for record, known in zip(mapped, explained, strict=True)
        ],
        "country": [offering.country for offering in offerings],
        "homepage": [offering.homepage for offering in offerings],
        "today": [today.isoformat()] * len(mapped),
        "last_day": [last_day(offering) for offering in offerings],
    }
    numbers: dict[str, list[float | None]] = {
        "ects": [offering.workload.ects if offering.workload else None for offering in offerings],
        "hours": [offering.workload.hours if offering.workload else None for offering in offerings],
        "eqf": [offering.level.eqf if offering.level else None for offering in offerings],
        "score": [offering.completeness.score if offering.completeness else None for offering in offerings],
    }
    return _frame(texts, numbers)


def runs_of(mapped: Sequence[Mapped]) -> list[RunOf]:
    """Return every instance of a batch with the row of its record."""
    return [
        RunOf(row, instance)
        for row, record in enumerate(mapped)
        if record.offering is not None
        for instance in record.offering.instances
    ]


def instances_frame(runs: Sequence[RunOf]) -> pd.DataFrame:
    """Return the frame of instances: their dates as days (an order that offsets cannot upset), and prices.

    A price of the offering as a whole stands in each of its runs; it is marked in the first of them only.
    """
    instances = [run.instance for run in runs]
    texts = {
        "start": [_day(instance.start) for instance in instances],
        "end": [_day(instance.end) for instance in instances],
        "enrolment_opens": [_day(instance.enrolment_opens) for instance in instances],
        "enrolment_closes": [_day(instance.enrolment_closes) for instance in instances],
        "price": ["without currency" if amount_without_currency(instance) else None for instance in instances],
    }
    frame = _frame(texts, {"record": [run.record for run in runs]})
    frame.loc[frame.duplicated(["record", "price"]), "price"] = None
    return frame


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
