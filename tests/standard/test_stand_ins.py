"""What a value is not taken for: words for an address, a sign for a level, the name of a number for another number."""

from __future__ import annotations

import pytest

from standard.elements.common.case import storable
from standard.values.levels import level
from standard.values.urls import web_address

BASE = "https://www.uni.example/"


@pytest.mark.parametrize("words", ["siehe Homepage", "on request", "Room B12", "7", "n.v.", "coming soon"])
def test_words_in_a_link_are_no_address(words: str) -> None:
    assert web_address(words, BASE).value is None


@pytest.mark.parametrize("path", ["courses/1", "/courses", "?course=1", "course.html", "course outline.pdf"])
def test_a_path_is_read_from_where_the_document_lies(path: str) -> None:
    assert (web_address(path, BASE).value or "").startswith(BASE)


@pytest.mark.parametrize("value", ["-1", "-6", " - 3 ", "\u22122", -1])
def test_a_negative_level_is_none(value: str | int) -> None:
    assert level(value, "eqf").value is None


@pytest.mark.parametrize("value", ["6.0", "6,0", "6", 6])
def test_a_whole_level_may_be_written_with_a_decimal(value: str | int) -> None:
    understood = level(value, "eqf").value
    assert understood is not None
    assert understood.eqf == 6


@pytest.mark.parametrize("number", [10**20, -(10**30), 2**63])
def test_what_stands_for_a_number_too_large_to_be_kept_has_no_digit(number: int) -> None:
    assert not any(letter.isdigit() for letter in str(storable(number)))
