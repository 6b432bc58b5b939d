"""Records for the tests of the judge: small, whole, and with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from expectations.demands import Demands
from expectations.judge import Judge
from expectations.policy import load_policy
from expectations.suites import MISSING
from standard.mapping import Mapped, State
from standard.offering import Completeness, Instance, LearningOutcome, Offering, Organisation, Provenance, Workload
from standard.source_offering import SourceInstance, SourceOffering
from standard.verdict import Finding, JudgedRecord

TODAY = date(2026, 3, 1)
REPOSITORY = Path(__file__).parents[2]


def judge(demands: Demands | None = None, policy: Path | None = None) -> Judge:
    """Return a judge of the feed ``north`` on a fixed day."""
    return Judge(load_policy(policy), "north", demands, TODAY)


def source(source_id: str | None = "c-1", path: str = "courses.json#/0", **slots: Any) -> SourceOffering:
    """Return a source offering."""
    return SourceOffering(path=path, source_id=source_id, **slots)


def offering(**fields: Any) -> Offering:
    """Return an offering that no rule complains about, with the given fields changed."""
    whole: dict[str, Any] = {
        "offering_id": "north-abc",
        "feed": "north",
        "source_id": "c-1",
        "title": {"en": "Tidal energy in practice"},
        "description": {"en": "How tides become current."},
        "country": "NL",
        "awarding_body": Organisation(name={"en": "North University"}),
        "workload": Workload(ects=5.0, hours=140.0),
        "learning_outcomes": [LearningOutcome({"en": "Design a tidal plant"})],
        "homepage": "https://north.example/tides",
        "completeness": Completeness(0.8, {}),
        "provenance": {"homepage": Provenance("published", "courses.json#/0/link")},
    }
    return Offering(**(whole | fields))


def mapped(offering_: Offering | None = None, *, missing: tuple[str, ...] = (), **states: State) -> Mapped:
    """Return a mapped record in which every element is present but those named."""
    all_states: dict[str, State] = dict.fromkeys(MISSING, "present")
    all_states |= {**dict.fromkeys(missing, "missing"), **states}
    return Mapped(offering_ if offering_ is not None else offering(), states=all_states)


def judged(record: Mapped, published: SourceOffering | None = None) -> JudgedRecord:
    """Judge one record on its own, from source to verdict."""
    published = published or source()
    one = judge()
    return one.offerings([(published, record, one.sources([published])[0])])[0]


def judged_together(records: Sequence[Mapped], published: SourceOffering | None = None) -> list[JudgedRecord]:
    """Judge many records in one batch (a batch costs the same whatever its size), as if each came from `published`."""
    return judge().offerings([(published or source(), record, []) for record in records])


def with_instance(**fields: Any) -> Mapped:
    """Return a mapped record with one instance."""
    return mapped(offering(instances=[Instance(**({"instance_id": "r-1"} | fields))]))


def published_with_instance() -> SourceOffering:
    """Return the source offering that goes with `with_instance`."""
    return source(instances=[SourceInstance(path="courses.json#/0/runs/0", source_id="r-1")])


def codes(findings: list[Finding]) -> list[str]:
    """Return the codes of findings, sorted."""
    return sorted(finding.code for finding in findings)
