"""The judge over records in scope: presence by state, agreement between elements, guarantees, verdicts."""

from __future__ import annotations

import itertools
from typing import Any

from expectations.suites import MISSING
from standard.mapping import Mapped
from standard.observation import Observation
from standard.offering import Completeness, Instance, Level, Offering, Price, Workload
from standard.source_offering import SourceInstance
from tests.expectations.records import (
    codes,
    judge,
    judged,
    judged_together,
    mapped,
    offering,
    published_with_instance,
    source,
    with_instance,
)


def test_a_whole_record_is_accepted_without_a_finding() -> None:
    record = judged(mapped())
    assert (record.verdict, record.findings) == ("accepted", [])
    assert record.offering is not None
    assert (record.source_id, record.path) == ("c-1", "courses.json#/0")


def test_an_element_whose_state_is_missing_is_called_missing_and_nothing_else() -> None:
    records = judged_together([mapped(missing=(field,)) for field in MISSING])
    assert [codes(record.findings) for record in records] == [[code] for code in MISSING.values()]
    assert {finding.path for record in records for finding in record.findings} == {"courses.json#/0"}


def test_no_other_state_is_called_missing() -> None:
    others = itertools.product(MISSING, ("present", "derived", "unreadable"))
    assert [codes(record.findings) for record in judged_together([mapped(**{f: s}) for f, s in others])] == [[]] * 60


def test_an_element_that_could_not_be_understood_is_not_also_missing() -> None:
    record = mapped(workload="unreadable")
    record.observations = [Observation("MC06-WORKLOAD-UNREADABLE", "courses.json#/0/credits", "many", {"note": "x"})]
    (finding,) = judged(record).findings
    assert (finding.code, finding.path, finding.value) == (
        "MC06-WORKLOAD-UNREADABLE", "courses.json#/0/credits", "many"
    )  # fmt: skip


def test_what_the_reader_the_mapping_and_the_suite_saw_stands_in_this_order() -> None:
    published = source(observations=[Observation("MC00-ID-TOO-LONG", value="read")])
    record = mapped(missing=("contact",))
    record.observations = [Observation("MC00-ID-TOO-LONG", value="mapped")]
    findings = judged(record, published).findings
    assert [finding.value for finding in findings] == ["read", "mapped", None]
    assert findings[2].code == "MC17-CONTACT-MISSING"


def test_a_record_that_was_not_mapped_is_rejected_even_if_nobody_says_why() -> None:
    record = judged(Mapped(offering=None))
    assert (record.verdict, codes(record.findings)) == ("rejected", ["MC00-RECORD-NOT-MAPPED"])


def test_a_record_that_was_not_mapped_for_a_known_reason_is_told_that_reason_alone() -> None:
    record = judged(Mapped(offering=None), source(None))
    assert (record.verdict, codes(record.findings)) == ("rejected", ["MC00-ID-MISSING"])


def test_what_the_mapping_guarantees_is_checked_before_it_reaches_portals() -> None:
    broken: list[tuple[Offering, object]] = [
        (offering(homepage="javascript:alert(1)"), "javascript:alert(1)"),
        (offering(homepage="https://north.example/\nx"), "https://north.example/\nx"),
        (offering(country="nl"), "nl"),
        (offering(country="NL\n"), "NL\n"),
        (offering(level=Level(eqf=9)), 9),
        (offering(workload=Workload(ects=0.0)), 0.0),
        (offering(workload=Workload(hours=-1.0)), -1.0),
        (offering(completeness=Completeness(1.2, {})), 1.2),
    ]
    for record, (_, shown) in zip(judged_together([mapped(one) for one, _ in broken]), broken, strict=True):
        assert (record.verdict, codes(record.findings)) == ("rejected", ["MC00-MAPPING-BROKEN"])
        assert record.findings[0].value == shown


def test_a_finding_points_at_the_field_it_is_about() -> None:
    record = judged(mapped(offering(homepage="ftp://north.example")))
    assert record.findings[0].path == "courses.json#/0/link"


def test_dates_and_prices_of_a_run_that_do_not_agree() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"start": "2026-05-02", "end": "2026-05-01"}, "MC17-INSTANCE-ENDS-BEFORE-START"),
        (
            {"enrolment_opens": "2026-05-02T08:00:00+02:00", "enrolment_closes": "2026-05-01"},
            "MC17-ENROLMENT-CLOSES-BEFORE-OPENING",
        ),
        ({"enrolment_opens": "2026-09-01", "end": "2026-05-01"}, "MC17-ENROLMENT-AFTER-END"),
        ({"start": "2025-05-01", "end": "2025-05-31"}, "MC17-INSTANCES-ALL-OVER"),
        ({"start": "2025-05-01"}, "MC17-INSTANCES-ALL-OVER"),
        ({"start": "2026-05-01", "price": [Price(amount=10.0)]}, "MC17-PRICE-CURRENCY-MISSING"),
    ]
    records = judged_together([with_instance(**fields) for fields, _ in wrong], published_with_instance())
    assert [codes(record.findings) for record in records] == [[code] for _, code in wrong]
    assert not [finding for record in records for finding in record.findings if "(not stated)" in finding.message]


def test_dates_and_prices_that_agree() -> None:
    fine: list[dict[str, Any]] = [
        {"start": "2026-05-01", "end": "2026-05-01T10:00:00Z"},
        {"start": "2026-05-01T23:00:00+14:00", "end": "2026-05-02"},
        {"start": "2026-03-01"},
        {"enrolment_opens": "2026-01-01", "enrolment_closes": "2026-02-01"},
        {"price": [Price(amount=0.0), Price(amount=5.0, currency="EUR"), Price(note={"en": "on request"})]},
        {},
    ]
    for record in judged_together([with_instance(**fields) for fields in fine]):
        assert record.findings == []


def test_runs_are_not_over_while_one_of_them_has_no_date() -> None:
    runs = [Instance("a", end="2020-01-01"), Instance("b")]
    assert judged(mapped(offering(instances=runs))).findings == []


def test_a_finding_about_a_run_points_at_the_run_if_it_is_certain_which_one_it_was() -> None:
    backwards = with_instance(start="2026-05-02", end="2026-05-01")
    named = [SourceInstance(path="run-x", source_id="x"), SourceInstance(path="run-1", source_id=" r-1 ")]
    nameless = [SourceInstance(path="run-x"), SourceInstance(path="run-y")]
    for runs, path in [(named, "run-1"), (named[:1], "run-x"), (nameless, "courses.json#/0"), ([], "courses.json#/0")]:
        assert judged(backwards, source(instances=runs)).findings[0].path == path


def test_a_price_that_all_runs_share_is_told_once() -> None:
    runs = [Instance(name, price=[Price(amount=5.0)]) for name in "abc"]
    assert codes(judged(mapped(offering(instances=runs))).findings) == ["MC17-PRICE-CURRENCY-MISSING"]


def test_the_fill_is_the_share_of_records_that_have_an_element() -> None:
    one = judge()
    batch = [mapped(), mapped(workload="derived"), mapped(workload="unreadable"), mapped(missing=("workload",))]
    one.offerings([(source(), record, []) for record in batch])
    assert one.fill()["workload"] == 0.5
    assert one.fill()["title"] == 1.0


def test_nothing_in_nothing_out() -> None:
    one = judge()
    assert (one.sources([]), one.offerings([]), one.fill()) == ([], [], {})
