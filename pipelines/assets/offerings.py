"""The asset `offerings`: source offerings mapped to the common standard and judged, record by record."""

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
)

from pipelines.assets.checks import feed_check
from pipelines.assets.outcome import hold, told
from pipelines.assets.source_offerings import source_offerings
from pipelines.assets.telling import (
    Materialized,
    Told,
    codes_table,
    counts_metadata,
    pairs_table,
    rejects_table,
    report_metadata,
    table,
)
from pipelines.partitions import FEEDS
from pipelines.reports import JudgeReport
from pipelines.workplace import Workplace

CONTRACT_DEMANDS = "contract_demands"
VERDICTS = "verdicts"


@asset(
    partitions_def=FEEDS,
    deps=[source_offerings],
    group_name="standard",
    owners=["team:catalogue"],
    kinds={"python", "greatexpectations"},
    check_specs=[
        feed_check(
            CONTRACT_DEMANDS,
            "offerings",
            "The source as a whole is what its contract promised. What blocks here keeps the batch out.",
            blocking=True,
        ),
        feed_check(
            VERDICTS, "offerings", "No record was rejected. Rejected records stay out one by one; the others go on."
        ),
    ],
    description=(
        "Each source offering in scope as an offering of the common standard, with its findings and a verdict:"
        " accepted, accepted with findings, or rejected. What blocks is national policy, see expectations/policy.yaml."
    ),
)
def offerings(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Map and judge what was read from the feed's latest snapshot."""
    from pipelines.steps.map_and_judge import judge_latest

    with told(context, workplace):
        report = judge_latest(workplace.contract(context.partition_key), workplace)
    demands = _contract_demands(report)
    if not demands.passed and demands.severity is AssetCheckSeverity.ERROR:
        hold(context, workplace, " ".join(finding.message for finding in report.whole if finding.severity == "blocks"))
    return MaterializeResult(metadata=_metadata(report), check_results=[demands, _verdicts(report)])


def _metadata(report: JudgeReport) -> Told:
    completeness = (
        {} if report.completeness is None else {"completeness": MetadataValue.float(round(report.completeness, 4))}
    )
    return {
        **counts_metadata(report.counts, ("parsed", "selected", "out_of_scope", "accepted", "rejected")),
        **{f"findings/{severity}": MetadataValue.int(count) for severity, count in report.severities.items()},
        **completeness,
        "rejected": rejects_table(report.rejects),
        "findings by code": codes_table(report.by_code),
        "filled elements (share)": pairs_table(("element", "share"), {k: f"{v:.0%}" for k, v in report.fill.items()}),
        "judged again": MetadataValue.bool(not report.reused),
        **report_metadata(report),
    }


def _contract_demands(report: JudgeReport) -> AssetCheckResult:
    broken = [finding for finding in report.whole if finding.severity in ("blocks", "lowers")]
    blocks = any(finding.severity == "blocks" for finding in broken)
    rows = ((f.code, f.severity, f.message, f.remedy) for f in report.whole)
    return AssetCheckResult(
        check_name=CONTRACT_DEMANDS,
        passed=not broken,
        severity=AssetCheckSeverity.ERROR if blocks else AssetCheckSeverity.WARN,
        metadata={
            "broken": MetadataValue.int(len(broken)),
            "findings": table(("code", "severity", "what was found", "what to do"), rows, "all kept"),
        },
    )


def _verdicts(report: JudgeReport) -> AssetCheckResult:
    all_rejected = report.counts.rejected > 0 and report.counts.accepted == 0
    return AssetCheckResult(
        check_name=VERDICTS,
        passed=report.counts.rejected == 0,
        severity=AssetCheckSeverity.ERROR if all_rejected else AssetCheckSeverity.WARN,
        metadata={
            **counts_metadata(report.counts, ("selected", "accepted", "rejected")),
            "rejected": rejects_table(report.rejects),
        },
    )
