"""Pulling DEQAR: which of its lists, files and records are fetched, in which order; all of it, or nothing.

With countries in the contract: the providers seated there, each one's own record, whatever stands in a relationship
to one of them, the reports about providers there, and the reports of related providers (an alliance has no country,
and no report of it would be found by one). Without: everything.

A page that cannot be had fails the pull. Nothing is skipped, with one exception that is said aloud: DEQAR's own record
of a report answers 500 where a programme without a full degree has no workload (`programmes/models.py` compares
nothing with sixty); such a record is not asked for, because its row in the list already tells all but the identifier.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.addresses import Resolver, system_resolver
from connectors.deqar import access, routes
from connectors.deqar.contract import FEED, DeqarContract
from connectors.deqar.lists import MOST_PROGRAMMES, Listing, ask, moved, record_of, rows_of, walk
from connectors.documents import Fetched
from connectors.failures import PullFailure
from connectors.http import Fetcher
from connectors.pull import kept_answers, moment_of
from connectors.snapshots import Snapshot, SnapshotStore
from standard.observation import Observation
from standard.register import provider_id_of


def pull_deqar(
    contract: DeqarContract,
    store: SnapshotStore,
    *,
    allow_private_addresses: bool = False,
    now: Callable[[], datetime] | datetime | None = None,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    resolve: Resolver = system_resolver,
) -> Snapshot:
    """Pull DEQAR and keep what comes; return the snapshot (with a known id if nothing changed).

    `environment`: where address and login are read (of this process by default). The others as in
    `connectors.pull.pull_feed`. Raises `PullFailure`; then nothing is kept and the latest snapshot is what it was.
    """
    surroundings = dict(os.environ if environment is None else environment)
    previous = kept_answers(store, FEED)

    def fetcher(transport: Any) -> Fetcher:
        return Fetcher(
            transport,
            allow_private_addresses=allow_private_addresses,
            feed=FEED,
            previous=previous,
            environment=surroundings,
            sleep=sleep,
            resolve=resolve,
        )

    with ExitStack() as stack:
        anonymous = stack.enter_context(fetcher(contract.transport))
        plan = _plan(contract, surroundings, anonymous)
        member = None
        if plan.needs_token:
            surroundings[access.TOKEN] = access.token(anonymous, surroundings)
            member = stack.enter_context(fetcher(access.with_token(contract.transport)))
        visit = _Visit(plan, anonymous, member)
        return store.keep(FEED, visit.documents(), moment_of(now), format_name=FEED, notes=visit.notes)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The ways that are really taken: the contract's, unless a token is missing."""

    contract: DeqarContract
    providers: str
    agencies: str
    reports: str

    @property
    def needs_token(self) -> bool:
        """Whether any way wants a login."""
        return "web_api" in (self.providers, self.agencies, self.reports)


def _plan(contract: DeqarContract, environment: Mapping[str, str], anonymous: Fetcher) -> _Plan:
    plan = _Plan(contract, contract.providers.way, contract.agencies.way, contract.reports.way)
    if not plan.needs_token or access.has_login(environment):
        return plan
    wanting = [name for name in ("providers", "agencies", "reports") if getattr(plan, name) == "web_api"]
    if contract.without_token == "fail":
        raise access.missing(anonymous.shown(anonymous.url), wanting)
    facts = {"instead": ", ".join(wanting)}
    anonymous.notes.append(Observation("MC00-DEQAR-WITHOUT-TOKEN", path=anonymous.shown(anonymous.url), facts=facts))
    instead = {"providers": "connect_api", "agencies": "csv", "reports": "csv"}
    ways = {name: instead[name] if name in wanting else str(getattr(plan, name)) for name in instead}
    return _Plan(contract, ways["providers"], ways["agencies"], ways["reports"])


