"""Whatever stands in a source's texts, a load goes through, and both databases keep the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from catalogue_db.engine import open_catalogue
from catalogue_db.feeds import feed_states, mark_stale
from catalogue_db.findings import read_records
from catalogue_db.load import load_candidate
from catalogue_db.offerings import get_offering
from catalogue_db.preview import preview_candidate
from catalogue_db.storable import LONGEST_KEY, lookup_key, storable, storable_text
from standard.offering import Instance, LearningOutcome, Organisation, Provenance
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, a_finding, accepted, an_offering, rejected
from tests.postgres import FreshCatalogue

odd = st.text(st.one_of(st.sampled_from("\x00\ud800\udfffa"), st.characters(exclude_categories=())), max_size=8)


def an_odd_offering(number: int, text: str) -> Any:
    body = Organisation(name={"en": text, "fi": "Koulu"}, identifiers={"national": text}, country="FI", homepage=text)
    return an_offering(
        f"c{number}",
        title={"en": text},
        description={"de": text},
        awarding_body=body,
        providers=[body],
        learning_outcomes=[LearningOutcome(text={"en": text}, esco=[text])],
        instances=[Instance(instance_id=text, location={"en": text}, url=text)],
        keywords=[text],
        homepage=text,
        licence=text,
        provenance={"title": Provenance(how="published", path=text)},
    )


@given(st.lists(odd, min_size=1, max_size=4))
@settings(max_examples=10, deadline=None)
def test_no_text_can_fail_a_load(
    fresh_sqlite: FreshCatalogue, fresh_postgres: FreshCatalogue, texts: list[str]
) -> None:
    kept = []
    for fresh in (fresh_sqlite, fresh_postgres):
        with fresh() as url:
            engine = open_catalogue(url)
            offerings = [an_odd_offering(number, text) for number, text in enumerate(texts)]
            records = [
                accepted(each, a_finding(message=each.title["en"], value=each.title["en"])) for each in offerings
            ]
            assert load_candidate(engine, a_candidate(records)).new == len(texts)
            assert load_candidate(engine, a_candidate(records)).unchanged == len(texts)
            stored = [get_offering(engine, each.offering_id) for each in offerings]
            assert [one.offering.title for one in stored if one] == [{"en": storable_text(text)} for text in texts]
            kept.append([(one.offering, one.findings) for one in stored if one])
            engine.dispose()
    assert kept[0] == kept[1]


def test_a_nul_in_what_identifies_a_record_is_left_out_too(engine: Engine) -> None:
    odd_one = an_offering("b\0")
    records = [accepted(odd_one), rejected("x\0", offering=None)]
    candidate = a_candidate(records, source_findings=[a_finding(message="Cut\0off", value="\0")])
    assert preview_candidate(engine, candidate).new == 1
    assert load_candidate(engine, candidate).new == 1
    assert sorted(record.source_id or "" for record in read_records(engine, "north")) == ["b", "x"]
    assert mark_stale(engine, "north", "It said \0\ud800 and fell silent.")
    assert feed_states(engine)[0].stale_reason == "It said  and fell silent."


@pytest.mark.parametrize("length", [LONGEST_KEY, 3_000, 100_000])
def test_what_is_looked_up_may_be_of_any_length(engine: Engine, length: int) -> None:
    """The words are such that no compression makes an index entry of them short."""
    words = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(length))
    body = Organisation(name={"en": words}, identifiers={"national": words}, country="FI")
    given_ones = [an_offering(f"{words}{n}", awarding_body=body, providers=[body]) for n in range(2)]
    judged = [accepted(each, a_finding()) for each in given_ones]
    judged.append(rejected(f"{words}3"))
    assert load_candidate(engine, a_candidate(judged)).new == 2
    assert load_candidate(engine, a_candidate(judged)).unchanged == 2
    assert len(rows(engine, "SELECT * FROM v1_providers")) == 1
    assert len(rows(engine, "SELECT * FROM record")) == 3
    stored = get_offering(engine, given_ones[1].offering_id)
    assert stored is not None
    assert [found.code for found in stored.findings] == ["MC06-WORKLOAD-MISSING"]


def test_a_number_beyond_a_column_stays_in_the_document_only(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a", instances=[Instance(instance_id="i", capacity=2**40)])]))
    assert rows(engine, "SELECT capacity FROM v1_instances") == [{"capacity": None}]


def test_keys_of_long_texts_differ_where_the_texts_do() -> None:
    assert lookup_key("a" * LONGEST_KEY) == "a" * LONGEST_KEY
    assert lookup_key("a" * 5000) != lookup_key("a" * 5001)
    assert len(lookup_key("a" * 5000)) <= LONGEST_KEY


@given(odd)
def test_what_can_be_kept_is_the_same_object(text: str) -> None:
    finding = a_finding(message=text)
    assert storable(finding).message == storable_text(text)
    assert "\\u0000" in text or storable_text(text) != text or storable(finding) is finding
