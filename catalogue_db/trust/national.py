"""The national register of further trusted issuers: a YAML or CSV file that the agency keeps.

For providers that no European agency reviews. A row names the provider, for which offerings it is trusted (all, or the
identifiers of some), the decision, from when to when, and where the evidence can be seen. The columns of the CSV are
those of the YAML; ``identifiers`` is written ``kind=value; kind=value``, ``offerings`` with blanks between.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from catalogue_db.candidate import CatalogueError
from catalogue_db.linking.decisions import WhichOrganisation
from catalogue_db.linking.finding import Catalogued
from catalogue_db.reviewed_yaml import read_yaml
from standard.register import CONDITIONAL, NEGATIVE, POSITIVE
from standard.trust_evidence import NationalEntry

_DECISIONS = {"positive": POSITIVE, "conditional": CONDITIONAL, "negative": NEGATIVE}


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row. `offerings`: identifiers (of the catalogue or the source) it is limited to; none: all of the provider's.
    Days are included at both ends; without `valid_to` it holds until the row changes."""

    id: str
    provider: WhichOrganisation
    decision: Literal["positive", "conditional", "negative"]
    valid_from: date
    valid_to: date | None = None
    evidence: str | None = None
    offerings: list[str] = []

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"{self.id} ends before it begins")

    def entry(self, authority: str | None) -> NationalEntry:
        """The row as evidence."""
        return NationalEntry(
            entry_id=self.id,
            decision=_DECISIONS[self.decision],
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            evidence=self.evidence,
            scope="these offerings" if self.offerings else "all offerings",
            authority=authority,
        )


class NationalRegister(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `authority`: who keeps it."""

    authority: str | None = None
    issuers: list[Issuer] = []

    def of(self, one: Catalogued, organisation_id: str) -> list[Issuer]:
        """The rows about an organisation, by id."""
        mine = [issuer for issuer in self.issuers if issuer.provider.is_of(one, organisation_id)]
        return sorted(mine, key=lambda issuer: issuer.id)


def read_national(file: Path | None) -> NationalRegister:
    """Read the file; none given means there is no such register. Raises `CatalogueError` with place and remedy."""
    if file is None:
        return NationalRegister()
    try:
        text = file.read_text(encoding="utf-8-sig")
        told = {"issuers": _rows(text)} if file.suffix.lower() == ".csv" else read_yaml(text) or {}
        return msgspec.convert(told, NationalRegister, strict=file.suffix.lower() != ".csv")
    except (OSError, UnicodeDecodeError, yaml.YAMLError, csv.Error, msgspec.ValidationError, KeyError) as error:
        raise CatalogueError(
            f"The national register {file.name} cannot be used: {error}. Mend it; until then the last statements stay."
        ) from error


def _rows(text: str) -> list[dict[str, Any]]:
    return [
        _from_csv({name: (cell or "").strip() for name, cell in row.items()})
        for row in csv.DictReader(text.splitlines())
    ]


def _from_csv(row: dict[str, str]) -> dict[str, Any]:
    """A row of the CSV in the shape of the YAML; empty cells are absent."""
    pairs = [pair.partition("=") for pair in row.pop("identifiers", "").split(";") if "=" in pair]
    provider: dict[str, Any] = {"identifiers": {kind.strip(): value.strip() for kind, _eq, value in pairs}}
    provider |= {name: row.pop(name) for name in ("name", "country") if row.get(name)}
    offerings = row.pop("offerings", "").split()
    told = {name: cell for name, cell in row.items() if cell}
    return {**told, "provider": provider, "offerings": offerings}
