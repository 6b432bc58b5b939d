"""A history that SQL can read, skills by their addresses, and indexes for what portals filter by.

The documents of the history were packed; now they are plain JSON, and the newest one of an offering is only kept once:
empty in ``offering_version`` where it is what ``offering_document`` says. What is there already is unpacked here, row
by row, so that nothing is lost. The tables are written out as they were at this revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import zstandard
from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    insert,
    select,
    tuple_,
    update,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

frozen = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Key = BigInteger().with_variant(Integer, "sqlite")
Sorted = Text().with_variant(Text(collation="C"), "postgresql")

offering = Table("offering", frozen, Column("key", Key, primary_key=True))
offering_document = Table("offering_document", frozen, Column("offering_key", Key), Column("document", Text))
offering_version = Table(
    "offering_version",
    frozen,
    Column("offering_key", Key),
    Column("number", Integer),
    Column("document", LargeBinary),
    Column("plain", Text),
)
learning_outcome = Table(
    "learning_outcome",
    frozen,
    Column("offering_key", Key),
    Column("position", Integer),
    Column("lang", Text),
    Column("esco", Text),
)
offering_skill = Table(
    "offering_skill",
    frozen,
    Column("offering_key", Key, ForeignKey("offering.key"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("skill", Sorted, primary_key=True),
    Index(None, "skill"),
    sqlite_with_rowid=False,
)
_FILTERED = ("provider_key", "awarding_body_key", "country", "last_changed")
_LARGEST_DOCUMENT = 1 << 30
_BATCH = 1000


def upgrade() -> None:
    """Make the history readable, gather the skills, add the indexes."""
    connection = op.get_bind()
    op.add_column("offering_version", Column("plain", Text))
    _unpack(connection)
    op.drop_column("offering_version", "document")
    op.alter_column("offering_version", "plain", new_column_name="document")
    offering_skill.create(connection)
    _gather_skills(connection)
    for name in _FILTERED:
        op.create_index(f"ix_offering_{name}", "offering", [name])


def _pages(connection: Connection, columns: list[Any], order: list[Any], where: Any = True) -> Iterator[list[Any]]:
    """The rows of a table in pages, each asked for by itself, since rows are written in between."""
    after: tuple[Any, ...] | None = None
    while True:
        query = select(*columns).order_by(*order).limit(_BATCH)
        if where is not True:
            query = query.where(where)
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(*after))
        rows = list(connection.execute(query))
        if not rows:
            return
        yield rows
        after = tuple(getattr(rows[-1], column.name) for column in order)


def _unpack(connection: Connection) -> None:
    table = offering_version.c
    statement = (
        update(offering_version)
        .where(table.offering_key == bindparam("of_key"), table.number == bindparam("of_number"))
        .values(plain=bindparam("said"))
    )
    unpack = zstandard.ZstdDecompressor().decompress
    for rows in _pages(
        connection, [table.offering_key, table.number, table.document], [table.offering_key, table.number]
    ):
        keys = {row.offering_key for row in rows}
        said = select(offering_document).where(offering_document.c.offering_key.in_(keys))
        current = {row.offering_key: row.document for row in connection.execute(said)}
        newest = _newest(connection, keys)
        parameters = []
        for row in rows:
            document = unpack(row.document, max_output_size=_LARGEST_DOCUMENT).decode()
            if newest[row.offering_key] != row.number or current.get(row.offering_key) != document:
                parameters.append({"of_key": row.offering_key, "of_number": row.number, "said": document})
        if parameters:
            connection.execute(statement, parameters)


def _newest(connection: Connection, keys: set[int]) -> dict[int, int]:
    table = offering_version.c
    query = select(table.offering_key, table.number).where(table.offering_key.in_(keys)).order_by(table.number)
    return {row.offering_key: row.number for row in connection.execute(query)}


def _gather_skills(connection: Connection) -> None:
    table = learning_outcome.c
    order = [table.offering_key, table.position, table.lang]
    for rows in _pages(connection, [*order, table.esco], order, table.esco != "[]"):
        found = {
            (row.offering_key, row.position, skill): None
            for row in rows
            for skill in msgspec.json.decode(row.esco, type=list[str])
        }
        there = select(offering_skill).where(offering_skill.c.offering_key.in_({key for key, _, _ in found}))
        for known in connection.execute(there):
            found.pop((known.offering_key, known.position, known.skill), None)
        new = [{"offering_key": key, "position": position, "skill": skill} for key, position, skill in found]
        if new:
            connection.execute(insert(offering_skill), new)
