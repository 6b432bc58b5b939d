"""The guard: compares a candidate with what is live, and says whether it may go in.

A pure function over numbers. It asks five questions, each with a threshold from the feed's contract or the
default below: are there any offerings at all; how many fewer than now; how many of the live ones would go; how
much emptier has an element become; how many records were rejected. A candidate over a threshold waits for a
person, the live version stays. The first load of a feed has nothing to compare with, so only the first and
the last question are asked.

The last candidate that was held back is compared too. It never changes the decision; it tells the person who
decides whether the same thing came again or the source has begun to recover.

Sources of the rule: harvesters that lost whole catalogues because an answer was empty or half empty (a check
for "not zero" lets 60 % missing pass; a check of the count alone lets all identifiers change).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Thresholds(msgspec.Struct, frozen=True):
    """How much may go wrong before a candidate waits. Shares of 1; exactly the threshold still passes.

    Defaults: a fifth fewer offerings, a quarter of the live offerings gone, an element three tenths emptier, half
    of the records rejected. They are loose on purpose: a source that is held back for nothing teaches
    people to approve without looking. A feed's contract tightens them.
    """

    greatest_drop: float = 0.20
    most_ids_lost: float = 0.25
    greatest_fill_drop: float = 0.30
    most_rejected: float = 0.50
    may_be_empty: bool = False


class CandidateStatistics(msgspec.Struct, frozen=True):
    """The numbers of a candidate. `lost`: live offerings that it does not have; `fill`: element → share 0-1."""

    accepted: int
    rejected: int
    lost: int = 0
    fill: Mapping[str, float] = {}


class LiveStatistics(msgspec.Struct, frozen=True):
    """The numbers of what is live for the feed."""

    offerings: int
    fill: Mapping[str, float] = {}


class HeldStatistics(msgspec.Struct, frozen=True):
    """The numbers of the feed's last candidate that waits or was refused, and when it came (UTC ISO 8601)."""

    accepted: int
    rejected: int
    since: str
    status: str
    lost: int = 0
    fill: Mapping[str, float] = {}


