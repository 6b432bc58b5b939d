"""Providers: what their rows in the lists, their own records, and mentions in other providers' records say.

An own record has neither ``deqar_id`` nor the primary name, and leaves out seats that have ended; the list of the Web
API names countries where the Connect API gives codes; dates inside ``includes`` of the Connect API are Unix seconds
where those inside ``part_of`` are ISO. ``includes`` are children, ``part_of`` parents; what became of an institution is
worded as seen from the one asked.
"""

from __future__ import annotations

import re

from connectors.deqar.fields import Row
from connectors.deqar.merging import Gathering, Shape
from standard.register import (
    HIERARCHICAL,
    HISTORICAL,
    LEVELS,
    HierarchicalRelationship,
    HistoricalRelationship,
    NameVersion,
    ProviderIdentifier,
    ProviderLocation,
    ProviderName,
    RegisterProvider,
    deqar_id_of,
    provider_id_of,
)
from standard.values.countries import country_code
from standard.values.harmless import harmless_identifier
from standard.values.identifiers import organisation_identifier
from standard.values.urls import web_address

_LISTED = frozenset(
    {"provider_id", "deqar_id", "name", "names", "eter_id", "identifiers", "locations", "homepage", "other_provider"}
    | {"organisation_type", "founding_date", "closure_date", "hierarchical", "created"}
)
_OWN = frozenset(
    {"provider_id", "names", "eter_id", "identifiers", "homepage", "other_provider", "alliance", "levels"}
    | {"organisation_type", "founding_date", "closure_date", "hierarchical", "historical", "source_of_information"}
)
OWN = Shape("own record", 4, _OWN, frozenset({"deqar_id", "name", "locations"}))
CONNECT = Shape("Connect API list", 3, _LISTED)
WEB = Shape("Web API list", 2, _LISTED | {"has_report", "levels"})
MENTION = Shape("mention", 0, frozenset({"provider_id"}), frozenset({"deqar_id", "name", "eter_id", "homepage"}))

_RESOURCES = {"DID-EBSI": "did", "Erasmus": "erasmus", "EU-PIC": "pic", "EU-VAT": "vat", "SCHAC": "schac", "ROR": "ror"}
_SPOKEN = {seen: key for key, seen in HISTORICAL.items()}

Providers = Gathering[RegisterProvider]


def read_listed(row: Row, providers: Providers, *, web: bool) -> None:
    """Read a provider's row of the Connect API's list, or with `web` of the Web API's."""
    found = row.number("id")
    if found is None:
        row.notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, kind="provider")
        return
    groups = row.inner("hierarchical_relationships") or row
    provider = RegisterProvider(
        provider_id=found,
        deqar_id=row.text("deqar_id") or deqar_id_of(found),
        name=row.text("name_primary"),
        names=_names(row),
        eter_id=row.text("eter_id"),
        identifiers=_identifiers(row),
        locations=_locations(row, "place" if web else "locations"),
        homepage=homepage(row),
        other_provider=row.flag("is_other_provider"),
        organisation_type=_type(row),
        founding_date=row.day("founding_date"),
        closure_date=row.day("closure_date"),
        levels=_words(row, "qf_ehea_level") if web else [],
        hierarchical=_hierarchical(groups, found, providers),
        has_report=row.flag("has_report") if web else None,
        created=row.day("date_created"),
    )
    providers.add(found, WEB if web else CONNECT, provider)


def read_own(row: Row, providers: Providers) -> None:
    """Read a provider's own record (the same from both APIs)."""
    found = row.number("id")
    if found is None:
        row.notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, kind="provider")
        return
    names = _names(row)
    provider = RegisterProvider(
        provider_id=found,
        deqar_id=deqar_id_of(found),
        name=_current(names),
        names=names,
        eter_id=row.text("eter_id"),
        identifiers=_identifiers(row),
        locations=_locations(row, "countries"),
        homepage=homepage(row),
        other_provider=row.flag("is_other_provider"),
        organisation_type=_type(row),
        alliance=row.flag("is_orgreg_alliance"),
        founding_date=row.day("founding_date"),
        closure_date=row.day("closure_date"),
        levels=[level for one in row.rows("qf_ehea_levels") if (level := one.word("qf_ehea_level", LEVELS, "level"))],
        hierarchical=_hierarchical(row.inner("hierarchical_relationships") or row, found, providers),
        historical=_historical(row, found, providers),
        source_of_information=row.text("source_of_information"),
    )
    providers.add(found, OWN, provider)


def read_mention(row: Row, providers: Providers) -> int | None:
    """Read a provider that another record names, and return its id; None where it has none."""
    deqar_id = row.text("deqar_id")
    found = row.number("id")
    if found is None and deqar_id is not None:
        found = provider_id_of(deqar_id)
    if found is None:
        row.notes.say("MC00-DEQAR-RECORD-UNREADABLE", row.path, deqar_id, kind="provider")
        return None
    mention = RegisterProvider(
        provider_id=found,
        deqar_id=deqar_id or deqar_id_of(found),
        name=row.text("name_primary"),
        eter_id=row.text("eter_id"),
        homepage=homepage(row),
    )
    providers.add(found, MENTION, mention)
    return found


