"""The national publication policy: how much each finding weighs, and why.

`policy.yaml` beside this module is the file a maintainer reads and changes: one entry per code with its
severity and the reason for it. A country lays its own file over it (setting ``CATALOGUE_POLICY``) that names
only the codes it wants otherwise. ``python -m expectations.policy --sync`` moves the proposals that new codes
bring with them from the codes' files into `policy.yaml`.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import msgspec

from expectations.codes import Code, catalogue, severity_problems
from expectations.keyed_yaml import Entry, FileProblem, FilesNotUsable, nearest, read_entries
from standard.verdict import Severity

POLICY_FILE = Path(__file__).parent / "policy.yaml"


class PolicyLine(msgspec.Struct, frozen=True):
    """What the policy says about one code: `severity`, the `reason` for it, and the file that says so."""

    severity: Severity
    reason: str
    said_in: str


class Policy(msgspec.Struct, frozen=True):
    """A policy that covers every code of its catalogue: exactly one line each."""

    codes: Mapping[str, Code]
    lines: Mapping[str, PolicyLine]

    def severity(self, code: str) -> Severity:
        """Return how much a code weighs; a code that nobody knows informs, whatever it may mean."""
        line = self.lines.get(code)
        return line.severity if line else "informs"

    def blocks(self, code: str) -> bool:
        """Return whether a finding with this code keeps its record from being published."""
        return self.severity(code) == "blocks"

    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever any finding could come out differently.

        Covers severities, the words of the codes and this package's own rules, so that staged judgements are
        never reused after a change that nobody remembered to announce.
        """
        digest = hashlib.sha256(_own_rules())
        for code, line in sorted(self.lines.items()):
            digest.update(msgspec.json.encode([self.codes[code], line.severity]))
        return digest.hexdigest()[:16]


@cache
def _own_rules() -> bytes:
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.digest()


def load_policy(path: Path | str | None = None) -> Policy:
    """Return the default policy, with the lines of the file at `path` laid over it.

    Raises `FilesNotUsable` for unreadable files, unknown codes (naming the nearest), unknown severities,
    missing reasons, and codes for which neither the policy nor the codes' own file names a severity.
    """
    codes = catalogue()
    lines = {code: line for code, own in codes.items() if (line := _proposal(own))}
    for file in (POLICY_FILE, Path(path) if path else None):
        if file is not None:
            lines |= read_policy(file, codes)
    silent = [_silent(code) for code in codes if code not in lines]
    if silent:
        raise FilesNotUsable(silent)
    return Policy(codes=codes, lines={code: lines[code] for code in codes})


def read_policy(path: Path, codes: Mapping[str, Code]) -> dict[str, PolicyLine]:
    """Return the lines of one policy file. Raises `FilesNotUsable` with every problem found."""
    entries = read_entries(path)
    problems = [problem for code, entry in entries.items() for problem in _problems(code, entry, codes)]
    if problems:
        raise FilesNotUsable(problems)
    return {code: _line(entry) for code, entry in entries.items()}


def _proposal(code: Code) -> PolicyLine | None:
    if code.severity is None or code.reason is None:
        return None
    return PolicyLine(code.severity, code.reason, said_in="codes")


def _line(entry: Entry) -> PolicyLine:
    return PolicyLine(cast(Severity, entry.texts["severity"]), entry.texts["reason"], said_in=entry.file)


def _problems(code: str, entry: Entry, codes: Mapping[str, Code]) -> list[FileProblem]:
    problems = severity_problems(entry)
    if code not in codes:
        remedy = nearest(code, list(codes)) or "docs/findings.md lists all codes."
        problems.append(entry.problem(f"the code {code} does not exist.", remedy))
    for word in ("severity", "reason"):
        if word not in entry.texts:
            problems.append(entry.problem(f"{code} has no {word}.", f"Add a line '{word}: ...'."))
    for word in entry.texts:
        if word not in ("severity", "reason"):
            problems.append(entry.problem(f"{code}: '{word}' is not known.", "A line has a severity and a reason."))
    return problems


def _silent(code: str) -> FileProblem:
    return FileProblem(POLICY_FILE.name, 1, f"nobody says how much {code} weighs.", "Add its severity and reason.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command: check the policy, or with ``--sync`` first move new proposals into it. Returns the exit code."""
    from expectations.policy_sync import sync

    parser = argparse.ArgumentParser(prog="python -m expectations.policy", description="Check or complete the policy.")
    parser.add_argument("--sync", action="store_true", help="move severities from codes/*.yaml into policy.yaml")
    try:
        moved = sync() if parser.parse_args(arguments).sync else []
        policy = load_policy()
    except FilesNotUsable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(moved)} moved into {POLICY_FILE.name}; {len(policy.lines)} codes have their line\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
