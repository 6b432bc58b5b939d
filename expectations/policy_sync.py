"""Moves the severities that new codes propose into `policy.yaml`, so that they are read and changed in one place.

Works on the text of the files, line by line, because what maintainers wrote there (comments, order, wording of
existing lines) must come out untouched. The policy is grouped by element; a new line goes to its place by code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from expectations import codes as codes_room
from expectations import policy as policy_room
from expectations.codes import Code, catalogue, read_codes
from expectations.elements import ELEMENTS
from expectations.keyed_yaml import read_entries

_HEADING = re.compile(r"^(# -+ \d+ .*\n)", re.MULTILINE)
_ENTRY = re.compile(r"(MC\d\d-[A-Z0-9-]+):")
_BLOCK = re.compile(r"^(MC\d\d-[A-Z0-9-]+):.*\n(?: .*\n)*", re.MULTILINE)
_WEIGHT = re.compile(r"( +)(?:severity|reason):")


def sync(policy_file: Path | None = None, codes_folder: Path | None = None) -> list[str]:
    """Move proposals into the policy and out of the codes' files; return the codes that got a line.

    A code that has a line already keeps it, and its proposal is dropped. Raises `FilesNotUsable`.
    """
    policy_file = policy_file or policy_room.POLICY_FILE
    codes_folder = codes_folder or codes_room.CODES_FOLDER
    known = read_codes(codes_folder)
    settled = read_entries(policy_file) if policy_file.exists() else {}
    new = [code for name, code in known.items() if name not in settled and code.severity and code.reason]
    if new:
        text = policy_file.read_text(encoding="utf-8") if policy_file.exists() else ""
        policy_file.write_text(with_lines(text, new), encoding="utf-8")
    kept = {*settled, *(code.code for code in new)}
    for path in sorted(codes_folder.glob("*.yaml")):
        _strip_file(path, kept)
    catalogue.cache_clear()
    return [code.code for code in new]


def with_lines(text: str, new: Iterable[Code]) -> str:
    """Return the text of a policy with entries for new codes, each in its group and in the order of the codes."""
    head, *parts = _HEADING.split(text if text.endswith("\n") else text + "\n")
    groups = {_number(heading): (heading, _pieces(body)) for heading, body in zip(parts[::2], parts[1::2], strict=True)}
    for code in new:
        _, pieces = groups.setdefault(code.element, (_heading(code.element), []))
        place = next((at for at, piece in enumerate(pieces) if _code_of(piece) > code.code), len(pieces))
        pieces.insert(place, _entry(code))
    sections = [heading + "".join(pieces).strip("\n") for _, (heading, pieces) in sorted(groups.items())]
    return "\n\n".join(filter(None, [head.strip("\n"), *sections])) + "\n"


def without_weights(text: str, kept: set[str]) -> str:
    """Return the text of a codes file without the severity and reason of the codes in `kept`."""
    lines: list[str] = []
    inside, dropping = False, 0
    for line in text.splitlines(keepends=True):
        if found := _ENTRY.match(line):
            inside = found.group(1) in kept
        depth = len(line) - len(line.lstrip(" "))
        if dropping and line.strip() and depth > dropping:
            continue
        weight = _WEIGHT.match(line) if inside else None
        dropping = depth if weight else 0
        if not weight:
            lines.append(line)
    return "".join(lines)


def _strip_file(path: Path, kept: set[str]) -> None:
    text = path.read_text(encoding="utf-8")
    stripped = without_weights(text, kept)
    if stripped != text:
        path.write_text(stripped, encoding="utf-8")


def _pieces(body: str) -> list[str]:
    """Split a group into its entries, each with what stands above it; a last piece may be comments alone."""
    pieces, at = [], 0
    for block in _BLOCK.finditer(body):
        pieces.append(body[at : block.end()])
        at = block.end()
    return [*pieces, body[at:]] if body[at:].strip() else pieces


def _code_of(piece: str) -> str:
    block = _BLOCK.search(piece)
    return block.group(1) if block else "~"


def _number(heading: str) -> int:
    return int(heading.split()[2])


def _heading(element: int) -> str:
    return f"# ---- {element} {ELEMENTS[element]} ----\n"


def _entry(code: Code) -> str:
    reason = yaml.safe_dump(code.reason, width=10_000, allow_unicode=True).removesuffix("...\n").strip()
    return f"{code.code}:\n  severity: {code.severity}\n  reason: {reason}\n"
