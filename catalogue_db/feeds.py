"""What the catalogue knows of its feeds: who they are, how fresh they are, whether they are stale."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from catalogue_db.candidate import FeedInfo
from catalogue_db.dialects import write_transaction
from catalogue_db.storable import storable_text
from catalogue_db.tables import feed, offering
from catalogue_db.texts import moment


class FeedState(msgspec.Struct, frozen=True, omit_defaults=True):
    """A feed as the catalogue sees it. Times are UTC ISO 8601; `stale_since` is absent while all is well."""

    name: str
    live: int
    withdrawn: int
    title: str | None = None
    data_as_of: str | None = None
    last_confirmed: str | None = None
    stale_since: str | None = None
    stale_reason: str | None = None


def feed_row(connection: Connection, name: str) -> Any | None:
    """The row of a feed, None before its first candidate."""
    return connection.execute(select(feed).where(feed.c.name == name)).first()


def keep_feed(connection: Connection, info: FeedInfo) -> Any:
    """Write what the contract says of a feed and return its row."""
    values = msgspec.structs.asdict(info)
    if feed_row(connection, info.name) is None:
        key = connection.execute(select(func.coalesce(func.max(feed.c.key), 0) + 1)).scalar_one()
        connection.execute(insert(feed).values(key=key, **values))
    else:
        connection.execute(update(feed).where(feed.c.name == info.name).values(values))
    return connection.execute(select(feed).where(feed.c.name == info.name)).one()


def make_stale(connection: Connection, feed_key: int, reason: str, at: str) -> None:
    """Label what is live of a feed as behind its source; the beginning of that is kept."""
    connection.execute(
        update(feed)
        .where(feed.c.key == feed_key)
        .values(stale_since=func.coalesce(feed.c.stale_since, at), stale_reason=reason)
    )


def mark_stale(engine: Engine, name: str, reason: str, *, now: datetime | None = None) -> bool:
    """Label a feed's live offerings as stale, for a reason such as a source that cannot be reached.

    The next load that goes in takes the label away. Returns whether the feed is known.
    """
    with engine.connect() as connection, write_transaction(connection):
        known = feed_row(connection, name)
        if known is not None:
            make_stale(connection, int(known.key), storable_text(reason), moment(now or datetime.now(UTC)))
        return known is not None


def feed_states(engine: Engine) -> list[FeedState]:
    """All feeds by name, with how many offerings are live and withdrawn."""
    live = func.count().filter(offering.c.status == "live").label("live")
    withdrawn = func.count().filter(offering.c.status == "withdrawn").label("withdrawn")
    query = (
        select(
            feed.c.name,
            live,
            withdrawn,
            feed.c.title,
            feed.c.data_as_of,
            feed.c.last_confirmed,
            feed.c.stale_since,
            feed.c.stale_reason,
        )
        .outerjoin(offering, offering.c.feed_key == feed.c.key)
        .group_by(feed.c.key)
        .order_by(feed.c.name)
    )
    with engine.connect() as connection:
        return [FeedState(**row._mapping) for row in connection.execute(query)]
