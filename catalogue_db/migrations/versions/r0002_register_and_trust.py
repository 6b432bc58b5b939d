"""The register of quality assurance, links to it, and trust statements as versions with shared evidence.

The first shape of ``trust_statement`` was never filled; it makes room for the new one. The tables are written out here
as they were at this revision.
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
)

revision = "0002"
down_revision = "0001"
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


def _id(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _position() -> Column[int]:
    return Column("position", Integer, primary_key=True, autoincrement=False)


def _kept() -> list[Column[str]]:
    return [
        Column("content_hash", Text, nullable=False),
        Column("first_seen", Text, nullable=False),
        Column("last_changed", Text, nullable=False),
        Column("left_at", Text),
    ]


THERE_BEFORE = [Table(name, frozen, _key()) for name in ("offering", "organisation")]

Table(
    "register_candidate",
    frozen,
    _key(),
    Column("snapshot_id", Text, nullable=False),
    Column("snapshot_taken_at", Text, nullable=False),
    Column("contract_fingerprint", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("status", Sorted, nullable=False),
    Column("countries", Text, nullable=False),
    Column("agencies", Integer, nullable=False),
    Column("providers", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text),
    Column("decision_reason", Text),
    Index(None, "status"),
)

Table(
    "register_state",
    frozen,
    Column("name", Sorted, primary_key=True),
    Column("loaded_candidate", Integer),
    Column("data_as_of", Text),
    Column("last_confirmed", Text),
    Column("stale_since", Text),
    Column("stale_reason", Text),
)

Table(
    "register_agency",
    frozen,
    _id("agency_id"),
    Column("register_number", Integer),
    Column("name", Text),
    Column("acronym", Text),
    Column("country", Text),
    Column("homepage", Text),
    Column("registered", Boolean),
    Column("registration_start", Text),
    Column("registration_valid_to", Text),
    *_kept(),
)

Table(
    "register_provider",
    frozen,
    _id("provider_id"),
    Column("deqar_id", Text, nullable=False),
    Column("eter_id", Text),
    Column("name", Text),
    Column("homepage", Text),
    Column("domain", Sorted),
    Column("other_provider", Boolean),
    Column("organisation_type", Text),
    Column("alliance", Boolean),
    Column("founding_date", Text),
    Column("closure_date", Text),
    *_kept(),
    Index(None, "domain"),
)

Table(
    "register_name",
    frozen,
    _id("provider_id"),
    _position(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Sorted, nullable=False),
    Column("valid_to", Text),
    Index(None, "name_key"),
)

Table(
    "register_identifier",
    frozen,
    _id("provider_id"),
    _position(),
    Column("resource", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("kind", Sorted),
    Column("normalised", Sorted),
    Column("agency_id", Integer),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Index(None, "kind", "normalised"),
)

Table(
    "register_location",
    frozen,
    _id("provider_id"),
    _position(),
    Column("country", Sorted),
    Column("country_name", Text),
    Column("city", Text),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("verified", Boolean),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Index(None, "country"),
)

Table(
    "register_relationship",
    frozen,
    _id("provider_id"),
    _position(),
    Column("kind", Text, nullable=False),
    Column("first_id", Integer, nullable=False),
    Column("type", Text),
    Column("second_id", Integer, nullable=False),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Index(None, "first_id"),
    Index(None, "second_id"),
)

Table(
    "register_report",
    frozen,
    _id("report_id"),
    Column("agency_id", Integer),
    Column("agency", Text),
    Column("local_identifier", Text),
    Column("decision", Text),
    Column("status", Text),
    Column("flag", Text),
    Column("activity_types", Text, nullable=False),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Column("valid_to_calculated", Text),
    Column("url", Text, nullable=False),
    *_kept(),
)

Table(
    "register_report_provider",
    frozen,
    _id("report_id"),
    _id("provider_id"),
    Column("role", Sorted, primary_key=True),
    Index(None, "provider_id"),
    sqlite_with_rowid=False,
)

Table(
    "register_report_activity",
    frozen,
    _id("report_id"),
    _position(),
    Column("activity_id", Integer),
    Column("group_id", Integer),
    Column("type", Text),
    Column("name", Text),
)

Table(
    "register_report_file",
    frozen,
    _id("report_id"),
    _position(),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("url", Text),
    Column("languages", Text, nullable=False),
)

Table(
    "register_programme",
    frozen,
    _id("report_id"),
    _position(),
    Column("programme_key", Text, nullable=False),
    Column("name", Text),
    Column("names", Text, nullable=False),
    Column("level", Text),
    Column("nqf_level", Text),
    Column("ects", Double),
    Column("full_degree", Boolean),
    Column("type", Text),
    Column("assessment", Text),
    Column("field", Text),
    Column("outcomes", Text, nullable=False),
    Column("identifiers", Text, nullable=False),
)

Table(
    "register_version",
    frozen,
    Column("kind", Sorted, primary_key=True),
    _id("entity_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Column("content_hash", Text, nullable=False),
    Column("candidate_key", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

Table(
    "provider_link",
    frozen,
    _link("organisation_key", "organisation.key", primary_key=True),
    Column("provider_id", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("found_on", Text, nullable=False),
    Index(None, "provider_id"),
)

Table(
    "trust_decision",
    frozen,
    _key(),
    Column("kind", Sorted, nullable=False),
    Column("subject", Sorted, nullable=False),
    Column("target", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("given_as", Text, nullable=False),
    Column("withdrawn_at", Text),
    Index(None, "kind", "subject"),
)

Table(
    "programme_proposal",
    frozen,
    _of_offering(),
    Column("report_id", Integer, primary_key=True, autoincrement=False),
    Column("programme_key", Sorted, primary_key=True),
    Column("programme", Text),
    Column("method", Text, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Text, nullable=False),
)

Table(
    "trust_check",
    frozen,
    _key(),
    Column("checked_at", Text, nullable=False),
    Column("checked_on", Text, nullable=False),
    Column("register_as_of", Text),
    Column("register_stale", Text),
    Column("rules", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("offerings", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("statuses", Text, nullable=False),
)

Table(
    "trust_evidence",
    frozen,
    _key(),
    Column("evidence_hash", Sorted, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("report_id", Integer),
    Column("report", Text),
    Column("agency", Text),
    Column("agency_registered", Boolean),
    Column("activity_type", Text),
    Column("decision", Text),
    Column("valid_from", Text),
    Column("valid_until", Text),
    Column("through", Text),
    Column("listed_as", Text),
    Column("covered_until", Text),
    Column("because", Text),
)

Table(
    "trust_statement",
    frozen,
    _of_offering(),
    Column("role", Sorted, primary_key=True),
    Column("organisation_key", Key, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _link("evidence_key", "trust_evidence.key"),
    _link("first_check", "trust_check.key"),
    _link("last_check", "trust_check.key", nullable=True),
    Column("said_from", Text, nullable=False),
    Column("said_to", Sorted),
    Index(None, "said_to", "evidence_key"),
)


def upgrade() -> None:
    """Make the tables."""
    op.drop_table("trust_statement")
    frozen.create_all(op.get_bind(), tables=_new())


def _new() -> list[Table]:
    return [table for table in frozen.sorted_tables if table not in THERE_BEFORE]
