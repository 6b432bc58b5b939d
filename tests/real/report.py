"""Writes the tables of ``docs/real-feeds.md`` from a harvest of the real files: ``python -m tests.real.report``.

Only what stands between the marks is written; the lessons around it are written by hand. Of a source's own texts a
table quotes a few words at most.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipelines.reports import CodeCount
from tests.real.harvest import Harvest, Harvested, harvested
from tests.real.sources import absent

PAGE = Path(__file__).parents[2] / "docs" / "real-feeds.md"
COUNTS = (
    *("fetched", "parsed", "unreadable", "selected", "out_of_scope", "accepted", "rejected"),
    *("new", "changed", "unchanged", "withdrawn"),
)
SHOWN = 40
_QUOTED = re.compile(rf"(?<!\w)'([^']{{{SHOWN}}})[^']{{6,}}?'(?!\w)")
_MARKED = re.compile(r"(<!-- (?P<name>[^>]+): begin -->\n).*?(<!-- (?P=name): end -->)", re.DOTALL)


def page(old: str, harvest: Harvest) -> str:
    """Return the page with its marked parts written anew; raises `KeyError` for a mark that names no part."""
    parts: dict[str, Callable[[], str]] = {"counts": lambda: counts_table(harvest)}
    for run in harvest.runs:
        parts[f"findings of {run.edition}"] = lambda run=run: findings_table(run)  # type: ignore[misc]
    return _MARKED.sub(lambda mark: f"{mark[1]}\n{parts[mark['name']]()}\n{mark[3]}", old)


def counts_table(harvest: Harvest) -> str:
    """Return one row per harvest: what was fetched and what became of it, findings by severity, completeness."""
    head = ["feed", *(name.replace("_", " ") for name in COUNTS), "blocks", "lowers", "informs", "completeness"]
    return _table(head, [_counts_row(run) for run in harvest.runs])


def _counts_row(run: Harvested) -> list[str]:
    severities = (run.told["findings"][name] for name in ("blocks", "lowers", "informs"))
    mean = "" if run.judged.completeness is None else f"{run.judged.completeness:.0%}"
    return [run.edition, *(str(run.counts[name]) for name in COUNTS), *map(str, severities), mean]


def findings_table(run: Harvested) -> str:
    """Return one row per code: how often, how heavy, an example in the finding's own words, and whose it is."""
    rows = [[one.code, str(one.count), one.severity, short(one.message), _whose(one)] for one in run.judged.by_code]
    table = _table(["code", "records", "severity", "example", "in"], rows)
    unread = ", ".join(f"`{name}` ({count})" for name, count in run.parsed.unread.items())
    return f"{table}\n\nFields with content that nobody read: {unread or 'none'}."


def short(message: str) -> str:
    """Return a message whose quotations are cut to a few words."""
    return _QUOTED.sub(lambda quoted: f"'{quoted[1].rstrip()}…'", " ".join(message.split()))[:260]


def _whose(one: CodeCount) -> str:
    return f"`{one.examples[0].rsplit('/', 1)[-1][:40]}`" if one.examples else ""


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with ``--check`` only say whether it is in step. 2 where the real files are not there."""
    parser = argparse.ArgumentParser(prog="python -m tests.real.report", description="Write docs/real-feeds.md.")
    parser.add_argument("--check", action="store_true", help="only say whether the page is in step")
    asked = parser.parse_args(arguments)
    if absent():
        sys.stderr.write(f"The real feed files are not beside the project: {absent()[0]} is missing.\n")
        return 2
    old = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, harvested(Path(folder)) as harvest:
        new = page(old, harvest)
    if asked.check:
        return int(new != old)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
