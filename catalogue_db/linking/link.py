"""Links all organisations of the catalogue anew and writes what differs. Set-based: both sides are read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, delete, select

from catalogue_db.dialects import bulk_insert, write_transaction
from catalogue_db.linking.decisions import Kept, decisions_in_force
from catalogue_db.linking.domains import registered_domain
from catalogue_db.linking.finding import Catalogued, Link, Listed, RegisterIndex, find
from catalogue_db.tables import (
    organisation,
    organisation_identifier,
    provider_link,
    register_identifier,
    register_location,
    register_name,
    register_provider,
)
from catalogue_db.texts import to_json_text
from standard.names import name_key
from standard.observation import Observation
from standard.register import provider_id_of


class LinkReport(msgspec.Struct, frozen=True):
    """How many organisations there are, are linked, have proposals; how many link rows changed; what is odd.

    `methods`: how many are linked by each. `observations`: identifiers of two providers, decisions that lead nowhere.
    """

    organisations: int
    linked: int
    proposed: int
    changed: int
    methods: dict[str, int] = {}
    observations: list[Observation] = []


def relink(engine: Engine, *, today: date | None = None) -> LinkReport:
    """Link every organisation of the catalogue to the register, write what differs, and say what came of it."""
    day = today or datetime.now(UTC).date()
    with engine.connect() as connection, write_transaction(connection):
        return relink_within(connection, day)


def relink_within(connection: Connection, day: date) -> LinkReport:
    """The same inside a transaction that is there already."""
    index = RegisterIndex(_listed(connection, day))
    kept = decisions_in_force(connection)
    found: dict[int, list[Link]] = {}
    for organisation_id, one in catalogued(connection):
        found[one.key] = _with_decisions(one, organisation_id, find(one, index), kept, index)
    changed = _write(connection, found, day)
    return _report(found, changed, index, kept)


def _report(found: Mapping[int, list[Link]], changed: int, index: RegisterIndex, kept: Kept) -> LinkReport:
    linked = [link for links in found.values() for link in links if link.state == "linked"]
    proposed = sum(
        any(link.state == "proposed" for link in links) and not any(link.state == "linked" for link in links)
        for links in found.values()
    )
    methods = Counter(link.method for link in linked)
    return LinkReport(len(found), len(linked), proposed, changed, dict(sorted(methods.items())), _odd(index, kept))


def _odd(index: RegisterIndex, kept: Kept) -> list[Observation]:
    odd = [
        Observation(
            "MC00-REGISTER-IDENTIFIER-SHARED",
            None,
            f"{kind} {value}",
            {"providers": ", ".join(index.providers[number].title for number in numbers)},
        )
        for (kind, value), numbers in index.shared().items()
    ]
    unknown = {each[1] for each in kept.providers if provider_id_of(each[1]) not in index.providers}
    return odd + [Observation("MC00-LINK-PROVIDER-UNKNOWN", None, deqar, {}) for deqar in sorted(unknown)]


def _with_decisions(
    one: Catalogued, organisation_id: str, links: list[Link], kept: Kept, index: RegisterIndex
) -> list[Link]:
    """Apply what maintainers decided: a confirmation links and ends all doubt, a refusal rules one provider out."""
    mine = [each for each in kept.providers if each[0].is_of(one, organisation_id)]
    same = [(provider_id_of(deqar), told) for _which, deqar, verdict, told in mine if verdict == "same"]
    different = {provider_id_of(deqar): told for _which, deqar, verdict, told in mine if verdict == "different"}
    refused = [Link(n, "refused", "confirmed", 0.0, [told]) for n, told in different.items() if n in index.providers]
    confirmed = [Link(n, "linked", "confirmed", 100.0, [told]) for n, told in same if n in index.providers]
    if confirmed:
        return [confirmed[-1], *(link for link in refused if link.provider_id != confirmed[-1].provider_id)]
    return [link for link in links if link.provider_id not in different] + refused


def _write(connection: Connection, found: Mapping[int, list[Link]], day: date) -> int:
    """Write the links that differ; what is as it was keeps the day on which it was first found."""
    wanted = {(key, link.provider_id): _row(key, link, day) for key, links in found.items() for link in links}
    there = {(row.organisation_key, row.provider_id): row for row in connection.execute(select(provider_link))}
    gone = [pair for pair in there if pair not in wanted]
    differing = [pair for pair, row in wanted.items() if pair not in there or _differs(there[pair], row)]
    for key, number in [*gone, *(pair for pair in differing if pair in there)]:
        this = (provider_link.c.organisation_key == key) & (provider_link.c.provider_id == number)
        connection.execute(delete(provider_link).where(this))
    bulk_insert(connection, provider_link, [wanted[pair] for pair in differing])
    return len(gone) + len(differing)


def _row(key: int, link: Link, day: date) -> dict[str, Any]:
    return {
        "organisation_key": key,
        "provider_id": link.provider_id,
        "state": link.state,
        "method": link.method,
        "score": link.score,
        "evidence": to_json_text(link.evidence),
        "found_on": day.isoformat(),
    }


def _differs(there: Row[Any], row: Mapping[str, Any]) -> bool:
    return any(there._mapping[name] != row[name] for name in ("state", "method", "score", "evidence"))


def catalogued(connection: Connection) -> list[tuple[str, Catalogued]]:
    """Return every organisation of the catalogue by its identifier, with what it can be found by."""
    identifiers: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(organisation_identifier).order_by(organisation_identifier.c.identifier)):
        identifiers[row.organisation_key].setdefault(row.scheme, row.identifier)
    found = []
    for row in connection.execute(select(organisation).order_by(organisation.c.key)):
        mine = identifiers.get(row.key, {})
        sites = (registered_domain(address) for address in (row.homepage, mine.get("schac"), mine.get("url")))
        names = [name_key(name) for name in msgspec.json.decode(row.names, type=dict[str, str]).values()]
        domains = frozenset(site for site in sites if site)
        found.append((row.organisation_id, Catalogued(row.key, sorted(set(names)), row.country, domains, mine)))
    return found


def _listed(connection: Connection, day: date) -> list[Listed]:
    """The register's providers as they can be found. An identifier that has ended no longer identifies."""
    today = day.isoformat()
    names: dict[int, set[str]] = defaultdict(set)
    former: dict[int, set[str]] = defaultdict(set)
    for row in connection.execute(select(register_name).where(register_name.c.kind != "acronym")):
        ended = row.valid_to is not None and row.valid_to < today
        (former if ended else names)[row.provider_id].add(row.name_key)
    countries = defaultdict(set)
    for row in connection.execute(select(register_location).where(register_location.c.country.is_not(None))):
        countries[row.provider_id].add(row.country)
    identifiers = defaultdict(set)
    is_global = register_identifier.c.agency_id.is_(None) & register_identifier.c.normalised.is_not(None)
    for row in connection.execute(select(register_identifier).where(is_global)):
        if row.valid_to is None or row.valid_to >= today:
            identifiers[row.provider_id].add((row.kind, row.normalised))
    providers = connection.execute(select(register_provider).where(register_provider.c.left_at.is_(None)))
    return [
        Listed(
            row.provider_id,
            f"{row.deqar_id} {row.name or ''}".strip(),
            frozenset(names[row.provider_id] - {""}),
            frozenset(former[row.provider_id] - {""}),
            frozenset(countries[row.provider_id]),
            row.domain,
            frozenset(identifiers[row.provider_id]),
            closed=row.closure_date is not None and row.closure_date <= today,
        )
        for row in providers
    ]
