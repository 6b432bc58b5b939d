"""The demo's content: enough of it, in three languages, and every edition differs from the one before."""

from __future__ import annotations

import pytest

from pipelines.demo.content import institution, institutions


def test_six_institutions_offer_some_hundred_and_twenty_offerings_in_three_languages() -> None:
    offered = [entry for key in institutions() for entry in institution(key).offerings]
    assert len(institutions()) == 6
    assert 110 <= len(offered) <= 130
    assert {language for entry in offered for language in entry.texts} == {"en", "fr", "de"}


@pytest.mark.parametrize("key", institutions())
def test_each_institution_is_flawed_on_purpose_and_says_how(key: str) -> None:
    flaws = [entry.facts["flaw"] for entry in institution(key).offerings if "flaw" in entry.facts]
    assert flaws
    assert all(len(flaw) > 10 for flaw in flaws)


@pytest.mark.parametrize("key", [key for key in institutions() if key != "greengate"])
def test_the_second_edition_brings_something_new_loses_something_and_changes_something(key: str) -> None:
    first = {entry.id: entry for entry in institution(key, 1).offerings}
    second = {entry.id: entry for entry in institution(key, 2).offerings}
    assert second.keys() - first.keys()
    assert first.keys() - second.keys()
    assert any(first[name].facts != second[name].facts for name in first.keys() & second.keys())


def test_one_source_collapses_in_the_second_edition() -> None:
    assert len(institution("greengate", 2).offerings) < len(institution("greengate", 1).offerings) / 4


def test_an_edition_beyond_the_last_is_the_last() -> None:
    assert institution("minette", 5) == institution("minette", 2)
