"""The catalogues that are asked: filled by the pipeline's own steps, on any database.

*fictional*: the demo's institutions and those of the corpus. *real*: the real feeds, where their files lie beside
the project. Nothing here takes Dagster's way: the steps are the same functions, and a fill is a matter of seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, Select, select

from catalogue_db.load import load_candidate
from catalogue_db.tables import feed, offering, offering_text
from pipelines.demo.server import serving as serving_demo
from pipelines.settings import Settings
from pipelines.steps.load import load_latest
from pipelines.steps.map_and_judge import judge_latest
from pipelines.steps.parse import parse_snapshot
from pipelines.steps.pull import latest_snapshot, pull
from pipelines.workplace import Workplace
from tests.http_server import serving
from tests.judged.institutions import candidates
from tests.judged.judgements import Catalogue, Judgement
from tests.real.sources import ADAM_SMITH, CONTRACTS, absent, adam_smith, routes

_FEEDS = Path(__file__).resolve().parents[2] / "feeds"


class NoSuchOffering(Exception):
    """A judgement names an offering that is not there, or several. Says which, and what there is."""


class Shelf:
    """A filled catalogue in which judgements find their offerings."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.titles: dict[str, str] = {}
        self._known: list[tuple[str, str, str, str]] = []
        with engine.connect() as connection:
            for row in connection.execute(_live_titles()):
                self._known.append((row.name, row.source_id, row.text, row.offering_id))
                self.titles.setdefault(row.offering_id, f"{row.name}/{row.text}")

    def check(self, judged: Iterable[Judgement]) -> None:
        """Raise `NoSuchOffering`, with one line for each, where references do not name one live offering."""
        problems = []
        for reference in sorted({name for each in judged for name in (*each.find, *each.unwanted)}):
            try:
                self.offering_id(reference)
            except NoSuchOffering as problem:
                problems.append(str(problem))
        if problems:
            raise NoSuchOffering("\n".join(problems))

    def offering_id(self, reference: str) -> str:
        """The one offering that a reference names. Raises `NoSuchOffering`."""
        feed_name, _, title = reference.partition("/")
        title, _, source = title.partition(" [")
        of_feed = [known for known in self._known if known[0] == feed_name and source.rstrip("]") in known[1]]
        exactly = {known[3] for known in of_feed if known[2] == title}
        beginning = exactly or {known[3] for known in of_feed if known[2].startswith(title)}
        if len(beginning) != 1:
            told = ", ".join(sorted(self.titles[each] for each in beginning)) or "none"
            raise NoSuchOffering(f"{reference!r} must name one live offering; it names: {told}")
        return beginning.pop()


def _live_titles() -> Select[str, str, str, str]:
    columns = (feed.c.name, offering.c.source_id, offering.c.offering_id, offering_text.c.text)
    live = (offering.c.status == "live") & (offering_text.c.kind == "title")
    return (
        select(*columns)
        .select_from(offering.join(feed, feed.c.key == offering.c.feed_key))
        .join(offering_text, offering_text.c.offering_key == offering.c.key)
        .where(live)
        .order_by(offering.c.key, offering_text.c.lang)
    )


def why_absent(catalogue: Catalogue) -> str | None:
    """Why a catalogue cannot be filled here, in one line; None where it can."""
    missing = absent() if catalogue == "real" else []
    return f"the real feed files are not beside the project ({len(missing)} missing)" if missing else None


@contextmanager
def filled(catalogue: Catalogue, folder: Path, database_url: str | None = None) -> Iterator[Shelf]:
    """Fill a catalogue in a database (a new SQLite file below `folder` if none is named) for the length of a block."""
    settings = Settings.model_validate(
        {
            "data_dir": folder,
            "feeds_dir": _FEEDS if catalogue == "fictional" else CONTRACTS,
            "database_url": database_url,
            "snapshots_url": str(folder / "snapshots"),
            "staging_url": str(folder / "staging"),
            "allow_private_addresses": True,
        }
    )
    workplace = Workplace(settings)
    try:
        (_fill_fictional if catalogue == "fictional" else _fill_real)(workplace)
        yield Shelf(workplace.engine)
    finally:
        workplace.engine.dispose()


def _fill_fictional(workplace: Workplace) -> None:
    with pytest.MonkeyPatch.context() as patch, serving_demo(1, 0) as address:
        patch.setenv("CATALOGUE_DEMO_URL", address)
        _fill(workplace)
    for candidate in candidates():
        load_candidate(workplace.engine, candidate)


def _fill_real(workplace: Workplace) -> None:
    with pytest.MonkeyPatch.context() as patch, serving(routes()) as server:
        server.routes[ADAM_SMITH] = adam_smith("adam_smith_october")
        patch.setenv("REAL_FEEDS_URL", server.url("").rstrip("/"))
        _fill(workplace)


def _fill(workplace: Workplace) -> None:
    """Bring in every feed of the register."""
    for name in workplace.feed_names():
        contract = workplace.contract(name)
        pull(contract, workplace, datetime.now(UTC))
        parse_snapshot(contract, latest_snapshot(name, workplace), workplace.staging)
        judge_latest(contract, workplace)
        outcome = load_latest(contract, workplace, "judged")
        if outcome.load.status != "updated":
            raise AssertionError(f"{name} was not loaded: {outcome.load.status}")
