"""``catalogue show``: one offering, as it is, as it was on a day, or as ELM."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.output import (
    ALL_WELL,
    NEEDS_A_PERSON,
    AsJson,
    command,
    console,
    console_err,
    emit,
    escaped,
    stop,
)

if TYPE_CHECKING:
    from catalogue_db.offerings import StoredOffering
    from catalogue_db.trust import TrustStatement


@command
def show(
    offering_id: Annotated[str, typer.Argument(help="Identifier of the offering.")],
    as_of: Annotated[str | None, typer.Option(help="A day (2026-03-01: its end, UTC) or a moment with offset.")] = None,
    elm: Annotated[bool, typer.Option("--elm", help="As JSON-LD of the European Learning Model.")] = False,
    database: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the catalogue.")] = None,
    as_json: AsJson = False,
) -> int:
    """Show one offering. Exit code 1 when the catalogue does not have it (or did not, on that day)."""
    from catalogue_db.offerings import get_offering
    from catalogue_db.trust import statements
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    engine = Workplace(load_settings(database_url=database)).ready_engine
    try:
        stored = get_offering(engine, offering_id, _moment(as_of))
    except ValueError as error:
        stop(f"--as-of {as_of}: {error}. Write a day, 2026-03-01, or a moment with offset, 2026-03-01T12:00Z.", as_json)
    if stored is None:
        return _unknown(offering_id, as_of, as_json)
    if elm:
        _print_elm(stored)
        return ALL_WELL
    trust = statements(engine, offering_id, _moment(as_of))
    if as_json:
        import msgspec

        emit({**msgspec.to_builtins(stored), "trust": trust})
    else:
        _show(stored)
        _show_trust(trust)
    return ALL_WELL


def _moment(as_of: str | None) -> date | datetime | None:
    if as_of is None:
        return None
    return date.fromisoformat(as_of) if len(as_of) <= 10 else datetime.fromisoformat(as_of)


def _unknown(offering_id: str, as_of: str | None, as_json: bool) -> int:
    when = f" on {as_of}" if as_of else ""
    message = f"The catalogue has no offering {offering_id}{when}."
    console_err().print(message)
    if as_json:
        emit({"error": message})
    return NEEDS_A_PERSON


def _print_elm(stored: StoredOffering) -> None:
    from standard.elm.jsonld import to_elm

    emit(to_elm(stored.offering))


def _show(stored: StoredOffering) -> None:
    from pipelines.cli.card import card

    console().print(card(stored), soft_wrap=False)


def _show_trust(trust: list[TrustStatement]) -> None:
    """Why it can be believed, in plain words, for each organisation that has a part in it."""
    from standard.trust_words import sentences

    out = console()
    for one in trust:
        whom = escaped(one.organisation or "nobody")
        who = "who signs" if one.role == "awarding_body" else "who teaches"
        dated = f"checked for {one.checked_on}, DEQAR as of {one.data_as_of or 'never'}"
        out.print(f"[bold]trust[/bold] ({who}, {whom}): [bold]{one.statement.status}[/bold] [dim]({dated})[/dim]")
        for sentence in sentences(one.statement):
            out.print(f"  {escaped(sentence)}")
        if one.stale_reason:
            out.print(f"  [yellow]The register is behind DEQAR, so this is of {one.checked_on}:[/yellow]")
            out.print(f"  {escaped(one.stale_reason)}")
