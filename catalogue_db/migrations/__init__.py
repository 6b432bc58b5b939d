"""Brings the tables to the current shape, from code: no configuration file, no working folder.

The base tables change by Alembic revisions (`versions`), the views portals read are dropped before and made anew
after, because they must follow the tables and are no one's data; the code lists and synonyms are brought up to date,
and the search index is made anew where it was made by other rules. All of it is one transaction.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from catalogue_db import views
from catalogue_db.candidate import CatalogueError
from catalogue_db.dialects import write_transaction
from catalogue_db.search import rebuilding
from catalogue_db.search.synonyms import standard_synonyms, write_synonyms
from catalogue_db.vocabulary import standard_terms, write_vocabularies


class MigrationStatus(msgspec.Struct, frozen=True):
    """Where a database stands. `current` is None for an empty one."""

    current: str | None
    head: str
    up_to_date: bool


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made in code. Also for making a revision: ``alembic`` needs no file of ours."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def status(engine: Engine) -> MigrationStatus:
    """Say at which revision the database is, and which one is the newest."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    head = ScriptDirectory.from_config(configuration()).get_current_head() or ""
    return MigrationStatus(current=current, head=head, up_to_date=current == head)


def upgrade(engine: Engine) -> MigrationStatus:
    """Bring tables and views to the newest shape; nothing happens to the data of a database that is there already.

    Raises `CatalogueError` if the database was made by a newer version of this software.
    """
    scripts = ScriptDirectory.from_config(configuration())
    known = {revision.revision for revision in scripts.walk_revisions()}
    before = status(engine)
    if before.current is not None and before.current not in known:
        raise CatalogueError(
            f"The database is at revision {before.current}, which this version of the software does not know. "
            "It was made by a newer version: install that one."
        )
    with engine.connect() as connection, write_transaction(connection):
        views.drop_views(connection)
        command.upgrade(configuration(connection), "head")
        views.create_views(connection)
        write_vocabularies(connection, standard_terms())
        write_synonyms(connection, standard_synonyms())
        rebuilding.bring_up_to_date(connection)
    return status(engine)
