"""Looking at what became of single records of the real feeds."""

from __future__ import annotations

from typing import Any

import msgspec

from catalogue_db.offerings import get_offering
from pipelines.reports import StagedItem
from pipelines.steps.parse import parsed_file
from standard.offering import offering_id
from standard.source_offering import SourceOffering
from tests.real.harvest import Harvest


def live(harvest: Harvest, feed: str, source_id: str) -> dict[str, Any]:
    """Return the offering that the catalogue shows for a record, as its public document."""
    stored = get_offering(harvest.workplace.engine, offering_id(feed, source_id), None)
    assert stored is not None, f"{feed} has no {source_id}"
    document: dict[str, Any] = msgspec.to_builtins(stored.offering)
    return document


def source_offerings(harvest: Harvest, feed: str) -> list[SourceOffering]:
    """Return the records of a feed's latest snapshot as they were read."""
    contract = harvest.workplace.contract(feed)
    snapshot = harvest.workplace.store.latest(feed)
    assert snapshot is not None
    items = harvest.workplace.staging.read(parsed_file(contract, snapshot.snapshot_id), StagedItem)
    return [item.offering for item in items if item.offering is not None]
