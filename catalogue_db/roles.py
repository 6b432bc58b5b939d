"""Who may do what on PostgreSQL: the SQL that makes three roles, for a superuser to run in the catalogue's database.

The *owner* makes and changes tables, views and functions. The *loader* reads and writes their rows. The *reader* is for
portals: it reads the views and calls the functions of the schema ``portal``, and nothing else. Views are the owner's,
so they read the base tables for a reader who may not.

The SQL may be run again at any time: after an upgrade that was done by another role, or when in doubt. What the owner
makes later is covered already. Passwords are not part of it.

PostgreSQL lets everyone do a few things that a reader from outside must not do here, so they are taken from PUBLIC and
given to owner and loader: temporary tables, large objects (they can be written even where no table can), messages in
the server's log of changes, and advisory locks (a reader that held the writers' lock would stop every load).

Each portal may have a login of its own, a member of the reader: then no portal can end another's sessions or change
its password.

What no grant can do: the time limit and the read-only mode are defaults of a login's sessions. A session may lift them,
and PostgreSQL lets every login change its own defaults and password (running the SQL again puts the defaults back); it
still cannot write, because it has no right to. NOTIFY is a statement that PostgreSQL lets every login say; nothing here
listens. A hard limit on time is for the pooler in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue_db.candidate import CatalogueError
from catalogue_db.postgres import PORTAL, TABLES

_LONGEST_NAME = 63
_OPEN_TO_ALL = (
    "lo_creat",
    "lo_create",
    "lo_from_bytea",
    "lo_open",
    "lo_put",
    "lo_truncate",
    "lo_truncate64",
    "lo_unlink",
    "lowrite",
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_advisory_xact_lock",
    "pg_advisory_xact_lock_shared",
    "pg_logical_emit_message",
    "pg_notify",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
    "pg_try_advisory_xact_lock",
    "pg_try_advisory_xact_lock_shared",
)
"""Functions of PostgreSQL that anyone may call and a reader from outside must not. What they take differs between its
versions, so they are named without."""

_ROLE = """DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {text}) THEN CREATE ROLE {name} LOGIN; END IF;
END $$;
ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;"""

_SCRIPT = """\
-- The roles of the catalogue. To be run by a superuser, in the catalogue's database; again at any time.
-- Passwords are given apart, for example with \\password in psql.
BEGIN;

{roles}

-- The database is the catalogue's alone.
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO {owner}, {loader}', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO {reader}', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $$ DECLARE one regprocedure; BEGIN
  FOR one IN
    SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN (
      {open_to_all}
    )
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {owner}, {loader}', one);
  END LOOP;
END $$;

-- The owner has both schemas and all that is in them, whoever made it.
CREATE SCHEMA IF NOT EXISTS {tables} AUTHORIZATION {owner};
CREATE SCHEMA IF NOT EXISTS {portal} AUTHORIZATION {owner};
ALTER SCHEMA {tables} OWNER TO {owner};
ALTER SCHEMA {portal} OWNER TO {owner};
DO $$ DECLARE one record; BEGIN
  FOR one IN
    SELECT c.oid::regclass AS name, c.relkind AS kind FROM pg_class c
    WHERE c.relnamespace IN ('{tables}'::regnamespace, '{portal}'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm')
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO {owner}',
      CASE one.kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, one.name);
  END LOOP;
  FOR one IN
    SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace IN ('{tables}'::regnamespace, '{portal}'::regnamespace)
  LOOP
    EXECUTE format('ALTER ROUTINE %s OWNER TO {owner}', one.name);
  END LOOP;
  FOR one IN
    SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = '{tables}'::regnamespace AND c.relkind = 'c'
  LOOP
    EXECUTE format('ALTER TYPE %s OWNER TO {owner}', one.name);
  END LOOP;
  FOR one IN
    SELECT d.oid::regdictionary AS name FROM pg_ts_dict d WHERE d.dictnamespace = '{tables}'::regnamespace
  LOOP
    EXECUTE format('ALTER TEXT SEARCH DICTIONARY %s OWNER TO {owner}', one.name);
  END LOOP;
