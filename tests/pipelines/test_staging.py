"""Staged batches: what is written is read back, what was not finished is not there, and surplus goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.staging import Staging, staged_file


class Thing(msgspec.Struct):
    number: int
    text: str = ""


class Report(msgspec.Struct):
    count: int


FILE = staged_file("a-feed", "things", "snapshot", "version")


@pytest.fixture(params=["folder", "memory"])
def staging(request: pytest.FixtureRequest, tmp_path: Path) -> Staging:
    return Staging(str(tmp_path) if request.param == "folder" else f"memory://{tmp_path.name}")


def test_records_come_back_in_order(staging: Staging) -> None:
    things = [Thing(n, "é\n" * (n % 7)) for n in range(5_000)]
    report = staging.write(FILE, things, lambda: Report(len(things)))
    assert report == Report(5_000)
    assert list(staging.read(FILE, Thing)) == things
    assert staging.report(FILE, Report) == report


@given(texts=st.lists(st.text()))
def test_any_text_comes_back(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    staging = Staging(str(tmp_path_factory.mktemp("staging")))
    staging.write(FILE, [Thing(n, text) for n, text in enumerate(texts)], lambda: Report(0))
    assert [thing.text for thing in staging.read(FILE, Thing)] == texts


def test_some_records_come_back_with_their_numbers_and_no_other_is_read(staging: Staging) -> None:
    staging.write(FILE, [Thing(0, "a"), Report(1), Thing(2, "c"), Report(3)], lambda: Report(4))
    assert list(staging.read_some(FILE, Thing, {0, 2})) == [(0, Thing(0, "a")), (2, Thing(2, "c"))]
    assert list(staging.read_some(FILE, Thing, set())) == []
    with pytest.raises(msgspec.ValidationError):
        list(staging.read_some(FILE, Thing, {1}))


def test_the_report_sees_everything_that_was_written(staging: Staging) -> None:
    seen: list[int] = []

    def things() -> Iterator[Thing]:
        for n in range(3):
            seen.append(n)
            yield Thing(n)

    assert staging.write(FILE, things(), lambda: Report(len(seen))) == Report(3)


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    staging = Staging(str(tmp_path))

    def broken() -> Iterator[Thing]:
        yield Thing(1)
        raise RuntimeError("the source ends here")

    with pytest.raises(RuntimeError):
        staging.write(FILE, broken(), lambda: Report(1))
    assert not staging.has(FILE)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_report_that_breaks_leaves_a_batch_that_does_not_count(staging: Staging) -> None:
    def no_report() -> Report:
        raise RuntimeError("cannot say")

    with pytest.raises(RuntimeError):
        staging.write(FILE, [Thing(1)], no_report)
    assert not staging.has(FILE)


def test_writing_again_replaces(staging: Staging) -> None:
    staging.write(FILE, [Thing(1)], lambda: Report(1))
    staging.write(FILE, [Thing(2), Thing(3)], lambda: Report(2))
    assert [thing.number for thing in staging.read(FILE, Thing)] == [2, 3]


def test_tidying_leaves_what_another_run_is_writing(staging: Staging) -> None:
    def another_run_tidies() -> Iterator[Thing]:
        yield Thing(1)
        staging.tidy("a-feed", keep=[])
        yield Thing(2)

    staging.write(FILE, another_run_tidies(), lambda: Report(2))
    assert len(list(staging.read(FILE, Thing))) == 2


def test_tidying_keeps_what_it_is_told_to_and_other_feeds(staging: Staging) -> None:
    old, other = staged_file("a-feed", "things", "older"), staged_file("b-feed", "things", "older")
    for file in (FILE, old, other):
        staging.write(file, [Thing(1)], lambda: Report(1))
    assert staging.tidy("a-feed", keep=[FILE], now=_in(hours=2)) == 2
    assert (staging.has(FILE), staging.has(old), staging.has(other)) == (True, False, True)
    assert staging.tidy("nobody", keep=[]) == 0


def test_tidying_leaves_what_another_run_has_just_made(staging: Staging) -> None:
    file = staged_file("a-feed", "things", "of another run")
    staging.write(file, [Thing(1)], lambda: Report(1))
    assert staging.tidy("a-feed", keep=[FILE], now=_in(minutes=50)) == 0
    assert staging.has(file)


def _in(**time: float) -> datetime:
    return datetime.now(UTC) + timedelta(**time)


def test_a_name_changes_with_each_thing_that_made_it() -> None:
    names = {staged_file("f", "s", *made_by).key for made_by in [("a", "b"), ("a", "c"), ("ab", ""), ("a", "b", "")]}
    assert len(names) == 4
    assert staged_file("f", "s", "a", "b") == staged_file("f", "s", "a", "b")
