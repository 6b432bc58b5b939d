"""What the database benchmarks measure: the same offerings everywhere, queries that find something, readable pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import loading, search
from benchmarks.corpus import BLOCK, LANGUAGES, offerings
from benchmarks.databases import fill
from benchmarks.engines import open_engine
from benchmarks.queries import CLASSES, query_classes
from standard.offering import content_hash


def test_a_block_is_the_same_alone_and_among_others() -> None:
    among = list(offerings("f", 0, 2 * BLOCK))[BLOCK:]
    alone = list(offerings("f", BLOCK, BLOCK))
    assert among == alone
    assert [next(iter(one.title)) for one in (among[0], among[-1])] == [LANGUAGES[1], LANGUAGES[1]]
    assert len({one.offering_id for one in among}) == BLOCK


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 1.0])
def test_an_edition_changes_the_share_it_is_told(share: float) -> None:
    first = [content_hash(one) for one in offerings("f", 0, 2 * BLOCK)]
    later = [content_hash(one) for one in offerings("f", 0, 2 * BLOCK, edition=2, changed=share)]
    differing = sum(one != other for one, other in zip(first, later, strict=True)) / len(first)
    assert differing == pytest.approx(share, abs=0.01)


def test_two_editions_change_different_offerings() -> None:
    second = [content_hash(one) for one in offerings("f", 0, BLOCK, edition=2, changed=0.5)]
    third = [content_hash(one) for one in offerings("f", 0, BLOCK, edition=3, changed=0.5)]
    assert second != third


def test_every_class_of_queries_finds_something(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'catalogue.db'}"
    engine, reports = fill(address, BLOCK)
    engine.dispose()
    assert [report.new for report in reports] == [BLOCK]
    run = open_engine("sqlite", address)
    for name, queries in query_classes(BLOCK, 6).items():
        found = [run(query) for query in queries]
        assert sum(found) > 0, name
    assert set(query_classes(BLOCK, 1)) == set(CLASSES)


def test_a_size_that_is_no_multiple_of_a_block_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="give a multiple of 1000"):
        fill(f"sqlite:///{tmp_path / 'catalogue.db'}", 1_500)


@pytest.mark.slow
def test_the_search_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "WORK", tmp_path / "work")
    monkeypatch.setattr(search, "RESULTS", tmp_path / "results")
    search.main(["--sizes", "1000", "--engines", "sqlite", "--queries", "6", "--no-clients"])
    (page,) = (tmp_path / "results").glob("*-search.md")
    shown = page.read_text(encoding="utf-8")
    assert "1,000 offerings, one client" in shown
    for name in (*CLASSES, "suggestions"):
        assert f"| {name} |" in shown


@pytest.mark.slow
def test_the_loading_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "WORK", tmp_path / "work")
    monkeypatch.setattr(loading, "RESULTS", tmp_path / "results")
    loading.main(["--size", "1000", "--ways", "sqlite"])
    (page,) = (tmp_path / "results").glob("*-loading.md")
    shown = page.read_text(encoding="utf-8")
    assert "| sqlite |" in shown
    assert "| 100% changed |" in shown
