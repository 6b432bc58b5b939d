"""Feeds, candidates, offerings with their parts and history, findings, and the code lists."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text, UniqueConstraint

from catalogue_db.tables.base import Key, Sorted, key_column, link_column, metadata, of_offering

feed = Table(
    "feed",
    metadata,
    key_column(),
    Column("name", Sorted, nullable=False, unique=True),
    Column("title", Text),
    Column("institution", Text),
    Column("country", Text),
    Column("licence", Text),
    Column("homepage", Text),
    Column("data_as_of", Text),  # when the source was asked for what is live now
    Column("last_confirmed", Text),  # when a load last found the live offerings to be what the source says
    Column("stale_since", Text),  # empty unless what is live is known to be behind the source
    Column("stale_reason", Text),
    Column("loaded_candidate", Key),  # the candidate that made what is live
)

snapshot = Table(
    "snapshot",
    metadata,
    link_column("feed_key", "feed.key", primary_key=True),
    Column("snapshot_id", Sorted, primary_key=True),
    Column("first_taken_at", Text, nullable=False),
    Column("last_taken_at", Text, nullable=False),
)

candidate = Table(
    "candidate",
    metadata,
    key_column(),
    link_column("feed_key", "feed.key"),
    Column("snapshot_id", Text, nullable=False),
    Column("snapshot_taken_at", Text, nullable=False),
    Column("mapping_version", Text, nullable=False),
    Column("contract_fingerprint", Text, nullable=False),
    Column("policy_fingerprint", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("last_run_id", Text, nullable=False),  # the last run that brought the very same candidate
    Column("status", Sorted, nullable=False),  # loaded, waiting, refused, superseded
    Column("staged_url", Text),
    Column("counts", Text, nullable=False),  # JSON: standard.verdict.Counts
    Column("fill", Text, nullable=False),  # JSON: element -> share
    Column("guard", Text, nullable=False),  # JSON: catalogue_db.guard.GuardReport
    Column("lost", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text),
    Column("decision_reason", Text),
    Index(None, "feed_key", "status"),
)

candidate_finding = Table(
    "candidate_finding",
    metadata,
    link_column("candidate_key", "candidate.key", primary_key=True),
    Column("code", Sorted, primary_key=True),
    Column("severity", Sorted, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    key_column(),
    Column("organisation_id", Sorted, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("names", Text, nullable=False),  # JSON: language tag -> name
    Column("name_key", Sorted, nullable=False),  # the name as it is compared
    Column("country", Text),
    Column("homepage", Text),
    Index(None, "name_key"),
)

organisation_identifier = Table(
    "organisation_identifier",
    metadata,
    link_column("organisation_key", "organisation.key", primary_key=True),
    Column("scheme", Sorted, primary_key=True),
    Column("identifier", Sorted, primary_key=True),
    Index(None, "scheme", "identifier"),
)

offering = Table(
    "offering",
    metadata,
    key_column(),
    Column("offering_id", Sorted, nullable=False, unique=True),
    link_column("feed_key", "feed.key"),
    Column("source_id", Text, nullable=False),
    Column("micro_credential", Text, nullable=False),  # yes, no, unknown
    Column("title", Text),
    Column("title_lang", Text),
    Column("description_lang", Text),
    Column("country", Text),
    Column("region", Text),
    link_column("awarding_body_key", "organisation.key", nullable=True),
    link_column("provider_key", "organisation.key", nullable=True),
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
    Column("status", Sorted, nullable=False),  # live, withdrawn
    Column("first_seen", Text, nullable=False),
    Column("last_changed", Text, nullable=False),
    Column("last_confirmed", Text, nullable=False),  # of a withdrawn offering; of a live one the feed knows better
    Column("withdrawn_at", Text),
    Column("withdrawn_reason", Text),
    Index(None, "feed_key", "status"),
    Index(None, "provider_key"),
    Index(None, "awarding_body_key"),
    Index(None, "country"),
    Index(None, "last_changed"),
)

offering_document = Table(
    "offering_document",
    metadata,
    of_offering(),
    Column("document", Text, nullable=False),  # the public JSON document, standard.offering.to_json
)

offering_version = Table(
    "offering_version",
    metadata,
    of_offering(),
    Column("number", Integer, primary_key=True),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),  # empty as long as it is what the catalogue says
    Column("content_hash", Text, nullable=False),
    Column("snapshot_id", Text, nullable=False),
    Column("mapping_version", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    link_column("candidate_key", "candidate.key"),
    Column("document", Text),  # the JSON document; empty as long as it is, byte for byte, the one in offering_document
)

offering_text = Table(
    "offering_text",
    metadata,
    of_offering(),
    Column("kind", Sorted, primary_key=True),  # title, description, prerequisites, assessment, ...
    Column("lang", Sorted, primary_key=True),
    Column("text", Text, nullable=False),
)

learning_outcome = Table(
    "learning_outcome",
    metadata,
    of_offering(),
    Column("position", Integer, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Column("text", Text, nullable=False),
    Column("esco", Text, nullable=False),  # JSON list of addresses
)

instance = Table(
    "instance",
    metadata,
    of_offering(),
    Column("position", Integer, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("title", Text),  # JSON: language tag -> text
    Column("starts", Text),  # as published: a date, or a date-time with its offset
    Column("ends", Text),
    Column("start_date", Text),  # the day of it, for comparing
    Column("end_date", Text),
    Column("enrolment_opens", Text),
    Column("enrolment_closes", Text),
    Column("mode", Text),
    Column("location", Text),  # JSON: language tag -> text
    Column("languages", Text, nullable=False),
    Column("price_amount", Double),  # the lowest amount published, in its own currency
    Column("price_currency", Text),
    Column("prices", Text, nullable=False),  # JSON list of prices
    Column("capacity", Integer),
    Column("url", Text),
    Column("status", Text),
)

offering_field = Table(
    "offering_field",
    metadata,
    of_offering(),
    Column("code", Sorted, primary_key=True),
    Index(None, "code"),
    sqlite_with_rowid=False,
)

offering_language = Table(
    "offering_language",
    metadata,
    of_offering(),
    Column("lang", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

offering_skill = Table(
    "offering_skill",
    metadata,
    of_offering(),
    Column("position", Integer, primary_key=True),  # of the learning outcome that names it
    Column("skill", Sorted, primary_key=True),  # address in ESCO
    Index(None, "skill"),
    sqlite_with_rowid=False,
)

offering_mode = Table(
    "offering_mode",
    metadata,
    of_offering(),
    Column("mode", Sorted, primary_key=True),
    sqlite_with_rowid=False,
)

offering_organisation = Table(
    "offering_organisation",
    metadata,
    of_offering(),
    Column("role", Sorted, primary_key=True),  # awarding_body, provider
    Column("position", Integer, primary_key=True),
    link_column("organisation_key", "organisation.key"),
    Index(None, "organisation_key"),
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    key_column("cursor"),
    link_column("offering_key", "offering.key"),
    link_column("feed_key", "feed.key"),
    link_column("candidate_key", "candidate.key"),
    Column("kind", Text, nullable=False),  # inserted, changed, withdrawn, returned
    Column("at", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON list of the names that differ
    Column("reason", Text),
    Index(None, "offering_key"),
    Index(None, "candidate_key"),
)

record = Table(
    "record",
    metadata,
    key_column(),
    link_column("feed_key", "feed.key"),
    Column("reference", Sorted, nullable=False),  # source_id, else (or when it is there twice) the path
    Column("source_id", Text),
    Column("path", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("title", Text),
    Column("offering_id", Text),
    Column("record_hash", Text, nullable=False),
    UniqueConstraint("feed_key", "reference"),
)

advice = Table(
    "advice",
    metadata,
    key_column(),  # made of the words, so that the same advice is one row
    Column("code", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("consequence", Text, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    link_column("record_key", "record.key", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", Sorted, nullable=False),
    Column("element", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("path", Text),
    Column("value", Text),  # JSON scalar
    Column("message", Text, nullable=False),
    link_column("advice_key", "advice.key"),
    Index(None, "code"),
)

vocabulary_term = Table(
    "vocabulary_term",
    metadata,
    Column("vocabulary", Sorted, primary_key=True),
    Column("code", Sorted, primary_key=True),
    Column("lang", Sorted, primary_key=True),
    Column("label", Text, nullable=False),
    Column("address", Text),
)

CHILDREN = (
    offering_text,
    learning_outcome,
    instance,
    offering_field,
    offering_language,
    offering_mode,
    offering_skill,
    offering_organisation,
)
"""Tables that hold one offering's parts; they are written anew when the offering changes."""
