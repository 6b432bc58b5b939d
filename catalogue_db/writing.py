"""Writes the offerings that differ, in batches: rows, parts, versions, changes and the search index together.

Only inside the load's transaction. What a batch does is decided by the comparison made in `catalogue_db.staging`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from catalogue_db.candidate import Candidate
from catalogue_db.changes import ChangeLog
from catalogue_db.dialects import bulk_insert, bulk_update, is_among
from catalogue_db.history import begin_versions, end_versions, last_numbers, preserve
from catalogue_db.organisations import OrganisationBook
from catalogue_db.rows import (
    changed_fields,
    code_rows,
    instance_rows,
    offering_row,
    outcome_rows,
    skill_rows,
    text_rows,
)
from catalogue_db.search.indexing import SearchWriter
from catalogue_db.staging import batches
from catalogue_db.tables import (
    CHILDREN,
    instance,
    learning_outcome,
    offering,
    offering_document,
    offering_field,
    offering_language,
    offering_mode,
    offering_organisation,
    offering_skill,
    offering_text,
)
from standard.offering import Offering, to_json

Row = dict[str, Any]


def kind_of(work: Any) -> str:
    """What a comparison asks for: inserted, returned, changed, ``moved`` (only provenance differs) or ``same``."""
    if work.content_hash is None:
        return "same"
    if work.offering_key is None:
        return "inserted"
    if work.status != "live":
        return "returned"
    if work.old_content_hash != work.content_hash:
        return "changed"
    return "moved" if work.old_provenance_hash != work.provenance_hash else "same"


class OfferingWriter:
    """Takes offerings with what is to be done about them, and writes them a batch at a time."""

    def __init__(
        self,
        connection: Connection,
        candidate: Candidate,
        log: ChangeLog,
        search: SearchWriter,
        common: dict[str, Any],
        feed_key: int,
    ) -> None:
        self._connection = connection
        self._candidate = candidate
        self._log = log
        self._at: str = common["at"]
        self._candidate_key: int = common["candidate_key"]
        self._feed_key = feed_key
        self._book = OrganisationBook(connection)
        self._search = search
        self._next = int(connection.execute(select(func.coalesce(func.max(offering.c.key), 0) + 1)).scalar_one())
        self._begin()

    def _begin(self) -> None:
        self._kinds: dict[int, str] = {}
        self._documents: dict[int, bytes] = {}
        self._hashes: dict[int, str] = {}
        self._new: list[Row] = []
        self._known: list[Row] = []
        self._children: dict[Table, list[Row]] = {table: [] for table in CHILDREN}

    def __len__(self) -> int:
        """How many offerings wait to be written."""
        return len(self._kinds)

    def take(self, given: Offering, work: Any) -> None:
        """Prepare one offering that differs."""
        kind = kind_of(work)
        key = self._next if kind == "inserted" else int(work.offering_key)
        self._next += kind == "inserted"
        self._kinds[key] = kind
        self._documents[key] = to_json(given)
        self._hashes[key] = work.content_hash
        if kind == "moved":
            self._known.append({"key": key, "provenance_hash": work.provenance_hash})
            return
        organisations = self._organisations(given, key)
        row = offering_row(given) | self._state(work) | _heads(organisations)
        self._children[offering_organisation] += organisations
        self._add_children(given, key)
        self._search.add(key, self._feed_key, given, row, self._providers(organisations))
        if kind == "inserted":
            self._new.append(
                row | {"key": key, "offering_id": given.offering_id, "feed_key": self._feed_key, "first_seen": self._at}
            )
        else:
            self._known.append(row | {"key": key})

    def _state(self, work: Any) -> Row:
        return {
            "content_hash": work.content_hash,
            "provenance_hash": work.provenance_hash,
            "status": "live",
            "last_changed": self._at,
            "last_confirmed": self._at,
            "withdrawn_at": None,
            "withdrawn_reason": None,
        }

    def _organisations(self, given: Offering, key: int) -> list[Row]:
        bodies = [("awarding_body", 1, given.awarding_body)] if given.awarding_body else []
        providers = [("provider", position, each) for position, each in enumerate(given.providers, 1)]
        return [
            {
                "offering_key": key,
                "role": role,
                "position": position,
                "organisation_key": self._book.resolve(each),
            }
            for role, position, each in [*bodies, *providers]
        ]

    def _providers(self, organisations: list[Row]) -> list[str]:
        keys = [each["organisation_key"] for each in organisations if each["role"] == "provider"]
        return [self._book.organisation_id(key) for key in dict.fromkeys(keys)]

    def _add_children(self, given: Offering, key: int) -> None:
        self._children[offering_text] += text_rows(given, key)
        self._children[learning_outcome] += outcome_rows(given, key)
        self._children[instance] += instance_rows(given, key)
        self._children[offering_field] += code_rows(given.fields, key, "code")
        self._children[offering_language] += code_rows(given.languages, key, "lang")
        self._children[offering_skill] += skill_rows(given, key)
        self._children[offering_mode] += code_rows(given.modes, key, "mode")

    def _keys(self, *kinds: str) -> list[int]:
        return [key for key, kind in self._kinds.items() if kind in kinds]

    def flush(self) -> None:
        """Write the batch."""
        if not self._kinds:
            return
        self._book.flush()
        self._note_changes()
        self._search.forget(self._keys("changed"))
        self._write_rows()
        self._log.flush()
        self._write_documents()
        self._write_children()
        self._write_versions()
        self._search.flush()
        self._begin()

    def _write_rows(self) -> None:
        bulk_insert(self._connection, offering, self._new)
        for moved in (True, False):
            rows = [row for row in self._known if ("status" not in row) is moved]
            bulk_update(self._connection, offering, "key", rows)

    def _note_changes(self) -> None:
        known = self._keys("changed", "returned")
        query = select(offering_document).where(is_among(self._connection, offering_document.c.offering_key, known))
        before = {row.offering_key: row.document for row in self._connection.execute(query)} if known else {}
        for key in self._keys("inserted", "changed", "returned"):
            fields = changed_fields(before[key], self._documents[key]) if key in before else []
            self._log.add(key, self._kinds[key], fields)

    def _write_documents(self) -> None:
        known = self._keys("changed", "returned", "moved")
        preserve(self._connection, known)
        self._forget(offering_document, known)
        rows = [{"offering_key": key, "document": document.decode()} for key, document in self._documents.items()]
        bulk_insert(self._connection, offering_document, rows)

    def _write_children(self) -> None:
        known = self._keys("changed", "returned")
        for table, rows in self._children.items():
            self._forget(table, known)
            bulk_insert(self._connection, table, rows)

    def _forget(self, table: Table, keys: list[int]) -> None:
        if keys:
            mine = is_among(self._connection, table.c.offering_key, keys)
            self._connection.execute(delete(table).where(mine))

    def _write_versions(self) -> None:
        known = self._keys("changed", "returned")
        end_versions(self._connection, known, self._at)
        numbers = last_numbers(self._connection, known)
        begin_versions(
            self._connection,
            [
                {
                    "offering_key": key,
                    "number": numbers.get(key, 0) + 1,
                    "valid_from": self._at,
                    "content_hash": self._hashes[key],
                    "snapshot_id": self._candidate.snapshot_id,
                    "mapping_version": self._candidate.mapping_version,
                    "run_id": self._candidate.run_id,
                    "candidate_key": self._candidate_key,
                }
                for key in self._keys("inserted", "changed", "returned")
            ],
        )


def _heads(organisations: list[Row]) -> Row:
    """The organisations that a list shows: who signs, and the first who teaches."""
    first = {each["role"]: each["organisation_key"] for each in reversed(organisations)}
    return {
        "awarding_body_key": first.get("awarding_body"),
        "provider_key": first.get("provider"),
    }


def withdraw(
    connection: Connection,
    leaving: Iterable[tuple[int, str]],
    log: ChangeLog,
    search: SearchWriter,
    *,
    at: str,
    last_confirmed: str,
) -> int:
    """Make tombstones: the offerings stay with all they said, when and why they left. Returns how many."""
    count = 0
    state = {"status": "withdrawn", "withdrawn_at": at, "last_changed": at, "last_confirmed": last_confirmed}
    for batch in batches(leaving):
        keys = [key for key, _reason in batch]
        rows = [{"key": key, "withdrawn_reason": reason, **state} for key, reason in batch]
        bulk_update(connection, offering, "key", rows)
        end_versions(connection, keys, at)
        search.forget(keys)
        search.flush()
        for key, reason in batch:
            log.add(key, "withdrawn", [], reason)
        log.flush()
        count += len(batch)
    return count
