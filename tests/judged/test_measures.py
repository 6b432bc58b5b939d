"""The measures and the floors: known values, bounds for any input, and floors that only ever rise."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judged import floors
from tests.judged.floors import Floor
from tests.judged.measures import Measure, found, ndcg

GRADES = st.lists(st.integers(0, 3), max_size=12)
JUDGED = st.lists(st.integers(1, 3), min_size=1, max_size=12)
SHARES = st.floats(0, 1)


def test_the_best_order_is_worth_one_and_nothing_found_nothing() -> None:
    assert ndcg([3, 2, 1], [1, 3, 2]) == 1
    assert ndcg([0, 0], [3]) == 0
    assert ndcg([], [3]) == 0


def test_a_place_further_down_is_worth_less_by_the_logarithm() -> None:
    assert ndcg([0, 3], [3]) == pytest.approx(1 / log2(3))
    assert ndcg([1, 3], [3, 1]) == pytest.approx((1 + 7 / log2(3)) / (7 + 1 / log2(3)))


def test_what_stands_after_the_tenth_place_does_not_count() -> None:
    assert ndcg([0] * 10 + [3], [3]) == 0
    assert found([str(place) for place in range(10)] + ["x"], {"x": 3}) == 0


def test_more_than_ten_good_ones_need_not_all_be_shown() -> None:
    grades = {str(number): 3 for number in range(14)}
    assert found([str(number) for number in range(10)], grades) == 1
    assert ndcg([3] * 10, grades.values()) == 1


def test_only_the_best_count_as_looked_for() -> None:
    assert found(["a"], {"a": 3, "b": 3, "c": 1}) == 0.5
    assert found(["c"], {"a": 3, "c": 1}) == 0
    assert found(["c"], {"c": 1}) == 1


@given(judged=JUDGED, data=st.data())
@settings(max_examples=60)
def test_no_order_of_what_was_judged_is_worth_more_than_one(judged: list[int], data: st.DataObject) -> None:
    shown = data.draw(st.permutations(judged))
    assert 0 < ndcg(shown, judged) <= 1 + 1e-12


def _measured(ndcg_value: float, found_value: float) -> dict[str, Measure]:
    return {"all": Measure(3, ndcg_value, found_value)}


@given(first=st.tuples(SHARES, SHARES), then=st.tuples(SHARES, SHARES))
@settings(max_examples=60)
def test_raising_never_lowers_and_what_was_measured_is_never_below(
    first: tuple[float, float], then: tuple[float, float]
) -> None:
    once = floors.raised({}, _measured(*first))
    twice = floors.raised(once, _measured(*then))
    assert floors.below(once, _measured(*first)) == []
    assert floors.below(twice, _measured(*then)) == floors.below(once, _measured(*then))
    assert twice["all"].ndcg >= once["all"].ndcg
    assert twice["all"].found >= once["all"].found


def test_floors_are_rounded_down_to_two_digits() -> None:
    assert floors.raised({}, _measured(0.899, 0.29)) == {"all": Floor(0.89, 0.29)}


def test_what_is_below_is_told_with_its_number() -> None:
    told = floors.below({"all": Floor(0.9, 0.5)}, _measured(0.8512, 0.5))
    assert told == ["all: nDCG@10 is 0.851, below its floor of 0.90"]


def test_a_new_group_needs_a_floor() -> None:
    assert floors.below({}, _measured(0.9, 0.9)) == ["all has no floor yet: raise the floors"]


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    written: floors.Floors = {"fictional": {"kind known": Floor(0.97, 1.0)}, "real": {"all": Floor(0.5, 0.25)}}
    floors.write(written, tmp_path / "floors.yaml")
    assert floors.read(tmp_path / "floors.yaml") == written


def test_no_file_means_no_floors(tmp_path: Path) -> None:
    assert floors.read(tmp_path / "none.yaml") == {}
