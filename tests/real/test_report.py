"""The page about the real feeds is in step with what the pipeline says of them, and quotes little."""

from __future__ import annotations

import re

import pytest

from tests.real.harvest import Harvest
from tests.real.report import PAGE, SHOWN, page, short


@pytest.mark.real
def test_the_page_names_every_code_that_a_harvest_raises(harvest: Harvest) -> None:
    """Counts and wording may lag behind (``python -m tests.real.report --check`` tells), a code may not."""
    text = PAGE.read_text(encoding="utf-8")
    raised = {(run.edition, one.code) for run in harvest.runs for one in run.judged.by_code}
    told = {
        (edition, code) for edition, part in _parts(text) for code in re.findall(r"^\| (MC[0-9A-Z-]+) ", part, re.M)
    }
    assert sorted(raised - told) == [], "run: python -m tests.real.report"


@pytest.mark.real
def test_writing_the_page_twice_changes_nothing(harvest: Harvest) -> None:
    once = page(PAGE.read_text(encoding="utf-8"), harvest)
    assert page(once, harvest) == once


def _parts(text: str) -> list[tuple[str, str]]:
    return re.findall(r"<!-- findings of ([^>]+): begin -->(.*?)<!-- findings of", text, re.S)


@pytest.mark.real
def test_every_harvest_has_its_table(harvest: Harvest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [run.edition for run in harvest.runs if f"<!-- findings of {run.edition}: begin -->" not in text] == []


def test_a_long_quotation_is_cut() -> None:
    cut = short(f"The text '{'word ' * 40}' is the institution's.")
    assert "…' is the institution's." in cut
    assert len(cut) < SHOWN + 50


def test_a_short_quotation_stays() -> None:
    assert short("The price '924' has no currency.") == "The price '924' has no currency."
