"""A trust statement in plain words, for a person who asks why an offering can be believed."""

from __future__ import annotations

from datetime import date

from standard.trust_evidence import Evidence, Statement, TrustStatus, Weight

STATUS_WORDS: dict[TrustStatus, str] = {
    "programme_report": "A quality-assurance report names this very micro-credential, with a positive decision.",
    "institution_covered": "The institution itself is covered by a positive quality-assurance report.",
    "covered_through_relation": "A related institution is covered by a positive quality-assurance report.",
    "national_register": "The national register of trusted issuers vouches for it.",
    "listed_no_valid_report": "The institution is in DEQAR, but no report there counts today.",
    "negative_report": "A quality-assurance report in force has a negative decision.",
    "not_listed": "The institution is not in DEQAR. That proves nothing against it: not everybody is reviewed there.",
    "not_checkable": "It cannot be said today what stands behind it.",
}

WEIGHT_WORDS: dict[Weight, str] = {
    "counts": "counts",
    "negative": "speaks against",
    "decision_unknown": "does not count: its decision is not known",
    "no_decision": "does not count: an evaluation without a yes or no",
    "expired": "does not count: it has expired",
    "not_begun": "does not count yet: it has not begun",
    "beginning_unknown": "does not count: it does not say from when",
    "flagged": "does not count: EQAR has flagged it",
    "agency_not_registered": "does not count: its agency was not registered on EQAR then",
    "agency_unknown": "does not count: whether its agency was registered on EQAR then is not known",
    "provider_closed": "does not count: the institution has closed",
}

_RELATION_WORDS = {"part": "its part", "alliance": "its alliance", "predecessor": "its predecessor"}


def sentences(statement: Statement) -> list[str]:
    """Return the evidence chain: what was found, whom it is about, each report with its weight, dates and links."""
    told = [STATUS_WORDS[statement.status]]
    if statement.listed_as:
        how = f" (found by {'; '.join(statement.link)})" if statement.link else ""
        told.append(f"In DEQAR it is {statement.listed_as}{how}.")
    if statement.because:
        told.append(statement.because)
    told += [_evidence(one) for one in statement.evidence]
    if statement.seen > len(statement.evidence):
        told.append(f"{statement.seen - len(statement.evidence)} further reports were looked at.")
    if statement.covered_until:
        told.append(f"By what is known now, this holds until {statement.covered_until}.")
    return told


def _evidence(one: Evidence) -> str:
    what = f"Report {one.report_id}" if one.source == "deqar" else "Entry of the national register"
    by = f" by {one.agency}{_registered(one)}" if one.agency else ""
    kind = f", {', '.join(one.activity_types)}" if one.activity_types else ""
    parts = [f"{what}{by}{kind}: {one.decision or 'no decision'}, {_validity(one)}"]
    if one.relation:
        parts.append(f"about {_RELATION_WORDS[one.relation.kind]} {one.relation.name or one.relation.provider_id}")
    if one.programme:
        parts.append(f"names “{one.programme.name}” ({'; '.join(one.programme.reasons)})")
    if one.scope:
        parts.append(f"for {one.scope}")
    parts.append(WEIGHT_WORDS[one.weight])
    links = " ".join(dict.fromkeys(link for link in (one.url, *one.links) if link))
    return f"{'; '.join(parts)}. {links}".strip()


def _registered(one: Evidence) -> str:
    if one.source != "deqar":
        return ""
    words = {True: "registered on EQAR then", False: "not registered on EQAR then", None: "registration not known"}
    return f" ({words[one.agency_registered]})"


def _validity(one: Evidence) -> str:
    first, last = _day(one.valid_from), one.valid_until
    if last is None:
        return f"valid from {first}"
    end = f"{last} (six years: no end is stated)" if one.open_end and one.source == "deqar" else f"{last}"
    return f"valid from {first} to {end}"


def _day(day: date | None) -> str:
    return "(not stated)" if day is None else day.isoformat()
