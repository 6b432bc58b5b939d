"""Which programmes of reports are which offerings: certain matches become evidence, the others proposals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from catalogue_db.staging import batches
from catalogue_db.tables import offering, offering_document, offering_organisation, offering_text
from standard.names import name_key
from standard.programme_match import Candidate, Described, Programmes, identifier_keys, prepared
from standard.register import ON_PROGRAMMES
from standard.trust_evidence import ProgrammeMatch, Sighting

MOST_PROPOSALS = 3
Verdicts = Mapping[tuple[int, str], tuple[str, str]]
"""Report, and programme's name as compared or nothing → verdict and who said so."""
Decided = Mapping[str, Verdicts]
"""offering_id → what was decided about it."""


class OfferingOf(msgspec.Struct, frozen=True):
    """An offering in which an organisation has a part, as it is compared with programmes."""

    key: int
    offering_id: str
    source_id: str
    role: str
    described: Described


class Found(msgspec.Struct, frozen=True):
    """What was found for an offering: reports that name it, and `proposals` (report, match) for a maintainer."""

    named: list[Sighting]
    proposals: list[tuple[int, ProgrammeMatch]]


class _Identified(msgspec.Struct, frozen=True):
    identifiers: dict[str, str] = {}


class ProgrammeFinder:
    """The programmes in the reports of one provider, small ones only, ready to be found."""

    def __init__(self, sightings: Sequence[Sighting]) -> None:
        self._candidates: list[tuple[Sighting, Candidate]] = [
            (sighting, prepared(programme))
            for sighting in sightings
            if not sighting.report.activity_types or sighting.report.activity_types & ON_PROGRAMMES
            for programme in sighting.report.programmes
            if programme.full_degree is not True
        ]
        self.programmes = Programmes([candidate for _sighting, candidate in self._candidates])

    def __bool__(self) -> bool:
        return bool(self._candidates)

    def find(self, one: OfferingOf, decided: Decided) -> Found:
        """Compare an offering with all of them; what a maintainer decided goes before what was found."""
        named, proposals, verdicts = [], [], decided.get(one.offering_id, {})
        for place, match, certain in self.programmes.matches(one.described):
            sighting = self._candidates[place][0]
            verdict = self._verdict(place, verdicts)
            if verdict is None and certain:
                named.append(_named(sighting, match))
            elif verdict is None:
                proposals.append((sighting.report.report_id, match))
        named += self._confirmed(verdicts)
        return Found(named, proposals[:MOST_PROPOSALS])

    def _confirmed(self, verdicts: Verdicts) -> list[Sighting]:
        found = []
        for place, (sighting, candidate) in enumerate(self._candidates if verdicts else ()):
            verdict = self._verdict(place, verdicts)
            if verdict is not None and verdict[0] == "same":
                programme = candidate.programme
                match = ProgrammeMatch(programme.key, programme.name, "confirmed", 100.0, [verdict[1]])
                found.append(_named(sighting, match))
        return found

    def _verdict(self, place: int, verdicts: Verdicts) -> tuple[str, str] | None:
        if not verdicts:
            return None
        sighting, candidate = self._candidates[place]
        keys = [(sighting.report.report_id, name) for name in (*candidate.names, "")]
        return next((verdicts[key] for key in keys if key in verdicts), None)


def _named(sighting: Sighting, match: ProgrammeMatch) -> Sighting:
    return msgspec.structs.replace(sighting, programme=match)


def offerings_of(connection: Connection, organisation: int, *, with_identifiers: bool) -> Iterator[OfferingOf]:
    """The live offerings in which an organisation has a part, once each for the first role it has in them."""
    link = offering_organisation
    query = select(offering.c.key, offering.c.offering_id, offering.c.source_id, offering.c.ects, offering.c.eqf_level)
    query = query.add_columns(link.c.role).join(link, link.c.offering_key == offering.c.key)
    mine = query.where(link.c.organisation_key == organisation, offering.c.status == "live")
    rows = {row.key: row for row in connection.execute(mine.order_by(offering.c.key, link.c.role.desc()))}
    for keys in batches(sorted(rows)):
        titles = _titles(connection, keys)
        identifiers = _identifiers(connection, keys) if with_identifiers else {}
        for key in keys:
            yield _offering(rows[key], titles.get(key, []), identifiers.get(key, {}))


def _offering(row: Any, titles: list[str], identifiers: Mapping[str, str]) -> OfferingOf:
    names = list(dict.fromkeys(name_key(title) for title in titles))
    described = Described(
        names=[name for name in names if name],
        identifiers=identifier_keys([row.source_id, *identifiers.values()]),
        eqf=row.eqf_level,
        ects=row.ects,
    )
    return OfferingOf(row.key, row.offering_id, row.source_id, row.role, described)


def _titles(connection: Connection, keys: list[int]) -> dict[int, list[str]]:
    query = select(offering_text).where(offering_text.c.offering_key.in_(keys), offering_text.c.kind == "title")
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(query.order_by(offering_text.c.lang)):
        found[row.offering_key].append(row.text)
    return found


def _identifiers(connection: Connection, keys: list[int]) -> dict[int, dict[str, str]]:
    decoder = msgspec.json.Decoder(_Identified)
    query = select(offering_document).where(offering_document.c.offering_key.in_(keys))
    return {row.offering_key: decoder.decode(row.document).identifiers for row in connection.execute(query)}
