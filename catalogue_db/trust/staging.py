"""Statements beside the catalogue, in a temporary table, so that what has to be written is a comparison of two tables.

An organisation's statement stands for all its offerings: it is filled in by one query. Only offerings that a report or
a row of the national register names themselves get one of their own. Organisations that are passed over are not in
the temporary tables, and what is said of them is not looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)

from catalogue_db.dialects import analyse, bulk_insert
from catalogue_db.staging import BATCH, batches
from catalogue_db.tables import (
    Key,
    offering,
    offering_organisation,
    programme_proposal,
    trust_evidence,
    trust_statement,
)
from catalogue_db.texts import to_json_text
from standard.trust_evidence import Relation, Statement

_temporary = MetaData()
staged = Table(
    "staged_statement",
    _temporary,
    Column("offering_key", Key, primary_key=True, autoincrement=False),
    Column("role", Text, primary_key=True),
    Column("organisation_key", Key, primary_key=True, autoincrement=False),
    Column("evidence_key", Key, nullable=False),
    prefixes=["TEMPORARY"],
)
of_organisation = Table(
    "staged_evidence",
    _temporary,
    Column("organisation_key", Key, primary_key=True, autoincrement=False),
    Column("evidence_key", Key, nullable=False),
    prefixes=["TEMPORARY"],
)
_COLUMNS = ["offering_key", "role", "organisation_key", "evidence_key"]
NOBODY = 0
AWARDING_BODY, PROVIDER = "awarding_body", "provider"


class EvidenceBook:
    """Keeps each evidence once, and gives its key. New ones are written in batches; call `flush` at the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = int(connection.execute(select(func.coalesce(func.max(trust_evidence.c.key), 0))).scalar_one()) + 1
        self._new: dict[str, dict[str, Any]] = {}

    def keys(self, statements: Sequence[Statement]) -> list[int]:
        """The keys of these statements' evidence, in their order."""
        documents = [to_json_text(statement) for statement in statements]
        digests = [hashlib.sha256(document.encode()).hexdigest()[:32] for document in documents]
        there = self._there(digests)
        for digest, document, statement in zip(digests, documents, statements, strict=True):
            if digest not in there:
                there[digest] = self._next
                row = {"key": self._next, "evidence_hash": digest, "document": document, **_columns(statement)}
                self._new[digest] = row
                self._next += 1
        if len(self._new) >= BATCH:
            self.flush()
        return [there[digest] for digest in digests]

    def _there(self, digests: list[str]) -> dict[str, int]:
        found = {digest: self._new[digest]["key"] for digest in digests if digest in self._new}
        query = select(trust_evidence.c.evidence_hash, trust_evidence.c.key)
        for batch in batches(digest for digest in dict.fromkeys(digests) if digest not in found):
            rows = self._connection.execute(query.where(trust_evidence.c.evidence_hash.in_(batch)))
            found.update((row[0], row[1]) for row in rows)
        return found

    def flush(self) -> None:
        """Write what is new."""
        bulk_insert(self._connection, trust_evidence, list(self._new.values()))
        self._new = {}


def _columns(statement: Statement) -> dict[str, Any]:
    """What is asked for often, of what the status rests on."""
    one = statement.deciding
    told: dict[str, Any] = dict.fromkeys(
        ("report_id", "report", "agency", "agency_registered", "activity_type", "decision", "valid_from", "valid_until")
    )
    if one is not None:
        told = {
            "report_id": one.report_id,
            "report": one.url,
            "agency": one.agency,
            "agency_registered": one.agency_registered,
            "activity_type": ", ".join(one.activity_types) or None,
            "decision": one.decision,
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        }
    return {
        "status": statement.status,
        **told,
        "through": _through(one.relation) if one and one.relation else None,
        "listed_as": statement.listed_as,
        "covered_until": statement.covered_until.isoformat() if statement.covered_until else None,
        "because": statement.because,
    }


def _through(relation: Relation) -> str:
    return f"{relation.kind}: {relation.name or relation.provider_id}"


def begin(connection: Connection) -> None:
    """Make the temporary tables, empty."""
    end(connection)
    _temporary.create_all(connection)


def end(connection: Connection) -> None:
    """Take the temporary tables away."""
    for table in (staged, of_organisation):
        table.drop(connection, checkfirst=True)


def spread(connection: Connection, keys: Mapping[int, int]) -> None:
    """Give each live offering the statements of its organisations. `keys`: organisation → evidence, for those whose
    statements were made anew. Who signs and teaches has one statement, as who signs."""
    rows = [{"organisation_key": one, "evidence_key": key} for one, key in keys.items()]
    bulk_insert(connection, of_organisation, rows)
    analyse(connection, of_organisation)
    link = offering_organisation.alias("link")
    live = select(offering.c.key).where(offering.c.status == "live")
    parts = select(link.c.offering_key, link.c.role, link.c.organisation_key, of_organisation.c.evidence_key)
    parts = parts.join(of_organisation, of_organisation.c.organisation_key == link.c.organisation_key)
    parts = parts.where(link.c.offering_key.in_(live)).distinct()
    connection.execute(insert(staged).from_select(_COLUMNS, parts.where(link.c.role == AWARDING_BODY)))
    signed = staged.alias("signed")
    signs = select(signed.c.role).where(
        signed.c.offering_key == link.c.offering_key, signed.c.organisation_key == link.c.organisation_key
    )
    connection.execute(insert(staged).from_select(_COLUMNS, parts.where(link.c.role == PROVIDER, ~signs.exists())))
    analyse(connection, staged)


