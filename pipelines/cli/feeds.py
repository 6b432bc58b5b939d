"""``catalogue feeds``: the register of sources, listed and checked, and the spreadsheet template."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.output import ALL_WELL, NEEDS_A_PERSON, AsJson, command, console, emit, escaped, stop, table

if TYPE_CHECKING:
    from connectors.feeds import Register
    from pipelines.settings import Settings

app = typer.Typer(name="feeds", help="The register of sources.", no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="Workbook (.xlsx) to write, or a folder for two CSV files.")]
FeedsDir = Annotated[Path | None, typer.Option("--feeds-dir", help="Folder of the contracts.")]


@app.command("list")
@command
def list_feeds(feeds_dir: FeedsDir = None, as_json: AsJson = False) -> int:
    """List the feeds of the register."""
    _, register = _register(feeds_dir)
    rows = [_row(contract) for _, contract in sorted(register.contracts.items())]
    if as_json:
        emit({"feeds": rows, "problems": _problems(register)})
    else:
        shown = table("feed", "title", "format", "", "schedule (UTC)")
        shown.padding, shown.pad_edge = (0, 1, 0, 0), False
        for row in rows:
            names = ("feed", "title", "format", "country", "schedule")
            shown.add_row(*(escaped("" if row[name] is None else row[name]) for name in names))
        console().print(shown)
        _say_problems(register)
    return NEEDS_A_PERSON if register.problems else ALL_WELL


@app.command("check")
@command
def check_feeds(feeds_dir: FeedsDir = None, as_json: AsJson = False) -> int:
    """Check every contract; each problem names file, line and remedy. Exit code 1 when there is one, or when the day
    has come on which an exception must be decided again."""
    settings, register = _register(feeds_dir)
    overdue = _overdue(register)
    if as_json:
        emit({"feeds": sorted(register.contracts), "problems": _problems(register), "overdue_exceptions": overdue})
    else:
        _say_problems(register)
        for one in overdue:
            told = f"{one['feed']}: the exception for {one['what']} ended on {one['until']} ({one['reason']})."
            console().print(f"{told} Decide again, and mend the contract.", markup=False)
        console().print(f"{len(register.contracts)} valid contracts in {settings.feeds_dir}.", markup=False)
    return NEEDS_A_PERSON if register.problems or overdue else ALL_WELL


@app.command("template")
@command
def template(
    out: Out = Path("offerings-template.xlsx"),
    lang: Annotated[list[str] | None, typer.Option("--lang", help="Language of texts; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    as_json: AsJson = False,
) -> int:
    """Write the spreadsheet template: a workbook, or CSV files where --out is a folder."""
    from connectors.formats import spreadsheet

    languages = lang or ["en"]
    if out.suffix.lower() == ".xlsx":
        files = {out: spreadsheet.template(languages)}
    else:
        files = {out / name: body for name, body in spreadsheet.template_csv(languages).items()}
    there = [str(file) for file in files if file.exists()]
    if there and not force:
        stop(f"{', '.join(there)} is there already. Give another --out, or --force to write over it.", as_json)
    for file, body in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    if as_json:
        emit({"files": [str(file) for file in files]})
    else:
        console().print(*(f"Written: {file}" for file in files), sep="\n", markup=False)
    return ALL_WELL


def _register(feeds_dir: Path | None) -> tuple[Settings, Register]:
    from connectors.feeds import load_register
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    settings = load_settings(feeds_dir=feeds_dir)
    Workplace(settings).feed_names()  # says clearly when there is no such folder
    return settings, load_register(settings.feeds_dir)


def _row(contract: Any) -> dict[str, Any]:
    return {
        "feed": contract.name,
        "title": contract.title,
        "format": contract.format,
        "country": contract.institution.country,
        "schedule": contract.schedule,
        "licence": contract.licence,
        "owner": contract.owner.name,
    }


def _problems(register: Register) -> list[dict[str, Any]]:
    return [
        {"file": str(p.file), "line": p.line, "where": p.where, "message": p.message, "remedy": p.remedy}
        for p in register.problems
    ]


def _overdue(register: Register) -> list[dict[str, Any]]:
    today = datetime.now(UTC).date()
    return [
        {"feed": contract.name, "what": one.what, "reason": one.reason, "until": str(one.until)}
        for _, contract in sorted(register.contracts.items())
        for one in contract.overdue(today)
    ]


def _say_problems(register: Register) -> None:
    for problem in register.problems:
        console().print(str(problem), markup=False)
