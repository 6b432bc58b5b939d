"""Whatever stands in whichever slot of a source offering: nothing that the mapping returns takes effect anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from expectations.findings import finding_from
from expectations.policy import load_policy
from standard.elm.jsonld import to_elm
from standard.mapping import map_offering
from standard.observation import Observation
from standard.source_offering import SourceOffering, SourceRelation, SourceValue
from tests.browser import ADDRESSES, PAYLOADS, effects, followed, strings
from tests.standard.records import CONTEXT, complete_source

SCHEMES = ("email", "url", "phone", "ects", "eqf", "nqf", "reason", "isced-f", "deqar", "did", "other", "learner")
POLICY = load_policy(None)
FOLLOWED = frozenset(
    {
        *("homepage", "url", "image", "report", "licence", "identifier", "identifiers", "instance_id", "source_id"),
        *("esco", "@id", "@type", "id", "notation", "contentUrl"),
    }
)
KEPT = ("path", "source_id", "kind", "observations")
"""Fields of a source offering that are not values of slots: they have tests of their own."""


def filled(kind: Any, text: str, scheme: str) -> Any:
    """Return a value of a type of the source offering with `text` in every place that takes one."""
    if get_origin(kind) is list:
        return [filled(get_args(kind)[0], text, scheme)]
    if kind is SourceValue:
        return SourceValue(text, f"file#/{text}", scheme=scheme, lang=text)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        made = {name: filled(hint, text, scheme) for name, hint in hints.items() if name != "kind"}
        return kind(**made, **({"kind": "part_of"} if kind is SourceRelation else {}))
    one = next((each for each in get_args(kind) if each is not type(None)), kind)
    return filled(one, text, scheme) if one is not kind else text


def spoilt(text: str, scheme: str) -> dict[str, Any]:
    """Map a record that has nothing but `text` in its slots; return what is said of it."""
    source = complete_source()
    for slot, hint in get_type_hints(SourceOffering).items():
        if slot not in KEPT:
            setattr(source, slot, filled(hint, text, scheme))
    return said(source)


def said(source: SourceOffering) -> dict[str, Any]:
    """Return everything that is said of a record: offering, ELM, observations, findings."""
    mapped = map_offering(source, CONTEXT)
    assert mapped.offering is not None
    findings = [finding_from(each, POLICY, source.source_id, source.path) for each in mapped.observations]
    whole = {"offering": mapped.offering, "observations": mapped.observations, "findings": findings}
    return {**msgspec.to_builtins(whole), "elm": to_elm(mapped.offering)}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_slot_lets_anything_through(payload: str) -> None:
    for before in ("", "https://example.org/", "Data for nurses ", "Written examination "):
        assert not _effects_of(spoilt(before + payload, "other"))
    for scheme in SCHEMES:
        assert not _effects_of(spoilt(f"1 {payload}", scheme))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_kind_of_a_code_lets_nothing_through(payload: str) -> None:
    assert not _effects_of(spoilt("MC-1", payload))


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_that_runs_stands_where_one_is_followed(address: str) -> None:
    for scheme in SCHEMES:
        told = spoilt(address, scheme)
        assert not [text for text in _addresses(told["offering"]) if followed(text)]
        assert not [text for text in _addresses(told["elm"]) if followed(text)]


def test_what_names_a_record_is_harmless_too() -> None:
    for payload in (*PAYLOADS, *ADDRESSES):
        source = complete_source()
        source.source_id, source.path, source.kind = payload, f"file#/{payload}", payload
        told = said(source)
        assert not _effects_of(told)
        assert not followed(told["offering"]["source_id"])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_reader_observes_is_harmless_as_a_finding(payload: str) -> None:
    for code in ("MC00-RECORD-UNREADABLE", "MC99-NOBODY-KNOWS"):
        observation = Observation(code, payload, payload, {"note": payload, "reason": payload, "field": payload})
        finding = msgspec.to_builtins(finding_from(observation, POLICY, payload, payload))
        assert not _effects_of(finding)


def test_what_has_to_be_mended_can_be_recognised() -> None:
    source = complete_source()
    source.titles = [SourceValue("Data <script src='https://evil.example/x.js'></script>ethics", "file#/t", "en")]
    told = said(source)
    assert told["offering"]["title"] == {"en": "Data ethics"}
    shown = "Data ‹script src='https://evil.example/x.js'›‹/script›ethics"
    assert told["offering"]["provenance"]["title"]["original"] == [shown]
    assert [each["value"] for each in told["findings"] if each["code"] == "MC02-TITLE-ACTIVE-CONTENT"] == [shown]


def _effects_of(told: object) -> dict[str, list[str]]:
    return {text: found for text in strings(told) if (found := effects(text))}


def _addresses(document: object) -> Iterator[str]:
    """Every text that stands where an address or an identifier is expected."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from strings(value) if name in FOLLOWED else _addresses(value)
    elif isinstance(document, list):
        for value in document:
            yield from _addresses(value)
