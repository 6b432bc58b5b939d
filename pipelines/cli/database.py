"""``catalogue db``: the catalogue's tables, brought up to date or looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pipelines.cli.output import ALL_WELL, NEEDS_A_PERSON, AsJson, command, console, emit, escaped, moment, table

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalogue_db.health import Check

T = TypeVar("T")

app = typer.Typer(name="db", help="The catalogue's database.", no_args_is_help=True)

Database = Annotated[str | None, typer.Option("--database", help="SQLAlchemy URL of the catalogue.")]


@app.command("upgrade")
@command
def upgrade(database: Database = None, as_json: AsJson = False) -> int:
    """Bring tables and views to the newest shape; data that is there stays."""
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    workplace = Workplace(load_settings(database_url=database))
    _tell(_document(workplace, workplace.engine), as_json)
    return ALL_WELL


@app.command("status")
@command
def status(database: Database = None, as_json: AsJson = False) -> int:
    """Say at which revision the database is. Exit code 1 when it must be upgraded. Changes nothing."""
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    workplace = Workplace(load_settings(database_url=database))
    document = _document(workplace, workplace.existing_engine)
    _tell(document, as_json)
    return ALL_WELL if document["up_to_date"] else NEEDS_A_PERSON


@app.command("check")
@command
def check(database: Database = None, as_json: AsJson = False) -> int:
    """Look whether the database is whole. Exit code 1 when something needs a person. Changes nothing."""
    from catalogue_db import health

    checks = _done(health.check, database, looking=True)
    if as_json:
        emit({"well": all(each.well for each in checks), "checks": checks})
    else:
        for each in checks:
            _tell_check(each)
    return ALL_WELL if all(each.well for each in checks) else NEEDS_A_PERSON


@app.command("rebuild-search")
@command
def rebuild_search(database: Database = None, as_json: AsJson = False) -> int:
    """Make the search index anew from the offerings. Readers search the old one until it is done."""
    from catalogue_db import search

    count = _done(search.rebuild_search, database)
    if as_json:
        emit({"offerings": count})
    else:
        console().print(f"The search index was made anew: {count} offerings.", markup=False)
    return ALL_WELL


@app.command("downgrade")
@command
def downgrade(as_json: AsJson = False) -> int:  # noqa: ARG001 - every command takes it
    """Say why there is no way back to an older version, and what to do instead. Changes nothing."""
    from pipelines.workplace import CannotStart

    raise CannotStart(
        "There is no way back: a newer version brings together what cannot be told apart again, and going back would "
        "lose part of the history. Restore the backup that was made before the upgrade (pg_dump, or sqlite3's .backup)."
    )


@app.command("roles")
@command
def roles(
    owner: Annotated[str, typer.Option(help="Makes and changes tables, views and functions.")] = "catalogue_owner",
    loader: Annotated[str, typer.Option(help="Loads feeds.")] = "catalogue_loader",
    reader: Annotated[str, typer.Option(help="Portals: reads the schema portal, nothing else.")] = "portal_reader",
    portal: Annotated[
        list[str] | None, typer.Option(help="A login of its own for a portal, with the reader's rights; several times.")
    ] = None,
    statement_timeout: Annotated[int, typer.Option(help="Milliseconds a reader's question may take.", min=1)] = 5_000,
    as_json: AsJson = False,
) -> int:
    """Write the SQL that makes the roles on PostgreSQL: catalogue db roles | psql -d catalogue (as a superuser)."""
    from catalogue_db.candidate import CatalogueError
    from catalogue_db.roles import RoleNames, roles_sql
    from pipelines.workplace import CannotStart

    try:
        names = RoleNames(owner, loader, reader)
        sql = roles_sql(names, statement_timeout_ms=statement_timeout, portals=portal or ())
    except CatalogueError as error:
        raise CannotStart(str(error)) from error
    if as_json:
        emit({"sql": sql})
    else:
        console().print(sql, markup=False, soft_wrap=True, end="")
    return ALL_WELL


def _done(work: Callable[[Engine], T], database: str | None, *, looking: bool = False) -> T:
    """Do something with the database. `looking`: even where it is not of this version. Raises `CannotStart`."""
    from catalogue_db.candidate import CatalogueError
    from pipelines.settings import load_settings
    from pipelines.workplace import CannotStart, Workplace

    workplace = Workplace(load_settings(database_url=database))
    try:
        return work(workplace.existing_engine if looking else workplace.ready_engine)
    except CatalogueError as error:
        raise CannotStart(str(error)) from error


def _tell_check(check: Check) -> None:
    mark = "[green]well[/green]" if check.well else "[red]not so[/red]"
    console().print(f"{mark}  {escaped(check.name)}")
    if not check.well:
        console().print(f"        {check.found}\n        → {check.remedy}", markup=False)


def _document(workplace: Any, engine: Any) -> dict[str, Any]:
    from catalogue_db import migrations

    found = migrations.status(engine)
    return {
        "database": workplace.settings.database_label,
        "revision": found.current,
        "newest": found.head,
        "up_to_date": found.up_to_date,
        "pending": found.pending,
        "views_current": found.views_current,
        **(_content(engine) if found.up_to_date else {}),
    }


def _content(engine: Any) -> dict[str, Any]:
    from catalogue_db.feeds import feed_states

    feeds = feed_states(engine)
    live, withdrawn = sum(feed.live for feed in feeds), sum(feed.withdrawn for feed in feeds)
    return {"offerings": {"live": live, "withdrawn": withdrawn}, "feeds": feeds}


def _tell(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(document)
        return
    state = "up to date" if document["up_to_date"] else "not up to date: run catalogue db upgrade"
    at = f"revision {document['revision']}" if document["revision"] else "without tables"
    console().print(f"{document['database']}\n{at}, newest {document['newest']}: {state}.", markup=False)
    for revision in document["pending"]:
        console().print(f"  pending: {revision.revision} {revision.title}", markup=False)
    if not document["pending"] and not document["views_current"]:
        console().print("  pending: views, functions and code lists of this version", markup=False)
    if document.get("feeds"):
        _tell_feeds(document)


def _tell_feeds(document: dict[str, Any]) -> None:
    shown = table("feed", "live", "withdrawn", "data as of", "")
    for feed in document["feeds"]:
        stale = f"[yellow]stale[/yellow]: {escaped(feed.stale_reason)}" if feed.stale_since else ""
        as_of = moment(feed.data_as_of) if feed.data_as_of else "never"
        shown.add_row(feed.name, str(feed.live), str(feed.withdrawn), as_of, stale)
    told = document["offerings"]
    console().print(f"{told['live']} offerings are live, {told['withdrawn']} withdrawn.")
    console().print(shown, soft_wrap=False)
