"""Puts the search's functions into a PostgreSQL database, from the SQL files beside this one."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, text

from catalogue_db.search.postgres.characters import letters_function, stemmers_function

FILES = ("words", "query")
"""The files in the order in which one builds on the other."""

_DROP = """
SELECT format('DROP %s IF EXISTS %s CASCADE', CASE p.prokind WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, p.oid::regprocedure)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE (n.nspname = 'catalogue' AND p.proname LIKE 'search\\_%')
   OR (n.nspname = 'portal' AND p.proname IN ('search_offerings', 'search_facets', 'suggest'))
UNION ALL
SELECT format('DROP TYPE IF EXISTS %s CASCADE', t.oid::regtype)
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = 'catalogue' AND c.relkind = 'c' AND t.typname LIKE 'search\\_%'
"""


def drop_functions(connection: Connection) -> None:
    """Take all functions of the search away, whichever version made them."""
    for statement in connection.execute(text(_DROP)).scalars().all():
        connection.exec_driver_sql(statement)


def create_functions(connection: Connection) -> None:
    """Make all functions of the search."""
    connection.exec_driver_sql(letters_function())
    connection.exec_driver_sql(stemmers_function())
    for name in FILES:
        connection.exec_driver_sql(files(__package__).joinpath(f"{name}.sql").read_text("utf-8"))
