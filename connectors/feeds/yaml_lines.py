"""YAML with line numbers, without YAML's traps.

Each value's line is kept so that an error can name it; a key that stands twice is an error (YAML itself lets the
second silently win). Plain scalars are read as YAML 1.2 does: only ``true`` and ``false`` are truth values, so that
``country: NO`` is Norway, and dates stay text until somebody asks for a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Steps = tuple[str | int, ...]
"""Where in a file: ``("transport", "limits", "bytes")``."""


class _Loader(yaml.SafeLoader):
    """The safe loader with the plain scalars of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9_]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [*_first.replace("\0", ""), ""])


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """Something wrong with the file as YAML: line (from 1), where, what, and what to do."""

    line: int
    where: Steps
    message: str
    remedy: str


@dataclass(slots=True)
class Lined:
    """A file's data with the line of each value, and what was wrong with it as YAML."""

    data: Any = None
    lines: dict[Steps, int] = field(default_factory=dict)
    problems: list[YamlProblem] = field(default_factory=list)

    def line(self, where: Steps) -> int:
        """Return the line of a place in the file, or of the nearest thing around it that is there."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return 1


def read_yaml(text: str) -> Lined:
    """Return the data of a YAML document with its lines. Problems are listed, never raised."""
    read = Lined()
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is not None:
            read.data = _value(loader, root, (), read, ())
    except yaml.MarkedYAMLError as error:
        read.problems.append(_syntax(error))
    except yaml.YAMLError as error:
        message = f"This is not YAML: {' '.join(str(error).split())}."
        read.problems.append(YamlProblem(1, (), message, "Save the file as plain UTF-8 text."))
    return read


def _value(loader: _Loader, node: yaml.Node, where: Steps, read: Lined, above: tuple[int, ...]) -> Any:
    read.lines.setdefault(where, node.start_mark.line + 1)
    if id(node) in above:
        raise yaml.MarkedYAMLError(problem="an alias refers to what it is part of", problem_mark=node.start_mark)
    inside = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        return {key: _value(loader, one, (*where, key), read, inside) for key, one in _pairs(node, where, read)}
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, one, (*where, number), read, inside) for number, one in enumerate(node.value)]
    return loader.construct_object(node)


def _pairs(node: yaml.MappingNode, where: Steps, read: Lined) -> Iterator[tuple[str | int, yaml.Node]]:
    seen: dict[str, int] = {}
    for key_node, value in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "(a key that is no text)"
        line = key_node.start_mark.line + 1
        if key in seen:
            message = f"The key {key!r} stands twice; it already stands in line {seen[key]}."
            read.problems.append(YamlProblem(line, (*where, key), message, "Remove one of the two."))
            continue
        seen[key] = line
        read.lines[(*where, key)] = line
        yield key, value


def _syntax(error: yaml.MarkedYAMLError) -> YamlProblem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    column = f" (column {mark.column + 1})" if mark else ""
    message = f"This is not YAML: {error.problem or error.context}{column}."
    return YamlProblem(line, (), message, "Check indentation, colons and quotes around this line.")
