"""The filters of a search, as conditions on ``search_offering``, by name; a facet's name is its filter's name."""

from __future__ import annotations

import json
from datetime import date
from math import isfinite

from sqlalchemy import ColumnElement, and_, or_, select

from catalogue_db.search.query import SearchQuery
from catalogue_db.tables import (
    feed,
    instance,
    offering_field,
    offering_language,
    offering_mode,
    offering_organisation,
    organisation,
    search_offering,
)

Condition = ColumnElement[bool]
_key = search_offering.c.key


def conditions(query: SearchQuery) -> dict[str, Condition]:
    """The conditions a query asks for; filters that are not set are absent."""
    found = {
        "level": _levels(query),
        "mode": _modes(query),
        "field": _fields(query),
        "provider": _providers(query),
        "trust": _in(search_offering.c.trust_status, query.trust),
        "ects": _ects(query),
        "language": _languages(query),
        "country": _in(search_offering.c.country, query.countries),
        "feed": _feeds(query),
        "stackable": None if query.stackable is None else search_offering.c.stackable.is_(query.stackable),
        "free": None if query.free is None else search_offering.c.free.is_(query.free),
        "start": _start(query.start_from, query.start_to),
    }
    return {name: condition for name, condition in found.items() if condition is not None}


def _clean(values: list[str]) -> list[str]:
    """Values as a database can take them (a lone surrogate or a NUL cannot be in it anyway)."""
    return [value.encode("utf-8", "ignore").decode().replace("\0", "") for value in values]


def _in(column: ColumnElement[str], values: list[str]) -> Condition | None:
    return column.in_(_clean(values)) if values else None


def _levels(query: SearchQuery) -> Condition | None:
    wanted = [level for level in query.levels if 0 <= level <= 99]
    return search_offering.c.eqf_level.in_(wanted) if query.levels else None


def _modes(query: SearchQuery) -> Condition | None:
    some = select(offering_mode.c.mode).where(offering_mode.c.offering_key == _key)
    return some.where(offering_mode.c.mode.in_(_clean(query.modes))).exists() if query.modes else None


def _languages(query: SearchQuery) -> Condition | None:
    """A language stands for its regional forms too."""
    lang = offering_language.c.lang
    wanted = [or_(lang == value, lang.startswith(f"{value}-", autoescape=True)) for value in _clean(query.languages)]
    some = select(lang).where(offering_language.c.offering_key == _key, or_(*wanted)) if wanted else None
    return None if some is None else some.exists()


def _fields(query: SearchQuery) -> Condition | None:
    code = offering_field.c.code
    wanted = [code.startswith(value, autoescape=True) for value in _clean(query.fields)]
    some = select(code).where(offering_field.c.offering_key == _key, or_(*wanted)) if wanted else None
    return None if some is None else some.exists()


def _providers(query: SearchQuery) -> Condition | None:
    if not query.providers:
        return None
    link = offering_organisation
    some = select(link.c.organisation_key).join(organisation, organisation.c.key == link.c.organisation_key)
    is_one = and_(link.c.role == "provider", organisation.c.organisation_id.in_(_clean(query.providers)))
    return some.where(link.c.offering_key == _key, is_one).exists()


def _feeds(query: SearchQuery) -> Condition | None:
    keys = select(feed.c.key).where(feed.c.name.in_(_clean(query.feeds)))
    return search_offering.c.feed_key.in_(keys) if query.feeds else None


def _ects(query: SearchQuery) -> Condition | None:
    bounds = []
    if query.min_ects is not None and isfinite(query.min_ects):
        bounds.append(search_offering.c.ects >= float(query.min_ects))
    if query.max_ects is not None and isfinite(query.max_ects):
        bounds.append(search_offering.c.ects <= float(query.max_ects))
    return and_(*bounds) if bounds else None


def _start(first: date | None, last: date | None) -> Condition | None:
    if first is None and last is None:
        return None
    some = select(instance.c.position).where(instance.c.offering_key == _key)
    some = some.where(instance.c.status.is_distinct_from("cancelled"))
    if first is not None:
        some = some.where(instance.c.start_date >= first.isoformat())
    if last is not None:
        some = some.where(instance.c.start_date <= last.isoformat())
    return some.exists()


def as_list(text: str | None) -> list[str]:
    """A JSON list of a column."""
    return [str(each) for each in json.loads(text)] if text else []
