"""Counts beside a search. Each facet ignores its own filter, so that it shows what choosing otherwise would give.

A value's bitmap and the set of hits are laid over each other and the bits counted: exact whatever the number of hits,
at a cost that depends on the number of values only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from catalogue_db.search.facts import COMPLETENESS_BANDS, ECTS_BANDS
from catalogue_db.search.filters import all_of
from catalogue_db.search.query import FacetValue
from catalogue_db.search.sets import Sets
from catalogue_db.tables import organisation
from catalogue_db.texts import as_texts, language_of, preferred

FACETS = (
    "level",
    "ects",
    "field",
    "mode",
    "language",
    "provider",
    "trust",
    "start",
    "country",
    "region",
    "free",
    "stackable",
    "completeness",
)
"""The facets, in the order they are given; each is also a kind of bitmap and the name of a filter."""

VOCABULARIES = {
    "level": "eqf",
    "field": "isced_f",
    "mode": "modes",
    "language": "languages",
    "country": "countries",
    "region": "nuts",
}
"""The code lists that have the labels of a facet's values."""

_LABELS = """
SELECT t.vocabulary, t.code, t.lang, t.label FROM json_each(?) AS list, json_each(list.value) AS value
JOIN vocabulary_term t ON t.vocabulary = list.key AND t.code = value.value AND t.lang IN (?, 'en')
"""

_MOST_VALUES = 100
_WHOLE = ("field",)
_IN_ORDER = {
    "level": tuple(str(level) for level in range(100)),
    "ects": tuple(name for name, _low, _high in ECTS_BANDS),
    "free": ("true", "false"),
    "stackable": ("true", "false"),
    "completeness": tuple(name for name, _low, _high in COMPLETENESS_BANDS),
}
"""Facets whose values people expect in an order of their own; months go by the calendar, all others by their counts."""


def facets(
    connection: Connection, sets: Sets, hits: int, passing: Mapping[str, int], lang: str, today: str
) -> dict[str, list[FacetValue]]:
    """Count the values of each facet among `hits`, which no filter has touched.

    `passing`: what each filter lets pass. `today`: ISO date; months before it are not shown.
    """
    chosen = hits & all_of(sets, passing.values())
    found = {}
    for name in FACETS:
        others = [members for other, members in passing.items() if other != name]
        counted = _counted(sets, name, hits & all_of(sets, others) if name in passing else chosen)
        found[name] = _values(name, counted, today)
    return (
        found
        | _labelled(connection, found, language_of(lang))
        | {"provider": _named(connection, found["provider"], lang)}
    )


def _counted(sets: Sets, name: str, hits: int) -> Counter[str]:
    """How many of the hits have each value."""
    parts = [sets.width.chunk(hits, chunk) for chunk in range(sets.width.chunks)]
    counts: Counter[str] = Counter()
    for value, chunk, bits in sets.chunks(name):
        if parts[chunk] and (number := (parts[chunk] & int.from_bytes(bits, "big")).bit_count()):
            counts[value] += number
    return counts


def _values(name: str, counts: Counter[str], today: str) -> list[FacetValue]:
    """The values in the order people expect."""
    if name in _IN_ORDER:
        ordered = [value for value in _IN_ORDER[name] if value in counts]
    elif name == "start":
        ordered = sorted(month for month in counts if month >= today[:7])
    else:
        ordered = sorted(counts, key=lambda value: (-counts[value], value))
    most = None if name in (*_WHOLE, *_IN_ORDER, "start") else _MOST_VALUES
    return [FacetValue(value, counts[value]) for value in ordered[:most]]


def _labelled(connection: Connection, found: Mapping[str, list[FacetValue]], lang: str) -> dict[str, list[FacetValue]]:
    """The facets whose values are codes, with labels in a language, or in English."""
    codes = {VOCABULARIES[name]: [each.value for each in found[name]] for name in VOCABULARIES}
    rows = connection.exec_driver_sql(_LABELS, (msgspec.json.encode(codes).decode(), lang)).all()
    labels = {row[:2]: row[3] for row in sorted(rows, key=lambda row: row[2] == lang)}
    return {
        name: [FacetValue(each.value, each.count, labels.get((known, each.value))) for each in found[name]]
        for name, known in VOCABULARIES.items()
    }


def _named(connection: Connection, values: list[FacetValue], lang: str) -> list[FacetValue]:
    """The providers by their names in a language."""
    wanted = organisation.c.organisation_id.in_([each.value for each in values])
    rows = connection.execute(select(organisation.c.organisation_id, organisation.c.names).where(wanted))
    names = {row.organisation_id: preferred(as_texts(row.names), [lang])[1] for row in rows}
    return [FacetValue(each.value, each.count, names.get(each.value)) for each in values]
