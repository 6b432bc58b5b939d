"""Reads the register into dossiers: for each organisation what is known of it, ready for the rules.

Reports are read for the providers that organisations are linked to and for those they inherit from, in groups, so that
memory does not grow with the register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select

from catalogue_db.linking.finding import Catalogued
from catalogue_db.packing import decompress
from catalogue_db.staging import batches
from catalogue_db.tables import register_version
from catalogue_db.trust.grounds import Grounds, LinkRow, Role, in_groups
from catalogue_db.trust.national import Issuer
from standard.register import Agency, Report
from standard.trust import next_turn
from standard.trust_evidence import Dossier, Relation, Sighting, Standing

T = TypeVar("T")


class Subject(msgspec.Struct, frozen=True):
    """An organisation with its dossier. `issuers`: its rows in the national register. `turns_on`: the next day on which
    its statements may be others although nothing else has changed."""

    organisation: Catalogued
    dossier: Dossier
    issuers: list[Issuer]
    turns_on: date | None


class DossierReader:
    """Reads dossiers as of the day of the grounds."""

    def __init__(self, connection: Connection, grounds: Grounds) -> None:
        self._connection = connection
        self._grounds = grounds
        self._agencies = {agency.agency_id: agency for agency in _documents(connection, "agency", None, Agency)}

    def subjects(self, wanted: Container[int]) -> Iterator[Subject]:
        """Each organisation of the catalogue that is wanted (by its key), once."""
        linked: dict[int, list[tuple[str, Catalogued, LinkRow]]] = defaultdict(list)
        for organisation_id, one in self._grounds.organisations:
            if one.key not in wanted:
                continue
            link = self._grounds.linked_to(one.key)
            if link is None:
                yield self._unlinked(organisation_id, one)
            else:
                linked[link.provider_id].append((organisation_id, one, link))
        for group in in_groups(sorted(linked)):
            sightings = self._sightings(group)
            for number in group:
                for organisation_id, one, link in linked[number]:
                    yield self._linked(organisation_id, one, link, sightings[number])

    def _linked(self, organisation_id: str, one: Catalogued, link: LinkRow, sightings: list[Sighting]) -> Subject:
        told = [link.method, *msgspec.json.decode(link.evidence, type=list[str])]
        title = self._grounds.providers[link.provider_id].title
        turns = self._grounds.relation_turns(link.provider_id)
        return self._subject(organisation_id, one, Dossier("linked", title, told, None, sightings), turns)

    def _unlinked(self, organisation_id: str, one: Catalogued) -> Subject:
        standing, because = self._standing(one)
        return self._subject(organisation_id, one, Dossier(standing, because=because), set())

    def _standing(self, one: Catalogued) -> tuple[Standing, str]:
        links, state = self._grounds.links.get(one.key, []), self._grounds.state
        proposed = [link.provider_id for link in links if link.state == "proposed"]
        if not state.loaded:
            return "no_register", "DEQAR has not been read yet."
        if proposed:
            titles = ", ".join(sorted(self._grounds.providers[number].title for number in proposed))
            return "proposed", f"A maintainer must say whether it is one of these in DEQAR: {titles}."
        if one.country is None:
            return "elsewhere", "Its country is not known, so it cannot be looked for by name."
        if state.countries and one.country not in state.countries:
            return "elsewhere", f"DEQAR's entries for {one.country} are not among those that are pulled."
        return "unlisted", f"No provider of {one.country} in DEQAR has its identifiers, its web domain or its name."

    def _subject(self, organisation_id: str, one: Catalogued, dossier: Dossier, turns: set[date]) -> Subject:
        day, issuers = self._grounds.day, self._grounds.issuers(organisation_id, one)
        entries = [issuer.entry(self._grounds.national.authority) for issuer in issuers]
        everywhere = [entry for entry, issuer in zip(entries, issuers, strict=True) if not issuer.offerings]
        whole = msgspec.structs.replace(dossier, national=everywhere)
        by_itself = next_turn(whole, day, entries)
        later = [turn for turn in (by_itself, *turns) if turn is not None and turn > day]
        return Subject(one, whole, issuers, min(later, default=None))

    def _sightings(self, numbers: list[int]) -> dict[int, list[Sighting]]:
        """The reports that are looked at for each of some providers: its own and those it inherits."""
        relations = {number: self._grounds.relations(number) for number in numbers}
        about = {*numbers, *(one.provider_id for many in relations.values() for one in many)}
        roles = self._grounds.roles(about)
        reports = {each.report_id: each for each in self._reports(roles)}
        found: dict[int, list[Sighting]] = {}
        for number in numbers:
            sightings = self._seen(number, None, roles, reports)
            for relation in relations[number]:
                sightings += self._seen(relation.provider_id, relation, roles, reports)
            found[number] = sightings
        return found

    def _seen(
        self, number: int, relation: Relation | None, roles: Mapping[int, list[Role]], reports: Mapping[int, Report]
    ) -> list[Sighting]:
        """A provider's own reports, perhaps as another inherits them (a predecessor's only where it was reviewed)."""
        known = self._grounds.providers.get(number)
        return [
            Sighting(
                report=reports[one.report_id],
                agency=self._agencies.get(reports[one.report_id].agency_id or -1),
                relation=relation,
                hosted=one.role == "platform",
                closed=known.closed if known else None,
            )
            for one in roles.get(number, [])
            if not (one.role == "platform" and relation is not None and relation.kind == "predecessor")
        ]

    def _reports(self, roles: Mapping[int, list[Role]]) -> Iterator[Report]:
        wanted = sorted({one.report_id for many in roles.values() for one in many})
        for batch in batches(wanted):
            yield from _documents(self._connection, "report", batch, Report)


def _documents(connection: Connection, kind: str, ids: Iterable[int] | None, shape: type[T]) -> Iterator[T]:
    table = register_version
    query = select(table.c.document).where(table.c.kind == kind, table.c.valid_to.is_(None))
    decoder = msgspec.json.Decoder(shape)
    for packed in connection.execute(query if ids is None else query.where(table.c.entity_id.in_(ids))).scalars():
        yield decoder.decode(decompress(packed))
