"""``catalogue replay``: the latest snapshots once more, asking no source; with ``--preview`` nothing is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.output import (
    ALL_WELL,
    NEEDS_A_PERSON,
    AsJson,
    command,
    console,
    emit,
    escaped,
    table,
)
from pipelines.cli.run import assert_usable, chosen_feeds, finish, run_and_report

if TYPE_CHECKING:
    from pipelines.steps.preview import Preview
    from pipelines.workplace import Workplace


@command
def replay(
    feed: Annotated[list[str] | None, typer.Option(help="Only this feed (may be given more than once).")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would change, losses first.")] = False,
    feeds_dir: Annotated[Path | None, typer.Option(help="Folder of the contracts.")] = None,
    database: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the catalogue.")] = None,
    as_json: AsJson = False,
) -> int:
    """Parse, judge and load the latest snapshots again. Exit code 1 when a feed fails or waits (or would)."""
    from pipelines.quiet import quiet_libraries
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    quiet_libraries()
    workplace = Workplace(load_settings(feeds_dir=feeds_dir, database_url=database))
    names = chosen_feeds(workplace, feed)
    assert_usable(workplace)
    if not preview:
        return finish(run_and_report(workplace, names, from_snapshots=True), as_json)
    previews = _previews(workplace, names)
    if as_json:
        emit({"feeds": previews})
    else:
        for one in previews:
            _show(one)
    return NEEDS_A_PERSON if any(one.status in ("failed", "waiting") for one in previews) else ALL_WELL


def _previews(workplace: Workplace, names: list[str]) -> list[Preview]:
    from pipelines.steps.preview import preview

    return [preview(name, workplace) for name in names]


def _show(one: Any) -> None:
    out = console()
    c = one.counts
    out.print(
        f"[bold]{escaped(one.feed)}[/bold] would be {one.status}: "
        f"{c.withdrawn} would leave, {c.changed} change, {c.new} come, {c.unchanged} stay as they are."
    )
    if one.error:
        out.print(escaped(one.error))
    if one.changes:
        shown = table("what", "title", "offering", "fields", "why")
        for change in one.changes:
            shown.add_row(
                change.kind,
                escaped(change.title or ""),
                change.offering_id,
                ", ".join(change.fields),
                escaped(change.reason or ""),
            )
        out.print(shown)
