"""How near the answers come to the judgements: nDCG at ten, and the share of what was looked for that is shown.

*nDCG@10* (Järvelin and Kekäläinen 2002, with the gain 2^grade - 1 and the discount log2(place + 1)): 1 when the first
ten stand in the best possible order. *found*: how many of the offerings of grade 3 (where there are none, of the
best grade) are among the first ten. An answer that shows something unwanted is worth nothing by either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log2

import msgspec

from catalogue_db.search import search
from tests.judged.catalogues import Shelf
from tests.judged.judgements import SHOWN, Grade, Judgement


class Answered(msgspec.Struct, frozen=True):
    """One judgement and what the search made of it. `shown`: offering_ids; `missed`: references with their grade."""

    judgement: Judgement
    shown: list[str]
    ndcg: float
    found: float
    missed: dict[str, Grade]
    unwanted: list[str]


class Measure(msgspec.Struct, frozen=True):
    """The means over some queries."""

    queries: int
    ndcg: float
    found: float


def answer(shelf: Shelf, judgement: Judgement) -> Answered:
    """Ask the search and measure what comes."""
    shown = [result.offering_id for result in search(shelf.engine, judgement.query).results]
    grades = {shelf.offering_id(reference): grade for reference, grade in judgement.find.items()}
    unwanted = [reference for reference in judgement.unwanted if shelf.offering_id(reference) in shown]
    worth = 0.0 if unwanted else 1.0
    missed = {name: grade for name, grade in judgement.find.items() if shelf.offering_id(name) not in shown}
    return Answered(
        judgement=judgement,
        shown=shown,
        ndcg=worth * ndcg([grades.get(each, 0) for each in shown], grades.values()),
        found=worth * found(shown, grades),
        missed=missed,
        unwanted=unwanted,
    )


def ndcg(shown: Sequence[int], judged: Iterable[int]) -> float:
    """The grades of what is shown, in order, against the best order of all that was judged: 0 to 1."""
    best = _gain(sorted(judged, reverse=True)[:SHOWN])
    return _gain(shown[:SHOWN]) / best


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, start=1))


def found(shown: Sequence[str], grades: Mapping[str, int]) -> float:
    """The share of the best offerings that is shown (of more than ten, ten can be)."""
    best = {each for each, grade in grades.items() if grade == max(grades.values())}
    return len(best.intersection(shown[:SHOWN])) / min(len(best), SHOWN)


def measure(answers: Sequence[Answered]) -> Measure:
    """The means over these answers; at least one is needed."""
    number = len(answers)
    means = (sum(each.ndcg for each in answers) / number, sum(each.found for each in answers) / number)
    return Measure(number, *means)


def by(answers: Iterable[Answered], group: Callable[[Judgement], str]) -> dict[str, Measure]:
    """The means of each group, in the order of their names."""
    grouped: dict[str, list[Answered]] = {}
    for each in answers:
        grouped.setdefault(group(each.judgement), []).append(each)
    return {name: measure(grouped[name]) for name in sorted(grouped)}


def groups(answers: Sequence[Answered]) -> dict[str, Measure]:
    """Everything that has a floor: all queries, each language, each kind."""
    return {
        "all": measure(answers),
        **by(answers, lambda judgement: f"language {judgement.language}"),
        **by(answers, lambda judgement: f"kind {judgement.kind}"),
    }
