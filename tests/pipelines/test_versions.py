"""Fingerprints of our own code: whatever shapes a staged batch changes its name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipelines import versions


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of its own, named as nothing else is."""
    folder = tmp_path / "room_of_the_test"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "inner" / "table.csv").write_text("a,b\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def fingerprint() -> str:
    """The fingerprint of the room, not the one that was kept."""
    sys.path_importer_cache.clear()
    return versions.package_version.__wrapped__("room_of_the_test")


@pytest.mark.parametrize("changed", ["__init__.py", "inner/table.csv", "inner/new.py"])
def test_a_change_of_code_or_table_changes_the_fingerprint(room: Path, changed: str) -> None:
    before = fingerprint()
    assert fingerprint() == before
    (room / changed).write_text("x = 1\n")
    assert fingerprint() != before


def test_what_is_no_code_changes_nothing(room: Path) -> None:
    before = fingerprint()
    (room / "README.md").write_text("words\n")
    assert fingerprint() == before


def test_the_readers_are_the_whole_room_they_stand_in() -> None:
    files = {file.name for file in versions._files("connectors")}
    assert {"xml.py", "_xml_node.py", "charsets.py", "leftovers.py", "xcri.py", "sniffing.py"} <= files


def test_the_mapping_changes_with_its_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.mapping_version()
    monkeypatch.setattr(versions, "reader_version", lambda: "other readers")
    assert versions.mapping_version() != before
