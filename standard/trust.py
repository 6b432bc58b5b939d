"""Trust: what quality-assurance evidence stands behind an offering on a day. All rules, and only the rules.

**In doubt, what speaks for an offering does not count, and what speaks against it does.** So a statement never
improves because something is missing. Exceptions are the four things whose absence DEQAR itself gives a meaning: a
report without end (six years), a relationship without end (it goes on), a provider without closing date (it is
open), a report without flag (the nightly files have none, and lists hide what is flagged).

A report **counts** for a day if all of this holds:

1. Its decision is "positive" or "positive with conditions or restrictions". "Not applicable" (an evaluation without
   yes or no) and words we do not know do not count. [own policy; DEQAR's own tests of validity ignore the decision]
2. It began on that day or before, and its last day is not over: first and last day included, six years from the
   beginning where no end is stated. [DEQAR: `valid_to_calculated` and the filter `valid_on`; its other tests differ:
   `report_valid` knows no beginning, `active` leaves out the last day]
3. It is not flagged "high level". [DEQAR hides such reports in its lists: unofficial agency, no file, to be deleted]
4. Its agency was on EQAR's register on the first day of its validity. [DEQAR asks this of who contributes]
5. The provider it is about had not closed by that day. [own policy; a successor inherits, see below]

A report **speaks against** if its decision is "negative" and it is in force (not known to be over or not begun, not
flagged, its agency not known to be off the register). Of a positive and a negative report on the same provider (or
the same programme) the later beginning prevails; on the same day the negative one.

Which reports are looked at:

- **Programme**: a report with an activity of type programme, joint programme or institutional/programme that names
  this micro-credential for certain (see `standard.programme_match`), wherever the provider stands in it.
- **Institution**: a report with an activity of type institutional or institutional/programme that is about the
  provider itself. Where the provider only hosts ("platform") the report says nothing of its own quality.
- **Through a relation** (`inherited_from`), as DEQAR shows reports with an institution: its parts (every kind of child
  but educational platforms and alliances), an alliance it is a member of, and institutions it succeeded or absorbed.
  A faculty inherits nothing from its university, a spin-off nothing from where it came from. One step only.
  [DEQAR: `get_report_contributors`, 2026-07; a relation counts while it holds]
- **National register**: an entry of the agency's own file of trusted issuers, for this provider and offering.

Voluntary reports are as good as obligatory ones: those of providers that are no higher-education institutions are
always voluntary in DEQAR. A statement is about one organisation in one offering; who signs (the awarding body) speaks
for the offering as a whole.

Source of the facts: the DEQAR backend's code and answers (Web API v2, 2026), see `standard.register`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from heapq import nsmallest
from operator import itemgetter
from typing import Any, get_args

import msgspec

from standard.register import (
    CONDITIONAL,
    HIGH_LEVEL,
    NEGATIVE,
    NOT_APPLICABLE,
    ON_INSTITUTIONS,
    ON_PROGRAMMES,
    POSITIVE,
    HierarchicalRelationship,
    HistoricalRelationship,
)
from standard.trust_evidence import (
    COVERED,
    Dossier,
    Evidence,
    NationalEntry,
    Relation,
    Sighting,
    Standing,
    Statement,
    TrustStatus,
    Weight,
)

_AGAINST = ("negative", "decision_unknown")
_RANK: dict[Weight, int] = {name: rank for rank, name in enumerate(get_args(Weight))}
MOST_EVIDENCE = 12
_SILENT = ("educational platform", "European Universities alliance")
_INHERITING = {"succeeded", "absorbed"}


# -- what one report weighs --------------------------------------------------------------------------------------------


def weigh(sighting: Sighting, day: date) -> Weight:
    """Return what a report weighs on a day: the first of the rules above that it does not meet, or ``counts``."""
    report, validity = sighting.report, sighting.report.validity
    if report.flag == HIGH_LEVEL:
        return "flagged"
    if validity.valid_to_calculated is not None and validity.valid_to_calculated < day:
        return "expired"
    if validity.valid_from is not None and validity.valid_from > day:
        return "not_begun"
    return _weight_of_decision(sighting) or _weight_of_circumstances(sighting, day)


def _weight_of_decision(sighting: Sighting) -> Weight | None:
    """What the decision says; None where it is favourable. A negative one of an unregistered agency is no evidence."""
    decision = sighting.report.decision
    if decision in (POSITIVE, CONDITIONAL):
        return None
    if decision == NOT_APPLICABLE:
        return "no_decision"
    if agency_registered(sighting) is False:
        return "agency_not_registered"
    return "negative" if decision == NEGATIVE else "decision_unknown"


def _weight_of_circumstances(sighting: Sighting, day: date) -> Weight:
    if sighting.report.validity.valid_from is None:
        return "beginning_unknown"
    registered = agency_registered(sighting)
    if not registered:
        return "agency_unknown" if registered is None else "agency_not_registered"
    succeeded = sighting.relation is not None and sighting.relation.kind == "predecessor"
    if sighting.closed is not None and sighting.closed <= day and not succeeded:
        return "provider_closed"
    return "counts"


def agency_registered(sighting: Sighting) -> bool | None:
    """Whether the report's agency was on EQAR's register when its validity began; None where that is unknown."""
    begins = sighting.report.validity.valid_from
    return None if sighting.agency is None or begins is None else sighting.agency.registered_on(begins)


def inherited_from(
    provider_id: int,
    hierarchical: Iterable[HierarchicalRelationship],
    historical: Iterable[HistoricalRelationship],
    day: date,
) -> list[Relation]:
    """Return the relations through which a provider inherits reports on a day, in the order of the other's number.

    Only relations that name the provider are used; the same one told twice (once from each side) counts once.
    """
    found = [_through_hierarchy(provider_id, one, day) for one in hierarchical]
    found += [_through_history(provider_id, one, day) for one in historical]
    by_other = {(one.provider_id, one.kind): one for one in found if one is not None}
    return [by_other[key] for key in sorted(by_other)]


def _through_hierarchy(provider_id: int, link: HierarchicalRelationship, day: date) -> Relation | None:
    begun = link.valid_from is None or link.valid_from <= day
    holds = begun and (link.valid_to is None or day <= link.valid_to)
    alliance = link.type == "European Universities alliance"
    if holds and link.parent_id == provider_id and link.type not in _SILENT:
        return Relation("part", link.child_id, link.type, since=link.valid_from, until=link.valid_to)
    if holds and link.child_id == provider_id and alliance:
        return Relation("alliance", link.parent_id, link.type, since=link.valid_from, until=link.valid_to)
    return None


def _through_history(provider_id: int, change: HistoricalRelationship, day: date) -> Relation | None:
    if change.day is None or change.day > day:
        return None
    if change.source_id == provider_id and change.type in _INHERITING:
        return Relation("predecessor", change.target_id, change.type, since=change.day)
    if change.target_id == provider_id and change.type in ("was absorbed by", "succeeded by"):
        word = "absorbed" if change.type == "was absorbed by" else "succeeded"
        return Relation("predecessor", change.source_id, word, since=change.day)
    return None


# -- the statement -----------------------------------------------------------------------------------------------------

_Told = tuple[tuple[Any, ...], Evidence]


class _Verdict(msgspec.Struct, frozen=True):
    """What a group of reports on one thing says: those that count, or those that speak against; the others prevail."""

    counting: list[Sighting] = []
    against: list[Sighting] = []
    negative: bool = False

    @property
    def latest_against(self) -> date:
        """When what speaks against began; unknown is now."""
        return max((one.report.validity.valid_from or date.max for one in self.against), default=date.min)


def statement(dossier: Dossier, day: date) -> Statement:
    """Return what stands behind an offering on a day, as far as the dossier's organisation goes."""
    named = [one for one in dossier.sightings if one.programme is not None]
    return Weighed(dossier, day).statement(named)


