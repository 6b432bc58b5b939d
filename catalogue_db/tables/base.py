"""What all tables share: the metadata that knows them, kinds of columns, keys and links."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Key = BigInteger().with_variant(Integer, "sqlite")
"""Integer keys: 64 bits everywhere (SQLite's INTEGER is, and only that name makes it the row's own address)."""

Sorted = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared byte by byte, as SQLite does it: all that is part of a key or an index, because ranges of it
are searched, and because an index in a language's order is worth nothing once the system's rules for it change."""


def key_column(name: str = "key") -> Column[int]:
    """An integer key that we give out ourselves."""
    return Column(name, Key, primary_key=True, autoincrement=False)


def link_column(name: str, target: str, *, nullable: bool = False, **options: Any) -> Column[int]:
    """A link to another table's key."""
    return Column(name, Key, ForeignKey(target), nullable=nullable, **options)


def of_offering() -> Column[int]:
    """The link of a row that belongs to an offering, as part of its own key."""
    return link_column("offering_key", "offering.key", primary_key=True)
