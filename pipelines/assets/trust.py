"""The assets of the trust half: DEQAR's snapshot, the register in the catalogue, the trust statements.

(Annotations are evaluated here: Dagster reads the type of `context` when the asset is defined.)
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
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
from pipelines.assets.telling import REPORT, Materialized, Told, pairs_table, report_metadata, table
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from catalogue_db.trust import TrustReport
    from pipelines.steps.trust import RegisterOutcome

REGISTER_WHOLE, REGISTER_GUARD = "register_whole", "register_guard"
LINKS_CLEAR, REGISTER_FRESH = "links_clear", "register_fresh"
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
            "taken at": MetadataValue.text(report.taken_at),
            "documents": MetadataValue.int(report.documents),
            "bytes": MetadataValue.int(report.bytes),
            "new content": MetadataValue.bool(report.fresh),
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
    return MaterializeResult(metadata=_register_metadata(outcome), check_results=_register_checks(outcome))


def _register_metadata(outcome: "RegisterOutcome") -> Told:
    counts = outcome.load.counts
    rows = [(kind, c.offered, c.new, c.changed, c.unchanged, c.left) for kind, c in counts.items()]
    return {
        "status": MetadataValue.text(outcome.load.status),
        **{f"count/{kind}": MetadataValue.int(each.offered) for kind, each in counts.items()},
        "what changed": table(("kind", "offered", "new", "changed", "unchanged", "left"), rows),
        "providers by country": pairs_table(("country", "providers"), outcome.countries),
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
    waiting = proposals(workplace.engine, 50)
    lapse_rows = (
        (s.covered_until, s.feed, s.organisation or "", s.status, s.offerings, s.report or "") for s in soon[:50]
    )
    waiting_rows = ((p.what, p.name, p.target, p.title or "", p.score, "; ".join(p.evidence)) for p in waiting)
    return {
        "checked on": MetadataValue.text(report.checked_on),
        "register as of": MetadataValue.text(report.register.data_as_of or "never"),
        **{f"status/{status}": MetadataValue.int(number) for status, number in report.mix.items()},
        "count/changed": MetadataValue.int(report.changed),
        "count/lapsing": MetadataValue.int(len(soon)),
        "count/proposals": MetadataValue.int(len(waiting)),
        "coverage by country": _shares(("country",), by_country(workplace.engine)),
        "coverage by provider": _shares(("provider",), by_provider(workplace.engine)),
        "statuses over time": table(("day", "status", "offerings"), over_time(workplace.engine), "no check yet"),
        "lapsing within 90 days": table(
            ("until", "feed", "who signs", "status", "offerings", "report"), lapse_rows, "nothing"
        ),
        "proposals waiting": table(("what", "name", "DEQAR", "called there", "score", "why"), waiting_rows, "none"),
        REPORT: MetadataValue.json(msgspec.to_builtins(report)),
    }


def _shares(first: tuple[str, ...], rows: list[tuple[str, int, int]]) -> MetadataValue[Any]:
    told_rows = ((name, covered, total, f"{covered / total:.0%}" if total else "") for name, covered, total in rows)
    return table((*first, "covered", "offerings", "share"), told_rows, "no offerings")


def _trust_checks(report: "TrustReport", workplace: Workplace) -> list[AssetCheckResult]:
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
