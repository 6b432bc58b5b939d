"""Runs every specification under tests/features that is about an element."""

from __future__ import annotations

from pathlib import Path

from pytest_bdd import scenarios

from standard.elements import ORDER

FEATURES = Path(__file__).parent.parent / "features"

scenarios(*(str(FEATURES / f"{name}.feature") for name in ORDER))


def test_every_element_has_its_specification() -> None:
    missing = [name for name in ORDER if not (FEATURES / f"{name}.feature").exists()]
    assert missing == []
