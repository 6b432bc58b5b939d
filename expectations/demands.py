"""What a feed's contract demands, and what is told to the judge about a whole source and a loaded catalogue.

The shapes stand here so that this room needs neither the contract's model (connectors) nor the database: who
runs the pipeline fills them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from standard.observation import Observation
from standard.verdict import Counts

if TYPE_CHECKING:
    import pandas as pd


class Demands(msgspec.Struct, frozen=True):
    """What a feed promised to be.

    `least_offerings`: fewest records in scope. `may_be_empty`: an empty source is normal for this feed.
    `least_fill`: element (field of the offering, ``learning_outcomes``) → least share (0-1) of the records in
    scope that have it. `most_unreadable`: greatest share (0-1) of fetched items that may be unreadable.
    """

    least_offerings: int | None = None
    may_be_empty: bool = False
    least_fill: dict[str, float] = {}
    most_unreadable: float | None = None


class SourceSummary(msgspec.Struct, frozen=True):
    """One pass over a whole source: its `counts` up to rejected, and what the reader noticed about the whole.

    `announced`: how many records the source itself says it has, if it does.

    `fill`: element → share of the records in scope that have it; None lets the judge use what it has seen
    itself (every batch given to `Judge.offerings`).
    """

    counts: Counts
    observations: list[Observation] = []
    announced: int | None = None
    fill: dict[str, float] | None = None


class LoadedCatalogue(msgspec.Struct, frozen=True):
    """What stands in the catalogue for one feed after a load, read back from the database.

    `offerings`: rows of ``v1_offerings`` of the feed, with at least ``offering_id``, ``title``,
    ``awarding_body``, ``country``, ``homepage`` and ``status``. `instances`: ``offering_id`` and
    ``instance_id``. `versions`: ``offering_id`` and ``valid_until`` (null while the version is open).
    `accepted`: records of the candidate that were let in. `indexed`: entries of the search index.
    """

    offerings: pd.DataFrame
    instances: pd.DataFrame
    versions: pd.DataFrame
    accepted: int
    indexed: int
