"""What filters, facets and the order of results need of an offering, as one row and as values that have a bitmap.

Pure: an offering gives a row of ``search_offering``, and a row gives its values. A load compares the values of the
old row with those of the new one, so only what differs reaches the bitmaps.
"""

from __future__ import annotations

import sys
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from catalogue_db.search import words
from catalogue_db.texts import day_of, language_of, to_json_text
from standard.offering import Instance, Offering

Row = dict[str, Any]
Value = tuple[str, str]
"""Kind and value of a bitmap."""

ECTS_BANDS: tuple[tuple[str, float, float], ...] = (
    ("under 2", 0.0, 2.0),
    ("2 to 5", 2.0, 5.0),
    ("5 to 10", 5.0, 10.0),
    ("10 to 30", 10.0, 30.0),
    ("30 and more", 30.0, float("inf")),
)
"""Bands of the ECTS facet: name, from (included), to (not included)."""

COMPLETENESS_BANDS: tuple[tuple[str, float, float], ...] = (
    ("under 50", float("-inf"), 0.5),
    ("50 to 75", 0.5, 0.75),
    ("75 to 90", 0.75, 0.9),
    ("90 and more", 0.9, float("inf")),
)
"""Bands of the completeness facet, in per cent: name, share from (included), to (not included)."""

TITLE_LENGTHS = (3, 6)
"""Titles of at most so many words have a bitmap each: with too many matches, short titles are looked at first."""

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_BLOCKS = (2, 3, 4, 7, 10)
"""Letters of an ISO date that name its century, decade, year, month and day."""

_SPANS = ((1200, 2), (120, 3), (12, 4), (1, 7))
"""Months that have a name of their own together, and how many letters it has."""


def ects_band(ects: float | None) -> str | None:
    """The band an amount of ECTS lies in."""
    return _band(ECTS_BANDS, ects)


def completeness_band(score: float | None) -> str | None:
    """The band a completeness (0 to 1) lies in."""
    return _band(COMPLETENESS_BANDS, score)


def _band(bands: tuple[tuple[str, float, float], ...], amount: float | None) -> str | None:
    if amount is None:
        return None
    return next((name for name, low, high in bands if low <= amount < high), None)


def fact_row(key: int, feed_key: int, offering: Offering, row: Mapping[str, Any], providers: list[str]) -> Row:
    """The row of ``search_offering``. `row`: that of ``offering``; `providers`: their organisation_ids."""
    prices = [price.amount for instance in offering.instances for price in instance.price]
    planned = [instance for instance in offering.instances if instance.start and instance.status != "cancelled"]
    months = {(day_of(instance.start) or "")[:7] for instance in planned}
    title = words.sorted_as(row["title"] or "")
    languages = {language_of(tag) for tag, text in offering.title.items() if text and tag != "und"}
    return {
        "key": key,
        "offering_id": offering.offering_id,
        "title": title,
        "title_words": len(title.split()),
        "title_languages": to_json_text(sorted(languages)),
        "feed_key": feed_key,
        "eqf_level": row["eqf_level"],
        "ects": row["ects"],
        "ects_band": ects_band(row["ects"]),
        "country": row["country"],
        "region": row["region"],
        "stackable": row["stackable"],
        "free": 0 in prices,
        "completeness_band": completeness_band(row["completeness"]),
        "modes": row["modes"],
        "fields": row["fields"],
        "languages": row["languages"],
        "providers": to_json_text(providers),
        "start_months": to_json_text(sorted(months)),
        "enrolment": _enrolment(offering.instances),
        "changed_on": row["last_changed"][:10],
        "trust_status": None,
    }


def _enrolment(instances: list[Instance]) -> str | None:
    """When one can enrol, exactly as the view ``v1_offerings`` understands ``enrolment_open``."""
    told = [each for each in instances if each.status or each.enrolment_opens or each.enrolment_closes]
    if not told:
        return None
    spans = [
        [day_of(each.enrolment_opens), day_of(each.enrolment_closes) or day_of(each.start)]
        for each in told
        if (each.status or "open") == "open"
    ]
    return to_json_text([list(span) for span in dict.fromkeys(map(tuple, spans))])


