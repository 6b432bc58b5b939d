"""Revision 0004: the packed history of an older database becomes readable, and nothing of it is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zstandard
from alembic import command
from sqlalchemy import Connection, Engine, text

from catalogue_db import dialects, migrations
from catalogue_db.dialects import write_transaction
from catalogue_db.engine import open_catalogue
from standard.offering import to_json
from tests.catalogue_db.asking import rows
from tests.offerings import an_offering

AT = [f"2026-03-0{day}T00:00:00.000000Z" for day in range(1, 5)]
SKILL = "http://data.europa.eu/esco/skill/"
KEPT, MOVED, GONE = 1, 2, 3
COUNT = 1500
"""More offerings than fit into one batch of the revision."""


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database as it was before, with three offerings that have a history, and many that have none."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/old.db" if is_sqlite else request.getfixturevalue("blank_postgres_url")
    engine = open_catalogue(url)
    with engine.connect() as connection, write_transaction(connection):
        dialects.prepare(connection)
        command.upgrade(migrations.configuration(connection), "0003")
        _fill(connection)
    return engine


def said(key: int, number: int) -> str:
    return to_json(an_offering(str(key), title=f"Offering {key}, said {number}, ä")).decode()


def _fill(connection: Connection) -> None:
    connection.execute(text("INSERT INTO feed (key, name) VALUES (1, 'north')"))
    connection.execute(
        text(
            "INSERT INTO candidate (key, feed_key, snapshot_id, snapshot_taken_at, mapping_version, "
            "contract_fingerprint, policy_fingerprint, run_id, last_run_id, status, counts, fill, guard, lost, "
            "created_at) VALUES (1, 1, 's', 't', 'm', 'c', 'p', 'r', 'r', 'loaded', '{}', '{}', '{}', 0, 't')"
        )
    )
    for key in (KEPT, MOVED, GONE, *range(10, 10 + COUNT)):
        _offering(connection, key, "withdrawn" if key == GONE else "live")
    for key in range(10, 10 + COUNT):
        _document(connection, key, said(key, 1))
        _version(connection, key, 1, None)
    for key in (KEPT, MOVED, GONE):
        _version(connection, key, 1, AT[1])
        _version(connection, key, 2, AT[2] if key == GONE else None)
        _document(connection, key, said(key, 9 if key == MOVED else 2))
    outcomes = [(KEPT, 1, "en", ["1", "2"]), (KEPT, 1, "fi", ["1", "2"]), (KEPT, 2, "en", ["1"]), (GONE, 1, "en", [])]
    for key, position, lang, skills in outcomes:
        esco = json.dumps([SKILL + skill for skill in skills])
        connection.execute(
            text("INSERT INTO learning_outcome VALUES (:key, :position, :lang, 'x', :esco)"),
            {"key": key, "position": position, "lang": lang, "esco": esco},
        )


def _offering(connection: Connection, key: int, status: str) -> None:
    connection.execute(
        text(
            "INSERT INTO offering (key, offering_id, feed_key, source_id, micro_credential, modes, assessment_types, "
            "fields, languages, keywords, council_conformant, elm_conformant, content_hash, provenance_hash, status, "
            "first_seen, last_changed, last_confirmed) VALUES (:key, :id, 1, :id, 'yes', '[]', '[]', '[]', '[]', '[]', "
            "TRUE, TRUE, 'h', 'p', :status, :at, :at, :at)"
        ),
        {"key": key, "id": f"north-{key}", "status": status, "at": AT[0]},
    )


def _document(connection: Connection, key: int, document: str) -> None:
    connection.execute(text("INSERT INTO offering_document VALUES (:key, :said)"), {"key": key, "said": document})


def _version(connection: Connection, key: int, number: int, valid_to: str | None) -> None:
    packed = zstandard.ZstdCompressor().compress(said(key, number).encode())
    connection.execute(
        text(
            "INSERT INTO offering_version (offering_key, number, valid_from, valid_to, content_hash, snapshot_id, "
            "mapping_version, run_id, candidate_key, document) "
            "VALUES (:key, :number, :valid_from, :valid_to, 'h', 's', 'm', 'r', 1, :packed)"
        ),
        {"key": key, "number": number, "valid_from": AT[number - 1], "valid_to": valid_to, "packed": packed},
    )


def test_every_version_says_what_it_said(old: Engine) -> None:
    migrations.upgrade(old)
    shown = rows(old, "SELECT offering_id, number, document FROM v1_offering_version_documents")
    expected = {(f"north-{key}", number): said(key, number) for key in (KEPT, MOVED, GONE) for number in (1, 2)}
    expected |= {(f"north-{key}", 1): said(key, 1) for key in range(10, 10 + COUNT)}
    assert {(row["offering_id"], row["number"]): row["document"] for row in shown} == expected


def test_only_what_differs_is_kept_twice(old: Engine) -> None:
    migrations.upgrade(old)
    kept = rows(old, "SELECT offering_key, number FROM offering_version WHERE document IS NOT NULL")
    assert {(row["offering_key"], row["number"]) for row in kept} == {(KEPT, 1), (MOVED, 1), (MOVED, 2), (GONE, 1)}


def test_skills_are_gathered(old: Engine) -> None:
    migrations.upgrade(old)
    shown = rows(old, "SELECT offering_id, position, skill FROM v1_skills")
    assert {(row["offering_id"], row["position"], row["skill"]) for row in shown} == {
        ("north-1", 1, f"{SKILL}1"),
        ("north-1", 1, f"{SKILL}2"),
        ("north-1", 2, f"{SKILL}1"),
    }
