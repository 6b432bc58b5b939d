"""The code lists, kept beside the offerings, so that a portal can show words for codes with SQL alone."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Engine, delete

from catalogue_db.dialects import bulk_insert, write_transaction
from catalogue_db.tables import vocabulary_term


class VocabularyTerm(msgspec.Struct, frozen=True):
    """One label of one code. `lang`: BCP 47; `address`: the code's address in the EU's vocabulary."""

    vocabulary: str
    code: str
    lang: str
    label: str
    address: str | None = None


def keep_vocabularies(engine: Engine, terms: Iterable[VocabularyTerm]) -> int:
    """Replace all code lists by these; returns how many labels there are."""
    rows = [msgspec.structs.asdict(term) for term in terms]
    with engine.connect() as connection, write_transaction(connection):
        connection.execute(delete(vocabulary_term))
        bulk_insert(connection, vocabulary_term, rows)
    return len(rows)
