"""The search is as near to the judgements as it has ever been, in every language and for every kind of query."""

from __future__ import annotations

import pytest

from tests.judged import floors
from tests.judged.judgements import Catalogue
from tests.judged.measures import Answered, groups

pytestmark = pytest.mark.xdist_group("judged")  # the catalogues are filled once


def test_no_measure_is_below_its_floor(catalogue: Catalogue, answers: list[Answered]) -> None:
    """``python -m tests.judged --missed`` tells which queries fell short."""
    assert floors.below(floors.read().get(catalogue, {}), groups(answers)) == []


def test_no_answer_shows_what_was_excluded_or_filtered_out(answers: list[Answered]) -> None:
    """Exclusion, phrases and filters are promises, not matters of rank."""
    assert {str(each.judgement): each.unwanted for each in answers if each.unwanted} == {}
