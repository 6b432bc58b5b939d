"""Brings the tables to the current shape, from code: no configuration file, no working folder.

The base tables change by Alembic revisions (`versions`), the views portals read are dropped before and made anew
after, because they must follow the tables and are no one's data; the code lists and synonyms are brought up to date,
and the search index is made anew where it was made by other rules. All of it is one transaction. A database that has
its shape already is left alone: nobody waits, and nobody needs the right to change it.

There is no way back. A revision may bring together what cannot be told apart again, and the newer software has written
what the older one cannot read; a way back that loses part of the history would break the promise of the catalogue. To
return to an older version, restore the backup that was made before the upgrade.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path

import msgspec
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

import catalogue_db
from catalogue_db import dialects, views
from catalogue_db.candidate import CatalogueError
from catalogue_db.search import rebuilding
from catalogue_db.search.postgres import create_functions, drop_functions, missing_functions
from catalogue_db.search.synonyms import standard_synonyms, write_synonyms
from catalogue_db.tables import metadata
from catalogue_db.vocabulary import standard_terms, write_vocabularies
from standard import vocabularies


class PendingRevision(msgspec.Struct, frozen=True):
    """A revision that the database does not have yet; `title` says what it brings."""

    revision: str
    title: str


class MigrationStatus(msgspec.Struct, frozen=True):
    """Where a database stands. `current` is None for an empty one.

    `pending`: the revisions it lacks, in order. `views_current`: whether views, functions and code lists are those of
    this version of the software, and all there; `missing_views`: those that somebody took away.
    """

    current: str | None
    head: str
    up_to_date: bool
    pending: list[PendingRevision] = []
    views_current: bool = True
    missing_views: list[str] = []


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made in code. Also for making a revision: ``alembic`` needs no file of ours."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def status(engine: Engine) -> MigrationStatus:
    """Say at which revision the database is, which one is the newest, and what lies between.

    Raises `CatalogueError` for a role that may not read the tables, such as a portal's.
    """
    with engine.connect() as connection:
        return _status(connection)


def _status(connection: Connection) -> MigrationStatus:
    dialects.admit(connection)
    current = revision_of(connection)
    pending = [PendingRevision(script.revision, _title(script)) for script in _after(current)]
    marked = dialects.read_mark(connection) == shape()
    missing = _missing(connection) if marked else []
    views_current = marked and not missing
    return MigrationStatus(
        current=current,
        head=_revisions()[-1].revision,
        up_to_date=not pending and views_current and _is_known(current),
        pending=pending,
        views_current=views_current,
        missing_views=missing,
    )


def _missing(connection: Connection) -> list[str]:
    """Views, and on PostgreSQL functions, that portals rely on and somebody has taken away."""
    functions = missing_functions(connection) if dialects.is_postgres(connection) else []
    return [*views.missing_views(connection), *functions]


@cache
def _revisions() -> list[Script]:
    """All revisions, oldest first. Alembic reads and runs their files at every question."""
    return list(ScriptDirectory.from_config(configuration()).walk_revisions())[::-1]


def _after(current: str | None) -> list[Script]:
    known = _revisions()
    places = [place for place, script in enumerate(known) if script.revision == current]
    return known[places[0] + 1 :] if places else known if current is None else []


def _is_known(current: str | None) -> bool:
    return current in {script.revision for script in _revisions()}


def _title(script: Script) -> str:
    return (script.doc or "").strip().splitlines()[0].rstrip(".")


@cache
def shape() -> str:
    """Changes with whatever views, functions, lists and the index are made of: SQL, the standard's lists, the words."""
    room, lists = Path(catalogue_db.__file__).parent, Path(vocabularies.__file__).parent
    files = [room / "views.py", room / "contract.py", room / "vocabulary.py", room / "dialects.py"]
    files += (room / "search" / "postgres").glob("*.py")
    files += [file for ending in ("sql", "yaml") for file in room.rglob(f"*.{ending}")]
    files += [file for ending in ("py", "csv") for file in lists.rglob(f"*.{ending}")]
    digest = hashlib.blake2b(rebuilding.version().encode(), digest_size=4)
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{int(digest.hexdigest(), 16) >> 5 or 1:07x}"


def upgrade(engine: Engine) -> MigrationStatus:
    """Bring tables and views to the newest shape; nothing happens to the data of a database that is there already.

    Raises `CatalogueError` if the database was made by a newer version of this software, holds tables of something else
    under the names of ours, or may not be changed.
    """
    before = status(engine)
    if before.up_to_date:
        return before
    if before.current is not None and not _is_known(before.current):
        raise CatalogueError(
            f"The database is at revision {before.current}, which this version of the software does not know. "
            "It was made by a newer version: install that one."
        )
    with engine.connect() as connection, dialects.write_transaction(connection):
        if not _status(connection).up_to_date:  # another process may have done it meanwhile
            _upgrade(connection)
    return status(engine)


def _upgrade(connection: Connection) -> None:
    dialects.prepare(connection)
    _refuse_others(connection)
    tables_stay = not _after(revision_of(connection))
    if tables_stay:  # what takes long comes first: from when the views are taken away, readers wait
        _bring_lists_and_index(connection)
    dialects.between_readers(connection, partial(_take_away, connection))
    command.upgrade(configuration(connection), "head")
    views.create_views(connection)
    if dialects.is_postgres(connection):
        create_functions(connection)
    if not tables_stay:
        _bring_lists_and_index(connection)
    dialects.write_mark(connection, shape())


def _refuse_others(connection: Connection) -> None:
    """A database without a revision that has tables of ours by name is not ours: it is left as it is."""
    if revision_of(connection) is None:
        theirs = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if theirs:
            raise CatalogueError(
                f"The database holds tables of something else: {', '.join(theirs[:5])}. Nothing was changed. Give the "
                "catalogue a database (or file) of its own."
            )


def _take_away(connection: Connection) -> None:
    views.drop_views(connection)
    if dialects.is_postgres(connection):
        drop_functions(connection)


def _bring_lists_and_index(connection: Connection) -> None:
    write_vocabularies(connection, standard_terms())
    write_synonyms(connection, standard_synonyms())
    rebuilding.bring_up_to_date(connection)
