"""Parameters of the lists behind the search engine: looked up, passed through, or refused, as the backend does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.demo.deqar import search
from pipelines.demo.deqar.errors import Refused, as_json, bad_request, detail
from pipelines.demo.deqar.index import Index
from pipelines.demo.deqar.model import World, seconds
from pipelines.demo.deqar.search import Filter

_TRUE, _FALSE = frozenset({"Yes", "yes", "TRUE", "True", "true"}), frozenset({"No", "no", "FALSE", "False", "false"})
_NO_BOOLEAN = "Incorrect value. Only a boolean value, or yes/no, true/false pairs are allowed."


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a list. `query`: its parameters. `url`: its full address (the real one leaks into answers)."""

    world: World
    index: Index
    query: Mapping[str, str]
    url: str


def boolean(asked: Asked, name: str) -> bool | None:
    """Return a truth value as the backend reads it, None where nothing is asked. Raises `Refused`."""
    text = asked.query.get(name)
    if not text:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise bad_request([_NO_BOOLEAN])


def looked_up(asked: Asked, name: str, table: Mapping[str, list[Any]], raw: str) -> list[Any]:
    """Return what a parameter stands for, looked up; or the other of the pair as it is; or nothing."""
    text = asked.query.get(name)
    if not text:
        given = asked.query.get(raw)
        return [int(given) if given.isdecimal() else given] if given else []
    found = table.get(text)
    if found is None:
        if name.endswith("_id") and not text.isdecimal():
            raise detail(400, f"value [{text}] has wrong type for {name}")
        raise detail(400, f"unknown value [{text}] for {name}")
    return found


def by_name(rows: Mapping[int, Any], attribute: str) -> dict[str, list[Any]]:
    """Return the numbers of rows by one of their texts."""
    found: dict[str, list[Any]] = {}
    for number, row in rows.items():
        found.setdefault(getattr(row, attribute), []).append(number)
    return found


def by_number(words: Mapping[int, str]) -> dict[str, list[Any]]:
    """Return words by their number."""
    return {str(number): [word] for number, word in words.items()}


def matching(asked: Asked, name: str, table: Mapping[str, list[Any]], raw: str, *paths: str) -> list[Filter]:
    """Return the filter for a looked-up parameter. Raises `Refused`; a stray quote breaks the engine."""
    wanted = looked_up(asked, name, table, raw)
    if any(isinstance(one, str) and '"' in one for one in wanted):
        error = "MeilisearchApiError. Error code: invalid_search_filter. Error message: Was expecting an operation."
        raise Refused(as_json({"error": error}, 400))
    return [search.either(*(search.among(path, wanted) for path in paths))] if wanted else []


def true_or_false(asked: Asked, name: str, path: str) -> list[Filter]:
    """Return the filter for a truth value."""
    wanted = boolean(asked, name)
    return [] if wanted is None else [search.equals(path, wanted)]


def agencies(asked: Asked, *paths: str) -> list[Filter]:
    """Return the filter for an agency, by acronym or number."""
    return matching(asked, "agency", by_name(asked.world.agencies, "acronym"), "agency_id", *paths)


def countries(asked: Asked, attribute: str, *paths: str) -> list[Filter]:
    """Return the filter for a country, by name (or code) or number."""
    return matching(asked, "country", by_name(asked.world.countries, attribute), "country_id", *paths)


def date_filters(asked: Asked, begin: str, end: str) -> list[Filter]:
    """Return the filters for a year and for a day. Raises `Refused`."""
    filters: list[Filter] = []
    if year := asked.query.get("year"):
        if not year.isdecimal() or not 1 <= int(year) <= 9999:
            raise detail(400, f"value [{year}] for year cannot be parsed to int")
        first, last = seconds(f"{int(year):04d}-01-01"), seconds(f"{int(year):04d}-12-31")
        filters += [search.at_most(begin, last or 0), search.at_least(end, first or 0)]
    if day := asked.query.get("valid_on"):
        try:
            moment = seconds(date.fromisoformat(day[:10]).isoformat()) or 0
        except ValueError:
            raise detail(400, f"value [{day}] for year cannot be parsed to datetime") from None
        filters += [search.at_most(begin, moment), search.at_least(end, moment)]
    return filters
