"""The views as files, for open-data portals and whoever would rather have files than a database."""

from catalogue_db.export.exporting import ExportFormat, ExportReport, export_views
from catalogue_db.export.manifest import ExportedFeed, ExportedFile, Manifest

__all__ = ["ExportFormat", "ExportReport", "ExportedFeed", "ExportedFile", "Manifest", "export_views"]
