"""Beyond the sixteen: the instances (runs) of the offering.

**Read.** Every instance of the record with its own dates, enrolment window, mode, place, languages, price,
capacity, address and status. An instance without a price of its own has the offering's.
**Normalise.** Each detail is the first of its values that is understood. A start that is written as a range
("1-5 May 2024") gives start and end. Runs are sorted by start; those without come last. The identifier of a run
is the source's; where there is none, it is made of what makes the run itself (start, end, address, place), so
that it stays when the file is put in another order; runs that are alike even so are counted. A run that says
nothing at all is dropped; of two that are wholly alike one is kept.
**Check.** A detail that is not understood is observed (MC17-INSTANCE-UNREADABLE, with the detail's name; once
for all runs, with how many) and left out. Dates stay as published even where they contradict each other; whether
a run ends before it starts is judged in `expectations`, on whole columns.
**Complete?** Present with one instance.

Sources: MLO (EN 15982) LearningOpportunityInstance; ELM LearningOpportunity.
"""

from __future__ import annotations

import hashlib
from itertools import chain, count

import msgspec

from standard.elements.common.case import SHOWN, Case, Seen, Understanding, words
from standard.elements.common.codes import Tried
from standard.elements.common.moments import beginning, ending
from standard.elements.common.parts import Part, provenance_of_parts, report_parts
from standard.elements.common.run_status import Status, run_status
from standard.elements.common.texts import TextRule
from standard.elements.languages import tags
from standard.elements.participation import mode_codes
from standard.elements.price import read_prices
from standard.offering import Instance, Price
from standard.source_offering import SourceInstance
from standard.values import Understood, dates, text, urls
from standard.values.harmless import harmless_identifier

STEM = "MC17-INSTANCE"
SLOT = "instances"
LARGEST_CAPACITY = 1_000_000
LAST = "9999"
_NO_RANGE: Understood[tuple[str, str]] = Understood()
_TITLE = TextRule(STEM, longest=1000, line=True)
_PLACE = TextRule(STEM, longest=2000)


def understand(case: Case) -> Understanding:
    """Return the instances. The offering's prices must have been understood before."""
    found = Understanding()
    every: list[Part] = []
    parts: list[Part] = []
    runs: list[Instance] = []
    for source in case.source.instances:
        part = Part(case, found, SLOT, source.path)
        every.append(part)
        run = _run(part, source)
        if run != Instance(instance_id="") and run not in runs:
            runs.append(run)
            parts.append(part)
    report_parts(found, STEM, every, left=False)
    offering_price: list[Price] = case.known.get("price", [])
    kept = with_identifiers([run if run.price else msgspec.structs.replace(run, price=offering_price) for run in runs])
    if kept:
        found.put(SLOT, kept, provenance_of_parts(parts))
    else:
        found.lack(SLOT, unreadable=bool(found.observations))
    _tell_of_prices(case, found, parts)
    return found


def _tell_of_prices(case: Case, found: Understanding, parts: list[Part]) -> None:
    """An offering whose instances have prices does not lack a price; nor one whose instances' prices failed."""
    if "price" in case.known:
        return
    if any(run.price for run in found.values.get(SLOT, [])):
        found.states["price"] = "present"
    elif any(what == "price" and tried.failed for part in parts for what, tried in part.tries):
        found.states["price"] = "unreadable"


def _run(part: Part, source: SourceInstance) -> Instance:
    start, end = _period(part, source)
    today = part.case.context.today
    return Instance(
        instance_id=_own_identifier(source),
        title=part.texts("titles", source.titles, _TITLE) or None,
        start=start,
        end=end,
        enrolment_opens=part.first("enrolment_opens", source.enrolment_opens, lambda seen: beginning(seen, today)),
        enrolment_closes=part.first("enrolment_closes", source.enrolment_closes, lambda seen: ending(seen, today)),
        mode=next(iter(part.codes("modes", source.modes, mode_codes)), None),
        location=part.texts("locations", source.locations, _PLACE) or None,
        languages=part.codes("languages", source.languages, tags),
        price=read_prices(part, source.prices),
        capacity=part.first("capacity", source.capacity, capacity),
        url=part.first("homepages", source.urls, lambda seen: _address(part, seen)),
        status=_status(part, source),
    )


def _own_identifier(source: SourceInstance) -> str:
    own = harmless_identifier(words(source.source_id or "").strip())
    return "" if text.is_placeholder(own) else own[:SHOWN]


def _address(part: Part, seen: Seen) -> Understood[str]:
    return urls.web_address(words(seen.value), part.case.context.base_url)


def _status(part: Part, source: SourceInstance) -> Status | None:
    return part.first("status", source.status, run_status)


def _period(part: Part, source: SourceInstance) -> tuple[str | None, str | None]:
    today = part.case.context.today
    ranged = next((seen for seen in part.see("start", source.start) if dates.is_range(seen.value)), None)
    result = dates.date_range(ranged.value, today) if ranged else _NO_RANGE
    if ranged and result.value:
        part.note("start", Tried([(ranged, result)], []))
        return result.value
    start = part.first("start", source.start, lambda seen: beginning(seen, today))
    return start, part.first("end", source.end, lambda seen: ending(seen, today))


def capacity(seen: Seen) -> Understood[int]:
    """Return a number of places: a whole number from 1 on; 0 is unknown."""
    if isinstance(seen.value, bool):
        return Understood(problem="unreadable", note="not a number of places")
    raw = words(seen.value).strip()
    if not raw or text.is_placeholder(raw) or raw in ("0", "0.0"):
        return Understood(problem="placeholder")
    number = raw.removesuffix(".0")
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST_CAPACITY))):
        return Understood(problem="unreadable", note="not a whole number of places")
    if not 0 < int(number) <= LARGEST_CAPACITY:
        return Understood(problem="out_of_bounds", note="not a possible number of places")
    return Understood(int(number))


def with_identifiers(runs: list[Instance]) -> list[Instance]:
    """Return the runs sorted by start, each with an identifier that no other run of the offering has."""
    named = [
        run if run.instance_id else msgspec.structs.replace(run, instance_id=_made_identifier(run)) for run in runs
    ]
    named.sort(key=lambda run: (run.start or LAST, run.instance_id, run.end or LAST))
    taken: dict[str, Instance] = {}
    for run in named:
        identifier = _free(run.instance_id, taken)
        taken[identifier] = msgspec.structs.replace(run, instance_id=identifier)
    return list(taken.values())


def _free(wanted: str, taken: dict[str, Instance]) -> str:
    numbered = (f"{wanted}#{number}" for number in count(2))
    return next(name for name in chain((wanted,), numbered) if name not in taken)


def _made_identifier(run: Instance) -> str:
    place = "|".join(f"{tag}={name}" for tag, name in sorted((run.location or {}).items()))
    itself = "\n".join((run.start or "", run.end or "", run.url or "", place))
    return f"{(run.start or 'undated')[:10]}-{hashlib.sha256(itself.encode()).hexdigest()[:8]}"
