"""``catalogue check``: the public validator. No database, nothing written, the pipeline's own verdict."""

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
)

if TYPE_CHECKING:
    from pipelines.steps.check import Checked


@command
def check(
    source: Annotated[str, typer.Argument(help="A file, a folder or a web address.")],
    format_name: Annotated[
        str, typer.Option("--format", help="Name of the format; 'auto' guesses by content.")
    ] = "auto",
    contract: Annotated[Path | None, typer.Option(help="Judge as this feed: its scope, defaults and demands.")] = None,
    as_json: AsJson = False,
) -> int:
    """Say what the catalogue would make of SOURCE. Exit code 1 when a record was rejected or could not be read."""
    from pipelines.failures import FeedFailure
    from pipelines.quiet import quiet_libraries
    from pipelines.workplace import CannotStart

    quiet_libraries()
    try:
        checked = _checked(source, format_name, contract)
    except FeedFailure as failure:
        raise CannotStart(str(failure)) from failure
    if as_json:
        emit(check_document(checked))
    else:
        _show(checked)
    return ALL_WELL if checked.clean else NEEDS_A_PERSON


def _checked(source: str, format_name: str, contract_file: Path | None) -> Checked:
    from pipelines.settings import load_settings
    from pipelines.steps.check import check_source, contract_of
    from pipelines.workplace import Workplace

    workplace = Workplace(load_settings())
    return check_source(source, format_name, contract_of(contract_file), workplace)


def check_document(checked: Checked) -> dict[str, Any]:
    """Return the JSON document of a check."""
    guessed = {} if checked.guessed is None else {"format_guessed": round(checked.guessed, 2)}
    return {
        "source": checked.source,
        "format": checked.format,
        **guessed,
        "counts": {name: getattr(checked.counts, name) for name in _COUNTS},
        "records": [
            {
                "source_id": record.source_id,
                "path": record.path,
                "verdict": record.verdict,
                "offering": record.offering,
                "findings": record.findings,
            }
            for record in checked.records
        ],
        "findings": checked.findings,
        "fields_nobody_read": checked.unread,
    }


_COUNTS = ("fetched", "parsed", "unreadable", "selected", "out_of_scope", "accepted", "rejected")


def _show(checked: Checked) -> None:
    from pipelines.cli.verdict import verdict

    console().print(verdict(checked), soft_wrap=False)
