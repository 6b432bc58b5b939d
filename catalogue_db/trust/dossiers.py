"""Reads the register into dossiers: for each organisation what is known of it, ready for the rules.

Reports are read for the providers that organisations are linked to and for those they inherit from, in batches, so
that memory does not grow with the register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, or_, select

from catalogue_db.linking.finding import Catalogued
from catalogue_db.linking.link import catalogued
from catalogue_db.packing import decompress
from catalogue_db.register.state import RegisterState
from catalogue_db.staging import batches
from catalogue_db.tables import (
    provider_link,
    register_provider,
    register_relationship,
    register_report,
    register_report_provider,
    register_version,
)
from catalogue_db.trust.national import Issuer, NationalRegister
from standard.register import Agency, HierarchicalRelationship, HistoricalRelationship, Report
from standard.trust import inherited_from
from standard.trust_evidence import Dossier, Relation, Sighting, Standing

PROVIDERS_AT_ONCE = 300
T = TypeVar("T")


class Subject(msgspec.Struct, frozen=True):
    """An organisation with its dossier; `issuers`: its rows in the national register."""

    organisation: Catalogued
    dossier: Dossier
    issuers: list[Issuer] = []


class _Provider(msgspec.Struct, frozen=True):
    title: str
    closed: date | None


class DossierReader:
    """Reads dossiers as of a day."""

    def __init__(self, connection: Connection, state: RegisterState, national: NationalRegister, day: date) -> None:
        self._connection = connection
        self._state = state
        self._national = national
        self._day = day
        self._links: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(select(provider_link).order_by(provider_link.c.score.desc())):
            self._links[row.organisation_key].append(row)
        self._providers = {row.provider_id: _provider(row) for row in connection.execute(select(register_provider))}
        self._agencies = {agency.agency_id: agency for agency in _documents(connection, "agency", None, Agency)}

    def subjects(self) -> Iterator[Subject]:
        """Every organisation of the catalogue, once."""
        linked: dict[int, list[tuple[str, Catalogued]]] = defaultdict(list)
        for organisation_id, one in catalogued(self._connection):
            number = next((row.provider_id for row in self._links[one.key] if row.state == "linked"), None)
            if number is None:
                yield self._unlinked(organisation_id, one)
            else:
                linked[number].append((organisation_id, one))
        for batch in batches(sorted(linked), PROVIDERS_AT_ONCE):
            sightings = self._sightings(batch)
            for number in batch:
                for organisation_id, one in linked[number]:
                    yield self._linked(organisation_id, one, number, sightings.get(number, []))

    def _linked(self, organisation_id: str, one: Catalogued, number: int, sightings: list[Sighting]) -> Subject:
        row = next(row for row in self._links[one.key] if row.state == "linked")
        link = [row.method, *msgspec.json.decode(row.evidence, type=list[str])]
        return self._subject(
            organisation_id, one, Dossier("linked", self._providers[number].title, link, None, sightings)
        )

    def _unlinked(self, organisation_id: str, one: Catalogued) -> Subject:
        standing, because = self._standing(one)
        return self._subject(organisation_id, one, Dossier(standing, because=because))

    def _standing(self, one: Catalogued) -> tuple[Standing, str]:
        proposed = [row for row in self._links[one.key] if row.state == "proposed"]
        if not self._state.loaded:
            return "no_register", "DEQAR has not been read yet."
        if proposed:
            titles = ", ".join(sorted(self._providers[row.provider_id].title for row in proposed))
            return "proposed", f"A maintainer must say whether it is one of these in DEQAR: {titles}."
        if one.country is None:
            return "elsewhere", "Its country is not known, so it cannot be looked for by name."
        if self._state.countries and one.country not in self._state.countries:
            return "elsewhere", f"DEQAR's entries for {one.country} are not among those that are pulled."
        return "unlisted", f"No provider of {one.country} in DEQAR has its identifiers, its web domain or its name."

    def _subject(self, organisation_id: str, one: Catalogued, dossier: Dossier) -> Subject:
        issuers = self._national.of(one, organisation_id)
        everywhere = [issuer.entry(self._national.authority) for issuer in issuers if not issuer.offerings]
        return Subject(one, msgspec.structs.replace(dossier, national=everywhere), issuers)

    def _sightings(self, numbers: list[int]) -> dict[int, list[Sighting]]:
        """The reports that are looked at for each of some providers: its own and those it inherits."""
        relations = self._relations(numbers)
        about = {*numbers, *(one.provider_id for many in relations.values() for one in many)}
        roles = self._roles(sorted(about))
        reports = {each.report_id: each for each in self._reports(roles)}
        found: dict[int, list[Sighting]] = {}
        for number in numbers:
            sightings = self._seen(number, None, roles, reports)
            for relation in relations[number]:
                sightings += self._seen(relation.provider_id, relation, roles, reports)
            found[number] = sightings
        return found

    def _seen(
        self,
        number: int,
        relation: Relation | None,
        roles: Mapping[int, list[tuple[int, str]]],
        reports: Mapping[int, Report],
    ) -> list[Sighting]:
        """A provider's own reports, perhaps as another inherits them (a predecessor's only where it was reviewed)."""
        known = self._providers.get(number)
        return [
            Sighting(
                report=reports[report_id],
                agency=self._agencies.get(reports[report_id].agency_id or -1),
                relation=relation,
                hosted=role == "platform",
                closed=known.closed if known else None,
            )
            for report_id, role in roles.get(number, [])
            if not (role == "platform" and relation is not None and relation.kind == "predecessor")
        ]

    def _relations(self, numbers: list[int]) -> dict[int, list[Relation]]:
        table = register_relationship
        involved = or_(table.c.first_id.in_(numbers), table.c.second_id.in_(numbers))
        hierarchical: dict[int, list[HierarchicalRelationship]] = defaultdict(list)
        historical: dict[int, list[HistoricalRelationship]] = defaultdict(list)
        for row in self._connection.execute(select(table).where(involved, self._told_by_one_still_there())):
            for number in (row.first_id, row.second_id):
                if row.kind == "hierarchical":
                    hierarchical[number].append(_hierarchical(row))
                else:
                    historical[number].append(_historical(row))
        return {
            number: [
                self._named(one) for one in inherited_from(number, hierarchical[number], historical[number], self._day)
            ]
            for number in numbers
        }

    def _told_by_one_still_there(self) -> Any:
        there = select(register_provider.c.provider_id).where(register_provider.c.left_at.is_(None))
        return register_relationship.c.provider_id.in_(there)

    def _named(self, relation: Relation) -> Relation:
        other = self._providers.get(relation.provider_id)
        return msgspec.structs.replace(relation, name=other.title) if other else relation

    def _roles(self, numbers: list[int]) -> dict[int, list[tuple[int, str]]]:
        link = register_report_provider
        query = select(link).join(register_report, register_report.c.report_id == link.c.report_id)
        query = query.where(link.c.provider_id.in_(numbers), register_report.c.left_at.is_(None))
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in self._connection.execute(query.order_by(link.c.report_id, link.c.role)):
            found[row.provider_id].append((row.report_id, row.role))
        return found

    def _reports(self, roles: Mapping[int, list[tuple[int, str]]]) -> Iterator[Report]:
        wanted = sorted({report_id for many in roles.values() for report_id, _role in many})
        for batch in batches(wanted):
            yield from _documents(self._connection, "report", batch, Report)


def _documents(connection: Connection, kind: str, ids: Iterable[int] | None, shape: type[T]) -> Iterator[T]:
    table = register_version
    query = select(table.c.document).where(table.c.kind == kind, table.c.valid_to.is_(None))
    decoder = msgspec.json.Decoder(shape)
    for packed in connection.execute(query if ids is None else query.where(table.c.entity_id.in_(ids))).scalars():
        yield decoder.decode(decompress(packed))


def _provider(row: Any) -> _Provider:
    return _Provider(f"{row.deqar_id} {row.name or ''}".strip(), _day(row.closure_date))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _hierarchical(row: Any) -> HierarchicalRelationship:
    return HierarchicalRelationship(
        row.first_id, row.second_id, row.type, valid_from=_day(row.valid_from), valid_to=_day(row.valid_to)
    )


def _historical(row: Any) -> HistoricalRelationship:
    return HistoricalRelationship(row.first_id, row.type or "", row.second_id, _day(row.valid_from))
