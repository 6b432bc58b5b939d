"""Who may do what on PostgreSQL, shown by trying it as each role."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy.engine import make_url

from catalogue_db import migrations
from catalogue_db.candidate import CatalogueError
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.postgres import WRITE_LOCK
from catalogue_db.roles import RoleNames, roles_sql
from catalogue_db.views import VIEWS
from tests.offerings import a_candidate, an_offering
from tests.postgres import Server


@dataclass
class House:
    """A database with its roles, and the address for each."""

    server: Server
    database: str
    names: RoleNames

    @property
    def portal(self) -> str:
        """A portal's own login."""
        return f"{self.names.reader}_of_one"

    def roles(self) -> tuple[str, ...]:
        return (self.names.owner, self.names.loader, self.names.reader, self.portal)

    def url(self, role: str) -> str:
        return self.server.url(self.database, role)

    def grant(self) -> None:
        sql = roles_sql(self.names, statement_timeout_ms=300, portals=[self.portal])
        self.server.run(sql, database=self.database)
        if password := make_url(self.server.url(self.database)).password:
            for role in self.roles():
                self.server.run(f"ALTER ROLE {role} PASSWORD '{password}'")

    def ask(self, role: str, *statements: str) -> list[tuple[object, ...]]:
        """Run statements in one session of a role, and return what the last one gives."""
        with psycopg.connect(self.url(role), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []


def names_of(suffix: str) -> RoleNames:
    return RoleNames(f"owner_{suffix}", f"loader_{suffix}", f"reader_{suffix}")


@pytest.fixture(scope="module")
def house(postgres_server: Server) -> Iterator[House]:
    """Roles first, then the owner makes the catalogue, then the loader fills it."""
    yield from a_house(postgres_server, made_before=False)


@pytest.fixture(scope="module")
def old_house(postgres_server: Server) -> Iterator[House]:
    """A superuser made the catalogue; the roles came later."""
    yield from a_house(postgres_server, made_before=True)


def a_house(server: Server, *, made_before: bool) -> Iterator[House]:
    url = server.blank()
    house = House(server, str(make_url(url).database), names_of(secrets.token_hex(4)))
    try:
        if made_before:
            migrations.upgrade(open_catalogue(url))
        house.grant()
        if not made_before:
            migrations.upgrade(open_catalogue(house.url(house.names.owner)))
        yield house
    finally:
        server.drop(url)
        for role in house.roles():
            server.run(f"DROP ROLE IF EXISTS {role}")


@pytest.fixture(scope="module", params=["house", "old_house"])
def any_house(request: pytest.FixtureRequest) -> House:
    house: House = request.getfixturevalue(request.param)
    return house


def refused(house: House, role: str, *statements: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        house.ask(role, *statements)


def test_the_owner_migrates_the_loader_loads_and_the_reader_reads_every_view(any_house: House) -> None:
    names = any_house.names
    assert migrations.upgrade(open_catalogue(any_house.url(names.owner))).up_to_date
    loader = open_catalogue(any_house.url(names.loader))
    assert migrations.upgrade(loader).up_to_date  # there is nothing to do, so no right is needed
    assert load_candidate(loader, a_candidate([an_offering("a"), an_offering("b")])).new == 2
    assert load_candidate(loader, a_candidate([an_offering("a", title="New")])).withdrawn == 1
    for view in VIEWS:
        assert isinstance(any_house.ask(names.reader, f"SELECT * FROM portal.{view}"), list)
    assert any_house.ask(names.reader, "SELECT title FROM v1_offerings WHERE status = 'live'") == [("New",)]


def test_views_that_are_made_anew_are_readable_at_once(house: House) -> None:
    house.ask(house.names.owner, "COMMENT ON SCHEMA catalogue IS 'of another version: 1'")
    migrations.upgrade(open_catalogue(house.url(house.names.owner)))
    assert house.ask(house.names.reader, "SELECT count(*) >= 0 FROM portal.v1_offerings") == [(True,)]


def test_the_sql_can_be_run_again_and_takes_back_what_was_given_since(any_house: House) -> None:
    reader = any_house.names.reader
    any_house.server.run(
        f"GRANT ALL ON SCHEMA catalogue TO {reader}",
        f"GRANT SELECT, DELETE ON catalogue.offering TO {reader}",
        database=any_house.database,
    )
    assert any_house.ask(reader, "SELECT count(*) >= 0 FROM catalogue.offering") == [(True,)]
    any_house.grant()
    refused(any_house, reader, "SELECT count(*) FROM catalogue.offering")


def test_the_reader_cannot_read_a_base_table(any_house: House) -> None:
    tables = any_house.ask(
        any_house.names.owner, "SELECT tablename FROM pg_tables WHERE schemaname IN ('catalogue', 'portal', 'public')"
    )
    assert len(tables) > 40
    for (name,) in tables:
        refused(any_house, any_house.names.reader, f"SELECT * FROM catalogue.{name}")
        refused(any_house, any_house.names.reader, f"COPY catalogue.{name} TO STDOUT")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO catalogue.feed (key, name) VALUES (1, 'x')",
        "UPDATE catalogue.offering SET title = 'x'",
        "DELETE FROM catalogue.change",
        "UPDATE portal.v1_vocabulary SET label = 'x'",
        "DELETE FROM portal.v1_vocabulary",
        "TRUNCATE catalogue.offering",
        "DROP VIEW portal.v1_offerings",
        "ALTER TABLE catalogue.offering ADD COLUMN x int",
        "CREATE TABLE portal.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE VIEW portal.mine AS SELECT 1",
        "CREATE FUNCTION portal.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TEMPORARY TABLE mine (x int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT pg_logical_emit_message(false, 'x', 'y')",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        f"SELECT pg_advisory_lock({WRITE_LOCK})",
        f"SELECT pg_try_advisory_xact_lock_shared({WRITE_LOCK})",
    ],
)
def test_the_reader_cannot_write_or_create_or_stop_others(house: House, statement: str) -> None:
    """Not even after lifting the read-only mode, which is only a default of its sessions."""
    refused(house, house.names.reader, "SET default_transaction_read_only = off", statement)
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        house.ask(house.names.reader, statement)


