"""The `catalogue` command line.

Results go to standard output, progress and logs to standard error; with ``--json`` standard output holds exactly one
JSON document. Exit codes: 0 all well; 1 done, but something needs a person; 2 could not start; 130 ended by Ctrl-C.
Modules are imported inside the commands, so that ``catalogue --help`` answers at once.
"""

from __future__ import annotations

import typer

from pipelines.cli import check, database, demo, feeds, replay, run, search, show

app = typer.Typer(
    name="catalogue",
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
app.add_typer(feeds.app, name="feeds")
app.add_typer(database.app, name="db")
app.add_typer(demo.app, name="demo")


def main() -> None:
    """Run the command line; the process ends with the exit code."""
    app()
