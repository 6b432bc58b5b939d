"""What the search is made of: facts, the full-text index's words, the vocabulary, and bitmaps.

Everything here follows from the live offerings and can be made anew from them (`catalogue_db.search.rebuild_search`);
a load keeps it in step, in proportion to what changes. `docs/search.md` explains how it is used.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects import postgresql

from catalogue_db.tables.base import Key, Sorted, link_column, metadata

ONLY = "only"
"""In a table's ``info``: the one database (dialect name) that has it."""

Bits = LargeBinary().with_variant(postgresql.BIT(varying=True), "postgresql")
"""Exactly 65,536 bits; the first is the highest of the first byte, as PostgreSQL's ``get_bit`` counts."""

_WHOLE = {"toast_tuple_target": 8160}
"""What is read for nearly every search stays in its row, if it fits into a page."""

_ROOM = {"fillfactor": 75}
"""Nearly every load changes the counts of common words: with room beside them no index need be told."""

search_offering = Table(
    "search_offering",
    metadata,
    link_column("key", "offering.key", primary_key=True, autoincrement=False),
    Column("offering_id", Sorted, nullable=False),
    Column("title", Sorted),  # folded words, to put titles in order
    Column("title_words", Integer, nullable=False),
    Column("title_languages", Text, nullable=False),  # JSON list of two or three letters each
    Column("feed_key", Key, nullable=False),
    Column("eqf_level", Integer),
    Column("ects", Double),
    Column("ects_band", Text),
    Column("country", Text),
    Column("region", Text),
    Column("stackable", Boolean),
    Column("free", Boolean, nullable=False),
    Column("completeness_band", Text),
    Column("modes", Text, nullable=False),  # these lists as in offering, JSON
    Column("fields", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("providers", Text, nullable=False),
    Column("start_months", Text, nullable=False),
    Column("enrolment", Text),  # JSON list of [first day | null, last day | null]; empty where nothing is said
    Column("changed_on", Text, nullable=False),  # the day of the last change
    Column("trust_status", Text),
    Index(None, "title", "offering_id"),
)

search_text = Table(
    "search_text",
    metadata,
    link_column("key", "offering.key", primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),  # folded and stemmed words, as the full-text index has them
    Column("outcomes", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("keywords", Text, nullable=False),
    Column("description", Text, nullable=False),
    info={ONLY: "sqlite"},
)

search_vector = Table(
    "search_vector",
    metadata,
    link_column("key", "offering.key", primary_key=True, autoincrement=False),
    Column("title", postgresql.TSVECTOR, nullable=False),
    Column("words", postgresql.TSVECTOR, nullable=False),  # A title, B outcomes, C provider and keywords, D the rest
    Index("ix_search_vector_title", "title", postgresql_using="gin"),
    Index("ix_search_vector_words", "words", postgresql_using="gin"),
    postgresql_with=_WHOLE,
    info={ONLY: "postgresql"},
)

search_term = Table(
    "search_term",
    metadata,
    Column("term", Sorted, primary_key=True),
    Column("documents", Integer, nullable=False),  # live offerings that have it anywhere
    Column("titles", Integer, nullable=False),  # and in a title
    Column("common", Boolean, nullable=False),  # whether it has bitmaps
    sqlite_with_rowid=False,
    postgresql_with=_ROOM,
)
Index(
    "ix_search_term_common",
    search_term.c.term,
    sqlite_where=search_term.c.common.is_(True),
    postgresql_where=search_term.c.common.is_(True),
)

search_word = Table(
    "search_word",
    metadata,
    Column("word", Sorted, primary_key=True),  # folded
    Column("lang", Sorted, primary_key=True),  # the language it was stemmed in, empty for none
    Column("term", Sorted, primary_key=True),
    Column("weight", SmallInteger, nullable=False),  # floor of the binary logarithm of the term's documents
    Column("documents", Integer, nullable=False),  # live offerings that have the word in this language
    Column("backwards", Sorted, nullable=False, index=True),  # the word's letters from last to first
    Index(None, "term", "lang"),
    sqlite_with_rowid=False,
    postgresql_with=_ROOM,
)
Index(
    "ix_search_word_beginning",  # the most frequent of the very many words that begin with two letters
    text('"left"(word, 2)'),
    text("weight DESC"),
    search_word.c.word,
    _table=search_word,
    postgresql_where=search_word.c.weight >= 4,
).ddl_if(dialect="postgresql")

search_language = Table(
    "search_language",
    metadata,
    Column("lang", Sorted, primary_key=True),
    Column("words", Integer, nullable=False),  # rows of search_word
)

search_part = Table(
    "search_part",
    metadata,
    Column("part", Sorted, primary_key=True),  # a term
    Column("term", Sorted, primary_key=True),  # the compound's term
    Column("lang", Sorted, primary_key=True),
    Index(None, "lang", "term"),
    sqlite_with_rowid=False,
)

search_synonym = Table(
    "search_synonym",
    metadata,
    Column("lang", Sorted, primary_key=True),  # of `term`
    Column("term", Sorted, primary_key=True),  # a term, or several with blanks between
    Column("other", Sorted, primary_key=True),  # the same
    sqlite_with_rowid=False,
)

search_bitmap = Table(
    "search_bitmap",
    metadata,
    Column("kind", Sorted, primary_key=True),
    Column("value", Sorted, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),  # offering key >> 16
    Column("bits", Bits, nullable=False),  # the bit of an offering is the rest of its key
    postgresql_with=_WHOLE,
)

search_state = Table(
    "search_state",
    metadata,
    Column("name", Sorted, primary_key=True),
    Column("value", Text, nullable=False),
)