def test_no_lock_that_anyone_can_take_is_left_open(house: House) -> None:
    """A later PostgreSQL may have more such functions than are named here."""
    query = """SELECT p.oid::regprocedure::text FROM pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege(p.oid, 'EXECUTE')
      AND (p.proname LIKE 'pg%advisory%' AND p.proname NOT LIKE '%unlock%'
        OR p.proname IN ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_unlink', 'lo_import',
          'pg_logical_emit_message', 'pg_notify'))"""
    assert house.ask(house.names.reader, query) == []


def test_the_reader_calls_functions_of_the_portal_and_no_others(house: House) -> None:
    names, body = house.names, "RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM catalogue.feed'"
    house.ask(names.owner, f"CREATE FUNCTION portal.feeds() {body}", f"CREATE FUNCTION catalogue.feeds() {body}")
    assert house.ask(names.reader, "SELECT portal.feeds() >= 0") == [(True,)]
    refused(house, names.reader, "SELECT catalogue.feeds()")
    house.ask(names.owner, f"GRANT USAGE ON SCHEMA catalogue TO {names.reader}")
    refused(house, names.reader, "SELECT catalogue.feeds()")
    assert house.ask(names.loader, "SELECT catalogue.feeds() >= 0") == [(True,)]
    house.grant()
    assert house.ask(names.reader, "SELECT portal.feeds() >= 0") == [(True,)]


def test_a_reader_s_long_question_is_ended(house: House) -> None:
    with pytest.raises(psycopg.errors.QueryCanceled):
        house.ask(house.names.reader, "SELECT pg_sleep(20)")


def test_the_loader_cannot_change_tables(house: House) -> None:
    for statement in (
        "ALTER TABLE catalogue.offering ADD COLUMN x int",
        "DROP TABLE catalogue.offering",
        "CREATE TABLE catalogue.mine (x int)",
        "CREATE VIEW portal.mine AS SELECT 1",
        "DROP VIEW portal.v1_offerings",
    ):
        refused(house, house.names.loader, statement)


def test_a_loader_that_would_have_to_migrate_is_told_who_can(house: House) -> None:
    head = migrations.status(open_catalogue(house.url(house.names.owner))).head
    house.ask(house.names.owner, "UPDATE catalogue.alembic_version SET version_num = '0001'")
    with pytest.raises(CatalogueError, match="catalogue db upgrade"):
        migrations.upgrade(open_catalogue(house.url(house.names.loader)))
    house.ask(house.names.owner, f"UPDATE catalogue.alembic_version SET version_num = '{head}'")


def test_nobody_else_gets_in(house: House) -> None:
    stranger = f"stranger_{secrets.token_hex(4)}"
    house.server.run(f"CREATE ROLE {stranger} LOGIN")
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            house.ask(stranger, "SELECT 1")
    finally:
        house.server.run(f"DROP ROLE {stranger}")


@pytest.mark.parametrize(
    "names",
    [
        RoleNames(owner="Owner"),
        RoleNames(loader='x"; DROP TABLE y; --'),
        RoleNames(reader="catalogue_owner"),
        RoleNames(reader="pg_reader"),
        RoleNames(reader="1st"),
        RoleNames(reader="r" * 64),
        RoleNames(reader=""),
    ],
)
def test_names_that_cannot_be_are_refused(names: RoleNames) -> None:
    with pytest.raises(CatalogueError, match="different names"):
        roles_sql(names)


def test_no_name_but_the_given_ones_is_written() -> None:
    names = RoleNames("one", "two", "three")
    assert not re.search(r"catalogue_owner|catalogue_loader|portal_reader", roles_sql(names))


def test_a_portals_own_login_has_the_rights_and_the_limits_of_the_reader(house: House) -> None:
    assert isinstance(house.ask(house.portal, "SELECT * FROM v1_offerings"), list)
    refused(house, house.portal, "SELECT * FROM catalogue.offering")
    refused(house, house.portal, "SET default_transaction_read_only = off", "DELETE FROM catalogue.change")
    assert house.ask(house.portal, "SHOW statement_timeout") == [("300ms",)]
    refused(
        house, house.portal, "SET default_transaction_read_only = off", f"ALTER ROLE {house.names.reader} RESET ALL"
    )
    with pytest.raises(CatalogueError, match="different names"):
        roles_sql(house.names, portals=[house.names.reader])


def test_limits_that_a_login_lifted_are_back_when_the_sql_is_run_again(house: House) -> None:
    reader, off = house.names.reader, "SET default_transaction_read_only = off"
    house.ask(reader, off, f"ALTER ROLE {reader} SET statement_timeout = 0")
    house.ask(reader, off, f"ALTER ROLE {reader} IN DATABASE {house.database} SET search_path = 'x'")
    house.grant()
    assert house.ask(reader, "SHOW statement_timeout") == [("300ms",)]
    assert house.ask(reader, "SHOW search_path") == [("portal",)]


def test_who_may_not_read_the_tables_is_told_so(house: House) -> None:
    with pytest.raises(CatalogueError, match="may not read the catalogue's own tables"):
        migrations.status(open_catalogue(house.url(house.names.reader)))
