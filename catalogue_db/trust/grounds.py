"""What statements are made from, without the reports themselves: links, providers, relations, who is reviewed in what.

Read once per check, in whole tables, because it is small; the reports are read only for organisations whose statements
have to be made anew (`catalogue_db.trust.subjects` says which).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from catalogue_db.linking.finding import Catalogued
from catalogue_db.linking.link import catalogued
from catalogue_db.register.state import RegisterState
from catalogue_db.staging import batches
from catalogue_db.tables import (
    provider_link,
    register_agency,
    register_provider,
    register_relationship,
    register_report,
    register_report_provider,
)
from catalogue_db.trust.national import Issuer, NationalRegister
from standard.register import HierarchicalRelationship, HistoricalRelationship
from standard.trust import inherited_from, relation_turns
from standard.trust_evidence import Relation

PROVIDERS_AT_ONCE = 300


class LinkRow(msgspec.Struct, frozen=True):
    """One link of an organisation, as it is kept. `evidence`: JSON list of sentences."""

    provider_id: int
    state: str
    method: str
    evidence: str


class Known(msgspec.Struct, frozen=True):
    """A provider of the register: what a statement calls it, and when it closed."""

    title: str
    closed: date | None


class Role(msgspec.Struct, frozen=True, array_like=True):
    """That a report is about a provider, or that it only hosts (`role`). `content`: hash of the report."""

    report_id: int
    role: str
    agency_id: int | None
    content: str


class Grounds:
    """Everything but the reports' documents, as of a day."""

    def __init__(self, connection: Connection, state: RegisterState, national: NationalRegister, day: date) -> None:
        self._connection = connection
        self.state = state
        self.national = national
        self.day = day
        self.organisations: list[tuple[str, Catalogued]] = catalogued(connection)
        self.links: dict[int, list[LinkRow]] = _links(connection)
        self.providers: dict[int, Known] = {
            row.provider_id: _known(row) for row in connection.execute(select(register_provider))
        }
        self._hierarchical: dict[int, list[HierarchicalRelationship]] = defaultdict(list)
        self._historical: dict[int, list[HistoricalRelationship]] = defaultdict(list)
        self._read_relations()

    @cached_property
    def agencies(self) -> dict[int, str]:
        """The hash of what each agency's entry says."""
        query = select(register_agency.c.agency_id, register_agency.c.content_hash)
        return {row[0]: row[1] for row in self._connection.execute(query.where(register_agency.c.left_at.is_(None)))}

    def linked_to(self, organisation_key: int) -> LinkRow | None:
        """The link of an organisation to its provider, None where it has none."""
        return next((link for link in self.links.get(organisation_key, []) if link.state == "linked"), None)

    def issuers(self, organisation_id: str, one: Catalogued) -> list[Issuer]:
        """The organisation's rows in the national register."""
        return self.national.of(one, organisation_id)

    def relations(self, number: int) -> list[Relation]:
        """The relations through which a provider inherits on the day, with the names of the others."""
        found = inherited_from(number, self._hierarchical[number], self._historical[number], self.day)
        return [self._named(one) for one in found]

    def relation_turns(self, number: int) -> set[date]:
        """The days on which a provider may begin or cease to inherit."""
        return relation_turns(self._hierarchical[number], self._historical[number])

    def related(self, number: int) -> list[HierarchicalRelationship | HistoricalRelationship]:
        """All that is known of a provider's relations, whatever the day."""
        return [*self._hierarchical[number], *self._historical[number]]

    def neighbours(self, number: int) -> set[int]:
        """The providers in any relation to one, and itself."""
        hierarchical = {other for one in self._hierarchical[number] for other in (one.parent_id, one.child_id)}
        historical = {other for one in self._historical[number] for other in (one.source_id, one.target_id)}
        return {number} | hierarchical | historical

    def roles(self, numbers: Iterable[int]) -> dict[int, list[Role]]:
        """Which reports of DEQAR are about each of some providers, by the reports' numbers."""
        link, report = register_report_provider, register_report
        query = (
            select(link.c.provider_id, link.c.report_id, link.c.role, report.c.agency_id, report.c.content_hash)
            .join(report, report.c.report_id == link.c.report_id)
            .where(report.c.left_at.is_(None))
        )
        found: dict[int, list[Role]] = defaultdict(list)
        for batch in batches(sorted(numbers), PROVIDERS_AT_ONCE):
            for row in self._connection.execute(query.where(link.c.provider_id.in_(batch))):
                found[row[0]].append(Role(*row[1:]))
        return {number: sorted(roles, key=_place) for number, roles in found.items()}

    def _read_relations(self) -> None:
        there = select(register_provider.c.provider_id).where(register_provider.c.left_at.is_(None))
        told_by_one_still_there = register_relationship.c.provider_id.in_(there)
        for row in self._connection.execute(select(register_relationship).where(told_by_one_still_there)):
            for number in dict.fromkeys((row.first_id, row.second_id)):
                if row.kind == "hierarchical":
                    self._hierarchical[number].append(_hierarchical(row))
                else:
                    self._historical[number].append(_historical(row))

    def _named(self, relation: Relation) -> Relation:
        other = self.providers.get(relation.provider_id)
        return msgspec.structs.replace(relation, name=other.title) if other else relation


def in_groups(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Cut providers into groups whose reports are held in memory together."""
    return batches(numbers, PROVIDERS_AT_ONCE)


def _links(connection: Connection) -> dict[int, list[LinkRow]]:
    """The best links first; of two as good the one with the lower number."""
    order = (provider_link.c.score.desc(), provider_link.c.provider_id)
    found: dict[int, list[LinkRow]] = defaultdict(list)
    for row in connection.execute(select(provider_link).order_by(*order)):
        found[row.organisation_key].append(LinkRow(row.provider_id, row.state, row.method, row.evidence))
    return found


def _place(role: Role) -> tuple[int, str]:
    return role.report_id, role.role


def _known(row: Any) -> Known:
    return Known(f"{row.deqar_id} {row.name or ''}".strip(), _day(row.closure_date))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _hierarchical(row: Any) -> HierarchicalRelationship:
    return HierarchicalRelationship(
        row.first_id, row.second_id, row.type, valid_from=_day(row.valid_from), valid_to=_day(row.valid_to)
    )


def _historical(row: Any) -> HistoricalRelationship:
    return HistoricalRelationship(row.first_id, row.type or "", row.second_id, _day(row.valid_from))
