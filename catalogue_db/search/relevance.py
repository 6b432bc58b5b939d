"""How well an offering fits the words of a query: PostgreSQL's ``ts_rank``, weighted by how telling the words are.

``ts_rank`` for an OR of terms (``calc_rank_or`` in PostgreSQL's tsrank.c) gives each term found at positions p0, p1,
... the sum of ``weight(pj) / (j + 1)²``, divided by π²/6, the sum of all inverse squares; these are added up and
divided by the number of terms. Its extra turn for the position with the greatest weight changes nothing here:
titles stand first, then outcomes, then provider and keywords, then the description, so the greatest weight is always
the first. Both databases therefore put offerings in the same order; a test compares this with PostgreSQL itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import log

WEIGHTS = (1.0, 0.4, 0.3, 0.1)
"""What a word counts in the title, the outcomes, provider and keywords, the description (PostgreSQL's A, B, C, D)."""

MOST_POSITIONS = 255
"""A ``tsvector`` keeps at most so many positions of one term."""

_INVERSE_SQUARES = 1.64493406685
_SUMS = (0.0, *accumulate(1.0 / (number * number) for number in range(1, MOST_POSITIONS + 1)))

Counts = tuple[int, int, int, int]
"""How often a term stands in the title, the outcomes, provider and keywords, the description."""


def term_rank(counts: Counts) -> float:
    """What one term contributes, by how often it stands in each part."""
    rank, seen = 0.0, 0
    for weight, count in zip(WEIGHTS, counts, strict=True):
        until = min(seen + count, MOST_POSITIONS)
        rank += weight * (_SUMS[until] - _SUMS[seen])
        seen = until
    return rank / _INVERSE_SQUARES


def group_rank(found: Iterable[Counts], terms: int) -> float:
    """``ts_rank`` of a group: `found` are the counts of its terms in an offering, `terms` how many it has."""
    return sum(map(term_rank, found)) / terms if terms else 0.0


def telling(offerings: int, documents: int) -> float:
    """How much a group's rank counts: the more, the fewer of all offerings have it."""
    return log(1.0 + offerings / max(documents, 1))


def relevance(ranks: Sequence[tuple[float, float]]) -> float:
    """Relevance from (how telling a group is, its rank), rounded so that both databases say the same."""
    return round(sum(weight * rank for weight, rank in ranks), 3)
