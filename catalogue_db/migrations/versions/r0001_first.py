"""The first shape of the catalogue.

The tables are written out here as they were at this revision, so that a later change of `catalogue_db.tables` does
not change the past.
"""

from __future__ import annotations

from typing import Any

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
    Table,
    Text,
    UniqueConstraint,
)

from catalogue_db.dialects import CREATE_SEARCH_INDEX

revision = "0001"
down_revision = None
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


def _key(name: str = "key") -> Column[int]:
    return Column(name, Key, primary_key=True, autoincrement=False)


def _link(name: str, target: str, *, nullable: bool = False, **options: Any) -> Column[int]:
    return Column(name, Key, ForeignKey(target), nullable=nullable, **options)


def _of_offering() -> Column[int]:
    return _link("offering_key", "offering.key", primary_key=True)


Table(
    "feed",
    frozen,
    _key(),
    Column("name", Sorted, nullable=False, unique=True),
    Column("title", Text),
    Column("institution", Text),
    Column("country", Text),
    Column("licence", Text),
    Column("homepage", Text),
    Column("data_as_of", Text),
    Column("last_confirmed", Text),
    Column("stale_since", Text),
    Column("stale_reason", Text),
    Column("loaded_candidate", Key),
)

Table(
    "snapshot",
    frozen,
    _link("feed_key", "feed.key", primary_key=True),
    Column("snapshot_id", Sorted, primary_key=True),
    Column("first_taken_at", Text, nullable=False),
    Column("last_taken_at", Text, nullable=False),
)

