"""Opens the catalogue's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from catalogue_db import dialects
from catalogue_db.candidate import CatalogueError


def open_catalogue(url: str) -> Engine:
    """Open the database at an SQLAlchemy address, for example ``sqlite:///data/catalogue.db``.

    The folder of a SQLite file is made where it is missing; the tables are made by `catalogue_db.migrations.upgrade`.
    Raises `CatalogueError` for an address that cannot be read or a database this catalogue does not know.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
            Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError) as error:
        raise CatalogueError(
            f"The database address cannot be used: {error}. Give an address such as sqlite:///data/catalogue.db."
        ) from error
    dialects.configure(engine)
    return engine


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction for reading: all its statements see the same state, whatever is loaded meanwhile."""
    with engine.connect() as connection, connection.begin():
        yield connection
