"""Which organisations' statements have to be made anew, and which are as they were.

What an organisation's statements are made from is known without making them: its link, the content of the reports that
are looked at, its offerings as they are compared with programmes, its rows in the national register, what maintainers
decided, and the rules. All of that is one fingerprint per organisation. As long as it is the same, the statements can
only change because a day comes on which a report (or a relation, or an entry) begins or ends; that day is kept beside
it. An organisation is passed over while its fingerprint holds and that day has not come.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select

import standard
from catalogue_db.dialects import bulk_insert
from catalogue_db.linking.finding import Catalogued
from catalogue_db.staging import batches
from catalogue_db.tables import offering, offering_organisation, trust_subject
from catalogue_db.trust.dossiers import Subject
from catalogue_db.trust.grounds import Grounds, Role
from catalogue_db.trust.programmes import Decided

_RULES = ("trust.py", "trust_evidence.py", "programme_match.py", "names.py", "register.py", "folding.py")


@cache
def rules_fingerprint() -> str:
    """Changes whenever the rules do."""
    folder = Path(standard.__file__).parent
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _RULES)).hexdigest()[:16]


@cache
def _making() -> str:
    """Changes whenever what makes dossiers out of tables does."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


class Subjects:
    """The fingerprints of all organisations now, beside those that were kept with their statements."""

    def __init__(self, connection: Connection, grounds: Grounds, decided: Decided) -> None:
        self._connection = connection
        self._grounds = grounds
        state = grounds.state
        self._always = [rules_fingerprint(), _making(), state.loaded, state.countries]
        self._providers = self._fingerprints_of_providers()
        self._offerings = self._fingerprints_of_offerings(decided)
        self._now = {one.key: self._fingerprint(name, one) for name, one in grounds.organisations}

    def due(self) -> set[int]:
        """The keys of the organisations whose statements have to be made anew."""
        day, kept = self._grounds.day.isoformat(), trust_subject.c
        query = select(kept.organisation_key, kept.fingerprint, kept.holds_from, kept.turns_on)
        there = {row[0]: row for row in self._connection.execute(query)}
        return {key for key, now in self._now.items() if key not in there or not _holds(there[key], now, day)}

    def keep(self, made: Iterable[Subject]) -> None:
        """Remember from what the statements of these organisations were made, and until when they hold."""
        day = self._grounds.day.isoformat()
        for batch in batches(made):
            rows = [
                {
                    "organisation_key": one.organisation.key,
                    "fingerprint": self._now[one.organisation.key],
                    "holds_from": day,
                    "turns_on": one.turns_on.isoformat() if one.turns_on else None,
                }
                for one in batch
            ]
            keys = [row["organisation_key"] for row in rows]
            self._connection.execute(delete(trust_subject).where(trust_subject.c.organisation_key.in_(keys)))
            bulk_insert(self._connection, trust_subject, rows)

    def _fingerprint(self, organisation_id: str, one: Catalogued) -> str:
        links = self._grounds.links.get(one.key, [])
        titles = [self._grounds.providers[link.provider_id].title for link in links]
        linked = self._grounds.linked_to(one.key)
        reviewed = self._providers[linked.provider_id] if linked else None
        issuers = self._grounds.issuers(organisation_id, one)
        vouched = [self._grounds.national.authority, issuers] if issuers else None
        return _digest([*self._always, one.country, links, titles, reviewed, vouched, self._offerings.get(one.key)])

    def _fingerprints_of_providers(self) -> dict[int, str]:
        """Of each provider that somebody is linked to: its reports, and those of all it has to do with."""
        grounds = self._grounds
        links = (grounds.linked_to(one.key) for _name, one in grounds.organisations)
        numbers = {link.provider_id for link in links if link is not None}
        around = {number: sorted(grounds.neighbours(number)) for number in numbers}
        roles = grounds.roles({other for many in around.values() for other in many})
        told = {number: self._told_of(number, many) for number, many in roles.items()}
        return {
            number: _digest(
                [
                    sorted(map(_encoded, grounds.related(number))),
                    [told.get(other) or self._told_of(other, []) for other in others],
                ]
            )
            for number, others in around.items()
        }

    def _told_of(self, number: int, roles: list[Role]) -> str:
        """What a provider is called, whether it closed, and which reports, of which agencies, are about it."""
        agencies = [self._grounds.agencies.get(one.agency_id or -1) for one in roles]
        return _digest([number, self._grounds.providers.get(number), roles, agencies])

    def _fingerprints_of_offerings(self, decided: Decided) -> dict[int, str]:
        """Of each organisation's live offerings: which, in which role, what they say, what was decided about them."""
        link = offering_organisation
        query = (
            select(
                link.c.organisation_key, offering.c.key, link.c.role, offering.c.content_hash, offering.c.offering_id
            )
            .join(offering, offering.c.key == link.c.offering_key)
            .where(offering.c.status == "live")
            .order_by(link.c.organisation_key, offering.c.key, link.c.role, link.c.position)
        )
        found: dict[int, Any] = defaultdict(hashlib.sha256)
        for organisation, key, role, content, offering_id in self._connection.execute(query):
            found[organisation].update(f"{key} {role} {content}\n".encode())
            if offering_id in decided:
                found[organisation].update(_encoded(sorted(decided[offering_id].items())))
        return {organisation: digest.hexdigest() for organisation, digest in found.items()}


def _holds(kept: Any, now: str, day: str) -> bool:
    return kept.fingerprint == now and kept.holds_from <= day and (kept.turns_on is None or day < kept.turns_on)


def _digest(told: Any) -> str:
    return hashlib.sha256(_encoded(told)).hexdigest()[:32]


def _encoded(told: Any) -> bytes:
    return msgspec.json.encode(told, order="deterministic")