END $$;

-- Nothing is left of earlier grants; then what each may do.
REVOKE ALL ON SCHEMA {tables}, {portal} FROM PUBLIC, {loader}, {reader};
REVOKE ALL ON ALL TABLES IN SCHEMA {tables}, {portal} FROM PUBLIC, {loader}, {reader};
REVOKE ALL ON ALL ROUTINES IN SCHEMA {tables}, {portal} FROM PUBLIC, {loader}, {reader};

GRANT USAGE ON SCHEMA {tables}, {portal} TO {loader};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {tables} TO {loader};
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {tables} TO {loader};
GRANT USAGE ON SCHEMA {portal} TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {portal} TO {loader}, {reader};
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {portal} TO {loader}, {reader};

-- The same for what the owner makes later.
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON ROUTINES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {tables}
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {loader};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {tables} GRANT EXECUTE ON ROUTINES TO {loader};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {portal} GRANT SELECT ON TABLES TO {loader}, {reader};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {portal} GRANT EXECUTE ON ROUTINES TO {loader}, {reader};

-- Sessions of readers: views without their schema's name, no long questions, nothing left open.
{sessions}

COMMIT;
"""

_SESSIONS = """\
ALTER ROLE {name} RESET ALL;
DO $$ BEGIN EXECUTE format('ALTER ROLE {name} IN DATABASE %I RESET ALL', current_database()); END $$;
ALTER ROLE {name} SET search_path = {portal};
ALTER ROLE {name} SET default_transaction_read_only = on;
ALTER ROLE {name} SET statement_timeout = '{timeout_ms}ms';
ALTER ROLE {name} SET lock_timeout = '{timeout_ms}ms';
ALTER ROLE {name} SET idle_in_transaction_session_timeout = '60s';"""
"""What a role is told to set is not handed on to its members, so each login of a reader is told."""


@dataclass(frozen=True)
class RoleNames:
    """The names of the three roles."""

    owner: str = "catalogue_owner"
    loader: str = "catalogue_loader"
    reader: str = "portal_reader"


def roles_sql(names: RoleNames | None = None, *, statement_timeout_ms: int = 5_000, portals: Sequence[str] = ()) -> str:
    """The SQL that makes the roles and gives them their rights. `statement_timeout_ms`: for the reader's questions.

    `portals`: logins of their own for portals, each with the reader's rights and limits.

    Raises `CatalogueError` for names that PostgreSQL would cut or that are not all different.
    """
    names = names or RoleNames()
    given = (names.owner, names.loader, names.reader, *portals)
    if len(set(given)) < len(given) or not all(_is_name(name) for name in given):
        raise CatalogueError(
            f"These cannot be the names of the roles: {', '.join(given)}. Give different names of lower-case "
            f"letters, digits and _, at most {_LONGEST_NAME} long, that do not begin with a digit or with pg_."
        )
    return _SCRIPT.format(
        roles="\n".join(
            [
                *(_ROLE.format(name=name, text=f"'{name}'") for name in given),
                *(f"GRANT {names.reader} TO {portal};" for portal in portals),
            ]
        ),
        sessions="\n".join(
            _SESSIONS.format(name=name, portal=PORTAL, timeout_ms=int(statement_timeout_ms))
            for name in (names.reader, *portals)
        ),
        owner=names.owner,
        loader=names.loader,
        reader=names.reader,
        tables=TABLES,
        portal=PORTAL,
        open_to_all=",\n      ".join(f"'{function}'" for function in _OPEN_TO_ALL),
    )


def _is_name(name: str) -> bool:
    """Whether a name may stand in SQL as it is: nothing has to be quoted, nothing can be slipped in."""
    plain = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
    return plain and not name[0].isdigit() and not name.startswith("pg_") and len(name) <= _LONGEST_NAME
