"""Puts the search's functions into a PostgreSQL database, from the SQL files beside this one."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, text

from catalogue_db.search.postgres.characters import letters_function
from catalogue_db.search.postgres.languages import DICTIONARY, create_languages

FILES = (
    "words",
    "query",
    "vocabulary",
    "groups",
    "bits",
    "sets",
    "ladder",
    "filters",
    "ranking",
    "texts",
    "facets",
    "page",
    "suggesting",
    "showing",
    "doors",
)
"""The files in the order in which one builds on the other."""

SETTINGS = """
    SET search_path = catalogue, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET jit = off
    SET standard_conforming_strings = on
    SET gin_fuzzy_search_limit = 0
    SET extra_float_digits = 1
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET enable_hashagg = off
    SET max_parallel_workers_per_gather = 0
    SET effective_io_concurrency = 0
"""
"""With what the functions run that are called from outside: every table is entered by its key, in whatever plan a
server with other settings or old statistics would think of; the few rows found are sorted, not put into a hash table
that is laid out for very many; and nothing is asked for ahead of its turn, because what searches read is in memory.
What a session may have set otherwise changes no result."""

DOORS = ("search_offerings", "search_facets", "suggest")
"""What portals may call, in the schema ``portal``."""

_OURS = rf"""
SELECT CASE p.prokind WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS kind, p.oid::regprocedure::text AS name
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE (n.nspname = 'catalogue' AND p.proname LIKE 'search\_%')
   OR (n.nspname = 'portal' AND p.proname = ANY (:doors))
UNION ALL
SELECT 'TYPE', c.oid::regclass::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'catalogue' AND c.relkind = 'c' AND c.relname LIKE 'search\_%'
UNION ALL
SELECT 'TEXT SEARCH DICTIONARY', d.oid::regdictionary::text
FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
WHERE n.nspname = 'catalogue' AND d.dictname LIKE '{DICTIONARY.replace("_", chr(92) + "_")}%'
"""


def drop_functions(connection: Connection) -> None:
    """Take all functions of the search away, whichever version made them."""
    for kind, name in connection.execute(text(_OURS), {"doors": list(DOORS)}).all():
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {name} CASCADE")


def create_functions(connection: Connection) -> None:
    """Make all functions of the search."""
    _execute(connection, letters_function())
    create_languages(connection)
    for name in FILES:
        sql = files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
        _execute(connection, sql.replace("{settings}", SETTINGS.strip()))


def missing_functions(connection: Connection) -> list[str]:
    """The functions for portals that are not there."""
    query = text("SELECT proname FROM pg_proc WHERE pronamespace = 'portal'::regnamespace")
    there = set(connection.execute(query).scalars())
    return [name for name in DOORS if name not in there]


def _execute(connection: Connection, sql: str) -> None:
    """Run statements as they stand: a percent sign in them is no placeholder."""
    connection.exec_driver_sql(sql.replace("%", "%%"))
