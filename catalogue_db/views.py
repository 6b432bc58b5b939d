"""The views that portals read: the only door to the database for anyone outside.

A versioned contract: what each column means stands in `catalogue_db.contract`, and a test holds the two together. A
column is never renamed, removed or given another meaning within ``v1``; additions are welcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from catalogue_db import contract
from catalogue_db.dialects import today, view_name

_SAYS_OPEN = """
    SELECT max(CASE WHEN coalesce(i.status, 'open') = 'open'
      AND coalesce(substr(i.enrolment_opens, 1, 10), {today}) <= {today}
      AND coalesce(substr(i.enrolment_closes, 1, 10), i.start_date, {today}) >= {today} THEN 1 ELSE 0 END)
    FROM instance i
    WHERE i.offering_key = o.key
      AND (i.status IS NOT NULL OR i.enrolment_opens IS NOT NULL OR i.enrolment_closes IS NOT NULL)"""
"""1 or 0, empty where no run says anything of enrolment. Not an ``EXISTS``: for one among the columns PostgreSQL may
read the whole table beforehand, however few rows are asked for. The same holds for `_LAST_CHECK`."""

_CHEAPEST = """
    FROM instance i
    WHERE i.offering_key = o.key AND i.price_amount IS NOT NULL AND coalesce(i.status, 'open') <> 'cancelled'
      AND coalesce(i.end_date, i.start_date, {today}) >= {today}
    ORDER BY i.price_amount, i.position LIMIT 1"""

_TRUST = """
    FROM trust_statement t JOIN trust_evidence e ON e.key = t.evidence_key
    WHERE t.offering_key = o.key AND t.said_to IS NULL AND t.role = 'awarding_body' LIMIT 1"""

_LAST_CHECK = """
    FROM trust_statement t JOIN trust_check c ON c.key = (SELECT max(key) FROM trust_check)
    WHERE t.offering_key = o.key AND t.said_to IS NULL LIMIT 1"""
"""The newest check, where it says anything of the offering."""

_OFFERINGS = f"""
SELECT
  o.offering_id, f.name AS feed, o.source_id, o.micro_credential, o.title, o.title_lang,
  d.text AS description, o.description_lang, o.country, o.region,
  a.name AS awarding_body, a.organisation_id AS awarding_body_id,
  p.name AS provider, p.organisation_id AS provider_id,
  o.ects, o.hours, o.eqf_level, o.nqf_level, o.qf_ehea, o.modes, o.assessment_types, o.supervision,
  o.fields, o.languages, o.keywords, o.stackable, o.homepage, o.image, o.licence, o.modified,
  (SELECT min(i.start_date) FROM instance i
    WHERE i.offering_key = o.key AND i.start_date >= {{today}} AND coalesce(i.status, 'open') <> 'cancelled'
  ) AS next_start,
  ({_SAYS_OPEN}) = 1 AS enrolment_open,
  (SELECT i.price_amount {_CHEAPEST}) AS price_from,
  (SELECT i.price_currency {_CHEAPEST}) AS currency,
  o.completeness, o.council_conformant, o.elm_conformant,
  (SELECT e.status {_TRUST}) AS trust_status,
  (SELECT c.checked_on {_LAST_CHECK}) AS trust_checked_on,
  (SELECT c.register_as_of {_LAST_CHECK}) AS trust_data_as_of,
  (SELECT e.report {_TRUST}) AS trust_report,
  (SELECT e.agency {_TRUST}) AS trust_agency,
  (SELECT e.covered_until {_TRUST}) AS trust_covered_until,
  CASE WHEN o.status = 'live' AND f.stale_since IS NOT NULL THEN 'stale' ELSE o.status END AS status,
  o.withdrawn_at, o.withdrawn_reason, o.first_seen, o.last_changed,
  CASE WHEN o.status = 'live' THEN f.last_confirmed ELSE o.last_confirmed END AS last_confirmed,
  f.data_as_of
