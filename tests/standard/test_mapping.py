"""The mapping as a whole: it never raises, tells everything it noticed, and means the same on every run."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.policy import load_policy
from standard.mapping import Mapped, MappingContext, map_offering
from standard.offering import Offering, content_hash, from_json, to_json
from standard.selection import Selection
from standard.source_offering import SourceOffering, SourceValue
from tests.standard.records import CONTEXT, complete_source
from tests.standard.strategies import OFFERINGS

CODES = Path(__file__).parents[2] / "expectations" / "codes"
CONTEXTS = st.sampled_from(
    [
        CONTEXT,
        msgspec.structs.replace(CONTEXT, default_language="fi", default_country="FI", base_url="https://example.org/"),
        msgspec.structs.replace(CONTEXT, lookups={"titles": {"4711": "Data ethics", "-": ""}, "instances": {"0": "1"}}),
        msgspec.structs.replace(CONTEXT, selection=Selection(markers={"micro_credential": ["1"]}, ects_max=10)),
    ]
)


def entries() -> dict[str, dict[str, str]]:
    """Every entry of the catalogue of codes."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(CODES.glob("*.yaml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    return found


ENTRIES = entries()


def mapped(source: SourceOffering, context: MappingContext = CONTEXT) -> Offering:
    """Map a record that must become an offering."""
    offering = map_offering(source, context).offering
    assert offering is not None
    return offering


@settings(max_examples=100, deadline=None)
@given(OFFERINGS, CONTEXTS)
def test_nothing_a_source_says_makes_the_mapping_raise(source: SourceOffering, context: MappingContext) -> None:
    result = map_offering(source, context)
    if result.offering is not None:
        assert from_json(to_json(result.offering)) == result.offering
    assert msgspec.json.decode(msgspec.json.encode(result)) is not None


@settings(max_examples=100, deadline=None)
@given(OFFERINGS, CONTEXTS)
def test_every_code_is_in_the_catalogue_and_its_message_can_be_filled(
    source: SourceOffering, context: MappingContext
) -> None:
    for observation in map_offering(source, context).observations:
        known = {"value": observation.value, "path": observation.path, **observation.facts}
        assert ENTRIES[observation.code]["message"].format(**known)


@settings(max_examples=60, deadline=None)
@given(OFFERINGS, CONTEXTS)
def test_what_is_unreadable_has_an_observation_and_what_is_missing_is_absent(
    source: SourceOffering, context: MappingContext
) -> None:
    result = map_offering(source, context)
    if result.offering is None:
        return
    for name, state in result.states.items():
        present = bool(getattr(result.offering, name))
        if state in ("missing", "unreadable"):
            assert not present, name
        if state == "unreadable":
            assert result.observations, name


@settings(max_examples=60, deadline=None)
@given(OFFERINGS)
def test_the_same_record_always_gives_the_same_offering(source: SourceOffering) -> None:
    assert map_offering(source, CONTEXT) == map_offering(source, CONTEXT)


@given(st.randoms(use_true_random=False))
def test_the_hash_does_not_depend_on_the_order_of_maps_or_on_provenance(chance: random.Random) -> None:
    offering = mapped(complete_source())
    title = list(offering.title.items())
    chance.shuffle(title)
    reordered = msgspec.structs.replace(offering, title=dict(title), provenance={})
    assert content_hash(reordered) == content_hash(offering)


def test_the_hash_changes_with_what_is_said() -> None:
    source = complete_source()
    source.titles[0] = SourceValue("Data law", "file#/1", lang="en")
    assert content_hash(mapped(source)) != content_hash(mapped(complete_source()))


def test_a_record_without_an_identifier_becomes_no_offering_but_is_still_looked_at() -> None:
    source = complete_source()
    source.source_id = "  "
    source.titles = [SourceValue("4711", "file#/1")]
    result = map_offering(source, CONTEXT)
    assert result.offering is None
    assert [observation.code for observation in result.observations] == ["MC02-TITLE-UNREADABLE"]


def test_a_complete_record_is_complete_and_conforms() -> None:
    result = map_offering(complete_source(), CONTEXT)
    assert result.offering is not None
    assert result.offering.completeness is not None
    assert result.offering.completeness.score == 1.0
    assert result.offering.council_conformant
    assert result.offering.elm_conformant
    assert result.offering.micro_credential is True
    assert result.observations == []


def test_provenance_names_fields_of_the_offering_with_their_paths() -> None:
    provenance = mapped(complete_source()).provenance
    assert set(provenance) <= set(Offering.__struct_fields__)
    assert provenance["title"].path == "file#/1/Data ethics"


def test_states_name_fields_of_the_offering() -> None:
    states = map_offering(complete_source(), CONTEXT).states
    assert set(states) <= set(Offering.__struct_fields__)
    assert {states[name] for name in ("title", "homepage", "level", "modes")} == {"present"}


def test_an_original_is_cut_to_two_hundred_characters() -> None:
    source = complete_source()
    source.descriptions = [SourceValue("<p>" + "word " * 500 + "</p>", "file#/1", lang="en")]
    original = mapped(source).provenance["description"].original
    assert original is not None
    assert len(original[0]) == 200


def test_a_description_of_fifty_megabytes_is_cut_and_noticed() -> None:
    source = complete_source()
    source.descriptions = [SourceValue("lot of words, " * 3_600_000, "file#/1", lang="en")]
    result = map_offering(source, CONTEXT)
    assert result.offering is not None
    assert len(result.offering.description["en"]) <= 50_000
    assert "MC17-DESCRIPTION-TOO-LONG" in [observation.code for observation in result.observations]
    assert len(msgspec.json.encode(result.observations)) < 2_000


@pytest.mark.parametrize("code", ["MC02-TITLE", "MC03-COUNTRY", "MC16-HOMEPAGE"])
def test_an_unreadable_value_of_a_blocking_element_blocks_as_its_absence_does(code: str) -> None:
    policy = load_policy()
    assert policy.severity(f"{code}-MISSING") == "blocks"
    assert policy.severity(f"{code}-UNREADABLE") == "blocks"
    assert policy.severity(f"{code}-SKIPPED") == "informs"


def test_a_record_out_of_scope_is_mapped_and_not_selected() -> None:
    context = msgspec.structs.replace(CONTEXT, selection=Selection(kinds=["course"]))
    result: Mapped = map_offering(complete_source(), context)
    assert not result.selected
    assert result.offering is not None


def test_look_ups_reach_markers_before_the_selection() -> None:
    source = complete_source()
    source.markers = [SourceValue("MC", "file#/1", scheme="type")]
    context = msgspec.structs.replace(
        CONTEXT, selection=Selection(markers={"type": ["small"]}), lookups={"markers": {"MC": "small"}}
    )
    assert map_offering(source, context).selected