class Comparison(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question of the guard, with its numbers and the answer in a sentence.

    `candidate`, `live` and `held` are what was measured (counts or shares); `measured` is what is held against
    `limit`. `within` is False where the candidate must wait.
    """

    measure: str
    within: bool
    sentence: str
    candidate: float
    measured: float
    limit: float
    live: float | None = None
    held: float | None = None


class GuardReport(msgspec.Struct, frozen=True):
    """All comparisons of one candidate. `empty` marks the case that is a failure of the feed, not a matter of taste."""

    comparisons: list[Comparison] = []
    first_load: bool = False
    empty: bool = False
    note: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the candidate may go in."""
        return all(comparison.within for comparison in self.comparisons)

    @property
    def reasons(self) -> list[str]:
        """The sentences of the comparisons that hold the candidate back."""
        return [comparison.sentence for comparison in self.comparisons if not comparison.within]


def compare(
    candidate: CandidateStatistics,
    live: LiveStatistics | None,
    held: HeldStatistics | None,
    thresholds: Thresholds,
) -> GuardReport:
    """Compare a candidate with what is `live` (None on a feed's first load) and with the last one `held` back."""
    comparisons = [_records(candidate, live, held, thresholds), _rejected(candidate, held, thresholds)]
    if live is not None and live.offerings:
        comparisons += [_count(candidate, live, held, thresholds), _identifiers(candidate, live, held, thresholds)]
        comparisons += _fill(candidate, live, held, thresholds)
    return GuardReport(
        comparisons=comparisons,
        first_load=live is None,
        empty=not comparisons[0].within,
        note=_note(candidate, held),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".rstrip("0").rstrip(".") + " %"


def _verdict(measured: float, limit: float) -> tuple[bool, str]:
    """Return whether a share is within its limit, and how to say it."""
    within = measured <= limit + 1e-9
    return within, f"{'within' if within else 'over'} the limit of {_percent(limit)}"


def _records(
    candidate: CandidateStatistics, live: LiveStatistics | None, held: HeldStatistics | None, thresholds: Thresholds
) -> Comparison:
    """Zero accepted records: a failure unless the contract says that the feed may be empty."""
    within = candidate.accepted > 0 or thresholds.may_be_empty
    if candidate.accepted:
        sentence = f"The candidate has {candidate.accepted} accepted offerings."
    else:
        why = f"all {candidate.rejected} records were rejected" if candidate.rejected else "it has no records at all"
        allowed = "the contract allows that" if within else "the contract does not say that it may be empty"
        sentence = f"The candidate has no accepted offering ({why}); {allowed}."
    return Comparison(
        measure="records",
        within=within,
        sentence=sentence,
        candidate=candidate.accepted,
        measured=candidate.accepted,
        limit=0 if thresholds.may_be_empty else 1,
        live=live.offerings if live else None,
        held=held.accepted if held else None,
    )


def _rejected(candidate: CandidateStatistics, held: HeldStatistics | None, thresholds: Thresholds) -> Comparison:
    total = candidate.accepted + candidate.rejected
    share = _share(candidate.rejected, total)
    within, words = _verdict(share, thresholds.most_rejected)
    return Comparison(
        measure="rejected",
        within=within,
        sentence=f"{candidate.rejected} of {total} records were rejected ({_percent(share)}), {words}.",
        candidate=candidate.rejected,
        measured=share,
        limit=thresholds.most_rejected,
        held=_share(held.rejected, held.accepted + held.rejected) if held else None,
    )


def _count(
    candidate: CandidateStatistics, live: LiveStatistics, held: HeldStatistics | None, thresholds: Thresholds
) -> Comparison:
    drop = max(0.0, _share(live.offerings - candidate.accepted, live.offerings))
    within, words = _verdict(drop, thresholds.greatest_drop)
    return Comparison(
        measure="count",
        within=within,
        sentence=f"{candidate.accepted} offerings after {live.offerings}: a drop of {_percent(drop)}, {words}.",
        candidate=candidate.accepted,
        measured=drop,
        limit=thresholds.greatest_drop,
        live=live.offerings,
        held=held.accepted if held else None,
    )


def _identifiers(
    candidate: CandidateStatistics, live: LiveStatistics, held: HeldStatistics | None, thresholds: Thresholds
) -> Comparison:
    share = _share(candidate.lost, live.offerings)
    within, words = _verdict(share, thresholds.most_ids_lost)
    return Comparison(
        measure="identifiers",
        within=within,
        sentence=f"{candidate.lost} of {live.offerings} live offerings would leave ({_percent(share)}), {words}.",
        candidate=candidate.lost,
        measured=share,
        limit=thresholds.most_ids_lost,
        live=live.offerings,
        held=held.lost if held else None,
    )


def _fill(
    candidate: CandidateStatistics, live: LiveStatistics, held: HeldStatistics | None, thresholds: Thresholds
) -> list[Comparison]:
    """One comparison per element that the live version measured. A candidate without any offering has no shares."""
    if not candidate.accepted:
        return []
    return [
        _fill_of(element, before, candidate.fill.get(element, 0.0), held, thresholds)
        for element, before in sorted(live.fill.items())
    ]


def _fill_of(
    element: str, before: float, now: float, held: HeldStatistics | None, thresholds: Thresholds
) -> Comparison:
    drop = max(0.0, before - now)
    within, words = _verdict(drop, thresholds.greatest_fill_drop)
    return Comparison(
        measure=f"fill of {element}",
        within=within,
        sentence=f"{element} is filled in {_percent(now)} of the offerings after {_percent(before)}, "
        f"{_percent(drop)} of all offerings fewer, {words}.",
        candidate=now,
        measured=drop,
        limit=thresholds.greatest_fill_drop,
        live=before,
        held=held.fill.get(element) if held else None,
    )


def _note(candidate: CandidateStatistics, held: HeldStatistics | None) -> str | None:
    if held is None:
        return None
    state = "was refused" if held.status == "refused" else "waits"
    if (candidate.accepted, candidate.rejected, candidate.lost) == (held.accepted, held.rejected, held.lost):
        return f"It has the same numbers as the candidate of {held.since}, which {state}."
    return (
        f"The candidate of {held.since}, which {state}, had {held.accepted} accepted and {held.rejected} rejected "
        f"records and would have lost {held.lost}."
    )
