"""The `catalogue` command line.

Results go to standard output, progress and logs to standard error; with ``--json`` standard output holds exactly one
JSON document. Exit codes: 0 all well; 1 done, but something needs a person; 2 could not start; 130 ended by Ctrl-C.
Modules are imported inside the commands, so that ``catalogue --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from pipelines.cli import check, database, demo, export, feeds, replay, run, search, show
from pipelines.cli.output import COULD_NOT_START, INTERRUPTED, emit


class Commands(TyperGroup):
    """The commands; what is wrong with a call is said in JSON too where ``--json`` was among its words."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        """Run the command that `args` name and end the process with its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(given, *more, **{**extra, "standalone_mode": False})
        except typer.TyperException as error:
            _tell(error, "--json" in given)
            code = COULD_NOT_START
        except typer.Abort:
            code = INTERRUPTED
        sys.exit(code)


def _tell(error: Any, as_json: bool) -> None:
    from typer.rich_utils import rich_format_error

    rich_format_error(error)
    if as_json:
        emit({"error": error.format_message()})


app = typer.Typer(
    name="catalogue",
    cls=Commands,
    help="The ETL that feeds a national micro-credential catalogue.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("replay")(replay.replay)
app.command("search")(search.search)
app.command("show")(show.show)
app.command("export")(export.export)
app.add_typer(feeds.app, name="feeds")
app.add_typer(database.app, name="db")
app.add_typer(demo.app, name="demo")


def main() -> None:
    """Run the command line; the process ends with the exit code."""
    app()
