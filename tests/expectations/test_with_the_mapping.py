"""Mapping and judge together: one cause has one code, and every message has its facts."""

from __future__ import annotations

from string import Formatter
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from expectations.codes import catalogue
from expectations.suites import MISSING
from standard.mapping import MappingContext, map_offering
from standard.source_offering import (
    SourceInstance,
    SourceOffering,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceQualityAssurance,
    SourceValue,
)
from standard.verdict import JudgedRecord
from tests.expectations.records import TODAY, judge, source

CONTEXT = MappingContext(feed="north", today=TODAY)

_odd = st.sampled_from(["-", "n/a", "", "tbd", "???", "4711", "x" * 300, "<b>Tides</b>", "0", "lorem ipsum"])
_telling = st.sampled_from(
    ["5", "NL", "en", "online", "EQF 6", "2026-05-01", "2025-05-01", "https://north.example/", "0613", "EUR 50", "yes"]
)
_schemes = st.none() | st.sampled_from(["ects", "hour", "eqf", "nlqf", "isced-f", "contact_hour", "duration"])
_values = st.lists(
    st.builds(SourceValue, _odd | _telling | st.integers(-1, 400), st.just("f#/v"), st.none(), _schemes), max_size=2
)
_VALUE_SLOTS = [
    "titles",
    "descriptions",
    "countries",
    "regions",
    "workload",
    "levels",
    "modes",
    "prerequisites",
    "assessment_types",
    "assessment_texts",
    "supervision",
    "grading_schemes",
    "stackable",
    "stackability_texts",
    "fields",
    "languages",
    "homepages",
    "images",
    "contacts",
    "keywords",
    "licences",
    "modified",
]
_one = st.builds(SourceValue, _odd | _telling, st.just("f#/v"))
_organisations = st.lists(st.builds(SourceOrganisation, st.just("f#/o"), _values, _values), max_size=1)
_statements = st.lists(st.builds(SourceQualityAssurance, st.just("f#/q"), _values, _values, _values), max_size=1)
_prices = st.lists(st.builds(SourcePrice, st.just("f#/p"), st.none() | _one, st.none() | _one), max_size=1)
_runs = st.lists(st.builds(SourceInstance, st.just("f#/i"), st.none(), _values, _values, _values), max_size=1)
_outcomes = st.lists(st.builds(SourceOutcome, st.just("f#/l"), _values, _values), max_size=2)


@st.composite
def _published(draw: st.DrawFn) -> SourceOffering:
    slots: dict[str, Any] = {name: draw(_values) for name in draw(st.sets(st.sampled_from(_VALUE_SLOTS)))}
    return source(
        "a",
        awarding_bodies=draw(_organisations),
        quality_assurance=draw(_statements),
        learning_outcomes=draw(_outcomes),
        prices=draw(_prices),
        instances=draw(_runs),
        **slots,
    )


def _judged(published: list[SourceOffering]) -> list[JudgedRecord]:
    return judge().offerings([(one, map_offering(one, CONTEXT), []) for one in published])


def test_the_mapping_says_the_state_of_every_element_that_the_judge_asks_for() -> None:
    assert set(MISSING) <= set(map_offering(source(), CONTEXT).states)


def test_an_empty_record_is_missing_everything_and_nothing_else_is_said() -> None:
    (record,) = _judged([source()])
    said = {finding.code for finding in record.findings}
    assert said <= set(MISSING.values())
    assert said >= {"MC02-TITLE-MISSING", "MC03-COUNTRY-MISSING", "MC16-HOMEPAGE-MISSING"}
    assert record.verdict == "rejected"


# Without shrinking: a batch costs some tenths of a second, and the failing record is easily seen in a batch.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=10, deadline=None, phases=_PHASES)
@given(st.lists(_published(), min_size=10, max_size=20))
def test_nothing_is_both_missing_and_unreadable(published: list[SourceOffering]) -> None:
    for record in _judged(published):
        said = [finding.code for finding in record.findings]
        missing = [code for code in said if code in MISSING.values()]
        assert len(missing) == len(set(missing))
        assert not {code.replace("-MISSING", "-UNREADABLE") for code in missing} & set(said)
        assert "MC00-MAPPING-BROKEN" not in said


@settings(max_examples=100, deadline=None)
@given(_published())
def test_every_observation_of_the_mapping_has_its_code_and_the_facts_of_its_message(published: SourceOffering) -> None:
    for seen in map_offering(published, CONTEXT).observations:
        names = {name for _, name, _, _ in Formatter().parse(catalogue()[seen.code].message) if name}
        assert names - {"path"} <= {*seen.facts, "value"}, seen
