"""The assets of the trust half: DEQAR's snapshot, the register in the catalogue, the trust statements.

(Annotations are evaluated here: Dagster reads the type of `context` when the asset is defined.)
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AutomationCondition,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
)

from pipelines.assets.catalogue_offerings import catalogue_offerings
from pipelines.assets.outcome import hold, told
from pipelines.assets.telling import Materialized, Told, moment, pairs_table, report_metadata, table
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from catalogue_db.trust import Lapsing, Proposal, TrustReport
    from pipelines.steps.trust import RegisterOutcome

REGISTER_WHOLE, REGISTER_GUARD = "register_whole", "register_guard"
LINKS_CLEAR, REGISTER_FRESH = "links_clear", "register_fresh"
_WHAT_TO_DO = (
    "Decide each by the job relink, or by a reviewed line in feeds/deqar/links.yaml; see docs/trust.md. Until then"
    " what is proposed does not count."
)
_FOLLOW = (
    AutomationCondition.any_deps_updated().since(
        AutomationCondition.newly_requested() | AutomationCondition.newly_updated()
    )
    & ~AutomationCondition.in_progress()
)


@asset(
    group_name="trust",
    owners=["team:catalogue"],
    kinds={"python", "http"},
    description="What DEQAR gave us, byte for byte. A page that cannot be had fails the pull; nothing is skipped.",
)
def deqar_snapshot(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Pull DEQAR."""
    from pipelines.steps.trust import pull_register

    with told(context, workplace):
        report = pull_register(workplace, datetime.now(UTC))
    return MaterializeResult(
        metadata={
            "snapshot": MetadataValue.text(report.snapshot_id),
            "taken at": moment(report.taken_at),
            "documents": MetadataValue.int(report.documents),
            "bytes": MetadataValue.int(report.bytes),
            "new content": MetadataValue.bool(report.fresh),
            "what was asked for": pairs_table(("kind of document", "how many"), report.kinds),
            "said while pulling": table(("code", "what was noticed", "what to do"), report.notes, "nothing"),
            **report_metadata(report),
        }
    )


