"""The catalogue of finding codes: what each code means and what to tell the person who must act.

One YAML file per topic in `expectations/codes/`, each entry with ``meaning``, ``message``, ``remedy`` and
``consequence``. How much a code weighs stands in `policy.yaml`, the national publication policy; an entry may
still bring a ``severity`` and a ``reason`` of its own, which hold until the policy has a line for it
(``python -m expectations.policy --sync`` moves them there).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter
from typing import cast, get_args

import msgspec

from expectations.keyed_yaml import Entry, FileProblem, FilesNotUsable, nearest, read_entries
from standard.verdict import Severity

CODES_FOLDER = Path(__file__).parent / "codes"
CODE_FORM = re.compile(r"MC(?:0[0-9]|1[0-7])(?:-[A-Z][A-Z0-9]*){2,}")
"""``MC``, two digits of the element (00 identity and structure, 17 beyond the sixteen), a word, a problem."""

_WORDS = ("meaning", "message", "remedy", "consequence")
_WEIGHTS = ("severity", "reason")


class Code(msgspec.Struct, frozen=True):
    """One finding code.

    `meaning` is one sentence for a cataloguer. `message` may hold ``{value}``, ``{path}`` and the names of the
    facts its observation carries. `severity` and `reason` are proposals, valid while the policy is silent.
    """

    code: str
    meaning: str
    message: str
    remedy: str
    consequence: str
    severity: Severity | None = None
    reason: str | None = None

    @property
    def element(self) -> int:
        """Number of the element the code is about."""
        return int(self.code[2:4])


@cache
def catalogue() -> dict[str, Code]:
    """Return every code of the project by name, in the order of the codes. Raises `FilesNotUsable`."""
    return read_codes(CODES_FOLDER)


def read_codes(folder: Path) -> dict[str, Code]:
    """Return the codes of all YAML files of a folder, sorted. Raises `FilesNotUsable` with every problem found."""
    problems: list[FileProblem] = []
    entries: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            found = read_entries(path)
        except FilesNotUsable as error:
            problems += error.problems
            continue
        for code, entry in found.items():
            if code in entries:
                problems.append(_twice(code, entry, entries[code]))
            entries[code] = entry
    for code, entry in entries.items():
        problems += _problems(code, entry)
    if problems:
        raise FilesNotUsable(problems)
    return {code: _code(code, entries[code]) for code in sorted(entries)}


def severity_problems(entry: Entry) -> list[FileProblem]:
    """Return what is wrong with the severity of an entry of the codes or the policy (nothing if it has none)."""
    known = list(get_args(Severity))
    severity = entry.texts.get("severity")
    if severity is None or severity in known:
        return []
    remedy = f"Write one of {', '.join(known)}. {nearest(severity, known)}".strip()
    return [entry.problem(f"'{severity}' is not a severity.", remedy)]


def _twice(code: str, entry: Entry, other: Entry) -> FileProblem:
    return entry.problem(
        f"{code} is also in {other.file}, line {other.line}.", "One code, one entry: keep one of them."
    )


def _problems(code: str, entry: Entry) -> list[FileProblem]:
    problems = severity_problems(entry)
    if not CODE_FORM.fullmatch(code):
        problems.append(entry.problem(f"'{code}' is not a code.", "The form is MC06-WORKLOAD-MISSING."))
    for word in _WORDS:
        if word not in entry.texts:
            problems.append(entry.problem(f"{code} has no {word}.", f"Add a line '{word}: ...'."))
    known = [*_WORDS, *_WEIGHTS]
    for word in entry.texts:
        if word not in known:
            problems.append(entry.problem(f"{code}: '{word}' is not known.", nearest(word, known) or "Remove it."))
    return problems + _message_problems(code, entry)


def _message_problems(code: str, entry: Entry) -> list[FileProblem]:
    try:
        fields = [part[1:] for part in Formatter().parse(entry.texts.get("message", "")) if part[1] is not None]
    except ValueError as error:
        return [entry.problem(f"{code}: the message cannot be filled: {error}.", "Write a single brace as {{ or }}.")]
    if all(name and name.isidentifier() and not spec and not conversion for name, spec, conversion in fields):
        return []
    remedy = "Use plain names in braces, such as {value}: nothing before or after the name."
    return [entry.problem(f"{code}: the message has a field that is not a plain name.", remedy)]


def _code(code: str, entry: Entry) -> Code:
    texts = entry.texts
    return Code(
        code=code,
        **{word: texts[word] for word in _WORDS},
        severity=cast("Severity | None", texts.get("severity")),
        reason=texts.get("reason"),
    )