Deciding = Sequence[Sighting | NationalEntry]


class Weighed:
    """An organisation's dossier, weighed once for a day: what it says of all offerings, and then of single ones.

    Reports that name an offering are given with `statement`, so that an organisation with very many reports and very
    many offerings in them is weighed once and not once for each.
    """

    def __init__(self, dossier: Dossier, day: date) -> None:
        self._dossier, self._day = dossier, day
        self._general = [one for one in dossier.sightings if one.programme is None and is_about_institution(one)]
        self._own = _verdict([one for one in self._general if one.relation is None], day)
        self._followers = [one for one in self._general if _follows(one, day)]
        self._ids = frozenset(map(id, (*self._general, *dossier.national)))
        self._told: dict[frozenset[int], list[_Told]] = {}

    def statement(self, named: Sequence[Sighting] = (), national: Sequence[NationalEntry] = ()) -> Statement:
        """Return the statement on an offering. `named`: reports that name it, `national`: entries for it alone."""
        status, deciding = self._decide(_verdict([one for one in named if _on_programme(one)], self._day), national)
        decide = frozenset(map(id, deciding))
        special = [_reported(one, self._day, decides=id(one) in decide) for one in named if _relevant(one)]
        special += [_national(one, self._day, decides=id(one) in decide) for one in national]
        evidence = [*self._evidence(decide), *((_order(one), one) for one in special)]
        evidence.sort(key=itemgetter(0))
        return Statement(
            status=status,
            listed_as=self._dossier.listed_as,
            link=self._dossier.link,
            because=self._dossier.because,
            covered_until=self._covered_until(status, deciding, named),
            evidence=[one for _place, one in evidence[:MOST_EVIDENCE]],
            seen=len(self._general) + len(self._dossier.national) + len(special),
        )

    def _evidence(self, decide: frozenset[int]) -> list[_Told]:
        """What is told of the organisation whatever the offering, as far as there is room for it."""
        mine = decide & self._ids
        if mine not in self._told:
            told = [_reported(one, self._day, decides=id(one) in mine) for one in self._general]
            told += [_national(one, self._day, decides=id(one) in mine) for one in self._dossier.national]
            placed = ((_order(one), one) for one in told)
            self._told[mine] = nsmallest(MOST_EVIDENCE, placed, key=itemgetter(0))
        return self._told[mine]

    def _decide(self, programme: _Verdict, national: Sequence[NationalEntry]) -> tuple[TrustStatus, Deciding]:
        """The decision table, from the strongest evidence to none. (`docs/trust.md` shows it with examples.)"""
        own = self._own
        valid = [one for one in (*self._dossier.national, *national) if one.holds_on(self._day)]
        refused = [one for one in valid if one.decision == NEGATIVE]
        named = [one for one in programme.counting if _begins(one) > own.latest_against]
        if programme.negative or refused:
            return "negative_report", programme.against if programme.negative else refused
        if named:
            return "programme_report", named
        if own.negative:
            return "negative_report", own.against
        if programme.against or own.against:
            return _without_evidence(self._dossier.standing), ()
        return self._decide_without_objection(valid)

    def _decide_without_objection(self, national: list[NationalEntry]) -> tuple[TrustStatus, Deciding]:
        """The lower half of the table: nothing speaks against, and no report names the offering."""
        if self._own.counting:
            return "institution_covered", self._own.counting
        if self._inherited:
            return "covered_through_relation", self._inherited
        if trusted := [one for one in national if one.decision in (POSITIVE, CONDITIONAL)]:
            return "national_register", trusted
        return _without_evidence(self._dossier.standing), ()

    @cached_property
    def _inherited(self) -> list[Sighting]:
        """Reports that count through a relation; what speaks against another provider outweighs only its own."""
        through: dict[tuple[int, str], list[Sighting]] = {}
        for one in self._general:
            if one.relation is not None:
                through.setdefault((one.relation.provider_id, one.relation.kind), []).append(one)
        return [one for group in through.values() for one in _verdict(group, self._day).counting]

    def _covered_until(self, status: TrustStatus, deciding: Deciding, named: Sequence[Sighting]) -> date | None:
        """The last day on which the status holds by what is known now: reports that follow without a gap prolong it."""
        if status not in COVERED:
            return None
        later = (*self._followers, *(one for one in named if _follows(one, self._day)))
        spans = [_span(one) for one in (*deciding, *(one for one in later if _kind(one) == status))]
        end: date | None = self._day
        for first, last in sorted(spans, key=itemgetter(0)):
            if end is not None and first.toordinal() <= end.toordinal() + 1:
                end = None if last is None else max(end, last)
        return end


