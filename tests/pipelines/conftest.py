"""A place to work for each test, a source to pull from, and the command line as a caller sees it."""

from __future__ import annotations

import importlib.resources
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance
from typer.testing import CliRunner

from pipelines.instance import prepare_home
from pipelines.settings import Settings, load_settings
from pipelines.workplace import Workplace
from tests.pipelines.sources import ROWS, Source, contract, serve_feed, serving
from tests.pipelines.standing import Standing

_NAMES = ("DATABASE_URL", "SNAPSHOTS_URL", "STAGING_URL", "POLICY")


@pytest.fixture(scope="session")
def standing_source() -> Iterator[Source]:
    """The server of all these tests, on one port."""
    with serving() as made:
        yield made


@pytest.fixture
def source(standing_source: Source) -> Source:
    """A server on loopback that answers what a test tells it to; it knows nothing of the tests before."""
    standing_source.answers.clear()
    standing_source.asked.clear()
    return standing_source


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """The states that many tests begin with."""
    return Standing(tmp_path_factory.mktemp("standing"))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings below a folder of the test's own, with loopback allowed."""
    for name in _NAMES:
        monkeypatch.delenv(f"CATALOGUE_{name}", raising=False)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CATALOGUE_ALLOW_PRIVATE_ADDRESSES", "true")
    (tmp_path / "feeds").mkdir()
    return load_settings()


@pytest.fixture
def workplace(settings: Settings, sqlite_template: Path) -> Workplace:
    """A workplace with those settings, over an empty catalogue."""
    _copy_catalogue(sqlite_template, settings)
    return Workplace(settings)


@pytest.fixture(scope="session")
def dagster_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for Dagster, to copy: as the product makes it, but the events of runs are kept in memory.

    For tests that ask what a run came to, which is read from the events while the instance is open. Tests of what is
    kept make their home as the product does, see `kept_history`.
    """
    home = tmp_path_factory.mktemp("dagster")
    config = importlib.resources.files("pipelines").joinpath("dagster.yaml").read_text("utf-8")
    (home / "dagster.yaml").write_text(config + EVENTS_IN_MEMORY, "utf-8")
    with DagsterInstance.from_config(str(home)):
        return home


EVENTS_IN_MEMORY = """
event_log_storage:
  module: dagster._core.storage.event_log
  class: InMemoryEventLogStorage
"""


def _copy_catalogue(template: Path, settings: Settings) -> None:
    settings.data_dir.mkdir(exist_ok=True)
    shutil.copy(template, settings.data_dir / "catalogue.db")


@dataclass
class Called:
    """What a call of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


class Catalogue:
    """Calls the command line in this process."""

    def __init__(self, make_ready: Callable[[], None]) -> None:
        """`make_ready`: called before the first run in a new place, with what every first run would make alike."""
        self._make_ready = make_ready

    def __call__(self, *arguments: str) -> Called:
        """Run ``catalogue`` with these arguments."""
        from pipelines.cli import app

        result = CliRunner().invoke(app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Called(result.exit_code, result.stdout, result.stderr)

    def run(self, *arguments: str) -> dict[str, dict[str, Any]]:
        """Run ``catalogue run --json`` and return what came of each feed, by name; remembers the exit code."""
        self._make_ready()
        called = self("run", "--json", *arguments)
        self.code = called.code
        self.err = called.err
        return {feed["feed"]: feed for feed in called.json["feeds"]}

    code: int = -1
    err: str = ""


@pytest.fixture
def catalogue(
    settings: Settings, sqlite_template: Path, dagster_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Catalogue:
    """The command line, working where `settings` say; runs find an empty catalogue, and Dagster's storage made."""
    monkeypatch.setenv("DAGSTER_HOME", str(settings.home))

    def make_ready() -> None:
        if not settings.home.exists():
            shutil.copytree(dagster_template, settings.home)
            _copy_catalogue(sqlite_template, settings)

    return Catalogue(make_ready)


@pytest.fixture
def kept_history(settings: Settings, catalogue: Catalogue) -> None:
    """Dagster's home as the product makes it: what runs tell is kept in files."""
    prepare_home(settings)


class Live:
    """Brings the feed `school` to life: its contract, its three offerings in the catalogue, its run in Dagster."""

    def __init__(self, source: Source, settings: Settings, catalogue: Catalogue, standing: Standing) -> None:
        """`source`: offers the feed, and goes on doing so. The rest: where its good run is made or copied to."""
        self._source, self._settings, self._catalogue, self._standing = source, settings, catalogue, standing

    def __call__(self, format_name: str = "spreadsheet") -> dict[str, Any]:
        """Make the feed live in a format, and return what `catalogue run` said of it."""
        url = serve_feed(self._source, "school", format_name, ROWS)

        def run() -> dict[str, Any]:
            contract(self._settings.feeds_dir, "school", url, format_name)
            told = self._catalogue.run()["school"]
            assert told["status"] == "updated", told
            return told

        told: dict[str, Any] = self._standing.bring(f"school-{format_name}", self._settings.feeds_dir.parent, run)
        return told


@pytest.fixture
def live(source: Source, settings: Settings, catalogue: Catalogue, standing: Standing) -> Live:
    """A feed that is live, as many tests begin."""
    return Live(source, settings, catalogue, standing)


@pytest.fixture
def filled(live: Live, catalogue: Catalogue) -> Catalogue:
    """The command line over a catalogue with three offerings."""
    live()
    return catalogue
