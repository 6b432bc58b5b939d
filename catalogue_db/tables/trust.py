"""Trust: links to the register's providers, what maintainers decided, statements with their evidence, checks.

A statement is a version: it holds from the check that first found it until the one that found another. Evidence is
kept once for all offerings it stands behind; a check that finds what was found before writes one row, its own.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text

from catalogue_db.tables.base import Key, Sorted, key_column, link_column, metadata, of_offering

provider_link = Table(
    "provider_link",
    metadata,
    link_column("organisation_key", "organisation.key", primary_key=True),
    Column("provider_id", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),  # linked, proposed, refused
    Column("method", Text, nullable=False),  # confirmed, identifier, web_domain, name
    Column("score", Double, nullable=False),  # 0 to 100
    Column("evidence", Text, nullable=False),  # JSON list of sentences
    Column("found_on", Text, nullable=False),  # day on which the link was first found to be so
    Index(None, "provider_id"),
)

trust_decision = Table(
    "trust_decision",
    metadata,
    key_column(),
    Column("kind", Sorted, nullable=False),  # provider, programme
    Column("subject", Sorted, nullable=False),  # JSON: how the organisation is known again; or the offering_id
    Column("target", Text, nullable=False),  # DEQARINST id; or report and key or name of the programme
    Column("verdict", Text, nullable=False),  # same, different
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("given_as", Text, nullable=False),  # job, file
    Column("withdrawn_at", Text),  # a later decision took its place, or its line left the file
    Index(None, "kind", "subject"),
)

programme_proposal = Table(
    "programme_proposal",
    metadata,
    of_offering(),
    link_column("organisation_key", "organisation.key", primary_key=True),  # in whose reports it was found
    Column("report_id", Integer, primary_key=True, autoincrement=False),
    Column("programme_key", Sorted, primary_key=True),
    Column("programme", Text),
    Column("method", Text, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON list of sentences
)

trust_check = Table(
    "trust_check",
    metadata,
    key_column(),
    Column("checked_at", Text, nullable=False),
    Column("checked_on", Text, nullable=False),  # the day the statements are about
    Column("register_as_of", Text),  # when DEQAR was asked for the register that was used
    Column("register_stale", Text),  # why the register is known to be behind, empty when it is not
    Column("rules", Text, nullable=False),  # fingerprint of the rules
    Column("run_id", Text, nullable=False),
    Column("offerings", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("statuses", Text, nullable=False),  # JSON: status -> offerings, by who signs
)

trust_evidence = Table(
    "trust_evidence",
    metadata,
    key_column(),
    Column("evidence_hash", Sorted, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("document", Text, nullable=False),  # JSON: standard.trust_evidence.Statement
    Column("report_id", Integer),  # of what decides; the rest of the columns likewise
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

trust_statement = Table(
    "trust_statement",
    metadata,
    of_offering(),
    Column("role", Sorted, primary_key=True),  # awarding_body, provider
    Column("organisation_key", Key, primary_key=True, autoincrement=False),  # 0 where the offering names nobody
    Column("number", Integer, primary_key=True, autoincrement=False),
    link_column("evidence_key", "trust_evidence.key"),
    link_column("first_check", "trust_check.key"),
    link_column("last_check", "trust_check.key", nullable=True),  # empty while it is what the newest check found
    Column("said_from", Text, nullable=False),  # moments
    Column("said_to", Sorted),
    Index(None, "said_to", "evidence_key"),
)

trust_subject = Table(
    "trust_subject",
    metadata,
    link_column("organisation_key", "organisation.key", primary_key=True),
    Column("fingerprint", Text, nullable=False),  # of all that its statements were made from, except the day
    Column("holds_from", Text, nullable=False),  # the day they were made for
    Column("turns_on", Text),  # the next day on which they may be others although nothing else has changed
)
