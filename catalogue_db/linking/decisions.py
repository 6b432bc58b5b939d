"""What maintainers decided: this organisation is (or is not) that provider, this offering that programme.

A decision outlives every harvest, because it does not name rows: an organisation is known again by an identifier, or
by its name and country, or by its identifier in the catalogue. It is given as a line of the reviewed file
``links.yaml`` or by the job ``relink``. Of two on the same thing the later holds. One that leaves the file ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml
from sqlalchemy import Connection, Engine, func, insert, select, update

from catalogue_db.candidate import CatalogueError
from catalogue_db.dialects import write_transaction
from catalogue_db.linking.finding import Catalogued
from catalogue_db.reviewed_yaml import read_yaml
from catalogue_db.storable import storable
from catalogue_db.tables import trust_decision
from catalogue_db.texts import moment, to_json_text
from standard.names import name_key
from standard.values.identifiers import organisation_identifier

Verdict = Literal["same", "different"]


class WhichOrganisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How an organisation is known again: by any of its identifiers, its id in the catalogue, or name and country."""

    identifiers: dict[str, str] = {}
    organisation_id: str | None = None
    name: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        if not (self.identifiers or self.organisation_id or (self.name and self.country)):
            raise ValueError("give identifiers, an organisation_id, or name and country")

    def is_of(self, one: Catalogued, organisation_id: str) -> bool:
        """Whether an organisation is meant."""
        if self.organisation_id is not None:
            return self.organisation_id == organisation_id
        pairs = [_pair(kind, value) for kind, value in self.identifiers.items()]
        if any(pair is not None and one.identifiers.get(pair[0]) == pair[1] for pair in pairs):
            return True
        return bool(self.name) and name_key(self.name or "") in one.names and self.country == one.country


@lru_cache(maxsize=4096)
def _pair(kind: str, value: str) -> tuple[str, str] | None:
    return organisation_identifier(kind, value).value


class ProviderDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``organisation`` is (``same``) or is not the provider with the DEQARINST id ``deqar``."""

    organisation: WhichOrganisation
    deqar: str
    same: bool
    by: str
    on: date
    reason: str


class ProgrammeDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The offering is (or is not) a programme of a report: the one called ``programme``, or any that is proposed."""

    offering: str
    report: int
    same: bool
    by: str
    on: date
    reason: str
    programme: str | None = None


class Decisions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``links.yaml``."""

    providers: list[ProviderDecision] = []
    programmes: list[ProgrammeDecision] = []


class Kept(msgspec.Struct, frozen=True):
    """The decisions in force. `programmes`: by offering_id, then by report and programme's name as compared."""

    providers: list[tuple[WhichOrganisation, str, Verdict, str]] = []
    programmes: dict[str, dict[tuple[int, str], tuple[Verdict, str]]] = {}


def read_decisions(file: Path) -> Decisions:
    """Read ``links.yaml``; an absent file decides nothing. Raises `CatalogueError` naming the place and what to do."""
    if not file.exists():
        return Decisions()
    try:
        return msgspec.convert(read_yaml(file.read_text(encoding="utf-8")) or {}, Decisions)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogueError(
            f"The reviewed links in {file.name} cannot be used: {error}. Mend the line; nothing was changed."
        ) from error


def keep_file(engine: Engine, decisions: Decisions, *, now: datetime | None = None) -> int:
    """Bring the decisions of the file into the catalogue; those no longer in it end. Returns how many are new."""
    at = moment(now or datetime.now(UTC))
    rows = _rows(storable(decisions), "file")
    with engine.connect() as connection, write_transaction(connection):
        there = {_identity(row): row.key for row in _in_force(connection) if row.given_as == "file"}
        wanted = {_identity_of(row): row for row in rows}
        _end(connection, [key for identity, key in there.items() if identity not in wanted], at)
        new = [row for identity, row in wanted.items() if identity not in there]
        _insert(connection, new)
    return len(new)


def decide(engine: Engine, decisions: Decisions) -> None:
    """Keep decisions that a person gave by the job; earlier ones by the job on the same things end."""
    rows = _rows(storable(decisions), "job")
    with engine.connect() as connection, write_transaction(connection):
        same = {(row["kind"], row["subject"], row["target"]) for row in rows}
        for row in _in_force(connection):
            if row.given_as == "job" and (row.kind, row.subject, row.target) in same:
                _end(connection, [row.key], rows[0]["decided_at"])
        _insert(connection, rows)


def decisions_in_force(connection: Connection) -> Kept:
    """The decisions that hold, of several on one thing the latest."""
    providers: dict[tuple[str, str], tuple[WhichOrganisation, str, Verdict, str]] = {}
    programmes: dict[str, dict[tuple[int, str], tuple[Verdict, str]]] = {}
    for row in _in_force(connection):
        told = f"{row.verdict} by {row.decided_by} on {row.decided_at[:10]}: {row.reason}"
        if row.kind == "provider":
            which = msgspec.json.decode(row.subject, type=WhichOrganisation)
            providers[row.subject, row.target] = (which, row.target, row.verdict, told)
        else:
            report, _, programme = row.target.partition(" ")
            programmes.setdefault(row.subject, {})[int(report), programme] = (row.verdict, told)
    return Kept(list(providers.values()), programmes)


def _in_force(connection: Connection) -> list[Any]:
    """In the order in which they were made."""
    table = trust_decision
    query = select(table).where(table.c.withdrawn_at.is_(None)).order_by(table.c.decided_at, table.c.key)
    return list(connection.execute(query))


def _rows(decisions: Decisions, given_as: str) -> list[dict[str, Any]]:
    rows = [_row("provider", to_json_text(one.organisation), one.deqar, one, given_as) for one in decisions.providers]
    for one in decisions.programmes:
        target = f"{one.report} {name_key(one.programme or '')}".strip()
        rows.append(_row("programme", one.offering, target, one, given_as))
    return rows


def _row(
    kind: str, subject: str, target: str, one: ProviderDecision | ProgrammeDecision, given_as: str
) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject": subject,
        "target": target,
        "verdict": "same" if one.same else "different",
        "decided_by": one.by,
        "decided_at": moment(datetime.combine(one.on, time.min, tzinfo=UTC)),
        "reason": one.reason,
        "given_as": given_as,
        "withdrawn_at": None,
    }


_IDENTITY = ("kind", "subject", "target", "verdict", "decided_by", "decided_at", "reason")


def _identity(row: Any) -> tuple[str, ...]:
    return tuple(row._mapping[name] for name in _IDENTITY)


def _identity_of(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in _IDENTITY)


def _insert(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    first = int(connection.execute(select(func.coalesce(func.max(trust_decision.c.key), 0) + 1)).scalar_one())
    numbered = [{"key": first + place, **row} for place, row in enumerate(rows)]
    if numbered:
        connection.execute(insert(trust_decision), numbered)


def _end(connection: Connection, keys: list[int], at: str) -> None:
    if keys:
        connection.execute(update(trust_decision).where(trust_decision.c.key.in_(keys)).values(withdrawn_at=at))
