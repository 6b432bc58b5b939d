"""Fields are taken; what nobody read is named; what belongs to a person is refused by name only."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.leftovers import Fields, credential_scheme, has_content


def fields(**data: Any) -> Fields:
    return Fields(data, "a.json#/items/0")


def test_a_taken_field_is_not_left_over() -> None:
    record = fields(name="x", other=1)
    assert record.take("name") == "x"
    assert record.take("absent") is None
    assert list(record.unread()) == ["other"]


def test_names_are_looked_up_as_written_first_and_tolerantly_after() -> None:
    record = Fields({"Name ": "odd", "name": "true", " geoLocation ": 1}, "d#")
    assert record.take("name") == "true"
    assert record.take("geolocation") == 1
    assert list(record.unread()) == ["Name"]
    assert fields(TITLE="b", title_x="c").take("titel", "Title") == "b"


def test_an_exact_alternative_wins_over_a_tolerant_first_choice() -> None:
    assert Fields({"A": 1, "b": 2}, "d#").take("a", "b") == 2


@pytest.mark.parametrize("empty", [None, "", "  ", [], {}, [None, {"x": ""}], {"a": [""]}])
def test_nothing_is_no_content(empty: object) -> None:
    assert not has_content(empty)
    assert list(fields(x=empty).unread()) == []


@pytest.mark.parametrize("something", [0, False, 0.0, "0", [0], {"a": False}])
def test_zero_and_false_are_content(something: object) -> None:
    assert has_content(something)


def test_left_overs_of_nested_objects_have_no_indices() -> None:
    record = fields(
        offers=[{"price": 1, "tax": 2}, {"price": 1, "tax": 3}], org={"name": "x", "logo": "y"}, deep={"a": {"b": 1}}
    )
    for offer in record.children("offers"):
        offer.take("price")
    organisation = record.child("org")
    assert organisation is not None
    organisation.ignore("logo")
    assert Counter(record.unread()) == {"offers/tax": 2, "org/name": 1, "deep": 1}


def test_type_drift_between_object_list_and_text() -> None:
    assert [one.path for one in fields(org={"a": 1}).children("org")] == ["a.json#/items/0/org"]
    assert [one.path for one in fields(org=[{"a": 1}, "x", {"b": 1}]).children("org")] == [
        "a.json#/items/0/org/0",
        "a.json#/items/0/org/2",
    ]
    record = fields(org="just an id")
    assert record.child("org") is None
    assert list(record.unread()) == ["org"]


def test_values_carry_path_language_and_scheme() -> None:
    record = fields(**{"a/b~c": " x ", "n": 0, "list": ["x", "", None, {"y": 1}, 2]})
    value = record.value("a/b~c", lang="nl", scheme="s", markup="html")
    assert value is not None
    assert (value.value, value.path, value.lang, value.scheme, value.markup) == (
        " x ",
        "a.json#/items/0/a~1b~0c",
        "nl",
        "s",
        "html",
    )
    assert [one.path for one in record.values("list")] == ["a.json#/items/0/list/0", "a.json#/items/0/list/4"]
    assert record.value("list") is None
    assert [one.value for one in record.values("n")] == [0]
    assert record.path_of("missing") == "a.json#/items/0/missing"


def test_a_container_where_a_value_is_due_is_left_over() -> None:
    record = fields(title={"en": "x"})
    assert record.value("title") is None
    assert record.values("title") == []
    assert list(record.unread()) == ["title"]


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("learner", "learner"),
        ("Student-Name", "learner"),
        ("credentialSubject", "learner"),
        ("elm:dateOfIssuing", "date_of_issuing"),
        ("issuance_date", "date_of_issuing"),
        ("Awarded Date", "date_of_issuing"),
        ("gradeAchieved", "grade_achieved"),
        ("final grade", "grade_achieved"),
        ("students", None),
        ("gradingScheme", None),
        ("enrolledNumberStudents", None),
        ("dateModified", None),
    ],
)
def test_fields_of_an_issued_credential(name: str, scheme: str | None) -> None:
    assert credential_scheme(name) == scheme


def test_personal_data_is_refused_by_name_wherever_it_stands() -> None:
    record = fields(title="t", ext={"list": [{"student": {"name": "Ada"}}]}, finalGrade="9", learner="")
    record.take("ext")
    record.take("finalGrade")
    refused = record.refused()
    assert [(one.value, one.scheme, one.path) for one in refused] == [
        ("student", "learner", "a.json#/items/0/ext/list/0/student"),
        ("finalGrade", "grade_achieved", "a.json#/items/0/finalGrade"),
    ]
    assert "Ada" not in repr(refused)
    assert list(record.unread()) == ["title"]


def test_nesting_without_end_is_survived() -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"a": deep, "b": 1}
    record = fields(deep=deep)
    assert record.refused() == []
    assert list(record.unread()) == ["deep"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", " ", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abC "), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "B ", "c", "d/e", "~"]), json_values, max_size=5))
@settings(max_examples=80)
def test_everything_with_content_is_either_taken_or_named(data: dict[str, Any]) -> None:
    untouched = list(Fields(data, "d#").unread())
    assert untouched == [key.strip() for key, value in data.items() if has_content(value)]
    record = Fields(data, "d#")
    for key in data:
        record.take(key)
    assert list(record.unread()) == []
