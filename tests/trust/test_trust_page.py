"""`docs/trust.md` says what the rules do: every status and weight stands there, and its examples come out so."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from standard.register import CONDITIONAL
from standard.trust import statement, weigh
from standard.trust_evidence import Dossier, NationalEntry, ProgrammeMatch, Relation, Sighting, TrustStatus, Weight
from standard.trust_words import STATUS_WORDS, WEIGHT_WORDS, sentences
from tests.trust.records import AGENCY, DAY, LATE_AGENCY, a_report

PAGE = (Path(__file__).parents[2] / "docs" / "trust.md").read_text(encoding="utf-8")
MATCH = ProgrammeMatch("k", "Negotiation", "name", 100.0)


def table(heading: str) -> list[tuple[str, str]]:
    """The first and the last cell of each line of a table."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", part, re.MULTILINE)
    return [(name, example) for name, example in found]


def seen(number: int = 1, **changes: Any) -> Sighting:
    sighting = {name: changes.pop(name) for name in ("agency", "relation", "closed", "programme") if name in changes}
    return Sighting(a_report(number, **changes), **({"agency": AGENCY} | sighting))


MERGED = Relation("predecessor", 2, "absorbed", since=date(2025, 1, 1))
LISTED = NationalEntry("n", "positive", date(2025, 1, 1))
PROGRAMME = {"kind": "programme", "programme": MATCH}
LATER = seen(2, first=date(2025, 1, 1), decision="negative")
STATUS_EXAMPLES = [
    Dossier("linked", sightings=[seen(first=date(2025, 5, 1), decision="negative", **PROGRAMME)]),
    Dossier("linked", sightings=[seen(**PROGRAMME)]),
    Dossier("linked", sightings=[seen(), LATER]),
    Dossier("linked", sightings=[seen()]),
    Dossier("linked", sightings=[seen(relation=MERGED, last=date(2028, 1, 1), closed=date(2025, 1, 1))]),
    Dossier("unlisted", national=[LISTED]),
    Dossier("linked", sightings=[seen(last=date(2026, 2, 28))]),
    Dossier("unlisted"),
    Dossier("proposed", because="A maintainer must say."),
]
WEIGHT_EXAMPLES = [
    seen(last=DAY, decision=CONDITIONAL),
    seen(first=date(2025, 1, 1), decision="negative"),
    seen(first=date(2025, 1, 1), decision="perhaps"),
    seen(first=date(2025, 1, 1), decision="not applicable"),
    seen(first=date(2020, 2, 28)),
    seen(first=date(2026, 3, 2)),
    seen(first=None),
    seen(flag="high level"),
    seen(agency=LATE_AGENCY),
    seen(agency=None),
    seen(closed=date(2025, 12, 31)),
]


def test_every_status_and_weight_is_explained_in_its_order() -> None:
    assert {name for name, _ in table("The decision table")} == set(get_args(TrustStatus))
    assert [name for name, _ in table("When a report counts")] == list(get_args(Weight))
    assert set(STATUS_WORDS) == set(get_args(TrustStatus))
    assert set(WEIGHT_WORDS) == set(get_args(Weight))


@pytest.mark.parametrize("place", range(len(STATUS_EXAMPLES)))
def test_each_line_of_the_decision_table_holds(place: int) -> None:
    name, example = table("The decision table")[place]
    assert example
    told = statement(STATUS_EXAMPLES[place], DAY)
    assert told.status == name
    assert sentences(told)[0] == STATUS_WORDS[told.status]


@pytest.mark.parametrize("place", range(len(WEIGHT_EXAMPLES)))
def test_each_line_about_weights_holds(place: int) -> None:
    name, example = table("When a report counts")[place]
    assert example
    assert weigh(WEIGHT_EXAMPLES[place], DAY) == name


def test_the_words_name_report_agency_dates_and_link() -> None:
    told = " ".join(sentences(statement(STATUS_EXAMPLES[4], DAY)))
    for words in ("Report 1", "Agency One (registered on EQAR then)", "2028-01-01", "https://data.deqar.eu/report/1"):
        assert words in told
    assert "its predecessor" in told
