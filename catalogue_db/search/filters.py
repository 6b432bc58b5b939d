"""The filters of a search, as sets of offerings, by name; a facet's name is its filter's name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import isfinite

from catalogue_db.search.facts import open_on
from catalogue_db.search.query import SearchQuery
from catalogue_db.search.sets import Sets

_FIRST_MONTH, _LAST_MONTH = "0000-01", "9999-12"


def filters(sets: Sets, query: SearchQuery, today: date) -> dict[str, int]:
    """What each filter of a query lets pass; filters that are not set are absent."""
    chosen = {
        "level": [str(level) for level in query.levels],
        "mode": query.modes,
        "field": query.fields,
        "provider": query.providers,
        "trust": query.trust,
        "language": query.languages,
        "country": query.countries,
        "region": query.regions,
        "feed": query.feeds,
        "completeness": query.completeness,
        "stackable": _yes_or_no(query.stackable),
        "free": _yes_or_no(query.free),
    }
    found = {name: sets.any_of(name, _storable(values)) for name, values in chosen.items() if values}
    if (of_size := _credits(sets, query)) is not None:
        found["ects"] = of_size
    if query.start_from or query.start_to:
        found["start"] = sets.between(
            "start", _month(query.start_from, _FIRST_MONTH), _month(query.start_to, _LAST_MONTH)
        )
    if query.enrolment_open is not None:
        found["enrolment_open"] = _enrolment(sets, query.enrolment_open, today)
    return found


def all_of(sets: Sets, passing: Iterable[int]) -> int:
    """What passes all of some filters."""
    members = sets.live
    for each in passing:
        members &= each
    return members


def _storable(values: Iterable[str]) -> list[str]:
    """Values as a database can take them (a lone surrogate or a NUL cannot be in it anyway)."""
    return [value for value in values if "\0" not in value and value == value.encode("utf-8", "ignore").decode()]


def _yes_or_no(value: bool | None) -> list[str]:
    return [] if value is None else ["true" if value else "false"]


def _credits(sets: Sets, query: SearchQuery) -> int | None:
    """Between two amounts of ECTS; a bound that is no number is no bound."""
    least = query.min_ects if query.min_ects is not None and isfinite(query.min_ects) else None
    most = query.max_ects if query.max_ects is not None and isfinite(query.max_ects) else None
    if least is None and most is None:
        return None
    amounts = [
        value
        for value in sets.values("credits")
        if (least is None or float(value) >= least) and (most is None or float(value) <= most)
    ]
    return sets.any_of("credits", amounts)


def _month(day: date | None, otherwise: str) -> str:
    return day.isoformat()[:7] if day else otherwise


def _enrolment(sets: Sets, is_open: bool, today: date) -> int:
    """What can be enrolled in on a day, or cannot, among the offerings that say so."""
    members = sets.any_of("open", open_on(today))
    return members if is_open else sets.value("open", "told") & ~members
