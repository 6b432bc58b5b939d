"""``python -m tests.judged``: measure the search by the judged queries, and say where it falls short.

``--missed`` lists the queries that are not answered perfectly; ``--raise-floors`` keeps what was reached.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.judged import floors
from tests.judged.catalogues import Shelf, filled, why_absent
from tests.judged.judgements import CATALOGUES, Catalogue, judgements
from tests.judged.measures import Answered, Measure, answer, groups

_out = Console(width=140, highlight=False)


def main(
    only: Annotated[str | None, typer.Option(help="One catalogue: fictional or real.")] = None,
    missed: Annotated[bool, typer.Option(help="List the queries that are not answered perfectly.")] = False,
    raise_floors: Annotated[bool, typer.Option(help="Raise each floor to what is measured now.")] = False,
    database: Annotated[str | None, typer.Option(help="URL of an empty database (needs --only).")] = None,
) -> None:
    """Fill the catalogues, ask every judged query, and print the measures."""
    kept = floors.read()
    for catalogue in [each for each in CATALOGUES if only in (None, each)]:
        if why := why_absent(catalogue):
            _out.print(f"{catalogue}: skipped, {why}.")
            continue
        measured = _measured(catalogue, missed, database)
        if raise_floors:
            kept[catalogue] = floors.raised(kept.get(catalogue, {}), measured)
        for line in floors.below(kept.get(catalogue, {}), measured):
            _out.print(f"[red]{line}[/red]")
    if raise_floors:
        floors.write(kept)


def _measured(catalogue: Catalogue, missed: bool, database: str | None) -> dict[str, Measure]:
    with TemporaryDirectory() as folder, filled(catalogue, Path(folder), database) as shelf:
        judged = judgements(catalogue)
        shelf.check(judged)
        answers = [answer(shelf, judgement) for judgement in judged]
        measured = groups(answers)
        _out.print(_table(catalogue, measured))
        for each in answers if missed else []:
            if each.ndcg < 1:
                _tell(shelf, each)
    return measured


def _table(catalogue: Catalogue, measured: dict[str, Measure]) -> Table:
    table = Table(title=f"Judged queries, {catalogue} offerings")
    for name in ("group", "queries", "nDCG@10", "found"):
        table.add_column(name, justify="left" if name == "group" else "right")
    for group, each in measured.items():
        table.add_row(group, str(each.queries), f"{each.ndcg:.3f}", f"{each.found:.3f}")
    return table


def _tell(shelf: Shelf, answered: Answered) -> None:
    """Say what should have come, and what came (a grade before it, or nothing where it was not judged)."""
    grades = {shelf.offering_id(name): grade for name, grade in answered.judgement.find.items()}
    _out.print(f"\n{answered.judgement}  nDCG {answered.ndcg:.2f}, found {answered.found:.2f}", markup=False)
    for name, grade in answered.missed.items():
        _out.print(f"    not shown: {grade} {name}", markup=False)
    for name in answered.unwanted:
        _out.print(f"    unwanted: {name}", markup=False)
    for place, each in enumerate(answered.shown, start=1):
        _out.print(f"    {place:>2}. {grades.get(each, '-')} {shelf.titles[each]}", markup=False)


app = typer.Typer(pretty_exceptions_enable=False)
app.command()(main)
app()
