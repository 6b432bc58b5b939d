"""The judge over source offerings: identifiers within a batch and over batches, and verdicts that ignore batches."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from standard.mapping import Mapped
from standard.observation import Observation
from standard.source_offering import SourceOffering
from standard.verdict import JudgedRecord
from tests.expectations.records import codes, judge, mapped, offering, source


def test_good_records_have_no_findings() -> None:
    assert judge().sources([source("a"), source("b")]) == [[], []]


def test_a_record_without_identifier_is_told_so_with_its_path() -> None:
    for empty in (None, "", "   "):
        (found,) = judge().sources([source(empty, path="file.xml#/course[3]")])
        assert codes(found) == ["MC00-ID-MISSING"]
        assert (found[0].severity, found[0].path) == ("blocks", "file.xml#/course[3]")
        assert "file.xml#/course[3]" in found[0].message


def test_the_first_record_with_an_identifier_stays_and_is_named_to_the_others() -> None:
    first, second = judge().sources([source("a", path="f#/0"), source(" a ", path="f#/1")])
    assert first == []
    assert codes(second) == ["MC00-ID-DUPLICATE"]
    assert "f#/0" in second[0].message
    assert second[0].path == "f#/1"


def test_a_duplicate_in_a_later_batch_is_found() -> None:
    one = judge()
    one.sources([source("a", path="f#/0")])
    (later,) = one.sources([source("a", path="g#/0")])
    assert codes(later) == ["MC00-ID-DUPLICATE"]
    assert "f#/0" in later[0].message


def test_records_without_identifier_are_no_duplicates_of_each_other() -> None:
    found = judge().sources([source(None), source(None)])
    assert [codes(findings) for findings in found] == [["MC00-ID-MISSING"]] * 2


def test_a_text_in_the_place_of_an_identifier_is_refused_and_shown_short() -> None:
    (found,) = judge().sources([source("x" * 401)])
    assert codes(found) == ["MC00-ID-TOO-LONG"]
    assert len(str(found[0].value)) == 200
    assert "401" in found[0].message


def test_what_the_reader_noticed_is_among_the_findings() -> None:
    noticed = Observation("MC00-ID-TOO-LONG", path="f#/0/id", value="v", facts={"length": "9", "most": "8"})
    (found,) = judge().sources([source("a", path="f#/0", observations=[noticed])])
    assert [(finding.code, finding.path, finding.source_id) for finding in found] == [
        ("MC00-ID-TOO-LONG", "f#/0/id", "a")
    ]


Item = tuple[SourceOffering, Mapped]

_ids = st.sampled_from([None, "", "a", "b", "c", "d", "long" * 101])
_gaps = st.lists(st.sampled_from(["title", "workload", "contact", "homepage"]), max_size=3, unique=True)
_countries = st.sampled_from(["NL", "nl"])


@st.composite
def _items(draw: st.DrawFn) -> list[Item]:
    drawn = draw(st.lists(st.tuples(_ids, _gaps, _countries), min_size=1, max_size=8))
    return [
        (source(identifier, path=f"f#/{place}"), mapped(offering(country=country), missing=tuple(gaps)))
        for place, (identifier, gaps, country) in enumerate(drawn)
    ]


def _judged(items: list[Item], size: int) -> list[JudgedRecord]:
    one, result = judge(), []
    for start in range(0, len(items), size):
        batch = items[start : start + size]
        found = one.sources([published for published, _ in batch])
        triples = [(published, record, about) for (published, record), about in zip(batch, found, strict=True)]
        result += one.offerings(triples)
    return result


def _expected(record: JudgedRecord) -> str:
    if any(finding.severity == "blocks" for finding in record.findings):
        return "rejected"
    return "accepted_with_findings" if record.findings else "accepted"


@settings(max_examples=8, deadline=None)
@given(_items(), st.integers(2, 5))
def test_verdicts_and_findings_do_not_depend_on_the_size_of_a_batch(items: list[Item], size: int) -> None:
    records = _judged(items, len(items))
    assert _judged(items, size) == records
    assert [record.path for record in records] == [published.path for published, _ in items]
    assert [record.verdict for record in records] == [_expected(record) for record in records]


@settings(max_examples=8, deadline=None)
@given(_items(), st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_the_order_but_for_which_duplicate_comes_first(
    items: list[Item], random: object
) -> None:
    shuffled = random.sample(items, len(items))  # type: ignore[attr-defined]
    counts = Counter(published.source_id for published, _ in items)
    unique = {published.path for published, _ in items if counts[published.source_id] == 1 or not published.source_id}

    def by_path(records: list[JudgedRecord]) -> dict[str, JudgedRecord]:
        return {record.path: record for record in records if record.path in unique}

    assert by_path(_judged(items, len(items))) == by_path(_judged(shuffled, len(items)))