def values_of(row: Mapping[str, Any], feed: str) -> set[Value]:
    """The values of a row that have bitmaps, but for its trust status. `feed`: the feed's name."""
    found = {("live", ""), ("feed", feed), ("free", _truth(row["free"]))}
    found |= {
        (kind, str(row[column]))
        for kind, column in (
            ("level", "eqf_level"),
            ("ects", "ects_band"),
            ("country", "country"),
            ("completeness", "completeness_band"),
        )
        if row[column] is not None
    }
    if row["stackable"] is not None:
        found.add(("stackable", _truth(row["stackable"])))
    if row["ects"] is not None:
        found.add(("credits", repr(float(row["ects"])).removesuffix(".0")))
    found |= {("region", row["region"][:depth]) for depth in range(2, len(row["region"] or "") + 1)}
    found |= {("title_words", str(most)) for most in TITLE_LENGTHS if row["title_words"] <= most}
    return found | _list_values(row) | {("open", block) for block in _open_blocks(row["enrolment"])}


def _truth(given: object) -> str:
    return "true" if given else "false"


def _list_values(row: Mapping[str, Any]) -> set[Value]:
    """Values of the columns that hold lists."""
    fields, languages = as_list(row["fields"]), as_list(row["languages"])
    found = {("field", code[:depth]) for code in fields for depth in (2, 3, 4) if len(code) >= depth}
    found |= {("language", value) for tag in languages for value in (tag, language_of(tag))}
    for kind, column in (
        ("mode", "modes"),
        ("provider", "providers"),
        ("start", "start_months"),
        ("title_language", "title_languages"),
    ):
        found |= {(kind, value) for value in as_list(row[column])}
    return found


def as_list(text: str | None) -> list[str]:
    """A JSON list of a column."""
    return [str(each) for each in msgspec.json.decode(text)] if text else []


def open_on(day: date) -> list[str]:
    """The values of kind ``open`` that mean: one can enrol on this day. All of them together are exact."""
    return [day.isoformat()[:letters] for letters in _BLOCKS]


def _open_blocks(enrolment: str | None) -> Iterator[str]:
    """The fewest centuries, decades, years, months and days that make up the time in which one can enrol.

    ``told`` stands beside them where anything is said, so that "not open" is told apart from "not known".
    """
    if enrolment is None:
        return
    yield "told"
    for opens, closes in msgspec.json.decode(enrolment):
        yield from _blocks(opens, closes)


def _day(text: str | None, otherwise: date) -> date | None:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        return None


@lru_cache(maxsize=20_000)
def _blocks(opens: str | None, closes: str | None) -> tuple[str, ...]:
    """The blocks of one span of time; none where it is not understood."""
    first, last = _day(opens, _FIRST_DAY), _day(closes, _LAST_DAY)
    if first is None or last is None:
        return ()
    return tuple(map(sys.intern, _cut(max(first, _FIRST_DAY), min(last, _LAST_DAY))))


def _cut(first: date, last: date) -> Iterator[str]:
    """The days of months that are not whole, and the months between in spans as large as they fit."""
    month, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    if first > last:
        return
    head, tail = _days_of(month), _days_of(end)
    if month == end and last.day - first.day + 1 < len(head):
        yield from head[first.day - 1 : last.day]
        return
    if first.day > 1:
        yield from head[first.day - 1 :]
        month += 1
    if last.day < len(tail):
        yield from tail[: last.day]
        end -= 1
    while month <= end:
        span, letters = next(each for each in _SPANS if month % each[0] == 0 and month + each[0] - 1 <= end)
        yield f"{month // 12}-{month % 12 + 1:02}"[:letters]
        month += span


@lru_cache(maxsize=1200)
def _days_of(month: int) -> tuple[str, ...]:
    """The days of a month (counted from the year 0 on)."""
    year, name = month // 12, month % 12 + 1
    return tuple(date(year, name, day).isoformat() for day in range(1, monthrange(year, name)[1] + 1))
