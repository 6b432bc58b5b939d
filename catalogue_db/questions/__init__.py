"""The ten questions a portal asks, as SQL: shown in `docs/database.md`, run by the tests on both engines.

A file per question, ``<number>_<name>.sql``, for both engines; where the feature of one is the point there is one for
each, ``<number>_<name>.<engine>.sql``. It begins with its title, its explanation, and a line per parameter
(``-- :name Meaning. Example: value``).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Engine = Literal["sqlite", "postgresql"]
BOTH: tuple[Engine, ...] = ("sqlite", "postgresql")

_PARAMETER = re.compile(r":(?P<name>\w+) (?P<meaning>.+) Example: (?P<example>.+)")


class Parameter(msgspec.Struct, frozen=True):
    """What a portal gives with a question."""

    name: str
    meaning: str
    example: str


class Question(msgspec.Struct, frozen=True):
    """A question: what it asks, on which engines, and the statement, with its parameters as ``:name``."""

    number: str
    name: str
    title: str
    explanation: str
    parameters: tuple[Parameter, ...]
    engines: tuple[Engine, ...]
    sql: str


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions, in order. Raises `ValueError` for a file without title or statement."""
    found = [file for file in files(__name__).iterdir() if file.name.endswith(".sql")]
    return tuple(read(file.name, file.read_text(encoding="utf-8")) for file in sorted(found, key=lambda f: f.name))


def question(name: str, engine: Engine) -> Question:
    """Return one question for one engine. Raises `KeyError` where there is none."""
    for each in questions():
        if each.name == name and engine in each.engines:
            return each
    raise KeyError(f"{name} on {engine}")


def read(file_name: str, written: str) -> Question:
    """Read one file. Raises `ValueError` where it has no title or no statement."""
    stem, *engine = file_name.removesuffix(".sql").split(".")
    number, _, name = stem.partition("_")
    lines = written.strip().splitlines()
    head = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    sql = "\n".join(line for line in lines if not line.startswith("--")).strip()
    if not head or not sql:
        raise ValueError(f"{file_name}: a question needs a title in its first line, and a statement.")
    parameters = [_PARAMETER.fullmatch(line) for line in head[1:]]
    return Question(
        number=number,
        name=name,
        title=head[0],
        explanation=" ".join(line for line, match in zip(head[1:], parameters, strict=True) if match is None),
        parameters=tuple(Parameter(**match.groupdict()) for match in parameters if match is not None),
        engines=(msgspec.convert(engine[0], Engine),) if engine else BOTH,
        sql=sql,
    )
