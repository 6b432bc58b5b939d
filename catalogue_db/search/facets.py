"""Counts beside a search. Each facet ignores its own filter, so that it shows what choosing otherwise would give.

Columns that hold lists are counted by combination in the database and taken apart here: there are few combinations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, select, union_all

from catalogue_db.search.facts import ECTS_BANDS
from catalogue_db.search.filters import Condition, as_list
from catalogue_db.search.query import FacetValue, SearchQuery
from catalogue_db.tables import organisation, search_offering
from catalogue_db.texts import as_texts, preferred

_MOST_VALUES = 100
_TOTAL = "total"

COLUMNS: dict[str, ColumnElement[str]] = {
    "level": search_offering.c.eqf_level,
    "ects": search_offering.c.ects_band,
    "field": search_offering.c.fields,
    "mode": search_offering.c.modes,
    "language": search_offering.c.languages,
    "provider": search_offering.c.providers,
    "trust": search_offering.c.trust_status,
    "start": search_offering.c.start_months,
}
"""Facet → the column it counts."""

Counts = dict[str, Counter[str]]
Base = Callable[[Iterable[Condition]], Select[int]]
"""Makes the query for the hits that satisfy some conditions."""


def count(
    connection: Connection, base: Base, filters: Mapping[str, Condition], query: SearchQuery, today: date
) -> tuple[int, dict[str, list[FacetValue]]]:
    """Return the exact total of a search and its facets, labelled in the language asked for."""
    wanted = COLUMNS if query.facets else {}
    unfiltered = [name for name in wanted if name not in filters]
    counts = _count(connection, base(filters.values()), [*unfiltered, _TOTAL])
    for name in wanted:
        if name in filters:
            others = [condition for other, condition in filters.items() if other != name]
            counts |= _count(connection, base(others), [name])
    total = counts.pop(_TOTAL).total()
    return total, {
        name: _values(connection, name, counts[name], query.lang, today) for name in COLUMNS if name in counts
    }


def _count(connection: Connection, hits: Select[int], names: list[str]) -> Counts:
    """Count the values of some columns among the hits, in one pass over them."""
    columns = [COLUMNS[name].label(name) for name in names if name != _TOTAL]
    found = hits.with_only_columns(search_offering.c.key.label("key"), *columns).cte("found")
    parts = [_part(found.c[name] if name != _TOTAL else literal(""), name).select_from(found) for name in names]
    counts: Counts = {name: Counter() for name in names}
    for name, value, number in connection.execute(union_all(*parts)):
        if value is not None:
            counts[name][value] += number
    return counts


def _part(column: ColumnElement[str], name: str) -> Select[str, str, int]:
    part = select(literal(name).label("facet"), cast(column, Text).label("value"), func.count().label("number"))
    return part.having(func.count() > 0) if name == _TOTAL else part.group_by(column)


def _values(connection: Connection, name: str, counted: Counter[str], lang: str, today: date) -> list[FacetValue]:
    """Take combinations apart and put the values in an order people expect."""
    if name == "level":
        return [FacetValue(value, number) for value, number in sorted(counted.items())]
    if name == "ects":
        return [FacetValue(band, counted[band]) for band, _low, _high in ECTS_BANDS if counted[band]]
    if name == "trust":
        return [FacetValue(value, number) for value, number in counted.most_common()]
    apart: Counter[str] = Counter()
    for combination, number in counted.items():
        apart.update(dict.fromkeys(_members(name, combination, today), number))
    if name == "start":
        return [FacetValue(month, number) for month, number in sorted(apart.items())]
    ordered = sorted(apart.items(), key=lambda each: (-each[1], each[0]))
    if name == "field":
        return [FacetValue(value, number) for value, number in ordered]
    labels = _names(connection, ordered[:_MOST_VALUES], lang) if name == "provider" else {}
    return [FacetValue(value, number, labels.get(value)) for value, number in ordered[:_MOST_VALUES]]


def _members(name: str, combination: str, today: date) -> set[str]:
    values = as_list(combination)
    if name == "field":
        return {value[:depth] for value in values for depth in (2, 3, 4) if len(value) >= depth}
    if name == "start":
        return {month for month in values if month >= today.isoformat()[:7]}
    return set(values)


def _names(connection: Connection, ordered: list[tuple[str, int]], lang: str) -> dict[str, str | None]:
    wanted = organisation.c.organisation_id.in_([value for value, _number in ordered])
    query = select(organisation.c.organisation_id, organisation.c.names).where(wanted)
    return {row.organisation_id: preferred(as_texts(row.names), [lang])[1] for row in connection.execute(query)}