Table(
    "candidate",
    frozen,
    _key(),
    _link("feed_key", "feed.key"),
    Column("snapshot_id", Text, nullable=False),
    Column("snapshot_taken_at", Text, nullable=False),
    Column("mapping_version", Text, nullable=False),
    Column("contract_fingerprint", Text, nullable=False),
    Column("policy_fingerprint", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("last_run_id", Text, nullable=False),
    Column("status", Sorted, nullable=False),
    Column("staged_url", Text),
    Column("counts", Text, nullable=False),
    Column("fill", Text, nullable=False),
    Column("guard", Text, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text),
    Column("decision_reason", Text),
    Index(None, "feed_key", "status"),
)

Table(
    "candidate_finding",
    frozen,
    _link("candidate_key", "candidate.key", primary_key=True),
    Column("code", Sorted, primary_key=True),
    Column("severity", Sorted, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
)

Table(
    "organisation",
    frozen,
    _key(),
    Column("organisation_id", Sorted, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("name_key", Sorted, nullable=False),
    Column("country", Text),
    Column("homepage", Text),
    Index(None, "name_key"),
)

Table(
    "organisation_identifier",
    frozen,
    _link("organisation_key", "organisation.key", primary_key=True),
    Column("scheme", Sorted, primary_key=True),
    Column("identifier", Sorted, primary_key=True),
    Index(None, "scheme", "identifier"),
)

Table(
    "offering",
    frozen,
    _key(),
    Column("offering_id", Sorted, nullable=False, unique=True),
    _link("feed_key", "feed.key"),
    Column("source_id", Text, nullable=False),
    Column("micro_credential", Text, nullable=False),
    Column("title", Text),
    Column("title_lang", Text),
    Column("description_lang", Text),
    Column("country", Text),
    Column("region", Text),
    _link("awarding_body_key", "organisation.key", nullable=True),
    _link("provider_key", "organisation.key", nullable=True),
    Column("ects", Double),
    Column("hours", Double),
    Column("eqf_level", Integer),
    Column("nqf_level", Text),
    Column("qf_ehea", Text),
    Column("modes", Text, nullable=False),
    Column("assessment_types", Text, nullable=False),
    Column("supervision", Text),
    Column("fields", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("keywords", Text, nullable=False),
    Column("stackable", Boolean),
    Column("homepage", Text),
    Column("image", Text),
    Column("licence", Text),
    Column("modified", Text),
    Column("completeness", Double),
    Column("council_conformant", Boolean, nullable=False),
    Column("elm_conformant", Boolean, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("provenance_hash", Text, nullable=False),
    Column("status", Sorted, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_changed", Text, nullable=False),
    Column("last_confirmed", Text, nullable=False),
    Column("withdrawn_at", Text),
    Column("withdrawn_reason", Text),
    Index(None, "feed_key", "status"),
)

Table(
    "offering_document",
    frozen,
    _of_offering(),
    Column("document", Text, nullable=False),
)

Table(
    "offering_version",
    frozen,
    _of_offering(),
    Column("number", Integer, primary_key=True),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Column("content_hash", Text, nullable=False),
    Column("snapshot_id", Text, nullable=False),
    Column("mapping_version", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    _link("candidate_key", "candidate.key"),
    Column("document", LargeBinary, nullable=False),
)

Table(
    "offering_text",
    frozen,
    _of_offering(),
    Column("kind", Sorted, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Column("text", Text, nullable=False),
)

Table(
    "learning_outcome",
    frozen,
    _of_offering(),
    Column("position", Integer, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Column("text", Text, nullable=False),
    Column("esco", Text, nullable=False),
)

Table(
    "instance",
    frozen,
    _of_offering(),
    Column("position", Integer, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("title", Text),
    Column("starts", Text),
    Column("ends", Text),
    Column("start_date", Text),
    Column("end_date", Text),
    Column("enrolment_opens", Text),
    Column("enrolment_closes", Text),
    Column("mode", Text),
    Column("location", Text),
    Column("languages", Text, nullable=False),
    Column("price_amount", Double),
    Column("price_currency", Text),
    Column("prices", Text, nullable=False),
    Column("capacity", Integer),
    Column("url", Text),
    Column("status", Text),
)

Table(
    "offering_field",
    frozen,
    _of_offering(),
    Column("code", Sorted, primary_key=True),
    Index(None, "code"),
    sqlite_with_rowid=False,
)

Table(
    "offering_language",
    frozen,
    _of_offering(),
    Column("lang", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

Table(
    "offering_mode",
    frozen,
    _of_offering(),
    Column("mode", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

Table(
    "offering_organisation",
    frozen,
    _of_offering(),
    Column("role", Sorted, primary_key=True),
    Column("position", Integer, primary_key=True),
    _link("organisation_key", "organisation.key"),
    Index(None, "organisation_key"),
    sqlite_with_rowid=False,
)

Table(
    "trust_statement",
    frozen,
    _of_offering(),
    Column("checked_on", Sorted, primary_key=True),
    Column("role", Sorted, primary_key=True),
    _link("organisation_key", "organisation.key", primary_key=True),
    Column("status", Text, nullable=False),
    Column("report", Text),
    Column("agency", Text),
    Column("decision", Text),
    Column("valid_from", Text),
    Column("valid_until", Text),
    Column("is_current", Boolean, nullable=False),
)

Table(
    "change",
    frozen,
    _key("cursor"),
    _link("offering_key", "offering.key"),
    _link("feed_key", "feed.key"),
    _link("candidate_key", "candidate.key"),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("reason", Text),
    Index(None, "offering_key"),
    Index(None, "candidate_key"),
)

Table(
    "record",
    frozen,
    _key(),
    _link("feed_key", "feed.key"),
    Column("reference", Sorted, nullable=False),
    Column("source_id", Text),
    Column("path", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("title", Text),
    Column("offering_id", Text),
    Column("record_hash", Text, nullable=False),
    UniqueConstraint("feed_key", "reference"),
)

Table(
    "advice",
    frozen,
    _key(),
    Column("code", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("consequence", Text, nullable=False),
)

Table(
    "finding",
    frozen,
    _link("record_key", "record.key", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", Sorted, nullable=False),
    Column("element", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("path", Text),
    Column("value", Text),
    Column("message", Text, nullable=False),
    _link("advice_key", "advice.key"),
    Index(None, "code"),
)

Table(
    "vocabulary_term",
    frozen,
    Column("vocabulary", Sorted, primary_key=True),
    Column("code", Sorted, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Column("label", Text, nullable=False),
    Column("address", Text),
)

Table(
    "search_offering",
    frozen,
    _link("key", "offering.key", primary_key=True, autoincrement=False),
    Column("offering_id", Sorted, nullable=False),
    Column("title", Text),
    Column("feed_key", Key, nullable=False),
    Column("eqf_level", Integer),
    Column("ects", Double),
    Column("ects_band", Text),
    Column("country", Text),
    Column("stackable", Boolean),
    Column("free", Boolean, nullable=False),
    Column("modes", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("providers", Text, nullable=False),
    Column("start_months", Text, nullable=False),
    Column("trust_status", Text),
)

Table(
    "search_text",
    frozen,
    _link("key", "offering.key", primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("keywords", Text, nullable=False),
    Column("description", Text, nullable=False),
)

Table(
    "search_word",
    frozen,
    Column("word", Sorted, primary_key=True),
    Column("stem", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

Table(
    "search_language",
    frozen,
    Column("lang", Sorted, primary_key=True),
)


def upgrade() -> None:
    """Make all tables and the full-text index."""
    frozen.create_all(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        for statement in CREATE_SEARCH_INDEX:
            op.execute(statement)
