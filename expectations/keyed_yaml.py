"""Reads our own YAML files of the form ``CODE: {key: text, ...}`` with errors that name file and line.

Plain YAML loading keeps the last of two equal keys without a word and forgets the lines; a maintainer who
edits the policy needs to hear about both. Only text values are accepted: nothing in these files is a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from rapidfuzz import process

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong in one of our files: where, what, and what to do about it."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message} {self.remedy}"


class FilesNotUsable(ValueError):
    """The codes or the policy cannot be used; `problems` says everything that is wrong, not only the first."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its line in the file (from 1), its texts, and the file's name for messages."""

    file: str
    line: int
    texts: dict[str, str]

    def problem(self, message: str, remedy: str) -> FileProblem:
        """Return a problem that points at this entry."""
        return FileProblem(self.file, self.line, message, remedy)


def read_entries(path: Path) -> dict[str, Entry]:
    """Return the entries of a file in its order; an empty file has none. Raises `FilesNotUsable`."""
    root = _compose(path)
    if root is None:
        return {}
    problems: list[FileProblem] = []
    entries: dict[str, Entry] = {}
    for key, node in _pairs(root, path.name, problems):
        inner = _pairs(node, path.name, problems)
        texts = {name: _text(value, path.name, problems) for name, value in inner}
        entries[key] = Entry(path.name, node.start_mark.line + 1, texts)
    if problems:
        raise FilesNotUsable(problems)
    return entries


def nearest(name: str, known: list[str]) -> str:
    """Return the end of an error message that proposes the nearest known name, if one is near."""
    found = process.extractOne(name, known, score_cutoff=60)
    return f"Did you mean {found[0]}?" if found else ""


def _compose(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = FileProblem(str(path), 1, f"the file cannot be read: {error}.", "Check the path and the encoding.")
        raise FilesNotUsable([problem]) from error
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or str(error)
        problem = FileProblem(path.name, line, f"this is not YAML: {what}.", "Check indentation and quotes.")
        raise FilesNotUsable([problem]) from error


def _pairs(node: Any, file: str, problems: list[FileProblem]) -> list[tuple[str, Any]]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        problems.append(FileProblem(file, line, "a mapping is expected here.", "Write 'key: value' lines below it."))
        return []
    found: dict[str, Any] = {}
    for key, value in node.value:
        if key.value in found:
            at = key.start_mark.line + 1
            problems.append(FileProblem(file, at, f"{key.value} stands here a second time.", "Keep one of the two."))
        found[str(key.value)] = value
    return list(found.items())


def _text(node: Any, file: str, problems: list[FileProblem]) -> str:
    if isinstance(node, yaml.ScalarNode) and node.value.strip():
        return cast(str, node.value).strip()
    at = node.start_mark.line + 1
    problems.append(FileProblem(file, at, "a text is expected here.", "Write one sentence, in quotes if it has a ':'."))
    return ""
