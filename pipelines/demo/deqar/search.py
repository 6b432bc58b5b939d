"""The rules of the search engine: paths through documents, filters, order, facets.

A comparison on a list holds if any element fulfils it, "is not" if none is it; texts are compared without regard to
case; nothing never matches. Order: ascending by the smallest, descending by the largest element; documents without the
value come last either way; ties keep the order of insertion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Doc = dict[str, Any]
Filter = Callable[[Doc], bool]


def values(doc: Any, path: str) -> list[Any]:
    """Return everything at a dotted path, through lists, without nulls."""
    found = [doc]
    for step in path.split("."):
        found = [one.get(step) for one in found if isinstance(one, dict)]
        found = [inner for one in found for inner in (one if isinstance(one, list) else [one]) if inner is not None]
    return found


def equals(path: str, wanted: Any) -> Filter:
    """Return a filter: some value at `path` is `wanted`."""
    folded = _folded(wanted)
    return lambda doc: any(_folded(one) == folded for one in values(doc, path))


def differs(path: str, unwanted: Any) -> Filter:
    """Return a filter: no value at `path` is `unwanted`."""
    same = equals(path, unwanted)
    return lambda doc: not same(doc)


def at_least(path: str, bound: int) -> Filter:
    """Return a filter: some value at `path` is `bound` or more."""
    return lambda doc: any(one >= bound for one in values(doc, path))


def at_most(path: str, bound: int) -> Filter:
    """Return a filter: some value at `path` is `bound` or less."""
    return lambda doc: any(one <= bound for one in values(doc, path))


def among(path: str, wanted: Iterable[Any]) -> Filter:
    """Return a filter: some value at `path` is one of `wanted`."""
    folded = {_folded(one) for one in wanted}
    return lambda doc: any(_folded(one) in folded for one in values(doc, path))


def either(*filters: Filter) -> Filter:
    """Return a filter: one of these holds."""
    return lambda doc: any(one(doc) for one in filters)


def every(*filters: Filter) -> Filter:
    """Return a filter: all of these hold."""
    return lambda doc: all(one(doc) for one in filters)


def mentions(paths: Sequence[str], words: str) -> Filter:
    """Return a filter: each word stands somewhere at these paths (neither ranking nor typing errors are imitated)."""
    wanted = words.casefold().split()

    def holds(doc: Doc) -> bool:
        text = " ".join(str(one) for path in paths for one in values(doc, path)).casefold()
        return all(word in text for word in wanted)

    return holds


def ordered(docs: list[Doc], path: str | None, descending: bool) -> list[Doc]:
    """Return the documents in order of the values at `path`."""
    if path is None:
        return docs
    keyed = [(values(doc, path), doc) for doc in docs]
    extreme = max if descending else min
    having = [(extreme(_folded(one) for one in found), doc) for found, doc in keyed if found]
    having.sort(key=lambda pair: pair[0], reverse=False)
    if descending:
        having = _stable_descending(having)
    return [doc for _, doc in having] + [doc for found, doc in keyed if not found]


def facets(docs: list[Doc], paths: dict[str, str], names: dict[str, Callable[[Any], str]]) -> dict[str, list[Any]]:
    """Return facets as flat lists of value and count, sorted by value.

    `paths`: path → name of the facet; two paths with one name are added up. `names`: how values at a path are shown.
    """
    counted: dict[str, Counter[str]] = {}
    for path, facet in paths.items():
        shown = names.get(path, _shown)
        for doc in docs:
            for one in set(values(doc, path)):
                counted.setdefault(facet, Counter())[shown(one)] += 1
    return {facet: [part for pair in sorted(counter.items()) for part in pair] for facet, counter in counted.items()}


def _stable_descending(pairs: list[tuple[Any, Doc]]) -> list[tuple[Any, Doc]]:
    """Turn an ascending order round, ties still in the order of insertion."""
    return sorted(pairs, key=lambda pair: pair[0], reverse=True)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