@dataclass(slots=True)
class _Visit:
    """One pull: what was found so far.

    `known`: providers of the lists; `named`: those in a relationship to one. `detailed`: reports whose own record is
    wanted; `impossible`: those of which it cannot be had. `country_ids`: DEQAR's numbers, by code.
    """

    plan: _Plan
    anonymous: Fetcher
    member: Fetcher | None
    known: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    detailed: set[int] = field(default_factory=set)
    impossible: set[int] = field(default_factory=set)
    country_ids: dict[str, int] = field(default_factory=dict)

    @property
    def contract(self) -> DeqarContract:
        """The contract of this pull."""
        return self.plan.contract

    @property
    def token_holder(self) -> Fetcher:
        """The fetcher that carries the token."""
        assert self.member is not None  # the plan has asked for it
        return self.member

    def notes(self) -> list[Observation]:
        """Return what there is to say about the pull, from both fetchers, without secrets."""
        both = [self.anonymous, *([self.member] if self.member else [])]
        return [note for one in both for note in one.scrubbed_notes()]

    def documents(self) -> Iterator[Fetched]:
        """Yield everything, in an order that is the same each time."""
        if self.plan.needs_token and self.contract.countries:
            yield self._countries()
        yield from self._agencies()
        yield from self._providers()
        yield from self._reports()
        self._conclude()

    # -- countries and agencies --------------------------------------------------------------------------------------

    def _countries(self) -> Fetched:
        answer = ask(self.token_holder, routes.WEB_COUNTRIES, role="countries", name="countries.json")
        for row in rows_of(answer):
            if isinstance(row.get("iso_3166_alpha2"), str) and isinstance(row.get("id"), int):
                self.country_ids[row["iso_3166_alpha2"].casefold()] = row["id"]
        unknown = [code for code in self.contract.countries if code.casefold() not in self.country_ids]
        if unknown:
            raise _unknown_countries(answer.url, unknown)
        return answer

    def _agencies(self) -> Iterator[Fetched]:
        if self.plan.agencies == "csv":
            yield self._file(routes.CSV_AGENCIES, "csv-agencies")
            return
        wanted = {"registered": "All"}  # reports outlive registrations
        size = self.contract.agencies.page_size
        yield from walk(self.token_holder, Listing(routes.WEB_AGENCIES, "web-agencies", "agencies", size, wanted, None))

    def _file(self, path: str, role: str) -> Fetched:
        return ask(self.anonymous, path, role=role, name=path.rpartition("/")[2])

    # -- providers ---------------------------------------------------------------------------------------------------

    def _providers(self) -> Iterator[Fetched]:
        if self.plan.providers == "csv":
            yield self._file(routes.CSV_INSTITUTIONS, "csv-institutions")
            return
        for listing in self._provider_lists():
            fetcher = self.token_holder if self.plan.providers == "web_api" else self.anonymous
            for page in walk(fetcher, listing):
                for row in rows_of(page):
                    self._remember(row)
                yield page
        if self.contract.providers.details:
            yield from self._details(sorted(self.known))
        if self.contract.providers.related and self.contract.countries:
            yield from self._details(sorted(self.named - self.known))

    def _provider_lists(self) -> Iterator[Listing]:
        size, web = self.contract.providers.page_size, self.plan.providers == "web_api"
        order = {"ordering": "name_sort" if web else "deqar_id"}
        path, role = (
            (routes.WEB_INSTITUTIONS, "web-institutions") if web else (routes.CONNECT_PROVIDERS, "connect-providers")
        )
        for code in self.contract.countries or [""]:
            stem = f"providers-{code}" if code else "providers"
            yield Listing(path, role, stem, size, {**order, **self._in_country(code, web)})

    def _in_country(self, code: str, web: bool) -> dict[str, str]:
        if not code:
            return {}
        return {"country_id": str(self.country_ids[code.casefold()])} if web else {"country": code}

    def _details(self, ids: list[int]) -> Iterator[Fetched]:
        """Yield the own records of providers; what they are related to is remembered for those of the countries."""
        for one in ids:
            answer = self._own_record(self.anonymous, routes.CONNECT_PROVIDER.format(id=one), "provider", one)
            if one in self.known:
                record = record_of(answer)
                self._remember_related(record if isinstance(record, dict) else {})
            yield answer

    def _own_record(self, fetcher: Fetcher, path: str, role: str, one: int) -> Fetched:
        try:
            return ask(fetcher, path, role=role, name=f"{role}-{one}.json")
        except PullFailure as failure:
            if failure.status == 404:
                raise moved(failure.url, f"the {role} {one} was in a list and is gone now") from None
            raise

    def _remember(self, row: dict[str, Any]) -> None:
        if isinstance(row.get("id"), int):
            self.known.add(row["id"])
        self._remember_related(row)

    def _remember_related(self, row: dict[str, Any]) -> None:
        self.named.update(related_ids(row))

    # -- reports -----------------------------------------------------------------------------------------------------

    def _reports(self) -> Iterator[Fetched]:
        if self.plan.reports == "csv":
            yield self._file(routes.CSV_REPORTS, "csv-reports")
        if self.plan.reports != "web_api":
            return
        for listing in self._report_lists():
            for page in walk(self.token_holder, listing):
                for row in rows_of(page):
                    self._consider(row)
                yield page
        for one in sorted(self.detailed - self.impossible):
            yield self._own_record(self.token_holder, routes.WEB_REPORT.format(id=one), "report", one)

    def _report_lists(self) -> Iterator[Listing]:
        size, order = self.contract.reports.page_size, {"ordering": "date_created"}
        if not self.contract.countries:
            yield Listing(routes.WEB_REPORTS, "web-reports", "reports", size, order)
            return
        for code in self.contract.countries:
            wanted = {**order, **self._in_country(code, True)}
            yield Listing(routes.WEB_REPORTS, "web-reports", f"reports-{code}", size, wanted)
        for one in sorted(self.named - self.known) if self.contract.providers.related else []:
            institutional = routes.WEB_INSTITUTIONAL.format(id=one)
            yield Listing(institutional, "institutional-reports", f"institutional-reports-of-{one}", size, order)
            programmes, most = routes.WEB_PROGRAMMES.format(id=one), MOST_PROGRAMMES
            yield Listing(programmes, "programmes", f"programmes-of-{one}", size, order, most)

    def _consider(self, row: dict[str, Any]) -> None:
        """Decide from a report's row whether its own record is fetched, and whether it can be."""
        report = row.get("report")
        found = report.get("id") if isinstance(report, dict) else row.get("id")
        programmes = [row] if isinstance(report, dict) else row.get("programmes") or []
        short = [one for one in programmes if isinstance(one, dict) and one.get("degree_outcome") in (False, 2)]
        details = self.contract.reports.details
        if isinstance(found, int) and (details == "all" or (details == "micro_credentials" and short)):
            self.detailed.add(found)
            if any(one.get("workload_ects") is None for one in short):
                self.impossible.add(found)

    def _conclude(self) -> None:
        found = sorted(self.detailed & self.impossible)
        if found:
            facts = {"count": str(len(found)), "example": str(found[0])}
            self.anonymous.notes.append(Observation("MC00-DEQAR-DETAIL-NOT-ASKED", value=found[0], facts=facts))


