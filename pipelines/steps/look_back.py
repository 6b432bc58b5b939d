"""Look back: what stands in the catalogue for one feed after a load, for the judge to see whether it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from expectations.demands import LoadedCatalogue

_OFFERINGS = ("offering_id", "title", "awarding_body", "country", "homepage", "status")
_OF_FEED = (
    "SELECT {columns} FROM {view} AS seen JOIN {offerings} AS o ON o.offering_id = seen.offering_id"
    " WHERE o.feed = :feed"
)


def loaded_catalogue(engine: Engine, feed: str, accepted: int) -> LoadedCatalogue:
    """Return what portals would see of `feed`; `accepted` is how many records the candidate let in."""
    from expectations.demands import LoadedCatalogue

    with engine.connect() as connection:
        offerings = _view(connection, "v1_offerings")
        return LoadedCatalogue(
            offerings=_frame(connection, f"SELECT {', '.join(_OFFERINGS)} FROM {offerings} WHERE feed = :feed", feed),
            instances=_of_feed(connection, "v1_instances", "seen.offering_id, seen.instance_id", feed),
            versions=_of_feed(
                connection, "v1_offering_versions", "seen.offering_id, seen.valid_to AS valid_until", feed
            ),
            accepted=accepted,
            indexed=_indexed(connection, feed),
        )


def _of_feed(connection: Connection, view: str, columns: str, feed: str) -> Any:
    query = _OF_FEED.format(columns=columns, view=_view(connection, view), offerings=_view(connection, "v1_offerings"))
    return _frame(connection, query, feed)


def _frame(connection: Connection, query: str, feed: str) -> Any:
    import pandas as pd
    from sqlalchemy import text

    return pd.read_sql_query(text(query), connection, params={"feed": feed})


def _indexed(connection: Connection, feed: str) -> int:
    from sqlalchemy import func, select

    from catalogue_db import tables

    query = (
        select(func.count())
        .select_from(tables.search_offering)
        .join(tables.feed, tables.feed.c.key == tables.search_offering.c.feed_key)
        .where(tables.feed.c.name == feed)
    )
    return int(connection.execute(query).scalar_one())


def _view(connection: Connection, name: str) -> str:
    from catalogue_db.dialects import view_name

    return view_name(connection.dialect.name, name)