def next_turn(dossier: Dossier, day: date, more: Iterable[NationalEntry] = ()) -> date | None:
    """Return the next day on which a statement from this dossier may become another although nothing in it changes:
    a report, a relation or an entry begins or is over, a provider has closed. None where there is none."""
    turns = {turn for one in dossier.sightings for turn in _turns(one)}
    for entry in (*dossier.national, *more):
        turns |= {entry.valid_from, _day_after(entry.valid_to)}
    return min((turn for turn in turns if turn is not None and turn > day), default=None)


def _turns(sighting: Sighting) -> Iterator[date | None]:
    validity = sighting.report.validity
    yield from (validity.valid_from, _day_after(validity.valid_to_calculated), sighting.closed)
    if sighting.relation is not None:
        yield from (sighting.relation.since, _day_after(sighting.relation.until))


def relation_turns(
    hierarchical: Iterable[HierarchicalRelationship], historical: Iterable[HistoricalRelationship]
) -> set[date]:
    """Return the days on which `inherited_from` may begin to answer differently for these relations."""
    days = {change.day for change in historical}
    for link in hierarchical:
        days |= {link.valid_from, _day_after(link.valid_to)}
    return {day for day in days if day is not None}


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)


def _without_evidence(standing: Standing) -> TrustStatus:
    if standing == "linked":
        return "listed_no_valid_report"
    return "not_listed" if standing == "unlisted" else "not_checkable"