@asset(
    deps=[deqar_snapshot],
    group_name="trust",
    owners=["team:catalogue"],
    kinds={"sql", "greatexpectations"},
    check_specs=[
        AssetCheckSpec(REGISTER_WHOLE, asset="deqar_register", description="The register hangs together."),
        AssetCheckSpec(
            REGISTER_GUARD,
            asset="deqar_register",
            description="DEQAR gave about as much as last time; if not, the pull waits and the last register stays.",
        ),
    ],
    description="Agencies, providers, reports, programmes of DEQAR in the catalogue; what changed and what left.",
)
def deqar_register(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Read the latest snapshot, judge it, and let it in if it is whole."""
    from pipelines.steps.trust import load_register

    with told(context, workplace):
        outcome = load_register(workplace, context.run.run_id)
    if outcome.load.status == "waiting":
        hold(context, workplace, " ".join(outcome.load.reasons))
    return MaterializeResult(metadata=_register_metadata(outcome, workplace), check_results=_register_checks(outcome))


def _register_metadata(outcome: "RegisterOutcome", workplace: Workplace) -> Told:
    from catalogue_db.register.overview import by_agency, by_decision

    counts, engine = outcome.load.counts, workplace.engine
    rows = [(kind, c.offered, c.new, c.changed, c.unchanged, c.left) for kind, c in counts.items()]
    return {
        "status": MetadataValue.text(outcome.load.status),
        **{f"count/{kind}": MetadataValue.int(each.offered) for kind, each in counts.items()},
        "what changed": table(("kind", "offered", "new", "changed", "unchanged", "left"), rows),
        "providers by country": pairs_table(("country", "providers"), outcome.countries),
        "reports by decision": table(("decision", "reports", "in force"), by_decision(engine)),
        "reports by agency": table(("agency", "reports", "in force"), by_agency(engine)),
        "noticed while reading": pairs_table(("code", "how often"), outcome.noticed),
        **report_metadata(outcome),
    }


def _register_checks(outcome: "RegisterOutcome") -> list[AssetCheckResult]:
    blocks = any(finding.severity == "blocks" for finding in outcome.findings)
    rows = ((f.code, f.severity, f.message, f.remedy) for f in outcome.findings[:50])
    findings = table(("code", "severity", "what was found", "what to do"), rows, "none")
    waits = outcome.load.status == "waiting"
    return [
        AssetCheckResult(
            check_name=REGISTER_WHOLE,
            passed=not blocks,
            severity=AssetCheckSeverity.ERROR,
            metadata={"findings": findings},
        ),
        AssetCheckResult(
            check_name=REGISTER_GUARD,
            passed=not waits,
            severity=AssetCheckSeverity.ERROR,
            description=" ".join(outcome.load.reasons) or None,
            metadata={"status": MetadataValue.text(outcome.load.status)},
        ),
    ]


@asset(
    deps=[deqar_register, catalogue_offerings],
    group_name="trust",
    owners=["team:catalogue"],
    kinds={"sql"},
    automation_condition=_FOLLOW,
    check_specs=[
        AssetCheckSpec(LINKS_CLEAR, asset="trust_statements", description="No link waits for a maintainer."),
        AssetCheckSpec(REGISTER_FRESH, asset="trust_statements", description="The register is not behind DEQAR."),
    ],
    description=(
        "For each offering, what quality-assurance evidence stands behind it today, and why. Made anew each day and"
        " whenever a feed or the register changes; what has not changed is not touched. See docs/trust.md."
    ),
)
def trust_statements(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Link organisations to the register and make the statements."""
    from pipelines.steps.trust import restate

    with told(context, workplace, stale=False):
        report = restate(workplace, context.run.run_id)
    return MaterializeResult(
        metadata=_trust_metadata(report, workplace), check_results=_trust_checks(report, workplace)
    )


def _trust_metadata(report: "TrustReport", workplace: Workplace) -> Told:
    from catalogue_db.trust import lapsing, proposals
    from catalogue_db.trust.coverage import by_country, by_provider, over_time

    soon = lapsing(workplace.engine)
    engine, waiting = workplace.engine, proposals(workplace.engine, 50)
    return {
        "checked on": MetadataValue.text(report.checked_on),
        "register as of": moment(report.register.data_as_of),
        **{f"status/{status}": MetadataValue.int(number) for status, number in report.mix.items()},
        "count/changed": MetadataValue.int(report.changed),
        "count/made anew": MetadataValue.int(report.organisations_anew),
        "count/lapsing": MetadataValue.int(sum(one.offerings for one in soon)),
        "count/proposals": MetadataValue.int(report.links.proposed + report.proposals),
        "coverage by country": _shares("country", by_country(engine)),
        "coverage by provider": _shares("who signs", by_provider(engine)),
        "statuses over time": table(("day", "covered", "statuses"), _days(over_time(engine)), "no check yet"),
        "lapsing within 90 days": table(
            ("until", "offerings", "who signs", "status", "feed", "report"), map(_lapsing, soon[:50]), "nothing"
        ),
        "proposals waiting": _proposals(waiting),
        **report_metadata(report),
    }


def _shares(whose: str, rows: list[tuple[str, int, int]]) -> MetadataValue[Any]:
    """The figures first, because names are long and the page cuts tables off at the right."""
    told_rows = ((_share(covered, total), name) for name, covered, total in rows)
    return table(("covered", whose), told_rows, "no offerings")


def _share(covered: int, total: int) -> str:
    return f"{covered} of {total} ({covered / total:.0%})" if total else "none"


def _days(rows: "list[tuple[str, str, int]]") -> list[tuple[str, str, str]]:
    """One line per day, the newest first: how many offerings are covered, of how many, and the mix in words."""
    from standard.trust_evidence import COVERED

    days: dict[str, dict[str, int]] = {}
    for day, status, number in rows:
        days.setdefault(day, {})[status] = number
    covered = {day: sum(number for status, number in mix.items() if status in COVERED) for day, mix in days.items()}
    return [(day, _share(covered[day], sum(mix.values())), _mix(mix)) for day, mix in days.items()]


def _mix(mix: dict[str, int]) -> str:
    return ", ".join(f"{number} {_spoken(status)}" for status, number in sorted(mix.items(), key=lambda one: -one[1]))


def _lapsing(one: "Lapsing") -> tuple[object, ...]:
    return one.covered_until, one.offerings, one.organisation or "", _spoken(one.status), one.feed, one.report or ""


def _spoken(status: str) -> str:
    return status.replace("_", " ")


def _proposals(waiting: "list[Proposal]") -> MetadataValue[Any]:
    rows = ((p.score, p.what, p.name, p.title or "", p.target, "; ".join(p.evidence)) for p in waiting)
    return table(("score", "what", "in the catalogue", "in DEQAR", "number there", "why"), rows, "none")


def _trust_checks(report: "TrustReport", workplace: Workplace) -> list[AssetCheckResult]:
    from catalogue_db.trust import proposals
    from expectations.findings import finding_from

    odd = [finding_from(seen, workplace.policy, None, None) for seen in report.links.observations[:50]]
    rows = ((f.code, f.message, f.remedy) for f in odd)
    waiting = report.links.proposed + report.proposals
    stale = report.register.stale_since
    return [
        AssetCheckResult(
            check_name=LINKS_CLEAR,
            passed=not waiting and not odd,
            severity=AssetCheckSeverity.WARN,
            metadata={
                "waiting": MetadataValue.int(waiting),
                "proposals": _proposals(proposals(workplace.engine, 50)),
                "what to do": MetadataValue.text(_WHAT_TO_DO if waiting else "nothing"),
                "odd": table(("code", "what was found", "what to do"), rows, "nothing"),
            },
        ),
        AssetCheckResult(
            check_name=REGISTER_FRESH,
            passed=stale is None and report.register.loaded,
            severity=AssetCheckSeverity.WARN,
            description=report.register.stale_reason,
            metadata={"behind since": MetadataValue.text(stale or "not behind")},
        ),
    ]


TRUST_ASSETS = [deqar_snapshot, deqar_register, trust_statements]
REGISTER_ASSETS = [deqar_snapshot, deqar_register]