FROM offering o
JOIN feed f ON f.key = o.feed_key
LEFT JOIN organisation a ON a.key = o.awarding_body_key
LEFT JOIN organisation p ON p.key = o.provider_key
LEFT JOIN offering_text d ON d.offering_key = o.key AND d.kind = 'description' AND d.lang = o.description_lang
"""

_COUNT_OF_ROLE = """
  (SELECT count(DISTINCT l.offering_key) FROM offering_organisation l JOIN offering o ON o.key = l.offering_key
    WHERE l.organisation_key = g.key AND l.role = '{role}' AND o.status = 'live')"""

VIEWS: dict[str, str] = {
    "v1_offerings": _OFFERINGS,
    "v1_offering_documents": """
SELECT o.offering_id, d.document FROM offering_document d JOIN offering o ON o.key = d.offering_key
""",
    "v1_offering_texts": """
SELECT o.offering_id, t.kind, t.lang, t.text FROM offering_text t JOIN offering o ON o.key = t.offering_key
""",
    "v1_learning_outcomes": """
SELECT o.offering_id, t.position, t.lang, t.text, t.esco
FROM learning_outcome t JOIN offering o ON o.key = t.offering_key
""",
    "v1_instances": """
SELECT o.offering_id, i.instance_id, i.position, i.title, i.starts, i.ends, i.start_date, i.end_date,
  i.enrolment_opens, i.enrolment_closes, i.mode, i.location, i.languages, i.price_amount, i.price_currency, i.prices,
  i.capacity, i.url, i.status
FROM instance i JOIN offering o ON o.key = i.offering_key
""",
    "v1_skills": """
SELECT o.offering_id, s.position, s.skill FROM offering_skill s JOIN offering o ON o.key = s.offering_key
""",
    "v1_fields": """
SELECT o.offering_id, c.code, substr(c.code, 1, 2) AS broad,
  CASE WHEN length(c.code) >= 3 THEN substr(c.code, 1, 3) END AS narrow,
  CASE WHEN length(c.code) >= 4 THEN substr(c.code, 1, 4) END AS detailed
FROM offering_field c JOIN offering o ON o.key = c.offering_key
""",
    "v1_offering_modes": """
SELECT o.offering_id, m.mode FROM offering_mode m JOIN offering o ON o.key = m.offering_key
""",
    "v1_offering_languages": """
SELECT o.offering_id, l.lang FROM offering_language l JOIN offering o ON o.key = l.offering_key
""",
    "v1_offering_organisations": """
SELECT o.offering_id, l.role, l.position, g.organisation_id AS provider_id
FROM offering_organisation l
JOIN offering o ON o.key = l.offering_key
JOIN organisation g ON g.key = l.organisation_key
""",
    "v1_providers": f"""
SELECT g.organisation_id AS provider_id, g.name, g.names, g.country, g.homepage,
  {_COUNT_OF_ROLE.format(role="provider")} AS offerings_taught,
  {_COUNT_OF_ROLE.format(role="awarding_body")} AS offerings_awarded,
  r.deqar_id, l.method AS deqar_method, l.evidence AS deqar_evidence, l.found_on AS deqar_found_on
FROM organisation g
LEFT JOIN provider_link l ON l.organisation_key = g.key AND l.state = 'linked'
LEFT JOIN register_provider r ON r.provider_id = l.provider_id
""",
    "v1_provider_identifiers": """
SELECT g.organisation_id AS provider_id, i.scheme, i.identifier, 'feed' AS source
FROM organisation_identifier i JOIN organisation g ON g.key = i.organisation_key
UNION ALL
SELECT DISTINCT g.organisation_id, i.kind, i.normalised, 'deqar'
FROM provider_link l
JOIN organisation g ON g.key = l.organisation_key
JOIN register_identifier i ON i.provider_id = l.provider_id AND i.agency_id IS NULL AND i.normalised IS NOT NULL
WHERE l.state = 'linked' AND NOT EXISTS (SELECT 1 FROM organisation_identifier o
  WHERE o.organisation_key = g.key AND o.scheme = i.kind AND o.identifier = i.normalised)
""",
    "v1_trust_statements": """
