"""Finds the register's providers that an organisation may be. Pure: from what both say to links with reasons.

1. **Identifiers**: one in common is enough, unless two providers have it, or the organisation's identifiers lead to
   different providers.
2. **Web domain**: the registered domain of the homepage (or a SCHAC identifier, which is one), if one provider of the
   country has it and no identifier contradicts.
3. **Name within the country**: in every language, version and spelling. Certain only where it is the same name, still
   in use, of one provider in the country, long enough to be a name, and contradicted by nothing.

Everything less is a proposal, with a score (0-100) and reasons, for a maintainer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from rapidfuzz import fuzz, process

LEAST_NAME_SCORE = 82.0
MOST_PROPOSALS = 3
_SHORTEST_NAME = 8
_UNIQUE_KINDS = ("deqar", "eter", "ror", "schac", "erasmus", "pic")

Pair = tuple[str, str]
State = Literal["linked", "proposed", "refused"]


class Catalogued(msgspec.Struct, frozen=True):
    """An organisation of the catalogue. `names`: as compared; `domains`: registered ones; `country`: alpha-2."""

    key: int
    names: Sequence[str]
    country: str | None = None
    domains: frozenset[str] = frozenset()
    identifiers: Mapping[str, str] = {}


class Listed(msgspec.Struct, frozen=True):
    """A provider of the register. `names`: in use; `former`: no longer; both as compared, without acronyms.
    `closed`: it is no more; where another one fits too, that one is meant."""

    provider_id: int
    title: str
    names: frozenset[str] = frozenset()
    former: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    domain: str | None = None
    identifiers: frozenset[Pair] = frozenset()
    closed: bool = False


class Link(msgspec.Struct, frozen=True):
    """That an organisation is a provider, or may be. `score` 0-100; `evidence`: sentences."""

    provider_id: int
    state: State
    method: Literal["confirmed", "identifier", "web_domain", "name"]
    score: float
    evidence: list[str]


class RegisterIndex:
    """The register's providers, by all they can be found by."""

    def __init__(self, providers: Iterable[Listed]) -> None:
        self.providers = {one.provider_id: one for one in providers}
        self.by_identifier: dict[Pair, list[int]] = defaultdict(list)
        self._by_domain: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[tuple[str, int, bool]]] = defaultdict(list)
        for number in sorted(self.providers):
            self._add(self.providers[number])

    def _add(self, one: Listed) -> None:
        for pair in sorted(one.identifiers):
            self.by_identifier[pair].append(one.provider_id)
        if one.domain:
            self._by_domain[one.domain].append(one.provider_id)
        for country in sorted(one.countries):
            self._names[country] += [(name, one.provider_id, True) for name in sorted(one.names)]
            self._names[country] += [(name, one.provider_id, False) for name in sorted(one.former - one.names)]

    def shared(self) -> dict[Pair, list[int]]:
        """Identifiers that more than one provider has, which must not be."""
        return {pair: found for pair, found in sorted(self.by_identifier.items()) if len(found) > 1}

    def with_domain(self, domain: str) -> list[Listed]:
        """The providers whose homepage lies there."""
        return [self.providers[number] for number in self._by_domain.get(domain, [])]

    def names_in(self, country: str) -> list[tuple[str, int, bool]]:
        """Names of a country's providers: the name, whose it is, whether it is in use."""
        return self._names.get(country, [])


def find(one: Catalogued, index: RegisterIndex) -> list[Link]:
    """Return the links of an organisation: at most one that is ``linked``, else proposals, the best first."""
    for way in (_by_identifiers, _by_domain):
        links = way(one, index)
        if any(link.state == "linked" for link in links):
            return links
        if links:
            return links[:MOST_PROPOSALS]
    return _by_name(one, index)


def pairs_of(one: Catalogued) -> list[Pair]:
    """The identifiers of an organisation as DEQAR may have them: national ones bear the country in DEQAR."""
    country = (one.country or "").lower()
    found = [pair for pair in sorted(one.identifiers.items()) if pair[0] != "url"]
    national = [(f"{country}_{kind}", value) for kind, value in found if country]
    if country and "national" in one.identifiers:
        national.append((f"{country}_eter.bas.natid", one.identifiers["national"]))
    return found + national


