"""The contract on PostgreSQL: the types, the comments, and the questions asked by one who may only read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from catalogue_db.contract import TYPES, VIEWS
from catalogue_db.engine import open_catalogue
from catalogue_db.questions import Question, questions
from catalogue_db.roles import RoleNames, roles_sql
from tests.catalogue_db.asking import rows
from tests.catalogue_db.filled import fill
from tests.postgres import Server

ASKED = [each for each in questions() if "postgresql" in each.engines]


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = open_catalogue(postgres_url)
    yield engine
    engine.dispose()


def test_types_are_those_of_the_contract(postgres: Engine) -> None:
    query = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'portal'"
    types = {(row["table_name"], row["column_name"]): row["data_type"] for row in rows(postgres, query)}
    for view in VIEWS:
        for column in view.columns:
            assert types[view.name, column.name] in TYPES[column.type].postgresql, f"{view.name}.{column.name}"


def test_the_contract_stands_as_comments(postgres: Engine) -> None:
    query = (
        "SELECT c.relname AS view, a.attname AS column, d.description FROM pg_description d "
        "JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'portal' "
        "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0"
    )
    comments = {(row["view"], row["column"]): row["description"] for row in rows(postgres, query)}
    for view in VIEWS:
        assert comments[view.name, None] == view.meaning
        for column in view.columns:
            assert comments[view.name, column.name] == column.meaning


@pytest.fixture
def reader(postgres_server: Server, postgres_url: str) -> Iterator[Engine]:
    """A portal's own connection to a filled catalogue, as `catalogue db roles` makes its role."""
    owner = open_catalogue(postgres_url)
    fill(owner)
    owner.dispose()
    suffix, database = secrets.token_hex(4), str(make_url(postgres_url).database)
    names = RoleNames(f"owner_{suffix}", f"loader_{suffix}", f"reader_{suffix}")
    postgres_server.run(roles_sql(names), database=database)
    if password := make_url(postgres_url).password:
        postgres_server.run(f"ALTER ROLE {names.reader} PASSWORD '{password}'")
    address = make_url(postgres_server.url(database, names.reader)).set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    yield engine
    engine.dispose()
    postgres_server.drop(postgres_url)
    for role in (names.owner, names.loader, names.reader):
        postgres_server.run(f"DROP ROLE IF EXISTS {role}")


def test_every_question_can_be_asked_by_a_portal(reader: Engine) -> None:
    for asked in ASKED:
        if not _is_a_search(asked):
            given = {parameter.name: parameter.example for parameter in asked.parameters}
            with reader.connect() as connection:
                connection.execute(text(asked.sql), given).fetchall()


def _is_a_search(asked: Question) -> bool:
    """The functions of the search have tests of their own."""
    return any(parameter.name == "words" for parameter in asked.parameters)


def test_every_view_can_be_read_by_a_portal(reader: Engine) -> None:
    for view in VIEWS:
        assert rows(reader, f"SELECT count(*) AS n FROM {view.name}")[0]["n"] > 0, view.name
