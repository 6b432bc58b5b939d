"""Trust: DEQAR pulled, read, judged and loaded; then links and statements. Plain functions, as for the feeds.

Nothing here lowers what is known because DEQAR is out of reach: a pull that fails marks the register as behind, and the
statements keep their value and their day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from catalogue_db.candidate import CatalogueError
from catalogue_db.register import Approval, RegisterCandidate, RegisterReport, RegisterThresholds, read_state
from catalogue_db.register import load_register as load_candidate
from pipelines.failures import FeedFailure
from pipelines.hosts import host_of, only_visitor
from pipelines.reports import PullReport
from pipelines.steps.pull import damaged, latest_snapshot, told_failure
from standard.verdict import Finding

if TYPE_CHECKING:
    from catalogue_db.register import RegisterState
    from catalogue_db.trust import TrustReport
    from connectors.deqar import DeqarContract, RegisterReading
    from pipelines.workplace import Workplace
    from standard.observation import Observation

_COUNTRY_OF_DEQAR = {"UK": "GB", "EL": "GR"}


class RegisterOutcome(msgspec.Struct, frozen=True):
    """What came of a pull in the catalogue. `findings`: about the register, and what was noticed while reading it
    (by code, with the first case of each); `countries`: providers by country."""

    load: RegisterReport
    findings: list[Finding] = []
    noticed: dict[str, int] = {}
    countries: dict[str, int] = {}


def has_contract(workplace: Workplace) -> bool:
    """Whether DEQAR is to be asked at all."""
    return workplace.settings.deqar_contract.is_file()


def deqar_contract(workplace: Workplace) -> DeqarContract:
    """Return the contract with DEQAR. Raises a permanent `FeedFailure` that names file, line and remedy."""
    from connectors.deqar import load_deqar_contract
    from connectors.feeds import ContractError

    try:
        return load_deqar_contract(workplace.settings.deqar_contract)
    except ContractError as error:
        told = "; ".join(str(problem) for problem in error.problems)
        message = f"The contract {workplace.settings.deqar_contract.name} is not valid: {told}."
        raise FeedFailure("CONTRACT", message, "Mend the contract, then run again.") from error


def pull_register(workplace: Workplace, now: datetime) -> PullReport:
    """Pull DEQAR and keep it as a snapshot. Raises `FeedFailure`; nothing is kept of a pull that failed."""
    from connectors.deqar import FEED, pull_deqar
    from connectors.failures import PullFailure
    from connectors.snapshots import SnapshotProblem

    contract, settings = deqar_contract(workplace), workplace.settings
    try:
        before = workplace.store.latest(FEED)
    except SnapshotProblem:
        before = None
    try:
        with only_visitor(settings.data_dir, _host(contract)):
            snapshot = pull_deqar(
                contract, workplace.store, allow_private_addresses=settings.allow_private_addresses, now=now
            )
    except PullFailure as failure:
        raise told_failure(failure, workplace.policy) from failure
    return PullReport(
        feed=FEED,
        snapshot_id=snapshot.snapshot_id,
        taken_at=snapshot.confirmed_at.isoformat(),
        documents=len(snapshot.documents),
        bytes=sum(document.size for document in snapshot.documents),
        fresh=before is None or before.snapshot_id != snapshot.snapshot_id,
        kinds=dict(sorted(Counter(document.role for document in snapshot.documents).items())),
        notes=_spoken(snapshot.notes, workplace),
    )


def _spoken(notes: Sequence[Observation], workplace: Workplace) -> list[tuple[str, str, str]]:
    from expectations.findings import finding_from

    findings = (finding_from(note, workplace.policy, None, None) for note in notes)
    return [(finding.code, finding.message, finding.remedy) for finding in findings]


def _host(contract: DeqarContract) -> str:
    from connectors.variables import MissingVariable

    try:
        return host_of(contract.transport.address())
    except (MissingVariable, ValueError):  # the pull itself says what is wrong with the address
        return host_of(contract.transport.url)


def load_register(workplace: Workplace, run_id: str, approval: Approval | None = None) -> RegisterOutcome:
    """Read the latest snapshot of DEQAR, judge it, and offer it to the catalogue. No network.

    Raises a permanent `FeedFailure` when the snapshot cannot be read or the catalogue cannot take it.
    """
    from connectors.deqar import FEED

    contract, snapshot = deqar_contract(workplace), latest_snapshot(FEED, workplace)
    reading = _read(snapshot.documents)
    limits = _thresholds(contract)
    countries = sorted({_alpha2(code) for code in contract.countries})
    findings = _judge(reading, countries, limits, workplace)
    candidate = RegisterCandidate(
        snapshot_id=snapshot.snapshot_id,
        taken_at=snapshot.confirmed_at,
        contract_fingerprint=contract.fingerprint(),
        run_id=run_id,
        entities=reading.entities,
        countries=countries,
        findings=findings,
        thresholds=limits,
    )
    try:
        report = load_candidate(workplace.engine, candidate, approval=approval)
    except CatalogueError as error:
        raise FeedFailure("LOAD", str(error), "Nothing was changed in the catalogue.") from error
    noticed = dict(sorted(reading.noticed.items()))
    return RegisterOutcome(report, [*findings, *_told(reading, workplace)], noticed, _by_country(reading))


def _read(documents: object) -> RegisterReading:
    from connectors.deqar import read_register
    from connectors.reading import NotReadable
    from connectors.snapshots import SnapshotProblem

    try:
        return read_register(documents)  # type: ignore[arg-type]
    except NotReadable as error:
        raise FeedFailure("REGISTER", str(error), "Pull DEQAR again; if it stays, see the snapshot.") from error
    except SnapshotProblem as problem:
        raise damaged(problem) from problem


def _thresholds(contract: DeqarContract) -> RegisterThresholds:
    promised = contract.expectations
    default = RegisterThresholds()
    drop = default.greatest_drop if promised.greatest_drop is None else promised.greatest_drop
    return RegisterThresholds(promised.least_agencies, promised.least_providers, promised.least_reports, drop)


def _alpha2(code: str) -> str:
    """DEQAR splits Belgium and the United Kingdom, and says UK; the catalogue's countries are ISO 3166-1."""
    return _COUNTRY_OF_DEQAR.get(code[:2], code[:2])


