"""Writes `docs/database.md`: what portals may rely on, from the contract, the questions and `contract_page.md`.

Run ``python -m catalogue_db.contract_page`` after a change of one; it also adds what is new to the record of what
was promised (`tests/catalogue_db/contract_v1.json`), and refuses where a promise would be broken. With ``--check`` it
only says whether both are in step (exit code 1 if not).
"""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path

import msgspec

from catalogue_db.contract import TYPES, VIEWS, View, ViewColumn
from catalogue_db.contract_changes import PromisedView, breaking_changes, promises
from catalogue_db.questions import Question, questions

_ROOT = Path(__file__).parent.parent
PAGE = _ROOT / "docs" / "database.md"
PROMISES = _ROOT / "tests" / "catalogue_db" / "contract_v1.json"
_WORDS = Path(__file__).with_suffix(".md")
_FROM_PYTHON = Path(__file__).parent / "questions" / "from_python.py"
_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def page() -> str:
    """Return the page in Markdown: the words of `contract_page.md` with what follows from the contract put in."""
    views = "\n\n".join((_overview(), *(_chapter(view) for view in VIEWS)))
    asked = (_question(number, list(group)) for number, group in groupby(questions(), lambda each: each.number))
    text = _WORDS.read_text(encoding="utf-8")
    for place, part in {"types": _types(), "views": views, "questions": "\n\n".join(asked)}.items():
        text = text.replace(f"<!-- {place} -->", part)
    return text


def main(arguments: list[str] | None = None) -> int:
    """Write the page and the record, or with ``--check`` compare them. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m catalogue_db.contract_page", description="Write docs/database.md.")
    parser.add_argument("--check", action="store_true", help="only say whether page and record are in step")
    parser.add_argument("--page", type=Path, default=PAGE, help="another place for the page")
    parser.add_argument("--promises", type=Path, default=PROMISES, help="another place for the record of promises")
    options = parser.parse_args(arguments)
    broken = breaking_changes(read_promises(options.promises), promises(VIEWS))
    if broken:
        sys.stdout.write("Promises to portals would be broken:\n" + "".join(f"- {each}\n" for each in broken))
        return 1
    wanted = {options.page: page(), options.promises: _record()}
    if options.check:
        behind = [path.name for path, text in wanted.items() if _read(path) != text]
        told = (
            f"not in step: {', '.join(behind)}; run python -m catalogue_db.contract_page\n" if behind else "in step\n"
        )
        sys.stdout.write(told)
        return 1 if behind else 0
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


def read_promises(path: Path = PROMISES) -> list[PromisedView]:
    """Read what was promised; nothing where nothing was written yet."""
    return msgspec.json.decode(_read(path) or "[]", type=list[PromisedView])


def _record() -> str:
    return msgspec.json.format(msgspec.json.encode(promises(VIEWS)), indent=1).decode() + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _types() -> str:
    rows = (
        f"| `{name}` | {kind.meaning} | {kind.sqlite} | {' or '.join(kind.postgresql)} |"
        for name, kind in TYPES.items()
    )
    return "\n".join(("## Types", "", "| Type | Is | SQLite | PostgreSQL |", "|---|---|---|---|", *rows))


def _overview() -> str:
    rows = (
        f"| [{view.name}](#{view.name}) | {_cell(view.meaning)} | {_names(view.key)} | {_joins(view)} |"
        for view in VIEWS
    )
    return "\n".join(
        ("## Views", "", "| View | A row is | Key | Joins |", "|---|---|---|---|", *rows),
    )


def _joins(view: View) -> str:
    joins = (f"`{column.name}` → {column.references}" for column in view.columns if column.references)
    return "<br>".join(joins)


def _chapter(view: View) -> str:
    rows = (
        f"| `{column.name}` | {column.type} | {'may be empty' if column.nullable else ''} | {_meaning(column)} |"
        for column in view.columns
    )
    return "\n".join(
        (
            f"### {view.name}",
            "",
            f"{view.meaning} Key: {_names(view.key)}.",
            "",
            "| Column | Type | | Meaning |",
            "|---|---|---|---|",
            *rows,
        )
    )


def _meaning(column: ViewColumn) -> str:
    notes = [_cell(column.meaning)]
    if column.vocabulary:
        notes.append(f"Labels: vocabulary `{column.vocabulary}`.")
    if column.references:
        notes.append(f"→ `{column.references}`")
    return " ".join(notes)


def _question(number: str, written: list[Question]) -> str:
    """A question with the statement of each engine (one for both, where there is one)."""
    first = written[0]
    parts = [f"### {number.lstrip('0')}. {first.title}", first.explanation]
    if first.parameters:
        parts.append("\n".join(f"- `:{p.name}`: {p.meaning} For example `{p.example}`." for p in first.parameters))
    for each in written:
        only = f"On {_ENGINES[each.engines[0]]}:\n\n" if len(each.engines) == 1 else ""
        parts.append(f"{only}```sql\n{each.sql}\n```")
    if first.name == "search":
        parts.append(f"From Python, on both engines:\n\n```python\n{_read(_FROM_PYTHON)}```")
    return "\n\n".join(parts)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    raise SystemExit(main())
