"""Counts close whatever a source holds: nothing is lost without a name."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.documents import Document
from expectations.policy import Policy, load_policy
from pipelines.reports import unaccounted
from pipelines.steps.check import Checked, check_documents
from standard.verdict import Counts
from tests.pipelines.sources import ROWS, spreadsheet

CELLS = st.one_of(
    st.sampled_from(["", " ", "-", "n/a", "tbd", "0", "1e999", "=1+1", "<b>", "\x0b", "🎓", "2026-13-45", "x" * 5000]),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
)
CELL_OF = {name: st.one_of(st.just(good), CELLS) for name, good in ROWS[0].items()}
IDENTITIES = st.sampled_from(["MC-1", "MC-2", "MC-3", "MC-4", ""])
RECORDS = st.lists(st.fixed_dictionaries({**CELL_OF, "offering_id": IDENTITIES}), max_size=8)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(None)


def _check(body: bytes, policy: Policy) -> Checked:
    document = Document("offerings.csv", "", "", "text/csv", len(body), "", lambda: io.BytesIO(body))
    return check_documents("offerings.csv", [document], "spreadsheet", None, policy)


@given(rows=RECORDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_stands_in_the_cells(rows: list[dict[str, str]], policy: Policy) -> None:
    checked = _check(spreadsheet(rows), policy)
    assert unaccounted(checked.counts) == []
    assert len(checked.records) == checked.counts.selected
    rejected = [record for record in checked.records if record.verdict == "rejected"]
    assert len(rejected) == checked.counts.rejected
    assert all(any(finding.severity == "blocks" for finding in record.findings) for record in rejected)
    identities = [record.offering.offering_id for record in checked.records if _in(record)]
    assert len(identities) == len(set(identities))


def _in(record: Any) -> bool:
    return record.verdict != "rejected" and record.offering is not None


@given(body=st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_whatever_the_bytes(body: bytes, policy: Policy) -> None:
    checked = _check(body, policy)
    assert unaccounted(checked.counts) == []


@given(cut=st.integers(min_value=0, max_value=2000))
@settings(max_examples=10, deadline=None)
def test_wherever_it_is_cut(cut: int, policy: Policy) -> None:
    whole = spreadsheet(ROWS)
    checked = _check(whole[: cut % len(whole)], policy)
    assert unaccounted(checked.counts) == []


@pytest.mark.parametrize(
    ("counts", "broken"),
    [
        (Counts(fetched=2, parsed=1, out_of_scope=1), ["fetched = parsed + unreadable"]),
        (Counts(fetched=1, parsed=1), ["parsed = selected + out of scope"]),
        (Counts(fetched=1, parsed=1, selected=1), ["selected = accepted + rejected"]),
        (Counts(fetched=1, parsed=1, selected=1, accepted=1), ["accepted = new + changed + unchanged"]),
        (Counts(fetched=1, parsed=1, selected=1, accepted=1, new=1), []),
    ],
)
def test_a_loss_without_a_name_is_named(counts: Counts, broken: list[str]) -> None:
    assert unaccounted(counts, loaded=True) == broken
