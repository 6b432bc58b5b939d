"""The asset `catalogue_export`: the views as files, for open-data portals, from one state of the catalogue.

(Annotations are evaluated here: Dagster reads the type of `context` when the asset is defined.)
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from dagster import AssetExecutionContext, MaterializeResult, MetadataValue, ResourceParam, asset

from pipelines.assets.catalogue_offerings import catalogue_offerings
from pipelines.assets.outcome import told
from pipelines.assets.telling import REPORT, Materialized, Told, table
from pipelines.assets.trust import trust_statements
from pipelines.workplace import Workplace

if TYPE_CHECKING:
    from catalogue_db.export import ExportReport


@asset(
    deps=[catalogue_offerings, trust_statements],
    group_name="catalogue",
    owners=["team:catalogue"],
    kinds={"csv", "parquet"},
    description=(
        "All views of the contract as CSV and Parquet, with checksums and how fresh each feed was. A new export takes"
        " the place of the old one when it is whole. See docs/database.md."
    ),
)
def catalogue_export(context: AssetExecutionContext, workplace: ResourceParam[Workplace]) -> Materialized:
    """Write the files."""
    from pipelines.steps.export import export_all

    with told(context, workplace, stale=False):
        reports = export_all(workplace, datetime.now(UTC))
    return MaterializeResult(metadata=_metadata(reports))


def _metadata(reports: "list[ExportReport]") -> Told:
    manifest = reports[0].manifest
    files = (
        (report.manifest.format, file.name, file.rows, file.bytes, file.sha256)
        for report in reports
        for file in report.manifest.files
    )
    feeds = ((feed.feed, feed.status, feed.data_as_of or "never") for feed in manifest.feeds)
    return {
        "rows": MetadataValue.int(reports[0].rows),
        "bytes": MetadataValue.int(sum(report.bytes for report in reports)),
        "cursor": MetadataValue.int(manifest.cursor),
        **{f"path/{report.manifest.format}": MetadataValue.path(report.path) for report in reports},
        "files": table(("format", "file", "rows", "bytes", "SHA-256"), files),
        "feeds": table(("feed", "status", "data as of"), feeds, "no feed yet"),
        REPORT: MetadataValue.json(msgspec.to_builtins(reports)),
    }
