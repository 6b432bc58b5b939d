"""The search with bounded cost: vocabulary, slips, compounds, synonyms and bitmaps beside the full-text index.

The tables of the first search follow from the offerings, so they make room; the upgrade fills the new ones
(`catalogue_db.search.rebuilding.bring_up_to_date`). The tables are written out here as they were at this revision.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql

from catalogue_db.dialects import CREATE_SEARCH_INDEX

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

frozen = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Key = BigInteger().with_variant(Integer, "sqlite")
Sorted = Text().with_variant(Text(collation="C"), "postgresql")
Bits = LargeBinary().with_variant(postgresql.BIT(varying=True), "postgresql")

OFFERING = Table("offering", frozen, Column("key", Key, primary_key=True, autoincrement=False))

Table(
    "search_offering",
    frozen,
    Column("key", Key, ForeignKey("offering.key"), primary_key=True, autoincrement=False),
    Column("offering_id", Sorted, nullable=False),
    Column("title", Sorted),
    Column("title_words", Integer, nullable=False),
    Column("title_languages", Text, nullable=False),
    Column("feed_key", Key, nullable=False),
    Column("eqf_level", Integer),
    Column("ects", Double),
    Column("ects_band", Text),
    Column("country", Text),
    Column("region", Text),
    Column("stackable", Boolean),
    Column("free", Boolean, nullable=False),
    Column("completeness_band", Text),
    Column("modes", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("providers", Text, nullable=False),
    Column("start_months", Text, nullable=False),
    Column("enrolment", Text),
    Column("changed_on", Text, nullable=False),
    Column("trust_status", Text),
    Index(None, "title", "offering_id"),
)

Table(
    "search_text",
    frozen,
    Column("key", Key, ForeignKey("offering.key"), primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("keywords", Text, nullable=False),
    Column("description", Text, nullable=False),
)

Table(
    "search_vector",
    frozen,
    Column("key", Key, ForeignKey("offering.key"), primary_key=True, autoincrement=False),
    Column("title", postgresql.TSVECTOR, nullable=False),
    Column("words", postgresql.TSVECTOR, nullable=False),
    Index("ix_search_vector_title", "title", postgresql_using="gin"),
    Index("ix_search_vector_words", "words", postgresql_using="gin"),
)

term = Table(
    "search_term",
    frozen,
    Column("term", Sorted, primary_key=True),
    Column("documents", Integer, nullable=False),
    Column("titles", Integer, nullable=False),
    Column("common", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "ix_search_term_common",
    term.c.term,
    sqlite_where=term.c.common.is_(True),
    postgresql_where=term.c.common.is_(True),
)

Table(
    "search_word",
    frozen,
    Column("word", Sorted, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Column("term", Sorted, primary_key=True),
    Column("weight", SmallInteger, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("backwards", Sorted, nullable=False, index=True),
    Index(None, "term", "lang"),
    sqlite_with_rowid=False,
)

Table(
    "search_language",
    frozen,
    Column("lang", Sorted, primary_key=True),
    Column("words", Integer, nullable=False),
)

Table(
    "search_slip",
    frozen,
    Column("slip", Sorted, primary_key=True),
    Column("word", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

Table(
    "search_part",
    frozen,
    Column("part", Sorted, primary_key=True),
    Column("term", Sorted, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Index(None, "lang", "term"),
    sqlite_with_rowid=False,
)

Table(
    "search_synonym",
    frozen,
    Column("lang", Sorted, primary_key=True),
    Column("term", Sorted, primary_key=True),
    Column("other", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

Table(
    "search_bitmap",
    frozen,
    Column("kind", Sorted, primary_key=True),
    Column("value", Sorted, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("bits", Bits, nullable=False),
)

Table(
    "search_state",
    frozen,
    Column("name", Sorted, primary_key=True),
    Column("value", Text, nullable=False),
)

_BEFORE = ("search_word", "search_language", "search_text", "search_offering")
_ELSEWHERE = {"sqlite": "search_vector", "postgresql": "search_text"}
"""What a database does not have because the other one has it."""


_ON_POSTGRES = (
    # bitmaps are read as a whole, again and again: unpacked fast where the server knows how
    """DO $$ BEGIN
      IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
        ALTER TABLE search_bitmap ALTER COLUMN bits SET COMPRESSION lz4;
      END IF;
    END $$""",
    # vectors and bitmaps stay beside their keys as long as they fit on a page: relevance reads a thousand of them
    "ALTER TABLE search_vector SET (toast_tuple_target = 8160)",
    "ALTER TABLE search_bitmap SET (toast_tuple_target = 8160)",
    # the most frequent of the very many words that begin with two letters
    """CREATE INDEX ix_search_word_beginning ON search_word (left(word, 2), weight DESC, word) WHERE weight >= 4""",
    # only the owner of an index may do this, and loads are not the owner's
    """CREATE FUNCTION clean_search_index() RETURNS void LANGUAGE sql SECURITY DEFINER
      SET search_path = catalogue, pg_temp AS $$
      SELECT gin_clean_pending_list('ix_search_vector_title'::regclass);
      SELECT gin_clean_pending_list('ix_search_vector_words'::regclass);
    $$""",
)


def upgrade() -> None:
    """Make room, and make the tables."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute("DROP TABLE search_index")
    for name in _BEFORE:
        op.drop_table(name)
    wanted = [table for table in frozen.sorted_tables if table.name not in ("offering", _ELSEWHERE[dialect])]
    frozen.create_all(op.get_bind(), tables=wanted)
    if dialect == "sqlite":
        for statement in CREATE_SEARCH_INDEX:
            op.execute(statement)
    else:
        for statement in _ON_POSTGRES:
            op.execute(statement)
