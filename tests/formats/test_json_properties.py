"""What must hold of the JSON formats whatever comes: nothing crashes, every path leads to its value, every code says
what it must."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.formats import formats, ooapi
from connectors.formats._moochub_record import IGNORED as IGNORED_IN_MOOCHUB
from connectors.formats._ooapi_parts import IGNORED as IGNORED_IN_OOAPI
from connectors.reading import NotReadable, Reading
from standard.observation import Observation
from standard.source_offering import SourceOffering, SourceValue, Unreadable
from tests.formats.json_support import document, read, refused, sample
from tests.formats.ooapi_makers import FACULTY, ROOT, SPEC, a_course, a_run
from tests.formats.test_moochub import item, new, old, page

NAMES = ["ooapi-5", "moochub-2", "moochub-3"]
CODES = Path(__file__).parents[2] / "expectations" / "codes" / "00-json-formats.yaml"

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
known_keys = st.sampled_from(
    sorted(
        {name.rpartition("/")[2] for name in (*IGNORED_IN_OOAPI, *IGNORED_IN_MOOCHUB)}
        | {*a_course(), *a_run(), *ROOT, *SPEC, *old(), *new()}
        | {"items", "data", "attributes", "id", "links", "next", "errors", "gateway", "responses", "endpoints"}
        | {"language", "value", "consumers", "alliances", "addresses", "programId", "componentId", "teaches", "offer"}
    )
)
keys = known_keys | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=25,
)


def records_or_refusal(name: str, body: bytes) -> list[SourceOffering | Unreadable]:
    try:
        return list(formats()[name].read([document(body, role="courses")], Reading(), {}))
    except NotReadable:
        return []


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None)
@given(body=anything)
def test_arbitrary_json_gives_records_or_a_refusal(name: str, body: Any) -> None:
    for record in records_or_refusal(name, json.dumps(body).encode()):
        assert msgspec.json.decode(msgspec.json.encode(record), type=type(record)) == record  # it can be staged


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_arbitrary_bytes_give_records_or_a_refusal(name: str, body: bytes) -> None:
    records_or_refusal(name, body)
    assert 0 <= formats()[name].sniff("x", body) <= 1


@settings(max_examples=100, deadline=None)
@given(key=st.sampled_from(sorted({*a_course(), *SPEC, "consumers", "addresses", "organization"})), value=anything)
def test_a_record_with_one_wild_field_is_still_a_record(key: str, value: Any) -> None:
    body = json.dumps([{**a_course(), "courseId": "1", key: value}, a_course(courseId="2")]).encode()
    found = records_or_refusal("ooapi-5", body)
    assert any(isinstance(one, SourceOffering) and one.source_id == "2" for one in found)


@settings(max_examples=100, deadline=None)
@given(key=st.sampled_from(sorted({*old(), *new(), "teaches", "offer", "contentLocation", "endDate"})), value=anything)
def test_a_course_with_one_wild_attribute_is_still_a_record(key: str, value: Any) -> None:
    found = records_or_refusal("moochub-3", json.dumps(page(item({**old(), **new(), key: value}, "1"))).encode())
    assert [one.source_id for one in found] == ["1"]


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=1), inside=st.booleans())
def test_a_document_cut_anywhere_is_refused(cut: int, inside: bool) -> None:
    whole = json.dumps({"items": [a_course(), a_course(courseId="2")]} if inside else [a_course()]).encode()
    assert refused("ooapi-5", document(whole[: cut % (len(whole) - 1) + 1])).code == "MC00-SOURCE-TRUNCATED"


# -- paths


def values_in(part: Any) -> Iterator[SourceValue]:
    """Every value of a record, wherever it stands."""
    if isinstance(part, SourceValue):
        yield part
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from values_in(getattr(part, name))
    elif isinstance(part, list):
        for inner in part:
            yield from values_in(inner)


def at_pointer(body: Any, path: str) -> Any:
    """What a JSON Pointer leads to."""
    for step in path.partition("#")[2].split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def assert_paths_lead_to_values(bodies: dict[str, Any], offerings: list[SourceOffering]) -> None:
    count = 0
    for offering in offerings:
        for value in values_in(offering):
            assert at_pointer(bodies[value.path.partition("#")[0]], value.path) == value.value
            count += 1
    assert count > 0


def test_every_path_leads_to_its_value() -> None:
    course = a_course(
        organization="o-fac",
        educationSpecification="e-1",
        addresses=[{"city": "Delft", "additional": [{"language": "en", "value": "Room a/b"}]}],
        **{"fieldsOfStudy~/ ": "x", "levelOfQualification ": "6"},
    )
    bodies = {
        "courses.json": {"items": [course]},
        "runs.json": [a_run(priceInformation=[{"amount": "1", "currency": "EUR"}])],
        "others.json": [ROOT, FACULTY, SPEC],
    }
    found = read("ooapi-5", *(document(body, name) for name, body in bodies.items()))
    assert_paths_lead_to_values(bodies, found.offerings)
    for attributes in (old(), new()):
        body = page(item(attributes))
        assert_paths_lead_to_values({"doc.json": body}, read("moochub-3", document(body)).offerings)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ooapi-5", ("ooapi-v5", "real", "tue-courses-items.json")),
        ("ooapi-5", ("ooapi-v5", "gateway", "program-200.json")),
        ("moochub-2", ("moochub", "real", "imoox-v2-page.json")),
        ("moochub-3", ("moochub", "v3-api-example.json")),
    ],
)
def test_every_path_in_real_answers_leads_to_its_value(name: str, parts: tuple[str, ...]) -> None:
    real = sample(*parts)
    assert_paths_lead_to_values({real.name: json.loads(real.read())}, read(name, real).offerings)


def test_a_wide_list_is_read_one_by_one() -> None:
    found = read("ooapi-5", document([a_course(courseId=str(at)) for at in range(3_000)]))
    assert len(found.offerings) == 3_000
    assert len({one.source_id for one in found.offerings}) == 3_000


def test_a_deep_record_is_unreadable_and_the_rest_goes_on() -> None:
    deep: Any = {}
    for _ in range(900):
        deep = {"ext": deep}
    body = json.dumps([a_course(), {"courseId": "9", **deep}, a_course(courseId="2")]).encode()
    ids = [one.source_id for one in records_or_refusal("ooapi-5", body) if isinstance(one, SourceOffering)]
    assert {"c-1", "2"} <= set(ids)


# -- codes and reasons


def catalogue() -> dict[str, dict[str, str]]:
    return dict(yaml.safe_load(CODES.read_text(encoding="utf-8")))


def raised() -> set[str]:
    """Codes that the sources of these formats name and no other room owns."""
    folder = Path(ooapi.__file__).parent
    names = ["ooapi.py", "moochub.py", *(path.name for path in folder.glob("_*.py"))]
    ours = [name for name in names if name.startswith(("ooapi", "moochub", "_json", "_ooapi", "_moochub"))]
    return {code for name in ours for code in re.findall(r'"(MC\d\d-[A-Z0-9-]+)"', (folder / name).read_text())}


def test_every_code_is_in_the_catalogue_and_every_entry_is_raised() -> None:
    assert raised() == set(catalogue())


def test_every_message_is_filled_by_the_facts_of_its_observations() -> None:
    broken = [
        refused("ooapi-5", document(b"")),
        refused("ooapi-5", document(b"[")),
        refused("ooapi-5", document(b"no")),
        refused("ooapi-5", document({"error": "broken"})),
        refused("ooapi-5", document({"a": 1})),
        refused("moochub-2", document({"a": 1})),
        refused("ooapi-5", document({"gateway": {"endpoints": {"a": {"responseCode": 500}}}, "responses": {}})),
        refused("ooapi-5", document({"gateway": {}, "responses": {}})),
    ]
    page_one = document({"items": [{"courseId": "4", "name": "Old"}, 5, {"x": 1}], "hasNextPage": True}, "p.json")
    odd = read("ooapi-5", page_one, document([a_run(course="no"), a_course(organization="o-9")], "q.json"))
    odd_too = read("ooapi-5", document([a_course(organization="o-9")]), document([ROOT]))
    repaired = read("ooapi-5", document(b'["a\nb"]'), document(b"{", role="courses/1/offerings"))
    specs = read("ooapi-5", document([SPEC]))
    other = read("moochub-3", document(page(item(old()))))
    seen: list[Observation] = list(broken)
    for found in (odd, odd_too, repaired, specs, other):
        seen += found.reading.observations
        seen += [one.observation for one in found.unreadable]
        seen += [note for offering in found.offerings for note in offering.observations]
    entries = catalogue()
    for one in seen:
        message = entries[one.code]["message"].format(**{"value": one.value, "path": one.path, **one.facts})
        assert message
    assert {one.code for one in seen} >= {code for code in entries if "-PULL-" not in code}


@pytest.mark.parametrize("ignored", [IGNORED_IN_OOAPI, IGNORED_IN_MOOCHUB])
def test_every_ignored_field_has_its_reason(ignored: dict[str, str]) -> None:
    assert all(reason.endswith(".") and len(reason) > 15 for reason in ignored.values())
    assert all(re.fullmatch(r"(\*|\w+)/\w+", name) for name in ignored)
