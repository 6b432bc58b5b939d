"""Keeps other libraries' talk off the terminal; what matters of it is in Dagster's event log."""

from __future__ import annotations

import logging
import warnings


def quiet_libraries() -> None:
    """Let only errors of Dagster and its kin reach standard error, and no warnings about their own future."""
    for name in ("dagster", "alembic", "great_expectations", "urllib3"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"(dagster|great_expectations|pandas)(\..*)?")
