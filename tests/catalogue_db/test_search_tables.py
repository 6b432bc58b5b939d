"""Whatever is loaded, changed, withdrawn or returned: the search tables are what making them anew gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from catalogue_db.load import load_candidate
from catalogue_db.search import indexing, vocabulary
from standard.offering import Level, Offering, Organisation, Stackability, Workload
from tests.catalogue_db.search_tables import assert_as_made_anew
from tests.catalogue_db.test_properties import a_catalogue
from tests.offerings import a_candidate, an_instance, an_offering
from tests.postgres import FreshCatalogue

TITLES = [
    {"en": "Data protection law"},
    {"de": "Datenschutz"},
    {"de": "Datenschutzrecht für Unternehmen"},
    {"de": "Das Recht der Daten", "en": "The law of data"},
    {"de": "Schutz", "nl": "Gegevensbescherming"},
    {"nl": "Bescherming van gegevens"},
    {"fi": "Tietosuoja ja koulutus"},
    {"sv": "Hållbar utveckling"},
    {"sv": "Utvecklingsarbete", "fi": "tieto"},
    {"pt": "Educações abertas"},
    {"und": "½ ℌ x1y2"},
    {"en": "data data data"},
]
PROVIDERS = [Organisation(name={"en": "North"}), Organisation(name={"de": "Hochschule Süd"}, country="DE")]


def offerings(number: int, which: tuple[int, int, int, int]) -> Offering:
    """One of many quite different offerings."""
    title, text, facts, people = which
    return an_offering(
        f"c{number}",
        title=TITLES[title],
        description=TITLES[text],
        keywords=["data", "Recht"][: facts % 3],
        workload=Workload(ects=[1, 2.5, 30][facts % 3]) if facts % 4 else None,
        level=Level(eqf=5 + facts % 3),
        region=[None, "FI1B1", "DE21"][facts % 3],
        stackability=[None, Stackability(stackable=True), Stackability(stackable=False)][facts % 3],
        fields=["0611", "0421"][: facts % 3],
        modes=["online", "onsite"][: people + 1],
        languages=["en-GB", "de"][: people + 1],
        providers=PROVIDERS[: people + 1],
        instances=[
            an_instance(1, amount=float(facts % 2), start=f"2026-0{1 + facts}-15", enrolment_closes="2026-03-01"),
        ][: facts % 2],
    )


numbers = st.integers(0, 5)
kinds = st.tuples(st.integers(0, len(TITLES) - 1), st.integers(0, len(TITLES) - 1), numbers, st.integers(0, 1))
batches = st.dictionaries(numbers, kinds, max_size=6)


def test_a_load_a_change_a_withdrawal_and_a_return_leave_what_making_anew_gives(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    thresholds(monkeypatch, common=1, rare=1)
    first = [offerings(number, (number, number + 1, number % 6, number % 2)) for number in range(8)]
    changed = [offerings(number, (number + 3, number, 5 - number % 6, number % 2)) for number in range(4)]
    for batch in (first, changed, first[2:], [], first):
        load_candidate(engine, a_candidate(batch))
        assert_as_made_anew(engine)


@given(st.lists(batches, min_size=1, max_size=5), st.integers(1, 3), st.integers(0, 2))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_candidates_leaves_what_making_anew_gives(
    fresh_catalogue: FreshCatalogue, sequence: list[dict[int, Any]], common: int, hysteresis: int
) -> None:
    with a_catalogue(fresh_catalogue) as engine, pytest.MonkeyPatch.context() as patch:
        thresholds(patch, common, max(0, common - hysteresis))
        for batch in sequence:
            load_candidate(engine, a_candidate([offerings(*item) for item in batch.items()]))
        assert_as_made_anew(engine)


def thresholds(patch: pytest.MonkeyPatch, common: int, rare: int) -> None:
    """Let terms be common that occur in few offerings."""
    for module in (vocabulary, indexing):
        patch.setattr(module, "COMMON", common)
        patch.setattr(module, "RARE", rare)
