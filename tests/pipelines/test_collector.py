"""The collector looks less often while a step works, and as before afterwards, whatever happened."""

from __future__ import annotations

import gc

import pytest

from pipelines.collector import looking_seldom


def test_it_looks_less_often_and_then_as_before() -> None:
    before = gc.get_threshold()
    with looking_seldom():
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled() == (before[0] > 0)
    assert gc.get_threshold() == before


def test_a_failure_changes_nothing_for_good() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), looking_seldom():
        raise ValueError("broken")
    assert gc.get_threshold() == before