SELECT o.offering_id, t.number, t.role, g.organisation_id, e.status,
  t.said_from, t.said_to, t.said_to IS NULL AS is_current,
  coalesce(z.checked_on, n.checked_on) AS checked_on, coalesce(z.register_as_of, n.register_as_of) AS data_as_of,
  CASE WHEN t.said_to IS NULL THEN n.register_stale END AS stale_reason,
  e.report_id, e.report, e.agency, e.agency_registered, e.activity_type, e.decision, e.valid_from, e.valid_until,
  e.through, e.listed_as, e.covered_until, e.because, e.document AS evidence
FROM trust_statement t
JOIN trust_evidence e ON e.key = t.evidence_key
JOIN offering o ON o.key = t.offering_key
LEFT JOIN organisation g ON g.key = t.organisation_key
LEFT JOIN trust_check z ON z.key = t.last_check
CROSS JOIN (SELECT * FROM trust_check ORDER BY key DESC LIMIT 1) n
""",
    "v1_changes": """
SELECT c.cursor, o.offering_id, f.name AS feed, c.kind, c.at AS changed_at, c.fields, c.reason
FROM change c JOIN offering o ON o.key = c.offering_key JOIN feed f ON f.key = c.feed_key
""",
    "v1_feeds": """
SELECT f.name AS feed, f.title, f.institution, f.country, f.licence, f.homepage,
  CASE WHEN f.stale_since IS NULL THEN 'live' ELSE 'stale' END AS status, f.stale_since, f.stale_reason, f.data_as_of,
  f.last_confirmed,
  (SELECT count(*) FROM offering o WHERE o.feed_key = f.key AND o.status = 'live') AS offerings_live,
  (SELECT count(*) FROM offering o WHERE o.feed_key = f.key AND o.status = 'withdrawn') AS offerings_withdrawn
FROM feed f
""",
    "v1_offering_versions": """
SELECT o.offering_id, v.number, v.valid_from, v.valid_to, v.content_hash, v.snapshot_id, v.mapping_version, v.run_id
FROM offering_version v JOIN offering o ON o.key = v.offering_key
""",
    "v1_offering_version_documents": """
SELECT o.offering_id, v.number, v.valid_from, v.valid_to, coalesce(v.document, d.document) AS document
FROM offering_version v
JOIN offering o ON o.key = v.offering_key
JOIN offering_document d ON d.offering_key = v.offering_key
""",
    "v1_vocabulary": """
SELECT vocabulary, code, lang, label, address FROM vocabulary_term
""",
}
"""Name → query. ``{today}`` is the current day as the database says it."""


def view_query(name: str, dialect_name: str) -> str:
    """The query of a view for one kind of database."""
    return VIEWS[name].format(today=today(dialect_name)).strip()


def drop_views(connection: Connection) -> None:
    """Take all views away (tables may then change)."""
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {view_name(connection.dialect.name, name)}"))


def create_views(connection: Connection) -> None:
    """Make all views; on PostgreSQL with what they mean as comments."""
    dialect_name = connection.dialect.name
    for name in VIEWS:
        connection.execute(text(f"CREATE VIEW {view_name(dialect_name, name)} AS {view_query(name, dialect_name)}"))
    if dialect_name == "postgresql":
        for statement in _comments():
            connection.exec_driver_sql(statement)


def missing_views(connection: Connection) -> list[str]:
    """The views that are not there."""
    schema, _, _ = view_name(connection.dialect.name, "").rpartition(".")
    there = inspect(connection).get_view_names(schema or None)
    return [name for name in VIEWS if name not in there]


def _comments() -> Iterator[str]:
    """What `catalogue_db.contract` says of every view and column, for the database's own catalogue."""
    for view in contract.VIEWS:
        name = view_name("postgresql", view.name)
        yield f"COMMENT ON VIEW {name} IS {_quoted(view.meaning)}"
        for column in view.columns:
            yield f"COMMENT ON COLUMN {name}.{column.name} IS {_quoted(column.meaning)}"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''").replace("%", "%%") + "'"
