"""How commands speak: one JSON document or something readable on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

P = ParamSpec("P")

ALL_WELL, NEEDS_A_PERSON, COULD_NOT_START, INTERRUPTED = 0, 1, 2, 130

SEVERITY_STYLE = {"blocks": "red", "lowers": "yellow", "informs": "dim"}

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output, nothing else there.")]


def command(body: Callable[P, int]) -> Callable[P, None]:
    """Make a command out of a function that returns its exit code: end cleanly on Ctrl-C and on what stops it early."""

    @wraps(body)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        from catalogue_db.candidate import CatalogueError
        from pipelines.settings import SettingsProblem
        from pipelines.workplace import CannotStart

        as_json = bool(kwargs.get("as_json"))
        try:
            code = body(*args, **kwargs)
        except (CannotStart, SettingsProblem, CatalogueError) as error:
            stop(str(error), as_json)
        except KeyboardInterrupt:
            stop(_ENDED, as_json, INTERRUPTED)
        except Exception as error:
            stop(_of_dagsters_records(error), as_json)
        raise typer.Exit(code)

    return wrapped


def _of_dagsters_records(error: Exception) -> str:
    """What it means that Dagster's own database cannot be written (the catalogue's outages are told where they arise).

    Raises any other error anew: it is a defect.
    """
    from sqlalchemy.exc import DBAPIError

    from catalogue_db.failures import explanation

    if not isinstance(error, DBAPIError) or error.orig is None or explanation(error.orig) is None:
        raise error
    return (
        f"Dagster cannot keep its records in the data folder: {error.orig}. What is live stays live. See that the disk "
        "has room and is well, and run again."
    )


_ENDED = (
    "Ended before its time (Ctrl-C, or a signal to stop). What was live is as it was before the feed that was being"
    " worked on."
)


def stop(message: str, as_json: bool, code: int = COULD_NOT_START) -> NoReturn:
    """End early, by default because nothing could be started: say why, on standard error and in the JSON document."""
    console_err().print(message, style="red")
    if as_json:
        emit({"error": message})
    raise typer.Exit(code)


def emit(document: Any) -> None:
    """Print the one JSON document (anything msgspec can encode) on standard output."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    sys.stdout.write("\n")
    sys.stdout.flush()


def console() -> Console:
    """Return the console for results."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def console_err() -> Console:
    """Return the console for progress, logs and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table in the house's style."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def moment(at: str) -> str:
    """Return an ISO moment (UTC) as people read it: to the minute."""
    return f"{at[:10]} {at[11:16]} UTC" if len(at) > 16 else at


def escaped(text: object) -> str:
    """Return text that Rich will not read as markup (sources may write ``[/b]`` into a title)."""
    from rich.markup import escape

    return escape(str(text))


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[str, str], None]]:
    """Show a bar over `total` things on a terminal, else plain lines.

    Yields a function to call for each: with its name and what came of it, or with an empty text when it begins.
    """
    if not sys.stderr.isatty():
        yield lambda name, came: console_err().print(f"{name}: {came}") if came else None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console_err(), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def step(name: str, came: str) -> None:
            bar.update(task, description=f"{name} {came}".strip(), advance=1 if came else 0)

        yield step
