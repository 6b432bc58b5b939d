"""What a change of the contract would break for a portal that relies on it.

A promise is kept as JSON (`promises`): views, their keys, columns in order, types, whether a column may be empty, what
it refers to. `breaking_changes` compares what was promised with what is. Additions are welcome where they disturb
nobody: a new view, or a new column at the end of one (some read columns by their place).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from catalogue_db.contract import TYPES, View, ViewColumn


class PromisedColumn(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a portal relies on in a column: `sqlite` and `postgresql` are the types it gets there."""

    name: str
    type: str
    nullable: bool
    sqlite: str
    postgresql: list[str]
    references: str | None = None
    vocabulary: str | None = None


class PromisedView(msgspec.Struct, frozen=True):
    """What a portal relies on in a view."""

    name: str
    key: list[str]
    columns: list[PromisedColumn]


def promises(views: Iterable[View]) -> list[PromisedView]:
    """Return what these views promise."""
    return [
        PromisedView(view.name, list(view.key), [_promised(column) for column in view.columns])
        for view in sorted(views, key=lambda each: each.name)
    ]


def _promised(column: ViewColumn) -> PromisedColumn:
    kind = TYPES[column.type]
    return PromisedColumn(
        name=column.name,
        type=column.type,
        nullable=column.nullable,
        sqlite=kind.sqlite,
        postgresql=list(kind.postgresql),
        references=column.references,
        vocabulary=column.vocabulary,
    )


def breaking_changes(promised: Iterable[PromisedView], now: Iterable[PromisedView]) -> list[str]:
    """Return a sentence for each promise that is not kept; empty where nothing breaks."""
    there = {view.name: view for view in now}
    return [sentence for view in promised for sentence in _broken(view, there.get(view.name))]


def _broken(promised: PromisedView, now: PromisedView | None) -> Iterator[str]:
    if now is None:
        yield f"{promised.name} is gone."
        return
    if promised.key != now.key:
        yield f"{promised.name}: its key was {_words(promised.key)} and is {_words(now.key)}."
    columns = {column.name: (place, column) for place, column in enumerate(now.columns, 1)}
    for place, column in enumerate(promised.columns, 1):
        name = f"{promised.name}.{column.name}"
        if column.name not in columns:
            yield f"{name} is gone."
            continue
        new_place, new = columns[column.name]
        if new_place != place:
            yield f"{name} moved from place {place} to {new_place}; new columns belong at the end."
        yield from _differences(name, column, new)


def _differences(name: str, promised: PromisedColumn, now: PromisedColumn) -> Iterator[str]:
    if promised.type != now.type:
        yield f"{name} was of type {promised.type} and is {now.type}."
    if promised.sqlite != now.sqlite or not set(now.postgresql) <= set(promised.postgresql):
        yield f"{name} is another type in the database than promised."
    if now.nullable and not promised.nullable:
        yield f"{name} may be empty now."
    for mark in ("references", "vocabulary"):
        before, after = getattr(promised, mark), getattr(now, mark)
        if before is not None and before != after:
            yield f"{name}: its {mark} was {before} and is {after or 'gone'}."


def _words(names: list[str]) -> str:
    return ", ".join(names)
