"""Writes `docs/findings.md`: every finding code, what it means, what to do, what it weighs and why.

Run ``python -m expectations.findings_page`` after a change of the codes or the policy; with ``--check`` it only
says whether the page is in step (exit code 1 if not).
"""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path

from expectations.codes import Code
from expectations.elements import ELEMENTS
from expectations.policy import Policy, load_policy

PAGE = Path(__file__).parent.parent / "docs" / "findings.md"

_HEAD = """# Findings

What the catalogue may have to say about a record or a source, code by code. A code is stable: it keeps its
meaning, and its words are the same in the report cards, in the command line and in Dagster. `MC` is followed by the
number of the element of the European approach to micro-credentials (00 is identity and structure, 17 what lies
beyond the sixteen).

| Severity | What it does |
|---|---|
| **blocks** | The record is not published until it is mended. About a whole source: nothing of it is let in. |
| **lowers** | The record is published; its completeness or its standing suffers. |
| **informs** | The record is published as it is; the institution is told. |

The severities are the national publication policy, `expectations/policy.yaml`; a country can lay its own file over
it. The words stand in `expectations/codes/`. This page is written from both by
`python -m expectations.findings_page`. In the messages, words in braces stand for what was found.
"""


def page(policy: Policy) -> str:
    """Return the page in Markdown: a list of all codes, then each code in full, by element."""
    groups = [(element, list(codes)) for element, codes in groupby(policy.codes.values(), lambda code: code.element)]
    overview = [_overview(element, codes, policy) for element, codes in groups]
    chapters = [_chapter(element, codes, policy) for element, codes in groups]
    return "\n".join([_HEAD, "## All codes\n", *overview, "", *chapters]).rstrip("\n") + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with ``--check`` compare it. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m expectations.findings_page", description="Write docs/findings.md.")
    parser.add_argument("--check", action="store_true", help="only say whether the page is in step")
    parser.add_argument("--page", type=Path, default=PAGE, help="another place for the page")
    options = parser.parse_args(arguments)
    text = page(load_policy())
    if options.check:
        in_step = options.page.exists() and options.page.read_text(encoding="utf-8") == text
        sys.stdout.write("in step\n" if in_step else "not in step: run python -m expectations.findings_page\n")
        return 0 if in_step else 1
    options.page.write_text(text, encoding="utf-8")
    return 0


def _overview(element: int, codes: list[Code], policy: Policy) -> str:
    links = (f"[{code.code}](#{code.code.lower()}) ({policy.severity(code.code)})" for code in codes)
    return f"- **{_name(element)}**: {', '.join(links)}"


def _chapter(element: int, codes: list[Code], policy: Policy) -> str:
    return f"## {_name(element)}\n\n" + "\n".join(_section(code, policy) for code in codes)


def _section(code: Code, policy: Policy) -> str:
    line = policy.lines[code.code]
    return (
        f"### {code.code}\n\n"
        f"{code.meaning}\n\n"
        f"- **Severity:** {line.severity}. {line.reason}\n"
        f"- **Message:** {_literal(code.message)}\n"
        f"- **What to do:** {code.remedy}\n"
        f"- **Until then:** {code.consequence}\n"
    )


def _name(element: int) -> str:
    return f"{element:02d} {ELEMENTS[element][0].upper()}{ELEMENTS[element][1:]}"


def _literal(message: str) -> str:
    """Return a message as code, so that nothing in it is taken for mark-up."""
    fence = "``" if "`" in message else "`"
    return f"{fence}{message}{fence}"


if __name__ == "__main__":
    raise SystemExit(main())
