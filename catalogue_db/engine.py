"""Opens the catalogue's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from catalogue_db import dialects, postgres
from catalogue_db.candidate import CatalogueError

_SUCH_AS = "such as sqlite:///data/catalogue.db or postgresql://catalogue_loader@db.example.org/catalogue"


def open_catalogue(url: str) -> Engine:
    """Open the database at an SQLAlchemy address: ``sqlite:///data/catalogue.db``, ``postgresql://user@host/name``.

    ``postgres://`` and ``postgresql+psycopg://`` are the same as ``postgresql://``. The folder of a SQLite file is made
    where it is missing; the tables are made by `catalogue_db.migrations.upgrade`. A server is asked only when something
    is read. Raises `CatalogueError` for an address that cannot be read or a database this catalogue does not know.
    """
    try:
        address = make_url(url)
        engine = create_engine(_prepared(address), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError, ValueError) as error:
        raise CatalogueError(
            f"The database address cannot be used: {error}. Give an address {_SUCH_AS}; signs such as @ : / in a "
            "password are written as %40 %3A %2F."
        ) from error
    dialects.configure(engine)
    return engine


def _prepared(address: URL) -> URL:
    """The address as it is opened. Raises `CatalogueError` for a database this catalogue does not know."""
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return postgres.address(address)
    if address.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise CatalogueError(f"The catalogue cannot be kept in {address.drivername!r}: give an address {_SUCH_AS}.")
    if address.database not in (None, "", ":memory:"):
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    return address


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction for reading: all its statements see the same state, whatever is loaded meanwhile."""
    with engine.connect() as connection, connection.begin():
        yield connection
