"""A record of a careful source, complete in all thirteen elements."""

from __future__ import annotations

from datetime import date

from standard.mapping import MappingContext
from standard.source_offering import (
    SourceInstance,
    SourceOffering,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceQualityAssurance,
    SourceRelation,
    SourceValue,
)

CONTEXT = MappingContext(feed="uni", today=date(2026, 3, 1))


def _value(value: str, lang: str | None = None, scheme: str | None = None) -> SourceValue:
    return SourceValue(value, f"file#/1/{value[:12]}", lang=lang, scheme=scheme)


def complete_source() -> SourceOffering:
    """Return a fresh source offering in which nothing is wanting."""
    university = SourceOrganisation(
        "file#/1/organisation",
        names=[_value("Example University", "en")],
        identifiers=[_value("example.nl", scheme="schac")],
        countries=[_value("NL")],
        homepages=[_value("https://www.example.nl")],
    )
    assurance = SourceQualityAssurance(
        "file#/1/qa",
        types=[_value("Programme quality assurance")],
        agencies=[_value("Example Agency", "en")],
        valid_until=[_value("2030-01-01")],
    )
    run = SourceInstance(
        "file#/1/run",
        source_id="2026 autumn",
        start=[_value("2026-09-07")],
        end=[_value("2026-11-13")],
        enrolment_closes=[_value("2026-08-15")],
        modes=[_value("blended")],
        locations=[_value("Utrecht", "nl")],
        prices=[SourcePrice("file#/1/price", _value("450.00"), _value("EUR"))],
        urls=[_value("https://www.example.nl/runs/1")],
    )
    return SourceOffering(
        path="file#/1",
        source_id="MC-4711",
        kind="micro-credential",
        identifiers=[_value("DE-101", scheme="coursecode")],
        titles=[_value("Data ethics", "en"), _value("Data-ethiek", "nl")],
        descriptions=[_value("On the responsible use of data.", "en")],
        awarding_bodies=[university],
        workload=[_value("3", scheme="ects"), _value("81.5", scheme="hour")],
        levels=[_value("6", scheme="eqf")],
        learning_outcomes=[
            SourceOutcome("file#/1/o1", [_value("Explains what bias is.", "en")]),
            SourceOutcome("file#/1/o2", [_value("Finds bias in a data set.", "en")]),
        ],
        modes=[_value("blended")],
        prerequisites=[_value("Basic statistics.", "en")],
        assessment_types=[_value("Written examination")],
        supervision=[_value("supervised_verified")],
        quality_assurance=[assurance],
        grading_schemes=[_value("Pass or fail", "en")],
        stackable=[_value("yes")],
        relations=[SourceRelation("file#/1/r", "part_of", titles=[_value("Certificate in data", "en")])],
        fields=[_value("0223", scheme="isced-f")],
        languages=[_value("en")],
        homepages=[_value("https://www.example.nl/courses/4711")],
        modified=[_value("2026-02-01T09:00:00Z")],
        instances=[run],
    )
