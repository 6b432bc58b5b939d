"""Where the next page begins: after which row. Opaque to those who carry it, and never an error when it is not ours."""

from __future__ import annotations

import base64
import binascii

import msgspec


class ByRank(msgspec.Struct, frozen=True, array_like=True, tag="r"):
    """After this row, in the order of a search with words: see `catalogue_db.search.query`.

    `words`: of those asked for how many it has, where any of them will do; else 0. `in_language`: whether it has a
    title in the language asked for.
    """

    level: int
    words: int
    in_language: bool
    relevance: float
    is_open: bool
    changed_on: str
    offering_id: str


class ByTitle(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """After this row, in the order of a search without words."""

    title: str
    offering_id: str


Place = ByRank | ByTitle
_LONGEST = 4000


def write(place: Place) -> str:
    """A cursor for what comes after a place."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read(cursor: str | None) -> Place | None:
    """The place a cursor stands for; None for none, and for a text that is no cursor (the first page is shown)."""
    if not cursor or len(cursor) > _LONGEST:
        return None
    try:
        packed = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(packed, type=ByRank | ByTitle)
    except (binascii.Error, UnicodeEncodeError, msgspec.DecodeError):
        return None
