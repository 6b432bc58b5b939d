"""The jobs of the trust half: DEQAR nightly, statements each day, and what a maintainer decides.

`register` pulls and loads DEQAR, `trust` makes the statements; `relink` keeps a maintainer's word about a link and
makes the statements anew; `decide_register` lets a waiting register in, or refuses it.

(Annotations are evaluated here: Dagster reads the types of the configurations.)
"""

from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from dagster import (
    AssetSelection,
    AutomationConditionSensorDefinition,
    Config,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    Failure,
    JobDefinition,
    MetadataValue,
    OpExecutionContext,
    ResourceParam,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
    job,
    op,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from pydantic import Field

from pipelines.assets import REGISTER_ASSETS, trust_statements
from pipelines.failures import FeedFailure
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from catalogue_db.linking.decisions import Decisions

NIGHTLY = "30 1 * * *"
DAILY = "30 3 * * *"


class Verdict(Enum):
    """Whether two are the same."""

    SAME = "same"
    DIFFERENT = "different"


class Decision(Enum):
    """What becomes of a waiting register."""

    APPROVE = "approve"
    REFUSE = "refuse"


class RelinkConfig(Config):
    """A maintainer's word: `deqar` with `organisation_id` (or `name` and `country`), or `offering` and `report`."""

    verdict: Verdict
    by: str = Field(min_length=1, description="Who decides.")
    reason: str = Field(min_length=1, description="Why, for those who come later.")
    deqar: str | None = Field(default=None, description="DEQARINST identifier of the provider.")
    organisation_id: str | None = Field(default=None, description="provider_id of the organisation in v1_providers.")
    name: str | None = Field(default=None, description="Name of the organisation, with its country.")
    country: str | None = Field(default=None, description="Country of the organisation, alpha-2.")
    offering: str | None = Field(default=None, description="offering_id, for a programme in a report.")
    report: int | None = Field(default=None, description="DEQAR's number of the report.")
    programme: str | None = Field(default=None, description="Name of the programme there; none: whatever is proposed.")


class DecideConfig(Config):
    """What becomes of the waiting register, by whom, and why."""

    decision: Decision
    by: str = Field(min_length=1)
    reason: str = Field(min_length=1)


@op(description="Keeps a maintainer's word about a link, then makes the links and statements anew.")
def keep_word(context: OpExecutionContext, config: RelinkConfig, workplace: ResourceParam[Workplace]) -> None:
    """Keep the decision and apply it at once. Fails where the configuration names nothing that can be decided."""
    from catalogue_db.linking.decisions import decide
    from pipelines.steps.trust import restate

    try:
        decide(workplace.engine, _decisions(config))
        report = restate(workplace, context.run_id)
    except (ValueError, FeedFailure) as error:
        raise Failure(f"{error}", allow_retries=False) from error
    context.add_output_metadata(
        {
            "links changed": MetadataValue.int(report.links.changed),
            "statements changed": MetadataValue.int(report.changed),
        }
    )


def _decisions(config: RelinkConfig) -> "Decisions":
    from catalogue_db.linking.decisions import Decisions, ProgrammeDecision, ProviderDecision, WhichOrganisation

    same, today = config.verdict is Verdict.SAME, datetime.now(UTC).date()
    if config.deqar is not None:
        which = WhichOrganisation(organisation_id=config.organisation_id, name=config.name, country=config.country)
        provider = ProviderDecision(
            organisation=which, deqar=config.deqar, same=same, by=config.by, on=today, reason=config.reason
        )
        return Decisions(providers=[provider])
    if config.offering is None or config.report is None:
        raise ValueError("Give deqar with an organisation, or offering with report.")
    programme = ProgrammeDecision(
        offering=config.offering,
        report=config.report,
        same=same,
        by=config.by,
        on=today,
        reason=config.reason,
        programme=config.programme,
    )
    return Decisions(programmes=[programme])


@op(description="Lets the waiting register in, or refuses it, by name and with a reason.")
def settle(context: OpExecutionContext, config: DecideConfig, workplace: ResourceParam[Workplace]) -> None:
    """Decide about the pull that waits: the latest snapshot is read and judged again, then let in."""
    from catalogue_db.register import Approval, read_state, refuse_register
    from pipelines.steps.trust import load_register, restate

    if not read_state(workplace.engine).waiting:
        raise Failure("No register waits for a decision.", allow_retries=False)
    if config.decision is Decision.REFUSE:
        refuse_register(workplace.engine, config.by, config.reason)
        return
    try:
        outcome = load_register(workplace, context.run_id, Approval(config.by, config.reason))
        restate(workplace, context.run_id)
    except FeedFailure as error:
        raise Failure(f"{error}", allow_retries=False) from error
    context.add_output_metadata({"status": MetadataValue.text(outcome.load.status)})


@job(executor_def=in_process_executor, tags={"dagster/max_retries": "0"}, description=RelinkConfig.__doc__)
def relink() -> None:
    """Keep a maintainer's word about a link."""
    keep_word()


@job(executor_def=in_process_executor, tags={"dagster/max_retries": "0"}, description=DecideConfig.__doc__)
def decide_register() -> None:
    """Decide about a waiting register."""
    settle()


def trust_jobs() -> list[JobDefinition | UnresolvedAssetJobDefinition]:
    """Return all jobs of this half."""
    return [register_job(), trust_job(), relink, decide_register]


@cache
def register_job() -> UnresolvedAssetJobDefinition:
    """Define the job that pulls and loads DEQAR."""
    return define_asset_job(
        "register",
        AssetSelection.assets(*REGISTER_ASSETS),
        executor_def=in_process_executor,
        description="Pulls DEQAR and loads it. What cannot be had leaves the last register as it was.",
    )


@cache
def trust_job() -> UnresolvedAssetJobDefinition:
    """Define the job that makes the statements."""
    return define_asset_job(
        "trust",
        AssetSelection.assets(trust_statements),
        executor_def=in_process_executor,
        description="Links organisations to the register and makes the trust statements, without any network.",
    )


def trust_schedules(workplace: Workplace) -> list[ScheduleDefinition]:
    """Return the schedules (UTC): DEQAR when its contract says so, the statements each day, because reports expire
    without any feed changing."""
    daily = ScheduleDefinition(
        name="trust_daily", job=trust_job(), cron_schedule=DAILY, default_status=DefaultScheduleStatus.RUNNING
    )
    cron = _cron(workplace)
    if cron is None:
        return [daily]
    running = DefaultScheduleStatus.RUNNING
    nightly = ScheduleDefinition(
        name="register_nightly", job=register_job(), cron_schedule=cron, default_status=running
    )
    return [nightly, daily]


def _cron(workplace: Workplace) -> str | None:
    """When DEQAR is pulled; None without a contract. One that is not valid is told by the run itself."""
    from pipelines.steps.trust import deqar_contract, has_contract

    if not has_contract(workplace):
        return None
    try:
        return deqar_contract(workplace).schedule or NIGHTLY
    except FeedFailure:
        return NIGHTLY


def trust_sensor() -> AutomationConditionSensorDefinition:
    """Define the sensor that makes the statements anew when a feed or the register has changed."""
    return AutomationConditionSensorDefinition(
        "trust_follows",
        target=AssetSelection.assets(trust_statements),
        default_status=DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=60,
    )
