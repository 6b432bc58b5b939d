"""Runs the trust half through Dagster in this process and says what came of it, for the command line.

First the register (DEQAR pulled and loaded), then the statements; the second also when the first failed, because new
offerings need a statement whatever DEQAR does. What is told is read back from the runs' events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from pipelines.runs import QUIET, cause, process_tags, report_of
from pipelines.steps.trust import RegisterOutcome, has_contract, register_state
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from dagster import DagsterInstance, ExecuteInProcessResult

RegisterStatus = Literal["updated", "unchanged", "waiting", "failed", "none"]


class TrustOutcome(msgspec.Struct, frozen=True):
    """What came of the trust half. `register`: ``none`` where DEQAR is not asked; `mix`: status → offerings, by who
    signs; `stale_reason`: why the register is known to be behind; `error`: what a person should do."""

    register: RegisterStatus
    data_as_of: str | None
    stale_since: str | None
    stale_reason: str | None
    agencies: int
    providers: int
    reports: int
    checked_on: str | None
    mix: dict[str, int]
    changed: int
    linked: int
    waiting_for_a_maintainer: int
    lapsing: int
    error: str | None
    runs: list[str]


def wants_trust(workplace: Workplace) -> bool:
    """Whether there is anything to make statements from."""
    return has_contract(workplace) or workplace.settings.trusted_issuers is not None


def run_trust(
    workplace: Workplace, instance: DagsterInstance, tags: Mapping[str, str], *, from_snapshots: bool = False
) -> TrustOutcome:
    """Bring the register up to date and make the statements. `from_snapshots`: DEQAR's latest snapshot is enough."""
    from pipelines.assets import REGISTER_ASSETS
    from pipelines.wiring import build_definitions

    definitions = build_definitions(workplace)

    def run(name: str, assets: list[Any] | None = None) -> ExecuteInProcessResult:
        return definitions.resolve_job_def(name).execute_in_process(
            run_config=QUIET,
            instance=instance,
            raise_on_error=False,
            asset_selection=assets,
            tags={**process_tags(), **tags},
        )

    chosen = [asset.key for asset in REGISTER_ASSETS[1:]] if from_snapshots else None
    register = run("register", chosen) if has_contract(workplace) else None
    return _outcome(workplace, register, run("trust"))


def _outcome(
    workplace: Workplace, register: ExecuteInProcessResult | None, trust: ExecuteInProcessResult
) -> TrustOutcome:
    from catalogue_db.trust import TrustReport, lapsing

    loaded = report_of(register, "deqar_register", RegisterOutcome) if register else None
    made = report_of(trust, "trust_statements", TrustReport)
    state = register_state(workplace)
    waiting = made.links.proposed + made.proposals if made else 0
    return TrustOutcome(
        register=_status(register, loaded),
        data_as_of=state.data_as_of,
        stale_since=state.stale_since,
        stale_reason=state.stale_reason,
        agencies=state.agencies,
        providers=state.providers,
        reports=state.reports,
        checked_on=made.checked_on if made else None,
        mix=made.mix if made else {},
        changed=made.changed if made else 0,
        linked=made.links.linked if made else 0,
        waiting_for_a_maintainer=waiting,
        lapsing=sum(one.offerings for one in lapsing(workplace.engine)),
        error=_error(register, loaded, trust),
        runs=[each.run_id for each in (register, trust) if each is not None],
    )


def _status(register: ExecuteInProcessResult | None, loaded: RegisterOutcome | None) -> RegisterStatus:
    if register is None:
        return "none"
    return loaded.load.status if loaded is not None else "failed"


def _error(
    register: ExecuteInProcessResult | None, loaded: RegisterOutcome | None, trust: ExecuteInProcessResult
) -> str | None:
    told = []
    if loaded is not None and loaded.load.status == "waiting":
        told.append(f"DEQAR is held back: {' '.join(loaded.load.reasons)} Decide with the job decide_register.")
    elif register is not None and not register.success:
        told.append(cause(register.all_events))
    if not trust.success:
        told.append(cause(trust.all_events))
    return " ".join(told) or None