def read_number(found: int, providers: Providers, name: str | None = None, deqar_id: str | None = None) -> None:
    """Remember a provider of which a report gives hardly more than the number."""
    providers.add(found, MENTION, RegisterProvider(found, deqar_id or deqar_id_of(found), name))


def homepage(row: Row, name: str = "website_link") -> str | None:
    """Return a provider's site as a web address; ``www.example.org`` becomes one, ``N/A`` is none."""
    text = row.text(name)
    return web_address(text if "://" in text else f"http://{text}").value if text else None


def identifier(row: Row, resource: str, value: str, **rest: object) -> ProviderIdentifier:
    """Return an identifier with its normalised form; a value that has not the form of its kind is noted."""
    agency_id = rest.get("agency_id")
    understood = organisation_identifier(_RESOURCES.get(resource, resource), value)
    if understood.problem == "unreadable":
        row.notes.unreadable_identifier(row.path, resource, value)
    kind, normalised = understood.value or (None, None)
    return ProviderIdentifier(
        resource=resource,
        value=harmless_identifier(value),
        kind=kind,
        normalised=normalised,
        agency_id=agency_id if isinstance(agency_id, int) else None,
        valid_from=row.day("identifier_valid_from"),
        valid_to=row.day("identifier_valid_to"),
    )


def country_of(name: str | None) -> str | None:
    """Return the alpha-2 code for a country as DEQAR names or codes it; parts count as their country."""
    if not name:
        return None
    whole = re.sub(r"\s*\(.*\)$", "", name)
    code = whole.partition("-")[0] if re.fullmatch(r"[A-Z]{2}-[A-Za-z]{2,3}", whole) else whole
    return country_code(code).value


def spoken_history(asked: int, word: str, other: int) -> tuple[int, str, int]:
    """Return source, type and target of what became of two providers, worded as seen from the one asked."""
    if word in _SPOKEN:
        return other, _SPOKEN[word], asked
    return asked, word, other


def _names(row: Row) -> list[ProviderName]:
    return [
        ProviderName(
            official=one.text("name_official"),
            transliterated=one.text("name_official_transliterated"),
            english=one.text("name_english"),
            acronym=one.text("acronym"),
            versions=[
                NameVersion(name, version.text("transliteration"))
                for version in one.rows("name_versions")
                if (name := version.text("name"))
            ],
            valid_to=one.day("name_valid_to"),
        )
        for one in row.rows("names")
    ]


def _current(names: list[ProviderName]) -> str | None:
    """Return the name in use, the English one first as DEQAR does for its primary name."""
    for one in sorted(names, key=lambda name: name.valid_to is not None):
        if one.english or one.official:
            return one.english or one.official
    return None


def _identifiers(row: Row) -> list[ProviderIdentifier]:
    found = []
    for one in row.rows("identifiers"):
        resource, value = one.text("resource"), one.text("identifier")
        if value is None:
            continue
        agency = one.inner("agency")
        found.append(identifier(one, resource or "other", value, agency_id=agency.number("id") if agency else None))
    return found


def _locations(row: Row, name: str) -> list[ProviderLocation]:
    return [_location(one) for one in row.rows(name)]


def _location(row: Row) -> ProviderLocation:
    country = row.inner("country")
    name = country.text("name_english") if country else row.text("country")
    code = country.text("iso_3166_alpha2") if country else None
    found = country_of(code) or country_of(name)
    if found is None and (name or code):
        row.notes.unknown_word(f"{row.path}/country", str(name or code), "country")
    return ProviderLocation(
        country=found,
        country_name=name or code,
        city=row.text("city"),
        latitude=row.decimal("lat"),
        longitude=row.decimal("long"),
        verified=row.flag("country_verified"),
        valid_from=row.day("country_valid_from"),
        valid_to=row.day("country_valid_to"),
    )


def _type(row: Row) -> str | None:
    kind = row.inner("organization_type")
    return kind.text("type") if kind else None


def _words(row: Row, name: str) -> list[str]:
    for word in row.texts(name):
        if word not in LEVELS:
            row.notes.unknown_word(f"{row.path}/{name}", word, "level")
    return row.texts(name)


def _hierarchical(groups: Row, asked: int, providers: Providers) -> list[HierarchicalRelationship]:
    found = []
    for name in ("includes", "part_of"):
        for one in groups.rows(name):
            other = read_mention(one.inner("institution") or one, providers)
            if other is None:
                continue
            parent, child = (asked, other) if name == "includes" else (other, asked)
            kind = one.word("relationship_type", HIERARCHICAL, "relationship")
            found.append(HierarchicalRelationship(parent, child, kind, one.day("valid_from"), one.day("valid_to")))
    return found


def _historical(row: Row, asked: int, providers: Providers) -> list[HistoricalRelationship]:
    found = []
    for one in row.rows("historical_relationships"):
        other = read_mention(one.inner("institution") or one, providers)
        word = one.word("relationship_type", {*HISTORICAL, *_SPOKEN}, "history")
        if other is not None and word is not None:
            source, kind, target = spoken_history(asked, word, other)
            found.append(HistoricalRelationship(source, kind, target, one.day("relationship_date")))
    return found
