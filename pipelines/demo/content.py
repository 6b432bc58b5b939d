"""What the fictional institutions offer, by edition.

The YAML files are neutral: a title, a text and outcomes by language, credits, level, dates. What a source makes
of them, including its faults, is the business of the renderings. `raw` in an entry overrides what the rendering
of its format would have written, field by field; `flaw` says in words what is wrong with the entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("en", "fr", "de")


@dataclass(frozen=True, slots=True)
class DemoOffering:
    """One entry: `texts` maps a language to ``{"title", "text", "outcomes"}``; `facts` holds the rest."""

    id: str
    texts: dict[str, dict[str, Any]]
    facts: dict[str, Any]

    @property
    def raw(self) -> dict[str, Any]:
        """What the source writes instead of what its format's rendering would write."""
        return dict(self.facts.get("raw", {}))

    def by_language(self, key: str) -> dict[str, Any]:
        """Return ``{language: value}`` of `key` (title, text or outcomes), in the order of the entry."""
        return {language: texts[key] for language, texts in self.texts.items()}


@dataclass(frozen=True, slots=True)
class DemoInstitution:
    """One fictional institution and what it offers in one edition."""

    key: str
    name: dict[str, str]
    domain: str
    city: str
    contact: str
    offerings: list[DemoOffering]

    def address(self, offering: DemoOffering) -> str:
        """Return the public page of an offering."""
        return str(offering.facts.get("homepage") or f"https://www.{self.domain}/courses/{offering.id.lower()}")


def institution(key: str, edition: int = 1) -> DemoInstitution:
    """Return the institution `key` as it publishes in `edition` (1, 2, ...; a later one builds on the earlier)."""
    raw = _file(key)
    entries = list(raw["offerings"])
    for number in range(2, edition + 1):
        entries = _next_edition(entries, raw.get("editions", {}).get(number, {}))
    offerings = [_offering(entry) for entry in entries]
    return DemoInstitution(raw["key"], raw["name"], raw["domain"], raw["city"], raw["contact"], offerings)


def institutions() -> list[str]:
    """Return the keys of all demo institutions, sorted."""
    found = files(__package__).joinpath("content").iterdir()
    return sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml"))


@cache
def _file(key: str) -> dict[str, Any]:
    text = files(__package__).joinpath("content", f"{key}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _next_edition(entries: list[dict[str, Any]], edition: dict[str, Any]) -> list[dict[str, Any]]:
    changed = edition.get("changed", {})
    kept = [entry for entry in entries if entry["id"] not in edition.get("gone", [])]
    return [{**entry, **changed.get(entry["id"], {})} for entry in kept] + list(edition.get("new", []))


def _offering(entry: dict[str, Any]) -> DemoOffering:
    texts = {language: entry[language] for language in LANGUAGES if language in entry}
    facts = {key: value for key, value in entry.items() if key not in LANGUAGES and key != "id"}
    return DemoOffering(entry["id"], texts, facts)
