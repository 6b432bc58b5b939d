"""The register of quality assurance as DEQAR gave it last, with the history of what changed and what left.

A row whose ``left_at`` is set is no longer in DEQAR; it stays, and is never used for a statement again. The whole of
what DEQAR said is in ``register_version``, the columns beside it are what is searched and joined.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, LargeBinary, Table, Text

from catalogue_db.tables.base import Sorted, key_column, metadata


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


register_candidate = Table(
    "register_candidate",
    metadata,
    key_column(),
    Column("snapshot_id", Text, nullable=False),
    Column("snapshot_taken_at", Text, nullable=False),
    Column("contract_fingerprint", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("status", Sorted, nullable=False),  # loaded, waiting, refused, superseded
    Column("countries", Text, nullable=False),  # JSON list, alpha-2; empty means all
    Column("agencies", Integer, nullable=False),
    Column("providers", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON list: why it waits
    Column("findings", Text, nullable=False),  # JSON list of findings about the register as a whole
    Column("created_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text),
    Column("decision_reason", Text),
    Index(None, "status"),
)

register_state = Table(
    "register_state",
    metadata,
    Column("name", Sorted, primary_key=True),  # deqar
    Column("loaded_candidate", Integer),
    Column("data_as_of", Text),  # when DEQAR was asked for what is here
    Column("last_confirmed", Text),
    Column("stale_since", Text),
    Column("stale_reason", Text),
)

register_agency = Table(
    "register_agency",
    metadata,
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

register_provider = Table(
    "register_provider",
    metadata,
    _id("provider_id"),
    Column("deqar_id", Text, nullable=False),
    Column("eter_id", Text),
    Column("name", Text),
    Column("homepage", Text),
    Column("domain", Sorted),  # registered domain of the homepage
    Column("other_provider", Boolean),
    Column("organisation_type", Text),
    Column("alliance", Boolean),
    Column("founding_date", Text),
    Column("closure_date", Text),
    *_kept(),
    Index(None, "domain"),
)

register_name = Table(
    "register_name",
    metadata,
    _id("provider_id"),
    _position(),
    Column("kind", Text, nullable=False),  # primary, official, transliterated, english, version, acronym
    Column("name", Text, nullable=False),
    Column("name_key", Sorted, nullable=False),
    Column("valid_to", Text),
    Index(None, "name_key"),
)

register_identifier = Table(
    "register_identifier",
    metadata,
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

register_location = Table(
    "register_location",
    metadata,
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

register_relationship = Table(
    "register_relationship",
    metadata,
    _id("provider_id"),  # whose answer told it; the other side tells it again
    _position(),
    Column("kind", Text, nullable=False),  # hierarchical: first includes second; historical: first <type> second
    Column("first_id", Integer, nullable=False),
    Column("type", Text),
    Column("second_id", Integer, nullable=False),
    Column("valid_from", Text),  # of a historical one: its day
    Column("valid_to", Text),
    Index(None, "first_id"),
    Index(None, "second_id"),
)

register_report = Table(
    "register_report",
    metadata,
    _id("report_id"),
    Column("agency_id", Integer),
    Column("agency", Text),
    Column("local_identifier", Text),
    Column("decision", Text),
    Column("status", Text),
    Column("flag", Text),
    Column("activity_types", Text, nullable=False),  # JSON list
    Column("valid_from", Text),
    Column("valid_to", Text),
    Column("valid_to_calculated", Text),
    Column("url", Text, nullable=False),
    *_kept(),
)

register_report_provider = Table(
    "register_report_provider",
    metadata,
    _id("report_id"),
    _id("provider_id"),
    Column("role", Sorted, primary_key=True),  # provider, platform
    Index(None, "provider_id"),
    sqlite_with_rowid=False,
)

register_report_activity = Table(
    "register_report_activity",
    metadata,
    _id("report_id"),
    _position(),
    Column("activity_id", Integer),
    Column("group_id", Integer),
    Column("type", Text),
    Column("name", Text),
)

register_report_file = Table(
    "register_report_file",
    metadata,
    _id("report_id"),
    _position(),
    Column("kind", Text, nullable=False),  # file, link
    Column("name", Text),
    Column("url", Text),
    Column("languages", Text, nullable=False),  # JSON list
)

register_programme = Table(
    "register_programme",
    metadata,
    _id("report_id"),
    _position(),
    Column("programme_key", Text, nullable=False),
    Column("name", Text),
    Column("names", Text, nullable=False),  # JSON list
    Column("level", Text),
    Column("nqf_level", Text),
    Column("ects", Double),
    Column("full_degree", Boolean),
    Column("type", Text),
    Column("assessment", Text),
    Column("field", Text),
    Column("outcomes", Text, nullable=False),  # JSON list of addresses
    Column("identifiers", Text, nullable=False),  # JSON list
)

register_version = Table(
    "register_version",
    metadata,
    Column("kind", Sorted, primary_key=True),  # agency, provider, report
    _id("entity_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Column("content_hash", Text, nullable=False),
    Column("candidate_key", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),  # JSON of the entity, Zstandard
)

REGISTER_PARTS = {
    "agency": (),
    "provider": (register_name, register_identifier, register_location, register_relationship),
    "report": (register_report_provider, register_report_activity, register_report_file, register_programme),
}
"""Tables that hold an entity's parts; they are written anew when the entity changes."""
