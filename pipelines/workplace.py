"""The workplace: the settings, and everything that is opened with them, in one object that assets and commands share.

Dagster gets it as the resource ``workplace``. Nothing is opened before it is asked for, and each opening imports
what it needs, so that a process which only lists feeds never loads a database driver or Great Expectations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.failures import FeedFailure
from pipelines.settings import Settings
from pipelines.staging import Staging

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from connectors.feeds import FeedContract
    from connectors.snapshots import SnapshotStore
    from expectations.policy import Policy


_ADDRESS = "CATALOGUE_DATABASE_URL"


class CannotStart(Exception):
    """Nothing could be done at all: configuration, usage, or a database out of reach. Says what to do."""


@dataclass(frozen=True)
class Workplace:
    """Where the work is done. `step_retries`: how often a step is tried again after a transient failure.

    `retry_seconds`: how long a step waits before it is tried again. The daemon's runs have patience; the command line
    does not wait, since a person who sees the failure can decide.
    """

    settings: Settings
    step_retries: int = 0
    retry_seconds: float = 60.0

    def feed_names(self) -> list[str]:
        """Return the name of every feed of the register, whether its contract is valid or not.

        Raises `CannotStart` where the folder is not there.
        """
        folder = self.settings.feeds_dir
        if not folder.is_dir():
            raise CannotStart(f"There is no feeds folder at {folder}. Set CATALOGUE_FEEDS_DIR or give --feeds-dir.")
        return sorted(file.stem for file in folder.iterdir() if _is_contract(file))

    def contract(self, feed: str) -> FeedContract:
        """Load the contract of `feed`; raise a permanent `FeedFailure` that names file, line and remedy."""
        from connectors.feeds import ContractError, load_contract

        file = self._contract_file(feed)
        try:
            return load_contract(file)
        except ContractError as error:
            told = "; ".join(str(problem) for problem in error.problems)
            raise FeedFailure(
                "CONTRACT", f"The contract {file.name} is not valid: {told}.", "Mend the contract, then run again."
            ) from error

    def _contract_file(self, feed: str) -> Path:
        found = [file for file in self.settings.feeds_dir.glob(f"{feed}.*") if _is_contract(file)]
        if not found:
            raise FeedFailure(
                "CONTRACT",
                f"There is no contract for feed {feed!r} in {self.settings.feeds_dir}.",
                "Add it, or end the feed by deleting its partition in Dagster.",
            )
        return found[0]

    @cached_property
    def store(self) -> SnapshotStore:
        """The snapshots. Raises `CannotStart` for a place that nothing can be kept in from here."""
        from connectors.snapshots import SnapshotStore

        try:
            return SnapshotStore(self.settings.snapshots)
        except (ValueError, ImportError, OSError) as error:
            raise CannotStart(
                f"Snapshots cannot be kept at {self.settings.snapshots}: {error} Check CATALOGUE_SNAPSHOTS_URL: a "
                "folder, or a URL whose fsspec driver is installed (s3fs for s3://, adlfs for abfs://, ...)."
            ) from error

    @cached_property
    def staging(self) -> Staging:
        """The staged batches."""
        return Staging(self.settings.staging)

    @cached_property
    def policy(self) -> Policy:
        """The national publication policy. Raises `CannotStart` for a file that cannot be used."""
        from expectations.keyed_yaml import FilesNotUsable
        from expectations.policy import load_policy

        try:
            return load_policy(self.settings.policy)
        except FilesNotUsable as error:
            raise CannotStart(f"The publication policy cannot be used. Check CATALOGUE_POLICY.\n{error}") from error

    @cached_property
    def engine(self) -> Engine:
        """The catalogue, brought up to date. Raises `CannotStart` when the database is out of reach."""
        return self._opened(upgrading=True)

    @cached_property
    def existing_engine(self) -> Engine:
        """The catalogue as it is, for those who only look. Raises `CannotStart` where it is not there."""
        from sqlalchemy.engine import make_url

        file = make_url(self.settings.database).database if self.settings.database.startswith("sqlite") else None
        if file and file != ":memory:" and not Path(file).exists():
            raise CannotStart(f"There is no catalogue at {file} yet. Run catalogue run, or catalogue db upgrade.")
        return self._opened(upgrading=False)

    @property
    def ready_engine(self) -> Engine:
        """The catalogue for those who read it. Raises `CannotStart` where it was never filled or is out of date."""
        from catalogue_db.migrations import status

        found = status(self.existing_engine)
        if not found.up_to_date:
            state = "is empty" if found.current is None else f"is at revision {found.current}, not {found.head}"
            if found.current == found.head:
                state = "has not the views, functions and code lists of this version"
            raise CannotStart(
                f"The database {self.settings.database_label} {state}. Run catalogue run (which fills it), or "
                "catalogue db upgrade."
            )
        return self.existing_engine

    def _opened(self, *, upgrading: bool) -> Engine:
        from sqlalchemy.exc import SQLAlchemyError

        from catalogue_db.candidate import CatalogueError
        from catalogue_db.engine import open_catalogue
        from catalogue_db.migrations import upgrade

        try:
            engine = open_catalogue(self.settings.database)
            if upgrading:
                upgrade(engine)
            else:
                engine.connect().close()
        except CatalogueError as error:  # says itself what to do
            cause = str(error).removeprefix("The database address cannot be used: ")
            where = "" if _ADDRESS in cause else f" It is set by {_ADDRESS} or --database."
            raise CannotStart(f"The database {self.settings.database_label} cannot be used: {cause}{where}") from error
        except (SQLAlchemyError, OSError) as error:
            raise CannotStart(
                f"The database {self.settings.database_label} cannot be used: {getattr(error, 'orig', None) or error}. "
                f"Check {_ADDRESS}, and that the server answers or the folder can be written to."
            ) from error
        return engine


def _is_contract(file: Path) -> bool:
    return file.suffix in (".yaml", ".yml") and not file.name.startswith((".", "_"))
