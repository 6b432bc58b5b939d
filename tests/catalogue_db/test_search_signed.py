"""Words that would be one letter without their signs: C++ is not C, nor is C#."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from catalogue_db.search import SearchQuery, search, suggest
from tests.catalogue_db.asking import found
from tests.catalogue_db.test_search import load

TITLES = {
    "plus": "C++ for engineers",
    "newer": "Modern C++20, in practice",
    "sharp": "Games in C#",
    "plain": "Programming in C",
    "vitamin": "Vitamin C and health",
    "data": "Data science",
    "german": {"title": {"de": "Grundlagen von C++"}, "languages": ["de"]},
}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    load(engine, **TITLES)
    return engine


def whole(engine: Engine, text: str) -> set[str | None]:
    """The titles that are found when nothing is only begun."""
    return {each.title for each in search(engine, SearchQuery(text=text, last_word_begun=False)).results}


def test_a_letter_with_its_signs_is_a_word_of_its_own(filled: Engine) -> None:
    plus = {"C++ for engineers", "Modern C++20, in practice", "Grundlagen von C++"}
    assert whole(filled, "c++") == plus
    assert whole(filled, '"C++"') == plus
    assert whole(filled, "C#") == {"Games in C#"}
    assert whole(filled, "c") == {"Programming in C", "Vitamin C and health"}
    assert found(filled, "in practice C++20")[0] == "Modern C++20, in practice"


def test_what_it_is_called_finds_it_too(filled: Engine) -> None:
    assert whole(filled, "CPP") == whole(filled, "c++")
    assert whole(filled, "CSharp") == whole(filled, "c#")


def test_it_can_be_left_out(filled: Engine) -> None:
    assert whole(filled, "in -C#") == {"Modern C++20, in practice", "Programming in C"}


def test_it_is_marked_with_its_signs(filled: Engine) -> None:
    marked = {each.title_marked for each in search(filled, SearchQuery(text="c++")).results}
    assert {"<mark>C++</mark> for engineers", "Modern <mark>C++</mark>20, in practice"} <= marked
    assert search(filled, SearchQuery(text="c#")).results[0].title_marked == "Games in <mark>C#</mark>"


def test_it_is_suggested_with_its_signs(filled: Engine) -> None:
    assert [each.text for each in suggest(filled, "games in c#", lang="en")] == ["Games in C#"]
    assert [each.text for each in suggest(filled, "c++ f", lang="en")] == ["C++ for engineers"]


def test_other_signs_part_words_as_ever(filled: Engine) -> None:
    assert whole(filled, "science+data") == whole(filled, "data#science") == {"Data science"}