def related_ids(row: dict[str, Any]) -> set[int]:
    """Return the ids of all providers that a provider's row or own record names in a relationship."""
    groups = row.get("hierarchical_relationships")
    hierarchical = groups if isinstance(groups, dict) else row
    entries = [
        entry
        for among in (hierarchical.get("part_of"), hierarchical.get("includes"), row.get("historical_relationships"))
        if isinstance(among, list)
        for entry in among
        if isinstance(entry, dict)
    ]
    return {one for one in (_other(entry) for entry in entries) if one is not None}


def _other(entry: dict[str, Any]) -> int | None:
    institution = entry.get("institution")
    if isinstance(institution, dict):
        return institution["id"] if isinstance(institution.get("id"), int) else None
    deqar_id = entry.get("deqar_id")
    return provider_id_of(deqar_id) if isinstance(deqar_id, str) else None


def _unknown_countries(url: str, codes: list[str]) -> PullFailure:
    return PullFailure(
        "permanent",
        "MC00-DEQAR-COUNTRY-UNKNOWN",
        url=url,
        message=f"DEQAR's list of countries does not hold: {', '.join(codes)}.",
        remedy="Use DEQAR's own codes in 'countries' of the contract: alpha-2, or a part of Belgium or the United "
        "Kingdom (BE-fl, BE-fr, BE-de, UK-ENG, UK-SCT, UK-WLS, UK-NIR). Only countries of the EHEA are listed.",
    )
