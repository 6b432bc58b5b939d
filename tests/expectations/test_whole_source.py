"""The judge over a whole source: what its contract promises, and counts that must close."""

from __future__ import annotations

import pytest

from expectations.demands import Demands, SourceSummary
from standard.observation import Observation
from standard.verdict import Counts, Finding
from tests.expectations.records import codes, judge, mapped, source

EMPTY = Counts()


def _counts(selected: int, unreadable: int = 0) -> Counts:
    return Counts(
        fetched=selected + unreadable,
        parsed=selected,
        unreadable=unreadable,
        selected=selected,
        accepted=selected,
    )


def _findings(demands: Demands | None, counts: Counts, **more: object) -> list[Finding]:
    return judge(demands).whole_source(SourceSummary(counts, **more))  # type: ignore[arg-type]


def test_a_source_that_keeps_its_contract_has_no_finding() -> None:
    kept = Demands(least_offerings=10, least_fill={"workload": 0.5}, most_unreadable=0.1)
    assert _findings(kept, _counts(10, 1), fill={"workload": 0.5}) == []


def test_an_empty_source_is_a_finding_unless_the_contract_allows_it() -> None:
    (finding,) = _findings(Demands(least_offerings=10), EMPTY)
    assert (finding.code, finding.severity) == ("MC00-SOURCE-EMPTY", "blocks")
    assert _findings(Demands(least_offerings=10, may_be_empty=True), EMPTY) == []
    assert codes(_findings(None, EMPTY)) == ["MC00-SOURCE-EMPTY"]


def test_an_empty_source_is_not_also_too_small_or_too_hollow() -> None:
    demands = Demands(least_offerings=10, least_fill={"title": 1.0})
    assert codes(_findings(demands, Counts(fetched=4, parsed=4, out_of_scope=4))) == ["MC00-SOURCE-EMPTY"]


def test_fewer_offerings_than_promised() -> None:
    (finding,) = _findings(Demands(least_offerings=10), _counts(9))
    assert finding.code == "MC00-SOURCE-FEWER-THAN-PROMISED"
    assert "9 offerings in scope" in finding.message
    assert "at least 10" in finding.message


def test_fill_below_what_was_promised_names_the_element_and_both_shares() -> None:
    (finding,) = _findings(
        Demands(least_fill={"workload": 0.9, "title": 1.0}), _counts(2), fill={"workload": 0.5, "title": 1}
    )
    assert finding.code == "MC00-SOURCE-FILL-LOW"
    assert "50 % of" in finding.message
    assert "'workload'" in finding.message
    assert "90 %" in finding.message


def test_without_a_given_fill_the_judge_uses_what_it_saw_over_all_batches() -> None:
    one = judge(Demands(least_fill={"contact": 0.6}))
    one.offerings([(source(), mapped(), [])])
    one.offerings([(source(), mapped(missing=("contact",)), [])])
    assert codes(one.whole_source(SourceSummary(_counts(2)))) == ["MC00-SOURCE-FILL-LOW"]


def test_an_element_nobody_knows_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"feed north.*'learning_outcome'.*learning_outcomes\?"):
        judge(Demands(least_fill={"learning_outcome": 0.5}))


def test_too_many_unreadable_items() -> None:
    (finding,) = _findings(Demands(most_unreadable=0.1), _counts(8, 2))
    assert finding.code == "MC00-SOURCE-UNREADABLE-SHARE"
    assert "2 of the 10" in finding.message
    assert _findings(Demands(most_unreadable=0.2), _counts(8, 2)) == []


@pytest.mark.parametrize(
    "lost",
    [
        Counts(fetched=3, parsed=2, selected=2, accepted=2),
        Counts(fetched=2, parsed=2, selected=1, accepted=1),
        Counts(fetched=2, parsed=2, selected=2, accepted=1),
    ],
)
def test_counts_that_do_not_close_block(lost: Counts) -> None:
    (finding,) = _findings(None, lost)
    assert (finding.code, finding.severity) == ("MC00-SOURCE-COUNTS-OPEN", "blocks")


def test_fewer_records_than_the_source_announces_is_said_once() -> None:
    (finding,) = _findings(None, _counts(9), announced=10)
    assert (finding.code, finding.value) == ("MC00-SOURCE-TOTAL-DIFFERS", "9")
    assert "(not stated)" not in finding.message
    assert _findings(None, _counts(10), announced=10) == []
    noticed = [Observation("MC00-SOURCE-TOTAL-DIFFERS", path="p", value=9, facts={"announced": "10", "found": "9"})]
    assert codes(_findings(None, _counts(9), announced=10, observations=noticed)) == ["MC00-SOURCE-TOTAL-DIFFERS"]


def test_what_the_reader_noticed_about_the_whole_becomes_a_finding_without_record() -> None:
    noticed = Observation("MC00-SOURCE-EMPTY", path="feed.xml", facts={"fetched": "0", "out_of_scope": "0"})
    (finding,) = _findings(Demands(may_be_empty=True), EMPTY, observations=[noticed])
    assert (finding.source_id, finding.path) == (None, "feed.xml")
