"""Writes what differs: an entity's row, its parts, its versions; marks what left."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, Table, delete, func, select, update

from catalogue_db.dialects import bulk_insert, bulk_update, is_among
from catalogue_db.packing import compress
from catalogue_db.register.candidate import Kind
from catalogue_db.register.rows import Row, head_row, part_rows
from catalogue_db.staging import batches
from catalogue_db.tables import (
    REGISTER_PARTS,
    register_agency,
    register_provider,
    register_report,
    register_version,
)
from standard.register import Entity

HEADS: dict[Kind, Table] = {"agency": register_agency, "provider": register_provider, "report": register_report}
_NAMES: dict[Kind, str] = {"agency": "agency_id", "provider": "provider_id", "report": "report_id"}


def id_column(kind: Kind) -> str:
    """The name of the column that holds an entity's number."""
    return _NAMES[kind]


class RegisterWriter:
    """Writes entities of one kind in batches. `at`: moment of the load; `candidate`: key of what brings them."""

    def __init__(self, connection: Connection, kind: Kind, *, at: str, candidate: int) -> None:
        self._connection = connection
        self._kind: Kind = kind
        self._at = at
        self._candidate = candidate

    def write(self, batch: list[tuple[Entity, str]], known: set[int]) -> None:
        """Write entities with their content hashes; `known`: numbers of those that have a row already."""
        name, head = _NAMES[self._kind], HEADS[self._kind]
        rows = [{**head_row(entity), **self._kept(digest)} for entity, digest in batch]
        changed = [row for row in rows if row[name] in known]
        added = [{**row, "first_seen": self._at} for row in rows if row[name] not in known]
        bulk_update(self._connection, head, name, changed)
        bulk_insert(self._connection, head, added)
        self._write_parts([entity for entity, _digest in batch], [row[name] for row in changed])
        self._write_versions({row[name]: one for row, one in zip(rows, batch, strict=True)})

    def _kept(self, digest: str) -> Row:
        return {"content_hash": digest, "last_changed": self._at, "left_at": None}

    def _write_parts(self, entities: list[Entity], changed: list[int]) -> None:
        name = _NAMES[self._kind]
        collected: dict[Table, list[Row]] = {table: [] for table in REGISTER_PARTS[self._kind]}
        for entity in entities:
            for table, rows in part_rows(entity).items():
                collected[table] += rows
        for table, rows in collected.items():
            if changed:
                self._connection.execute(delete(table).where(is_among(self._connection, table.c[name], changed)))
            bulk_insert(self._connection, table, rows)

    def _write_versions(self, batch: dict[int, tuple[Entity, str]]) -> None:
        numbers = self._last_numbers(list(batch))
        self._end_versions(list(numbers))
        rows = [
            {
                "kind": self._kind,
                "entity_id": number,
                "number": numbers.get(number, 0) + 1,
                "valid_from": self._at,
                "content_hash": digest,
                "candidate_key": self._candidate,
                "document": compress(msgspec.json.encode(entity)),
            }
            for number, (entity, digest) in batch.items()
        ]
        bulk_insert(self._connection, register_version, rows)

    def _last_numbers(self, ids: list[int]) -> dict[int, int]:
        column = register_version.c
        query = select(column.entity_id, func.max(column.number)).where(
            column.kind == self._kind, is_among(self._connection, column.entity_id, ids)
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(column.entity_id))}

    def _end_versions(self, ids: list[int]) -> None:
        column = register_version.c
        if ids:
            mine = is_among(self._connection, column.entity_id, ids)
            open_ones = (column.kind == self._kind) & mine & column.valid_to.is_(None)
            self._connection.execute(update(register_version).where(open_ones).values(valid_to=self._at))

    def leave(self, ids: Iterable[int]) -> None:
        """Mark entities that are no longer in DEQAR; their rows stay, their parts with them."""
        head, name = HEADS[self._kind], _NAMES[self._kind]
        for batch in batches(ids):
            gone = update(head).where(is_among(self._connection, head.c[name], batch))
            self._connection.execute(gone.values(left_at=self._at, last_changed=self._at))
            self._end_versions(batch)
