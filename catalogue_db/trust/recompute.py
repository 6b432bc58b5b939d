"""Makes all trust statements anew and writes what differs: each day, and whenever a feed or the register changes.

One transaction. First the links, then a dossier and a statement per organisation, spread over its offerings by one
query, then those that reports name themselves. An offering whose evidence is what it was is not touched. A check that
finds everything as before, on the same day, from the same register, leaves no trace at all.

**Which day.** Today, unless the register is known to be behind DEQAR: then the day of the last check before that (or of
the register, if that is later), so that an outage changes nothing: statements keep their value and their date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

import standard
from catalogue_db.dialects import write_transaction
from catalogue_db.linking.decisions import decisions_in_force
from catalogue_db.linking.link import LinkReport, relink_within
from catalogue_db.register import state as register_state
from catalogue_db.register.state import RegisterState
from catalogue_db.search.indexing import show_trust
from catalogue_db.tables import (
    offering,
    programme_proposal,
    trust_check,
    trust_evidence,
    trust_statement,
)
from catalogue_db.texts import moment, to_json_text
from catalogue_db.trust import staging
from catalogue_db.trust.dossiers import DossierReader, Subject
from catalogue_db.trust.national import NationalRegister
from catalogue_db.trust.programmes import Decided, OfferingOf, ProgrammeFinder, offerings_of
from standard.trust import is_about_institution, statement
from standard.trust_evidence import Dossier, Statement

_RULES = ("trust.py", "trust_evidence.py", "programme_match.py", "names.py", "register.py")


class TrustReport(msgspec.Struct, frozen=True):
    """What a check found. `checked_on`: the day it is about; `mix`: status → offerings, by who signs; `changed`:
    statements that began or ended."""

    checked_on: str
    offerings: int
    changed: int
    mix: dict[str, int]
    links: LinkReport
    register: RegisterState
    proposals: int = 0


def recompute(
    engine: Engine,
    *,
    national: NationalRegister | None = None,
    today: date | None = None,
    run_id: str = "",
    now: datetime | None = None,
) -> TrustReport:
    """Link, state, write what differs. `today`: default UTC; `now` (with offset): the time written to the history."""
    at = now or datetime.now(UTC)
    with engine.connect() as connection, write_transaction(connection):
        return _Check(connection, national or NationalRegister(), today or at.date(), run_id, moment(at)).run()


@cache
def rules_fingerprint() -> str:
    """Changes whenever the rules do."""
    folder = Path(standard.__file__).parent
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _RULES)).hexdigest()[:16]


class _Check:
    """One check, inside its transaction."""

    def __init__(self, connection: Connection, national: NationalRegister, today: date, run_id: str, at: str) -> None:
        self._connection = connection
        self._national = national
        self._state = register_state.state(connection)
        self._last = connection.execute(select(trust_check).order_by(trust_check.c.key.desc()).limit(1)).first()
        self._day = _day(today, self._state, self._last)
        self._run_id = run_id
        self._at = max(at, self._last.checked_at if self._last else "")
        self._proposals: dict[tuple[int, int, str], dict[str, Any]] = {}

    def run(self) -> TrustReport:
        """Make the statements and write what differs."""
        links = relink_within(self._connection, self._day)
        staging.begin(self._connection)
        self._stage()
        changed = self._write() if self._news() else 0
        self._write_proposals()
        staging.end(self._connection)
        mix = trust_mix(self._connection)
        return TrustReport(
            checked_on=self._day.isoformat(),
            offerings=sum(mix.values()),
            changed=changed,
            mix=mix,
            links=links,
            register=self._state,
            proposals=len(self._proposals),
        )

    def _stage(self) -> None:
        book = staging.EvidenceBook(self._connection)
        decided = decisions_in_force(self._connection).programmes
        keys: dict[int, int] = {}
        own: list[dict[str, int]] = []
        reader = DossierReader(self._connection, self._state, self._national, self._day)
        for subject in reader.subjects():
            keys[subject.organisation.key] = book.key(statement(subject.dossier, self._day))
            for key, special in self._specials(subject, decided):
                own.append(
                    {
                        "offering_key": key,
                        "organisation_key": subject.organisation.key,
                        "evidence_key": book.key(special),
                    }
                )
        nobody = Dossier("nobody", because="The offering does not say who awards it.")
        unsigned = book.key(statement(nobody, self._day))
        book.flush()
        staging.spread(self._connection, keys, unsigned)
        staging.specialise(self._connection, own)

    def _specials(self, subject: Subject, decided: Decided) -> Iterator[tuple[int, Statement]]:
        """Statements of single offerings that reports, or rows of the national register, name themselves."""
        finder = ProgrammeFinder(subject.dossier.sightings)
        limited = [issuer for issuer in subject.issuers if issuer.offerings]
        if not finder and not limited:
            return
        ids = finder.programmes.have_identifiers
        general = [seen for seen in subject.dossier.sightings if is_about_institution(seen)]
        for one in offerings_of(self._connection, subject.organisation.key, with_identifiers=ids):
            found = finder.find(one, decided)
            self._propose(one, found.proposals)
            entries = [
                issuer.entry(self._national.authority)
                for issuer in limited
                if {one.offering_id, one.source_id} & set(issuer.offerings)
            ]
            if found.named or entries:
                dossier = subject.dossier
                more = msgspec.structs.replace(
                    dossier, sightings=[*general, *found.named], national=[*dossier.national, *entries]
                )
                yield one.key, statement(more, self._day)

    def _propose(self, one: OfferingOf, proposals: list[tuple[int, Any]]) -> None:
        for report_id, match in proposals:
            self._proposals[one.key, report_id, match.key] = {
                "offering_key": one.key,
                "report_id": report_id,
                "programme_key": match.key,
                "programme": match.name,
                "method": match.method,
                "score": match.score,
                "evidence": to_json_text(match.reasons),
            }

    def _write_proposals(self) -> None:
        key = ("offering_key", "report_id", "programme_key")
        staging.replace_rows(self._connection, programme_proposal, key, list(self._proposals.values()))

    def _news(self) -> bool:
        """Whether there is anything to write: another day, register or rules, or another statement."""
        last = self._last
        known = None if last is None else (last.checked_on, last.register_as_of, last.register_stale, last.rules)
        return known != self._source() or staging.differing(self._connection)

    def _source(self) -> tuple[str, str | None, str | None, str]:
        return self._day.isoformat(), self._state.data_as_of, self._state.stale_reason, rules_fingerprint()

    def _write(self) -> int:
        key = self._last.key + 1 if self._last else 1
        checked_on, as_of, stale, rules = self._source()
        row = {"key": key, "checked_at": self._at, "checked_on": checked_on, "register_as_of": as_of, "rules": rules}
        self._connection.execute(
            insert(trust_check).values(
                **row, register_stale=stale, run_id=self._run_id, offerings=0, changed=0, statuses="{}"
            )
        )
        previous = self._last.key if self._last else None
        changed = staging.write(self._connection, check=key, previous=previous, at=self._at)
        show_trust(self._connection)
        mix = trust_mix(self._connection)
        told = {"offerings": sum(mix.values()), "changed": changed, "statuses": to_json_text(mix)}
        self._connection.execute(update(trust_check).where(trust_check.c.key == key).values(told))
        return changed


def _day(today: date, state: RegisterState, last: Any | None) -> date:
    """The day the statements are about; see the module."""
    if state.stale_since is None or not state.loaded:
        return today
    known = [date.fromisoformat(text[:10]) for text in (state.last_confirmed, last and last.checked_on) if text]
    return min(today, max(known, default=today))


def trust_mix(connection: Connection) -> dict[str, int]:
    """How many live offerings have which status, by who signs."""
    query = (
        select(trust_evidence.c.status, func.count())
        .join(trust_statement, trust_statement.c.evidence_key == trust_evidence.c.key)
        .join(offering, offering.c.key == trust_statement.c.offering_key)
        .where(
            trust_statement.c.said_to.is_(None),
            trust_statement.c.role == staging.AWARDING_BODY,
            offering.c.status == "live",
        )
        .group_by(trust_evidence.c.status)
    )
    return {row[0]: int(row[1]) for row in sorted(connection.execute(query))}