def _by_identifiers(one: Catalogued, index: RegisterIndex) -> list[Link]:
    found: dict[int, list[Pair]] = defaultdict(list)
    shared: set[int] = set()
    for pair in pairs_of(one):
        numbers = index.by_identifier.get(pair, [])
        for number in numbers:
            found[number].append(pair)
        if len(numbers) > 1:
            shared.update(numbers)
    certain = [number for number in found if number not in shared or _has_own(found[number], index)]
    if len(certain) == 1:
        return [Link(certain[0], "linked", "identifier", 100.0, _told(found[certain[0]]))]
    several = len(certain) > 1
    doubt = "these identifiers lead to different providers" if several else "two providers have this identifier"
    return [Link(number, "proposed", "identifier", 90.0, [*_told(found[number]), doubt]) for number in sorted(found)]


def _has_own(pairs: Sequence[Pair], index: RegisterIndex) -> bool:
    return any(len(index.by_identifier[pair]) == 1 for pair in pairs)


def _told(pairs: Sequence[Pair]) -> list[str]:
    return [f"same {kind.upper()} identifier {value}" for kind, value in pairs]


def _by_domain(one: Catalogued, index: RegisterIndex) -> list[Link]:
    found = {each.provider_id: (each, domain) for domain in sorted(one.domains) for each in index.with_domain(domain)}
    here = {number: told for number, told in found.items() if one.country is None or one.country in told[0].countries}
    here = {number: told for number, told in here.items() if not told[0].closed} or here
    certain = len(here) == 1 and one.country is not None
    links = []
    for number, (listed, domain) in sorted(here.items()):
        against = _contradictions(one, listed)
        reasons = [f"same web domain {domain}", *against]
        if len(here) > 1:
            reasons.append("several providers have this domain")
        state: State = "linked" if certain and not against else "proposed"
        links.append(Link(number, state, "web_domain", 95.0 if state == "linked" else 80.0, reasons))
    return links


def _by_name(one: Catalogued, index: RegisterIndex) -> list[Link]:
    names = [name for name in one.names if name]
    if not names or one.country is None:
        return []
    pool = index.names_in(one.country)
    same = {number for name, number, used in pool if used and name in names and len(name) >= _SHORTEST_NAME}
    same = {number for number in same if not index.providers[number].closed} or same
    scores = _scores(names, pool)
    links = [_by_score(one, index.providers[number], score, same) for number, score in scores.most_common()]
    if linked := [link for link in links if link.state == "linked"]:
        return linked
    return sorted(links, key=lambda link: (-link.score, link.provider_id))[:MOST_PROPOSALS]


def _scores(names: Sequence[str], pool: Sequence[tuple[str, int, bool]]) -> Counter[int]:
    """The best score of each provider of a country."""
    choices = [name for name, _number, _used in pool]
    best: Counter[int] = Counter()
    for name in names:
        found = process.extract(
            name, choices, scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_NAME_SCORE, limit=4 * MOST_PROPOSALS
        )
        for _choice, score, place in found:
            number = pool[place][1]
            best[number] = max(best[number], score)  # type: ignore[assignment]
    return best


def _by_score(one: Catalogued, listed: Listed, score: float, same: set[int]) -> Link:
    against = _contradictions(one, listed)
    is_same = listed.provider_id in same
    reasons = ["same name in the same country" if is_same else f"name alike ({score:.0f} of 100) in the same country"]
    if is_same and len(same) > 1:
        reasons.append("several providers bear this name")
    if any(name in listed.former for name in one.names) and not is_same:
        reasons.append("a former name")
    certain = same == {listed.provider_id} and not against
    return Link(listed.provider_id, "linked" if certain else "proposed", "name", round(score, 1), [*reasons, *against])


def _contradictions(one: Catalogued, listed: Listed) -> list[str]:
    """Identifiers of which an organisation has only one, and which differ."""
    listed_kinds = defaultdict(set)
    for kind, value in listed.identifiers:
        listed_kinds[kind].add(value)
    return [
        f"different {kind.upper()} identifiers: {one.identifiers[kind]} and {', '.join(sorted(listed_kinds[kind]))}"
        for kind in _UNIQUE_KINDS
        if kind in one.identifiers and listed_kinds[kind] and one.identifiers[kind] not in listed_kinds[kind]
    ]
