"""What SQLite's full-text index is asked: which offerings have some words, anywhere or in the title.

Words come from the vocabulary: letters, digits, ``+`` and ``#`` only, so nothing a person types is syntax here.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

Form = tuple[str, ...]
"""One way in which what is searched stands in the index: terms in this order; mostly just one."""

_FIND = "SELECT rowid FROM search_index WHERE search_index MATCH ?"


def offerings_with(connection: Connection, forms: Iterable[Form], *, in_title: bool = False) -> list[int]:
    """The keys of the offerings that have any of some forms; costs by how many there are."""
    either = " OR ".join(f'"{" ".join(form)}"' for form in forms)
    if not either:
        return []
    matched = f"{{title}} : ({either})" if in_title else either
    return [key for (key,) in connection.exec_driver_sql(_FIND, (matched,)).all()]
