"""Where the register stands: what is loaded, how old it is, whether it is behind, which pull waits for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from catalogue_db.dialects import write_transaction
from catalogue_db.register.candidate import Approval, Kind, KindCounts, RegisterCandidate
from catalogue_db.storable import storable_text
from catalogue_db.tables import register_candidate, register_state
from catalogue_db.texts import moment, to_json_text

NAME = "deqar"


class RegisterState(msgspec.Struct, frozen=True, omit_defaults=True):
    """The register as the catalogue has it. Times are UTC ISO 8601. `countries`: what it is limited to, none: all.

    `waiting`: why a pull waits for a person. `stale_since`: since when it is known to be behind DEQAR.
    """

    loaded: bool
    data_as_of: str | None = None
    last_confirmed: str | None = None
    stale_since: str | None = None
    stale_reason: str | None = None
    countries: list[str] = []
    agencies: int = 0
    providers: int = 0
    reports: int = 0
    waiting: list[str] = []


def read_state(engine: Engine) -> RegisterState:
    """Say where the register stands."""
    with engine.connect() as connection:
        return state(connection)


def state(connection: Connection) -> RegisterState:
    """Say where the register stands, inside a transaction."""
    row = connection.execute(select(register_state).where(register_state.c.name == NAME)).first()
    held = connection.execute(select(register_candidate.c.reasons).where(register_candidate.c.status == "waiting"))
    waiting = msgspec.json.decode(held.scalar() or "[]", type=list[str])
    if row is None or row.loaded_candidate is None:
        reason, since = (row.stale_reason, row.stale_since) if row else (None, None)
        return RegisterState(loaded=False, waiting=waiting, stale_reason=reason, stale_since=since)
    loaded = connection.execute(
        select(register_candidate).where(register_candidate.c.key == row.loaded_candidate)
    ).one()
    return RegisterState(
        loaded=True,
        data_as_of=row.data_as_of,
        last_confirmed=row.last_confirmed,
        stale_since=row.stale_since,
        stale_reason=row.stale_reason,
        countries=msgspec.json.decode(loaded.countries, type=list[str]),
        agencies=loaded.agencies,
        providers=loaded.providers,
        reports=loaded.reports,
        waiting=waiting,
    )


def mark_register_stale(engine: Engine, reason: str, *, now: datetime | None = None) -> None:
    """Say that the register is behind DEQAR (it cannot be reached, say). What is loaded stays; the next load that goes
    in takes the label away."""
    with engine.connect() as connection, write_transaction(connection):
        _stale(connection, storable_text(reason), moment(now or datetime.now(UTC)))


def refuse_register(engine: Engine, by: str, reason: str, *, now: datetime | None = None) -> bool:
    """Refuse the waiting pull; the register stays as it is, and stale. Returns whether one was waiting."""
    at = moment(now or datetime.now(UTC))
    values = {"status": "refused", "decided_at": at, "decided_by": by, "decision_reason": reason}
    values = {name: storable_text(value) for name, value in values.items()}
    with engine.connect() as connection, write_transaction(connection):
        waiting = register_candidate.c.status == "waiting"
        return bool(connection.execute(update(register_candidate).where(waiting).values(values)).rowcount)


def last_moment(connection: Connection) -> str | None:
    """The moment of the newest candidate, so that history stays in order."""
    return connection.execute(select(func.max(register_candidate.c.created_at))).scalar()


def keep_waiting(
    connection: Connection,
    candidate: RegisterCandidate,
    counts: Mapping[Kind, KindCounts],
    reasons: Sequence[str],
    at: str,
) -> int:
    """Note a pull that waits; what is loaded is stale from now on. The same pull again is noted once."""
    newest = connection.execute(select(register_candidate).order_by(register_candidate.c.key.desc()).limit(1)).first()
    if newest is not None and newest.status in ("waiting", "refused") and _is_same(newest, candidate):
        key = int(newest.key)
    else:
        key = _keep(connection, candidate, counts, reasons, at, status="waiting")
    _stale(connection, " ".join(reasons), at)
    return key


def keep_loaded(
    connection: Connection,
    candidate: RegisterCandidate,
    counts: Mapping[Kind, KindCounts],
    reasons: Sequence[str],
    approval: Approval | None,
    at: str,
) -> int:
    """Note a pull that goes in; the register is fresh, as of when DEQAR was asked."""
    row = connection.execute(select(register_state).where(register_state.c.name == NAME)).first()
    key = row.loaded_candidate if row is not None else None
    loaded = select(register_candidate).where(register_candidate.c.key == key)
    known = connection.execute(loaded).first() if key is not None else None
    if known is None or not _is_same(known, candidate):
        key = _keep(connection, candidate, counts, reasons, at, status="loaded", approval=approval)
    _supersede_waiting(connection, at)
    values = {"loaded_candidate": key, "data_as_of": moment(candidate.taken_at), "last_confirmed": at}
    _write_state(connection, {**values, "stale_since": None, "stale_reason": None})
    return int(key or 0)


def _is_same(row: Any, candidate: RegisterCandidate) -> bool:
    given = (candidate.snapshot_id, candidate.contract_fingerprint)
    return (row.snapshot_id, row.contract_fingerprint) == given


def _keep(
    connection: Connection,
    candidate: RegisterCandidate,
    counts: Mapping[Kind, KindCounts],
    reasons: Sequence[str],
    at: str,
    *,
    status: str,
    approval: Approval | None = None,
) -> int:
    """Write a candidate's row; one that waited until now is superseded."""
    _supersede_waiting(connection, at)
    key = int(connection.execute(select(func.coalesce(func.max(register_candidate.c.key), 0) + 1)).scalar_one())
    connection.execute(
        insert(register_candidate).values(
            key=key,
            snapshot_id=candidate.snapshot_id,
            snapshot_taken_at=moment(candidate.taken_at),
            contract_fingerprint=candidate.contract_fingerprint,
            run_id=candidate.run_id,
            status=status,
            countries=to_json_text(sorted(candidate.countries)),
            agencies=counts["agency"].offered,
            providers=counts["provider"].offered,
            reports=counts["report"].offered,
            reasons=to_json_text(list(reasons)),
            findings=to_json_text(list(candidate.findings)),
            created_at=at,
            decided_at=at if approval else None,
            decided_by=approval.by if approval else None,
            decision_reason=approval.reason if approval else None,
        )
    )
    return key


def _supersede_waiting(connection: Connection, at: str) -> None:
    waiting = register_candidate.c.status == "waiting"
    connection.execute(update(register_candidate).where(waiting).values(status="superseded", decided_at=at))


def _stale(connection: Connection, reason: str, at: str) -> None:
    row = connection.execute(select(register_state).where(register_state.c.name == NAME)).first()
    since = row.stale_since if row is not None and row.stale_since else at
    _write_state(connection, {"stale_since": since, "stale_reason": reason})


def _write_state(connection: Connection, values: dict[str, Any]) -> None:
    here = register_state.c.name == NAME
    if connection.execute(select(register_state.c.name).where(here)).first() is None:
        connection.execute(insert(register_state).values(name=NAME, **values))
    else:
        connection.execute(update(register_state).where(here).values(**values))
