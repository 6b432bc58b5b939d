"""Freshness: the date of the data that is live, never that of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def data_as_of(engine: Engine) -> dict[str, str]:
    """Return, by feed, the moment (ISO 8601, UTC) of the snapshot that is live; feeds that never went in are absent."""
    from catalogue_db.feeds import feed_states

    return {state.name: state.data_as_of for state in feed_states(engine) if state.data_as_of is not None}
