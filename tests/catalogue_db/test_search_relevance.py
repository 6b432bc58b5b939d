"""Relevance in Python is what PostgreSQL's own ``ts_rank`` says."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import Connection, create_engine, text

from catalogue_db.search.relevance import Counts, group_rank

_RANK = text("SELECT ts_rank('{0.1,0.3,0.4,1.0}', CAST(:words AS tsvector), CAST(:asked AS tsquery))")


@pytest.mark.parametrize("seed", range(3))
def test_relevance_is_that_of_postgresql(postgres_url: str, seed: int) -> None:
    chance = Random(seed)
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        for _each in range(100):
            check(connection, chance, terms=chance.randint(1, 4))
    engine.dispose()


def check(connection: Connection, chance: Random, terms: int) -> None:
    """Compare for a text of random words: those with numbers are asked for, the others are not."""
    positions: dict[int, list[str]] = {}
    counts = [[0, 0, 0, 0] for _term in range(terms)]
    place = 0
    for part, letter in enumerate("ABCD"):
        for _word in range(chance.choice((0, 1, 3, 10, 400))):
            place += 1
            if (term := chance.randrange(terms + 1)) < terms:
                positions.setdefault(term, []).append(f"{place}{letter}")
                counts[term][part] += 1
    words = " ".join(f"t{term}:{','.join(places)}" for term, places in positions.items())
    asked = " | ".join(f"t{term}" for term in range(terms))
    expected = connection.execute(_RANK, {"words": words, "asked": asked}).scalar_one()
    found: list[Counts] = [(title, outcomes, names, rest) for title, outcomes, names, rest in counts]
    assert group_rank(found, terms) == pytest.approx(expected, abs=1e-5)
