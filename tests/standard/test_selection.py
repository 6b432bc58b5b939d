"""What is in scope, and what is a micro-credential."""

from __future__ import annotations

import pytest

from standard.selection import Selection, is_micro_credential, names_micro_credential, selects
from standard.source_offering import SourceOffering, SourceValue


def record(kind: str | None = None, *markers: tuple[str, str | bool]) -> SourceOffering:
    """A record of a kind with markers."""
    values = [SourceValue(value, "file#/1", scheme=scheme) for scheme, value in markers]
    return SourceOffering(path="file#/1", source_id="MC-1", kind=kind, markers=values)


def in_scope(selection: Selection | None, source: SourceOffering, ects: float | None = None) -> bool:
    """Whether a record is in scope of a contract's selection."""
    return selects(selection, source, source.markers, ects)


def answer(source: SourceOffering, selection: Selection | None = None) -> object:
    """Whether a record is a micro-credential."""
    return is_micro_credential(source, source.markers, selection)


def test_without_a_selection_everything_is_in_scope() -> None:
    assert in_scope(None, record())
    assert in_scope(Selection(), record())


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(kinds=["Course"]), True),
        (Selection(kinds=["programme"]), False),
        (Selection(markers={"formalDocument": ["certificate"]}), True),
        (Selection(markers={"formalDocument": ["diploma"]}), False),
        (Selection(markers={"other": ["certificate"]}), False),
        (Selection(source_ids=["MC-1"]), True),
        (Selection(source_ids=["MC-2"]), False),
        (Selection(ects_min=3, ects_max=30), True),
        (Selection(ects_min=6), False),
        (Selection(ects_max=4), False),
        (Selection(kinds=["course"], ects_min=6), False),
        (Selection(kinds=["course"], markers={"formaldocument": ["CERTIFICATE"]}, ects_max=5), True),
    ],
)
def test_everything_that_is_given_must_hold(selection: Selection, expected: bool) -> None:
    assert in_scope(selection, record("course", ("formalDocument", "certificate")), ects=5) is expected


def test_bounds_do_not_hold_for_unknown_credits() -> None:
    assert not in_scope(Selection(ects_max=30), record(), ects=None)


def test_nobody_says_anything() -> None:
    assert answer(record("course")) == "unknown"
    assert answer(record("course"), Selection(ects_max=30)) == "unknown"


@pytest.mark.parametrize(
    "source",
    [
        record("micro-credential"),
        record("course", ("formalDocument", "micro_credential_certificate")),
        record("course", ("micro_credential", "yes")),
        record("course", ("isMicroCredential", True)),
        record("course", ("type", "Pieni osaamiskokonaisuus")),
    ],
)
def test_the_record_says_so_itself(source: SourceOffering) -> None:
    assert answer(source) is True


def test_the_contract_says_so() -> None:
    assert answer(record("course"), Selection(kinds=["course"])) is True
    assert answer(record("course", ("label", "MC")), Selection(markers={"label": ["mc"]})) is True
    assert answer(record("course"), Selection(source_ids=["MC-1"])) is True


def test_the_contract_says_no() -> None:
    assert answer(record("programme"), Selection(kinds=["course"])) is False


def test_the_record_wins_over_the_contract() -> None:
    assert answer(record("course", ("micro_credential", "no")), Selection(kinds=["course"])) is False


@pytest.mark.parametrize("word", ["Micro-credential", "MICRO_CREDENTIAL", "microcredenciales", "Mikro-Zertifikat"])
def test_words_for_it(word: str) -> None:
    assert names_micro_credential(word)


@pytest.mark.parametrize("word", ["not a micro-credential", "course", "", "micro", 1, True])
def test_words_for_something_else(word: str | int) -> None:
    assert not names_micro_credential(word)