def _on_programme(sighting: Sighting) -> bool:
    """Whether a report names the offering, and may speak of programmes (or speaks against, and does not say)."""
    types = sighting.report.activity_types
    return sighting.programme is not None and (bool(types & ON_PROGRAMMES) or (not types and _unfavourable(sighting)))


def is_about_institution(sighting: Sighting) -> bool:
    """Whether a report is about the institution as such: one that is not says nothing unless it names the offering.

    Where its type is missing, only what speaks against counts as being about it.
    """
    types = sighting.report.activity_types
    about = bool(types & ON_INSTITUTIONS) or (not types and _unfavourable(sighting))
    return about and not sighting.hosted


def _unfavourable(sighting: Sighting) -> bool:
    return sighting.report.decision not in (POSITIVE, CONDITIONAL, NOT_APPLICABLE)


def _relevant(sighting: Sighting) -> bool:
    return _on_programme(sighting) or is_about_institution(sighting)


def _verdict(sightings: Sequence[Sighting], day: date) -> _Verdict:
    """Weigh the reports on one thing: the later beginning prevails, on the same day what speaks against."""
    weighed = [(one, weigh(one, day)) for one in sightings]
    counting = [one for one, weight in weighed if weight == "counts"]
    against = [one for one, weight in weighed if weight in _AGAINST]
    latest = _Verdict(against=against).latest_against
    prevailing = [one for one in counting if _begins(one) > latest]
    still = [] if prevailing else against
    negative = any(weigh(one, day) == "negative" for one in still)
    return _Verdict(prevailing, still, negative)


def _begins(sighting: Sighting) -> date:
    return sighting.report.validity.valid_from or date.min


def _follows(sighting: Sighting, day: date) -> bool:
    """Whether a report will count once it begins."""
    return weigh(sighting, day) == "not_begun" and weigh(sighting, _begins(sighting)) == "counts"


def _kind(sighting: Sighting) -> TrustStatus | None:
    """The status that a report can lead to, if it counts."""
    if _on_programme(sighting):
        return "programme_report"
    if sighting.programme is not None or not is_about_institution(sighting):
        return None
    return "institution_covered" if sighting.relation is None else "covered_through_relation"


def _span(one: Sighting | NationalEntry) -> tuple[date, date | None]:
    if isinstance(one, NationalEntry):
        return one.valid_from or date.min, one.valid_to
    last = one.report.validity.valid_to_calculated
    until = one.relation.until if one.relation is not None else None
    return _begins(one), min((each for each in (last, until) if each is not None), default=None)


# -- evidence as it is kept --------------------------------------------------------------------------------------------


def _reported(sighting: Sighting, day: date, *, decides: bool) -> Evidence:
    report = sighting.report
    agency = sighting.agency
    return Evidence(
        source="deqar",
        weight=weigh(sighting, day),
        decides=decides,
        report_id=report.report_id,
        url=report.url,
        agency=(agency.name or agency.acronym if agency else None) or report.agency_name or report.agency_acronym,
        agency_registered=agency_registered(sighting),
        activity_types=sorted(report.activity_types),
        decision=report.decision,
        obligation=report.status,
        valid_from=report.validity.valid_from,
        valid_until=report.validity.valid_to_calculated,
        open_end=report.validity.valid_to is None,
        relation=sighting.relation,
        programme=sighting.programme,
        links=[each for each in (*(f.url for f in report.files), *(link.url for link in report.links)) if each],
    )


def _national(entry: NationalEntry, day: date, *, decides: bool) -> Evidence:
    return Evidence(
        source="national_register",
        weight=_weight_of_entry(entry, day),
        decides=decides,
        agency=entry.authority,
        decision=entry.decision,
        valid_from=entry.valid_from,
        valid_until=entry.valid_to,
        scope=entry.scope,
        url=entry.evidence,
    )


def _weight_of_entry(entry: NationalEntry, day: date) -> Weight:
    if entry.valid_to is not None and entry.valid_to < day:
        return "expired"
    if entry.valid_from is None:
        return "beginning_unknown"
    if entry.valid_from > day:
        return "not_begun"
    if entry.decision in (POSITIVE, CONDITIONAL):
        return "counts"
    return "negative" if entry.decision == NEGATIVE else "decision_unknown"


def _order(evidence: Evidence) -> tuple[Any, ...]:
    """What decides first, then by weight, the newest first: the same whatever the order in which reports came."""
    newest = -(evidence.valid_from or date.min).toordinal()
    place = (evidence.relation is not None, newest, evidence.report_id or 0, msgspec.json.encode(evidence))
    return not evidence.decides, _RANK[evidence.weight], *place
