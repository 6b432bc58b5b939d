"""However large the register, memory holds one page and one entity; what waits on disk is what was read."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.deqar import read_register
from connectors.deqar.spill import Spill
from connectors.documents import Document
from standard.register import Agency, Report
from tests.connectors.deqar.support import document, page

ROWS = 250


def _report(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "agency": {"id": 1, "acronym_primary": "A"},
        "agency_esg_activities": [{"id": 1, "group_id": 1, "type": "institutional"}],
        "decision": "positive",
        "valid_from": "2024-01-01T00:00:00Z",
        "institutions": [{"id": 7, "deqar_id": "DEQARINST0007", "name_primary": "Seven", "locations": []}],
        "summary": f"Summary of {number}. " * 30,
        "programmes": [{"id": number, "name_primary": f"Programme {number}", "degree_outcome": True}],
    }


def _pages(number: int) -> Iterator[Document]:
    """Pages that are made when they are opened, so that the test holds none of them."""
    for place in range(number):
        first = place * ROWS

        def opened(first: int = first) -> io.BytesIO:
            return io.BytesIO(msgspec.json.encode(page(*(_report(first + n) for n in range(ROWS)))))

        yield Document(f"reports-{place}.json", "web-reports", "", "", 0, "", opened)


def _most_held(pages: int) -> int:
    tracemalloc.start()
    try:
        reading = read_register(_pages(pages))
        assert sum(1 for _ in reading.entities()) == pages * ROWS + 2
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_reports_take_no_more_memory() -> None:
    _most_held(1)
    assert _most_held(24) < 1.3 * _most_held(6)


def test_what_is_wrong_everywhere_is_counted_and_not_kept_everywhere() -> None:
    rows = [{**_report(number), "agency": None, "institutions": []} for number in range(1, 1501)]
    reading = read_register([document("web-reports", page(*rows))])
    assert reading.noticed["MC00-DEQAR-REPORT-WITHOUT-AGENCY"] == 1500
    told = [one for one in reading.observations if one.code == "MC00-DEQAR-REPORT-WITHOUT-AGENCY"]
    assert len(told) == 1000


def test_a_reading_can_be_gone_through_again_and_side_by_side() -> None:
    reading = read_register([document("web-reports", page(*(_report(number) for number in (3, 1, 2))))])
    assert [one.report_id for one in reading.reports] == [1, 2, 3]
    pairs = [(one.report_id, other.report_id) for one in reading.reports for other in reading.reports]
    assert len(pairs) == 9
    assert (reading.reports[0].report_id, reading.reports[-1].report_id, len(reading.reports)) == (1, 3, 3)
    assert [one.report_id for one in reading.reports[1:]] == [2, 3]
    with pytest.raises(IndexError):
        reading.reports[3]


@given(st.lists(st.integers(0, 10**14), max_size=30))
@settings(max_examples=30, deadline=None)
def test_what_is_kept_is_a_sequence_like_any_other(numbers: list[int]) -> None:
    given = [Agency(number, name=f"Agency {number}") for number in numbers]
    kept = Spill().kept(Agency)
    for one in given:
        kept.add(one)
    assert list(kept) == given
    assert kept == given
    assert kept != [*given, Agency(1)]
    assert kept[2:5] == given[2:5]


def test_a_number_beyond_all_numbers_is_said_and_the_rest_goes_on() -> None:
    huge = {**_report(1), "id": 10**30}
    reading = read_register([document("web-reports", page(huge, _report(2)))])
    assert [one.report_id for one in reading.reports] == [2]
    assert "MC00-DEQAR-RECORD-UNREADABLE" in reading.noticed


def test_reports_of_one_shape_that_differ_are_settled_by_content_whatever_the_order() -> None:
    one, other = _report(1), {**_report(1), "decision": "negative", "summary": "Short."}
    found: list[list[Report]] = []
    for rows in ([one, other], [other, one], [one, other, one]):
        found.append(list(read_register([document("web-reports", page(row)) for row in rows]).reports))
    assert found[0] == found[1] == found[2]
