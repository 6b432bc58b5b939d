"""Who teaches and who signs, once each.

The same organisation comes in many offerings and feeds. It is known again by any of its identifiers; without a
common identifier by its name within its country, unless the two carry different identifiers of one kind (two campuses
of one name stay two). What is known of it only grows: a name in another language, an identifier, a homepage.
Nothing is merged on a resemblance: that is a decision for a person, with evidence.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from catalogue_db.dialects import bulk_insert, bulk_update
from catalogue_db.storable import lookup_key
from catalogue_db.tables import organisation, organisation_identifier
from catalogue_db.texts import preferred, to_json_text
from standard.offering import Organisation, Texts

_NOT_A_WORD = re.compile(r"[\W_]+")
_MANY = 100_000


def name_key(name: str) -> str:
    """A name as it is compared: case folded, punctuation and repeated blanks gone. Accents count."""
    return _NOT_A_WORD.sub(" ", name.casefold()).strip()


class _Known(msgspec.Struct):
    """An organisation of the catalogue, in memory while a load goes on."""

    key: int
    organisation_id: str
    names: Texts
    country: str | None
    homepage: str | None
    identifiers: dict[str, str]

    def row(self) -> dict[str, Any]:
        """Its row."""
        name = preferred(self.names, ())[1] or ""
        return {
            "key": self.key,
            "organisation_id": self.organisation_id,
            "name": name,
            "names": to_json_text(self.names),
            "name_key": lookup_key(name_key(name)),
            "country": self.country,
            "homepage": self.homepage,
        }


class OrganisationBook:
    """All organisations of the catalogue while a load goes on: finds, adds, and writes what is new.

    It is read once per load that has something to write; a national catalogue has thousands of organisations, not
    millions.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, _Known] = {}
        self._by_identifier: dict[tuple[str, str], int] = {}
        self._by_name: dict[tuple[str, str | None], list[int]] = {}
        self._same: dict[bytes, int] = {}
        self._added: dict[int, None] = {}
        self._touched: dict[int, None] = {}
        self._identifiers: list[dict[str, Any]] = []
        self._read()
        self._next = connection.execute(select(func.coalesce(func.max(organisation.c.key), 0))).scalar_one() + 1

    def _read(self) -> None:
        identifiers: dict[int, dict[str, str]] = {}
        for row in self._connection.execute(select(organisation_identifier)):
            identifiers.setdefault(row.organisation_key, {})[row.scheme] = row.identifier
        for row in self._connection.execute(select(organisation).order_by(organisation.c.key)):
            names = msgspec.json.decode(row.names, type=dict[str, str])
            found = identifiers.get(row.key, {})
            self._remember(_Known(row.key, row.organisation_id, names, row.country, row.homepage, found))

    def _remember(self, known: _Known) -> None:
        self._known[known.key] = known
        for pair in known.identifiers.items():
            self._by_identifier.setdefault(pair, known.key)
        for name in known.names.values():
            keys = self._by_name.setdefault((name_key(name), known.country), [])
            if known.key not in keys:
                keys.append(known.key)

    def resolve(self, published: Organisation) -> int:
        """Return the key of an organisation, adding it where it is new and what it newly says where it is known."""
        fingerprint = msgspec.json.encode(published, order="deterministic")
        if fingerprint not in self._same:
            if len(self._same) >= _MANY:
                self._same.clear()
            found = self._find(published)
            self._same[fingerprint] = self._add(published) if found is None else self._extend(found, published)
        return self._same[fingerprint]

    def name(self, key: int) -> str:
        """The name of an organisation as lists show it."""
        return preferred(self._known[key].names, ())[1] or ""

    def organisation_id(self, key: int) -> str:
        """The public identifier of an organisation."""
        return self._known[key].organisation_id

    def _find(self, published: Organisation) -> _Known | None:
        for pair in sorted(_identifiers(published).items()):
            if pair in self._by_identifier:
                return self._known[self._by_identifier[pair]]
        for name in published.name.values():
            for key in self._by_name.get((name_key(name), published.country), []):
                known = self._known[key]
                if name_key(name) and not _contradict(known.identifiers, _identifiers(published)):
                    return known
        return None

    def _add(self, published: Organisation) -> int:
        known = _Known(
            key=self._next,
            organisation_id=_organisation_id(published, self._next),
            names=dict(published.name),
            country=published.country,
            homepage=published.homepage,
            identifiers=_identifiers(published),
        )
        self._next += 1
        self._added[known.key] = None
        self._identifiers += _identifier_rows(known.key, known.identifiers)
        self._remember(known)
        return known.key

    def _extend(self, known: _Known, published: Organisation) -> int:
        names = {**published.name, **known.names}
        new = {kind: value for kind, value in _identifiers(published).items() if kind not in known.identifiers}
        country, homepage = known.country or published.country, known.homepage or published.homepage
        if (names, country, homepage) != (known.names, known.country, known.homepage):
            known.names, known.country, known.homepage = names, country, homepage
            self._touched[known.key] = None
        known.identifiers.update(new)
        self._identifiers += _identifier_rows(known.key, new)
        self._remember(known)
        return known.key

    def flush(self) -> None:
        """Write what is new since the last flush."""
        bulk_insert(self._connection, organisation, [self._known[key].row() for key in self._added])
        changed = [self._known[key].row() for key in self._touched if key not in self._added]
        bulk_update(self._connection, organisation, "key", changed)
        bulk_insert(self._connection, organisation_identifier, self._identifiers)
        self._added, self._touched, self._identifiers = {}, {}, []


def _identifiers(published: Organisation) -> dict[str, str]:
    """The identifiers as they are looked up."""
    return {lookup_key(kind): lookup_key(value) for kind, value in published.identifiers.items()}


def _contradict(first: dict[str, str], second: dict[str, str]) -> bool:
    return any(first[kind] != second[kind] for kind in first.keys() & second.keys())


def _identifier_rows(key: int, identifiers: dict[str, str]) -> list[dict[str, Any]]:
    return [{"organisation_key": key, "scheme": scheme, "identifier": value} for scheme, value in identifiers.items()]


def _organisation_id(published: Organisation, key: int) -> str:
    """A public identifier that never changes once given: of what first made the organisation known, and its key.

    The key keeps two of one name apart.
    """
    made_of = to_json_text([published.identifiers, published.name, published.country])
    digest = base64.b32encode(hashlib.sha256(f"{key}\n{made_of}".encode()).digest()[:8]).decode().lower()
    return f"org-{digest[:12]}"
