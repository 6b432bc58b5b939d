"""Makes all trust statements anew and writes what differs: each day, and whenever a feed or the register changes.

One transaction. First the links, then a dossier and a statement per organisation whose statements may have changed
(`catalogue_db.trust.subjects`), spread over its offerings by one query, then those that reports name themselves. An
offering whose evidence is what it was is not touched. A check that finds everything as before, on the same day, from
the same register, leaves no trace at all.

**Which day.** Today, unless the register is known to be behind DEQAR: then the day of the last check before that (or of
the register, if that is later), so that an outage changes nothing: statements keep their value and their date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

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
from catalogue_db.trust.grounds import Grounds
from catalogue_db.trust.national import NationalRegister
from catalogue_db.trust.programmes import Decided, ProgrammeFinder, offerings_of
from catalogue_db.trust.subjects import Subjects, rules_fingerprint
from standard.trust import Weighed, statement
from standard.trust_evidence import Dossier, ProgrammeMatch, Statement

_NOBODY = Dossier("nobody", because="The offering does not say who awards it.")


class TrustReport(msgspec.Struct, frozen=True):
    """What a check found. `checked_on`: the day it is about; `mix`: status → offerings, by who signs; `changed`:
    statements that began or ended; `organisations_anew`: whose statements had to be made anew to know that."""

    checked_on: str
    offerings: int
    changed: int
    mix: dict[str, int]
    links: LinkReport
    register: RegisterState
    proposals: int = 0
    organisations_anew: int = 0


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
        self._proposals: list[dict[str, Any]] = []

    def run(self) -> TrustReport:
        """Make the statements and write what differs."""
        links = relink_within(self._connection, self._day)
        staging.begin(self._connection)
        made = self._stage()
        changed = self._write() if self._news() else 0
        staging.replace_proposals(self._connection, self._proposals)
        staging.end(self._connection)
        mix = trust_mix(self._connection)
        return TrustReport(
            checked_on=self._day.isoformat(),
            offerings=sum(mix.values()),
            changed=changed,
            mix=mix,
            links=links,
            register=self._state,
            proposals=number_of_proposals(self._connection),
            organisations_anew=made,
        )

    def _stage(self) -> int:
        """Make the statements that may have changed, into the temporary tables; return of how many organisations."""
        decided = decisions_in_force(self._connection).programmes
        grounds = Grounds(self._connection, self._state, self._national, self._day)
        subjects = Subjects(self._connection, grounds, decided)
        book = staging.EvidenceBook(self._connection)
        keys: dict[int, int] = {}
        own: list[dict[str, int]] = []
        due, made = subjects.due(), []
        for subject in DossierReader(self._connection, grounds).subjects(due) if due else ():
            organisation = subject.organisation.key
            weighed = Weighed(subject.dossier, self._day)
            special = dict(self._specials(subject, weighed, decided))
            keys[organisation], *rest = book.keys([weighed.statement(), *special.values()])
            own += [
                {"offering_key": key, "organisation_key": organisation, "evidence_key": evidence}
                for key, evidence in zip(special, rest, strict=True)
            ]
            made.append(msgspec.structs.replace(subject, dossier=_NOBODY))  # what it was made from is not kept
        unsigned = book.keys([statement(_NOBODY, self._day)])[0]
        book.flush()
        staging.spread(self._connection, keys)
        staging.spread_to_unsigned(self._connection, unsigned)
        staging.specialise(self._connection, own)
        subjects.keep(made)
        return len(made)

    def _specials(self, subject: Subject, weighed: Weighed, decided: Decided) -> Iterator[tuple[int, Statement]]:
        """Statements of single offerings that reports, or rows of the national register, name themselves."""
        finder = ProgrammeFinder(subject.dossier.sightings)
        limited = [issuer for issuer in subject.issuers if issuer.offerings]
        if not finder and not limited:
            return
        ids, organisation = finder.programmes.have_identifiers, subject.organisation.key
        for one in offerings_of(self._connection, organisation, with_identifiers=ids):
            found = finder.find(one, decided)
            self._proposals += [_proposal(one.key, organisation, *proposal) for proposal in found.proposals]
            entries = [
                issuer.entry(self._national.authority)
                for issuer in limited
                if {one.offering_id, one.source_id} & set(issuer.offerings)
            ]
            if found.named or entries:
                yield one.key, weighed.statement(found.named, entries)

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
        if changed:
            show_trust(self._connection)
        mix = trust_mix(self._connection)
        told = {"offerings": sum(mix.values()), "changed": changed, "statuses": to_json_text(mix)}
        self._connection.execute(update(trust_check).where(trust_check.c.key == key).values(told))
        return changed


def _proposal(offering_key: int, organisation_key: int, report_id: int, match: ProgrammeMatch) -> dict[str, Any]:
    return {
        "offering_key": offering_key,
        "organisation_key": organisation_key,
        "report_id": report_id,
        "programme_key": match.key,
        "programme": match.name,
        "method": match.method,
        "score": match.score,
        "evidence": to_json_text(match.reasons),
    }


def _day(today: date, state: RegisterState, last: Any | None) -> date:
    """The day the statements are about; see the module."""
    if state.stale_since is None or not state.loaded:
        return today
    known = [date.fromisoformat(text[:10]) for text in (state.last_confirmed, last and last.checked_on) if text]
    return min(today, max(known, default=today))


def number_of_proposals(connection: Connection) -> int:
    """How many times an offering may be what a report names: each is for a maintainer to decide."""
    pairs = select(
        programme_proposal.c.offering_key, programme_proposal.c.report_id, programme_proposal.c.programme_key
    )
    return int(connection.execute(select(func.count()).select_from(pairs.distinct().subquery())).scalar_one())


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