def spread_to_unsigned(connection: Connection, evidence: int) -> None:
    """Give each live offering without awarding body a statement that says so."""
    link = offering_organisation
    signs = select(link.c.role).where(link.c.offering_key == offering.c.key, link.c.role == AWARDING_BODY)
    without = select(offering.c.key, literal(AWARDING_BODY), literal(NOBODY), literal(evidence))
    without = without.where(offering.c.status == "live", ~signs.exists())
    connection.execute(insert(staged).from_select(_COLUMNS, without))
    analyse(connection, staged)


def specialise(connection: Connection, rows: list[dict[str, int]]) -> None:
    """Give single offerings a statement of their own: rows of offering_key, organisation_key, evidence_key."""
    if not rows:
        return
    own = Table(
        "staged_own",
        MetaData(),
        Column("offering_key", Key, primary_key=True, autoincrement=False),
        Column("organisation_key", Key, primary_key=True, autoincrement=False),
        Column("evidence_key", Key, nullable=False),
        prefixes=["TEMPORARY"],
    )
    own.drop(connection, checkfirst=True)
    own.create(connection)
    bulk_insert(connection, own, rows)
    analyse(connection, own)
    of_it = (own.c.offering_key == staged.c.offering_key) & (own.c.organisation_key == staged.c.organisation_key)
    mine = select(own.c.evidence_key).where(of_it).scalar_subquery()
    there = select(own.c.evidence_key).where(of_it).exists()
    connection.execute(update(staged).where(there).values(evidence_key=mine))
    own.drop(connection)


def write(connection: Connection, *, check: int, previous: int | None, at: str) -> int:
    """End the statements that no longer hold and begin the new ones; return how many offerings that touches."""
    current = trust_statement
    same = (
        (staged.c.offering_key == current.c.offering_key)
        & (staged.c.role == current.c.role)
        & (staged.c.organisation_key == current.c.organisation_key)
    )
    holds = select(staged.c.role).where(same, staged.c.evidence_key == current.c.evidence_key).exists()
    ended = update(current).where(_in_question(current), ~holds).values(said_to=at, last_check=previous)
    gone = connection.execute(ended).rowcount
    number = select(func.coalesce(func.max(current.c.number), 0) + 1).where(same).scalar_subquery()
    is_there = select(current.c.number).where(same, current.c.said_to.is_(None)).exists()
    columns = ["offering_key", "role", "organisation_key", "number", "evidence_key", "first_check", "said_from"]
    new = select(
        staged.c.offering_key,
        staged.c.role,
        staged.c.organisation_key,
        number,
        staged.c.evidence_key,
        literal(check),
        literal(at),
    ).where(~is_there)
    counted = {"preserve_rowcount": True}  # of an insert it is not kept otherwise
    begun = connection.execute(insert(current).from_select(columns, new), execution_options=counted).rowcount
    return max(gone, begun)


def differing(connection: Connection) -> bool:
    """Whether anything in the staged statements differs from what the catalogue says."""
    current = trust_statement.alias("current")
    wanted = select(staged.c.offering_key, staged.c.role, staged.c.organisation_key, staged.c.evidence_key)
    said = select(current.c.offering_key, current.c.role, current.c.organisation_key, current.c.evidence_key)
    said = said.where(_in_question(current))
    for query in (wanted.except_(said), said.except_(wanted)):
        if connection.execute(query.limit(1)).first() is not None:
            return True
    return False


def _in_question(current: FromClause) -> ColumnElement[bool]:
    """What is said now of organisations whose statements were made anew, and of offerings that nobody signs."""
    anew = select(of_organisation.c.organisation_key)
    mine = current.c.organisation_key.in_(anew) | (current.c.organisation_key == NOBODY)
    return current.c.said_to.is_(None) & mine


def replace_proposals(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Make `rows` the proposals of the organisations whose statements were made anew, touching only what differs."""
    table, key = programme_proposal, [column.name for column in programme_proposal.primary_key]
    wanted = {tuple(row[name] for name in key): row for row in rows}
    anew = select(of_organisation.c.organisation_key)
    there = connection.execute(select(table).where(table.c.organisation_key.in_(anew)))
    kept = {tuple(row[name] for name in key): dict(row) for row in there.mappings()}
    gone = [dict(zip(key, identity, strict=True)) for identity, row in kept.items() if wanted.get(identity) != row]
    if gone:
        this = [table.c[name] == bindparam(f"of_{name}") for name in key]
        connection.execute(table.delete().where(*this), [{f"of_{name}": one[name] for name in key} for one in gone])
    bulk_insert(connection, table, [row for identity, row in wanted.items() if kept.get(identity) != row])