def _judge(
    reading: RegisterReading, countries: list[str], limits: RegisterThresholds, workplace: Workplace
) -> list[Finding]:
    from expectations.register import RegisterDemands, judge_register

    live = read_state(workplace.engine)
    demands = RegisterDemands(
        countries=countries,
        live_providers=live.providers,
        live_reports=live.reports,
        greatest_drop=limits.greatest_drop,
    )
    return judge_register(workplace.policy, demands, reading.agencies, reading.providers, reading.reports)


def _told(reading: RegisterReading, workplace: Workplace) -> list[Finding]:
    """The first case of each thing that was noticed while reading."""
    from expectations.findings import finding_from

    first = {seen.code: seen for seen in reversed(reading.observations)}
    return [finding_from(first[code], workplace.policy, None, None) for code in sorted(first)]


def _by_country(reading: RegisterReading) -> dict[str, int]:
    counted = Counter(country for one in reading.providers for country in one.countries())
    return dict(sorted(counted.items()))


def restate(workplace: Workplace, run_id: str) -> TrustReport:
    """Link and make all statements anew, with the reviewed links and the national register as they are now.

    Raises a permanent `FeedFailure` where one of these files, or the catalogue, cannot be used; the statements stay.
    """
    from catalogue_db.linking.decisions import keep_file, read_decisions
    from catalogue_db.trust import read_national, recompute

    settings = workplace.settings
    try:
        keep_file(workplace.engine, read_decisions(settings.reviewed_links))
        return recompute(workplace.engine, national=read_national(settings.trusted_issuers), run_id=run_id)
    except CatalogueError as error:
        raise FeedFailure("TRUST", str(error), "The statements are as they were.") from error


def register_state(workplace: Workplace) -> RegisterState:
    """Where the register stands."""
    return read_state(workplace.engine)
