"""The code lists, kept beside the offerings, so that a portal can show words for codes with SQL alone.

They are those of `standard.vocabularies`, brought in whenever the database is upgraded, and are never edited here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Connection, delete, select

from catalogue_db.dialects import bulk_insert
from catalogue_db.tables import vocabulary_term
from standard.vocabularies import NAMES, vocabulary


class VocabularyTerm(msgspec.Struct, frozen=True):
    """One label of one code. `lang`: BCP 47; `address`: the code's address in the EU's vocabulary."""

    vocabulary: str
    code: str
    lang: str
    label: str
    address: str | None = None


def standard_terms() -> Iterator[VocabularyTerm]:
    """The labels of all code lists, in English and in the languages that lists are translated into."""
    lists = [vocabulary(name) for name in NAMES]
    languages = {column for known in lists for row in known.rows.values() for column in row if len(column) == 2} | {
        "en"
    }
    for known in lists:
        for code in known:
            for lang in sorted(languages):
                label = known.label(code) if lang == "en" else known.own_label(code, lang)
                if label:
                    yield VocabularyTerm(known.name, code, lang, label, known.address(code))


def write_vocabularies(connection: Connection, terms: Iterable[VocabularyTerm]) -> int:
    """Replace all code lists by these, if they differ; returns how many labels there are."""
    wanted = dict.fromkeys(terms)
    kept = {VocabularyTerm(**row._mapping) for row in connection.execute(select(vocabulary_term))}
    if kept != wanted.keys():
        connection.execute(delete(vocabulary_term))
        bulk_insert(connection, vocabulary_term, [msgspec.structs.asdict(term) for term in wanted])
    return len(wanted)
