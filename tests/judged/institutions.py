"""Fictional institutions in languages that the demo has little of (``corpus/*.yaml``), ready to be loaded.

Each file is one feed. An entry's texts stand by language, as in the demo's content: title, text, outcomes.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import yaml

from catalogue_db.candidate import Candidate, FeedInfo
from standard.offering import Instance, LearningOutcome, Level, Offering, Organisation, Price, Workload, offering_id
from tests.offerings import a_candidate

FOLDER = Path(__file__).with_name("corpus")
LANGUAGES = ("de", "en", "es", "fi", "fr", "nl", "sv")


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one language says."""

    title: str
    text: str
    outcomes: list[str]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One offering of a file; the languages of its texts are those it is taught in."""

    id: str
    field: str
    level: int
    ects: float
    mode: str
    start: str
    price: float
    de: _Texts | None = None
    en: _Texts | None = None
    es: _Texts | None = None
    fi: _Texts | None = None
    fr: _Texts | None = None
    nl: _Texts | None = None
    sv: _Texts | None = None

    def texts(self) -> dict[str, _Texts]:
        """The texts by language."""
        by_language: dict[str, _Texts | None] = {lang: getattr(self, lang) for lang in LANGUAGES}
        return {lang: texts for lang, texts in by_language.items() if texts is not None}


class _Institution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file."""

    feed: str
    name: dict[str, str]
    country: str
    offerings: list[_Entry]


def candidates() -> list[Candidate]:
    """Every institution of the corpus as a candidate that the catalogue lets in."""
    return [_candidate(file) for file in sorted(FOLDER.glob("*.yaml"))]


def _candidate(file: Path) -> Candidate:
    institution = msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), _Institution)
    homepage = f"https://www.{institution.feed}.example"
    organisation = Organisation(name=institution.name, country=institution.country, homepage=homepage)
    name = next(iter(institution.name.values()))
    return dataclasses.replace(
        a_candidate([_offering(entry, institution.feed, organisation) for entry in institution.offerings]),
        feed=FeedInfo(name=institution.feed, title=name, institution=name, country=institution.country),
    )


def _offering(entry: _Entry, feed: str, organisation: Organisation) -> Offering:
    texts = entry.texts()
    outcomes = zip(*([(lang, outcome) for outcome in each.outcomes] for lang, each in texts.items()), strict=True)
    return Offering(
        offering_id=offering_id(feed, entry.id),
        feed=feed,
        source_id=entry.id,
        micro_credential=True,
        title={lang: each.title for lang, each in texts.items()},
        description={lang: each.text for lang, each in texts.items()},
        country=organisation.country,
        awarding_body=organisation,
        providers=[organisation],
        workload=Workload(ects=entry.ects),
        level=Level(eqf=entry.level),
        learning_outcomes=[LearningOutcome(text=dict(each)) for each in outcomes],
        modes=[entry.mode],
        fields=[entry.field],
        languages=sorted(texts),
        homepage=f"{organisation.homepage}/{entry.id.lower()}",
        instances=[Instance(instance_id="1", start=entry.start, price=[Price(amount=entry.price, currency="EUR")])],
    )
