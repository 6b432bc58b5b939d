"""The words in which the specifications under tests/features are written.

A specification speaks of one record and one contract. "Given" puts values into the record's slots (the names of
`SourceOffering`), "When the record is understood" maps it, "Then" looks at the offering and at what was noticed.
Tables have a column ``value`` and, where wanted, ``language``, ``scheme`` and ``markup``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
import pytest
from pytest_bdd import given, parsers, then, when

from standard.mapping import Mapped, MappingContext, map_offering
from standard.offering import Organisation
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

Table = list[list[str]]

_PLAIN_SLOTS = [
    *("identifiers", "titles", "descriptions", "countries", "regions", "workload", "levels", "modes", "prerequisites"),
    *("assessment types", "assessment texts", "supervision", "grading schemes", "stackable", "stackability texts"),
    *("fields", "languages", "homepages", "images", "contacts", "keywords", "licences", "modified"),
]
_ONE_OF_A_SLOT = {
    "title": "titles",
    "country": "countries",
    "homepage": "homepages",
    "licence": "licences",
    "level": "levels",
    "mode": "modes",
    "contact": "contacts",
    "image": "images",
    "assessment type": "assessment types",
    "day of modification": "modified",
}
SLOT = f"(?P<slot>{'|'.join([*_PLAIN_SLOTS, *_ONE_OF_A_SLOT])})"
"""The slots that hold plain values, and what one value of them is called; the others have steps of their own."""

PLACE = r"(?P<place>[\w ]+?)"
"""A place in the offering, as one says it: "title", "amount of price 1 of instance 2", "EQF level"."""
CODE = r"(?P<code>MC\d\d[A-Z0-9-]+)"


@dataclass
class Desk:
    """What one scenario works on."""

    source: SourceOffering
    contract: dict[str, Any] = field(default_factory=dict)
    mapped: Mapped | None = None

    @property
    def offering(self) -> dict[str, Any]:
        """The offering as the public document has it."""
        assert self.mapped is not None, "the record has not been understood yet"
        assert self.mapped.offering is not None, "the record became no offering"
        document: dict[str, Any] = msgspec.to_builtins(self.mapped.offering)
        return document

    @property
    def codes(self) -> list[str]:
        """The codes of what was noticed."""
        assert self.mapped is not None, "the record has not been understood yet"
        return [observation.code for observation in self.mapped.observations]


@pytest.fixture
def desk() -> Desk:
    """A record with an identifier and nothing else, of a feed whose contract says nothing."""
    return Desk(SourceOffering(path="file#/1", source_id="1"), {"feed": "uni", "today": date(2026, 3, 1)})


def _rows(table: Table) -> list[dict[str, str]]:
    head, *rows = table
    return [{name: cell for name, cell in zip(head, row, strict=True) if cell} for row in rows]


def _value(row: dict[str, str], path: str, name: str = "value") -> SourceValue:
    text = row.get(name, "").replace("\\n", "\n")
    markup: Any = row.get("markup")
    return SourceValue(text, path, lang=row.get("language"), scheme=row.get("scheme"), markup=markup)


def _values(table: Table, slot: str) -> list[SourceValue]:
    return [_value(row, f"file#/1/{slot}/{number}") for number, row in enumerate(_rows(table))]


def _one(row: dict[str, str], name: str, path: str) -> list[SourceValue]:
    return [_value(row, f"{path}/{name}", name)] if name in row else []


def _texts(row: dict[str, str], name: str, path: str) -> list[SourceValue]:
    return [SourceValue(row[name], f"{path}/{name}", lang=row.get("language"))] if name in row else []


# the contract


@given(parsers.parse('the contract says that the {setting} is "{value}"'))
def _contract(desk: Desk, setting: str, value: str) -> None:
    desk.contract["base_url" if setting == "base address" else setting.replace(" ", "_")] = value


@given(parsers.parse('the contract names the institution "{name}" in "{country}" with {kind} "{identifier}"'))
def _institution(desk: Desk, name: str, country: str, kind: str, identifier: str) -> None:
    desk.contract["institution"] = Organisation(name={"en": name}, identifiers={kind: identifier}, country=country)


@given(parsers.parse('the contract reads "{published}" in {slot} as "{replacement}"'))
@given(parsers.parse('the contract takes "{published}" in {slot} away'), target_fixture="replacement")
def _look_up(desk: Desk, published: str, slot: str, replacement: str = "") -> str:
    desk.contract.setdefault("lookups", {}).setdefault(slot, {})[published] = replacement
    return replacement


# the record


@given(parsers.re(f"the record has th(?:is|ese) {SLOT}:$"))
def _slot(desk: Desk, slot: str, datatable: Table) -> None:
    setattr(desk.source, slot.replace(" ", "_"), _values(datatable, slot.replace(" ", "_")))


@given(parsers.re(rf'the record has the {SLOT} "(?P<value>.*)"$'))
def _single(desk: Desk, slot: str, value: str) -> None:
    slot = _ONE_OF_A_SLOT.get(slot, slot).replace(" ", "_")
    setattr(desk.source, slot, [SourceValue(value, f"file#/1/{slot}/0")])


@given(parsers.parse('the record answers "{answer}" to whether it is stackable'))
def _stackable(desk: Desk, answer: str) -> None:
    desk.source.stackable = [SourceValue(answer, "file#/1/stackable/0")]


@given(parsers.parse('the record has this title in "{language}":'))
def _long_title(desk: Desk, language: str, docstring: str) -> None:
    desk.source.titles.append(SourceValue(docstring, f"file#/1/titles/{language}", lang=language))


@given(parsers.parse('the record has this description in "{language}":'))
def _long_description(desk: Desk, language: str, docstring: str) -> None:
    desk.source.descriptions.append(SourceValue(docstring, f"file#/1/descriptions/{language}", lang=language))


@given(parsers.parse('the record has the identifier "{source_id}" of its own'))
def _identifier(desk: Desk, source_id: str) -> None:
    desk.source.source_id = source_id.replace("\\t", "\t")


@given("the record has no identifier of its own")
def _no_identifier(desk: Desk) -> None:
    desk.source.source_id = None


@given("the record has these outcomes:")
def _outcomes(desk: Desk, datatable: Table) -> None:
    for number, row in enumerate(_rows(datatable)):
        path = f"file#/1/outcomes/{number}"
        skills = [SourceValue(row["skill"], f"{path}/skill", scheme="esco")] if "skill" in row else []
        desk.source.learning_outcomes.append(SourceOutcome(path, [_value(row, path)] if "value" in row else [], skills))


@given("the record has one outcome with these texts:")
def _texts_of_outcome(desk: Desk, datatable: Table) -> None:
    desk.source.learning_outcomes.append(SourceOutcome("file#/1/outcomes/0", _values(datatable, "outcomes/0")))


@given(parsers.parse('the record has this outcome in "{language}":'))
def _long_outcome(desk: Desk, language: str, docstring: str) -> None:
    path = f"file#/1/outcomes/{len(desk.source.learning_outcomes)}"
    desk.source.learning_outcomes.append(SourceOutcome(path, [SourceValue(docstring, path, lang=language)]))


@given("the record has these awarding bodies:")
def _awarding_bodies(desk: Desk, datatable: Table) -> None:
    desk.source.awarding_bodies = _organisations(datatable, "awarding_bodies")


@given("the record has these providers:")
def _providers(desk: Desk, datatable: Table) -> None:
    desk.source.providers = _organisations(datatable, "providers")


def _organisations(table: Table, slot: str) -> list[SourceOrganisation]:
    return [_organisation(row, f"file#/1/{slot}/{number}") for number, row in enumerate(_rows(table))]


def _organisation(row: dict[str, str], path: str) -> SourceOrganisation:
    identifier = row.get("identifier", "").partition(" ")
    codes = [SourceValue(identifier[2], f"{path}/identifier", scheme=identifier[0])] if identifier[0] else []
    names, countries = _texts(row, "name", path), _one(row, "country", path)
    return SourceOrganisation(path, names, codes, countries, _one(row, "homepage", path))


@given("the record has these statements of quality assurance:")
def _quality_assurance(desk: Desk, datatable: Table) -> None:
    for number, row in enumerate(_rows(datatable)):
        path = f"file#/1/quality_assurance/{number}"
        desk.source.quality_assurance.append(
            SourceQualityAssurance(
                path,
                types=_one(row, "type", path),
                agencies=_texts(row, "agency", path),
                reports=_one(row, "report", path),
                valid_from=_one(row, "valid from", path),
                valid_until=_one(row, "valid until", path),
                texts=_texts(row, "text", path),
            )
        )


@given("the record has these relations:")
def _relations(desk: Desk, datatable: Table) -> None:
    for number, row in enumerate(_rows(datatable)):
        path = f"file#/1/relations/{number}"
        kind: Any = row["kind"].replace(" ", "_")
        identifiers, titles = _one(row, "identifier", path), _texts(row, "title", path)
        desk.source.relations.append(SourceRelation(path, kind, identifiers, titles))


@given("the record has these prices:")
def _prices(desk: Desk, datatable: Table) -> None:
    desk.source.prices = [_price(row, f"file#/1/prices/{number}") for number, row in enumerate(_rows(datatable))]


def _price(row: dict[str, str], path: str) -> SourcePrice:
    amount, currency = _one(row, "amount", path), _one(row, "currency", path)
    notes = _texts(row, "note", path)
    return SourcePrice(path, amount[0] if amount else None, currency[0] if currency else None, notes)


@given("the record has these instances:")
def _instances(desk: Desk, datatable: Table) -> None:
    desk.source.instances = [_instance(row, f"file#/1/runs/{number}") for number, row in enumerate(_rows(datatable))]


def _instance(row: dict[str, str], path: str) -> SourceInstance:
    price = [_price({"amount": row["price"], "currency": row.get("currency", "")}, path)] if "price" in row else []
    return SourceInstance(
        path,
        source_id=row.get("id"),
        start=_one(row, "start", path),
        end=_one(row, "end", path),
        enrolment_opens=_one(row, "opens", path),
        enrolment_closes=_one(row, "closes", path),
        modes=_one(row, "mode", path),
        locations=_texts(row, "place", path),
        languages=_one(row, "taught in", path),
        workload=[SourceValue(row["ects"], f"{path}/ects", scheme="ects")] if "ects" in row else [],
        prices=price,
        capacity=_one(row, "places", path),
        urls=_one(row, "address", path),
        status=_one(row, "status", path),
    )


@given(parsers.parse('the record has a field named "{name}" about {what}'))
def _refused(desk: Desk, name: str, what: str) -> None:
    schemes = {"a learner": "learner", "a date of issuing": "date_of_issuing", "a grade": "grade_achieved"}
    desk.source.refused.append(SourceValue(name, f"file#/1/refused/{len(desk.source.refused)}", scheme=schemes[what]))


# understanding


@when("the record is understood")
def _understood(desk: Desk) -> None:
    desk.mapped = map_offering(desk.source, MappingContext(**desk.contract))


# what is expected


_SAID_OTHERWISE = {
    "EQF level": "eqf of level",
    "national level": "nqf of level",
    "reason for having no level": "reason of level",
    "day of modification": "modified",
    "title of programme 1": "title of part_of 1 of stackability",
    "statement of quality assurance": "quality assurance",
}
_NAMES = {
    "instance": "instances",
    "provider": "providers",
    "field": "fields",
    "statement": "quality assurance",
    "outcome": "learning outcomes",
    "outcomes": "learning outcomes",
    "ESCO skills": "esco",
    "ECTS": "ects",
    "mail address": "email",
    "web address": "url",
    "last day": "valid until",
    "id": "instance id",
    "enrolment start": "enrolment opens",
    "enrolment end": "enrolment closes",
}


def _steps(place: str) -> Iterator[str]:
    """Yield the keys and positions that lead to a place: "amount of price 2" is the `amount` of the second `price`."""
    for part in reversed(_SAID_OTHERWISE.get(place, place).split(" of ")):
        name, _, position = part.removeprefix("the ").rpartition(" ")
        if not position.isdigit():
            name, position = part.removeprefix("the "), ""
        if name.endswith(" identifier"):
            yield from ("identifiers", name.removesuffix(" identifier"))
        else:
            yield _NAMES.get(name, name).replace(" ", "_")
        if position:
            yield position


def _at(document: Any, place: str) -> Any:
    for step in _steps(place):
        if isinstance(document, list):
            document = document[int(step) - 1] if int(step) <= len(document) else None
        else:
            document = (document or {}).get(step)
    return document


@then(parsers.re(rf'the {PLACE} is "(?P<expected>.*)"'))
def _is(desk: Desk, place: str, expected: str) -> None:
    found = _at(desk.offering, place)
    shown = f"{found:g}" if isinstance(found, int | float) and not isinstance(found, bool) else str(found)
    assert shown == expected.replace("\\n", "\n")


@then(parsers.re(rf'the {PLACE} in "(?P<language>[\w-]+)" (?:is|are) "(?P<expected>.*)"'))
def _is_in(desk: Desk, place: str, language: str, expected: str) -> None:
    assert (_at(desk.offering, place) or {}).get(language) == expected.replace("\\n", "\n")


@then(parsers.re(rf"the {PLACE} are:"))
def _are(desk: Desk, place: str, datatable: Table) -> None:
    assert [[str(item)] for item in _at(desk.offering, place) or []] == datatable


@then(parsers.parse('the outcomes in "{language}" are:'))
def _outcomes_are(desk: Desk, language: str, datatable: Table) -> None:
    texts = [outcome["text"].get(language) for outcome in desk.offering.get("learning_outcomes", [])]
    assert [[text] for text in texts] == datatable


@then(parsers.re(rf"there (?:is|are) (?P<number>\d+) {PLACE}"))
def _number(desk: Desk, number: str, place: str) -> None:
    assert len(_at(desk.offering, place) or []) == int(number)


@then(parsers.re(rf"there is a {PLACE} in (?P<number>\d+) languages?"))
def _languages(desk: Desk, number: str, place: str) -> None:
    assert len(_at(desk.offering, place) or {}) == int(number)


@then(parsers.re(rf"there (?:is|are) no {PLACE}"))
def _absent(desk: Desk, place: str) -> None:
    assert _at(desk.offering, place) in (None, [], {})


@then(parsers.parse('the stackability says "{answer}"'))
def _says(desk: Desk, answer: str) -> None:
    assert desk.offering["stackability"]["stackable"] is (answer == "yes")


@then(parsers.parse("the state of {name} is {state}"))
def _state(desk: Desk, name: str, state: str) -> None:
    assert desk.mapped is not None
    assert desk.mapped.states[name.replace(" ", "_")] == state


@then(parsers.parse("element {number:d} is {state}"))
def _element(desk: Desk, number: int, state: str) -> None:
    assert desk.offering["completeness"]["elements"][str(number)] == state.replace(" ", "_")


@then(parsers.re(r"the (?P<name>[\w ]+) (?:was|were) (?P<how>published|looked up|derived|from the contract)"))
def _how(desk: Desk, name: str, how: str) -> None:
    ways = {"published": "published", "looked up": "looked_up", "derived": "derived", "from the contract": "contract"}
    assert desk.offering["provenance"][name.replace(" ", "_")]["how"] == ways[how]


@then(parsers.re(r'the (?P<name>[\w ]+) was written as "(?P<original>.*)"'))
def _original(desk: Desk, name: str, original: str) -> None:
    originals = desk.offering["provenance"][name.replace(" ", "_")].get("original", [])
    assert original.replace("\\n", "\n") in originals


@then(parsers.re(rf"{CODE} is noticed"))
def _noticed(desk: Desk, code: str) -> None:
    assert code in desk.codes


@then(parsers.re(rf'{CODE} is noticed with (?P<fact>\w+) "(?P<value>.*)"'))
def _noticed_with(desk: Desk, code: str, fact: str, value: str) -> None:
    assert desk.mapped is not None
    facts = [observation.facts for observation in desk.mapped.observations if observation.code == code]
    assert value in [of_one.get(fact) for of_one in facts]


@then(parsers.re(rf"{CODE} is not noticed"))
def _not_noticed(desk: Desk, code: str) -> None:
    assert code not in desk.codes


@then("nothing is noticed")
def _nothing(desk: Desk) -> None:
    assert desk.codes == []


@then("it becomes no offering")
def _no_offering(desk: Desk) -> None:
    assert desk.mapped is not None
    assert desk.mapped.offering is None


@then(parsers.parse('nowhere does "{text}" appear'))
def _nowhere(desk: Desk, text: str) -> None:
    assert text.encode() not in msgspec.json.encode(desk.mapped)


@then(parsers.re(rf"{CODE} is noticed (?P<often>once|twice)"))
def _noticed_so_often(desk: Desk, code: str, often: str) -> None:
    assert desk.codes.count(code) == {"once": 1, "twice": 2}[often]
