"""What the mapping must know of the feed that a record came from: the contract's part in understanding it."""

from __future__ import annotations

from datetime import date

import msgspec

from standard.offering import Organisation
from standard.selection import Selection


class MappingContext(msgspec.Struct, frozen=True):
    """The contract of one feed, as far as the mapping needs it. All of it is optional except name and day.

    `feed`: the feed's name. `today`: the day of the run (plausibility of dates, expiry). `default_language`
    (BCP 47), `default_country` (alpha-2) and `default_currency` (ISO 4217) are used only where the record carries
    none. `institution`: the organisation behind the feed. `licence`: of the data. `base_url`: what relative
    addresses are relative to.
    `lookups`: slot of `SourceOffering` → published value → what to read instead (an empty string: nothing).
    `selection`: which records of the feed are in scope; None means all.
    """

    feed: str
    today: date
    default_language: str | None = None
    default_country: str | None = None
    default_currency: str | None = None
    institution: Organisation | None = None
    licence: str | None = None
    base_url: str | None = None
    lookups: dict[str, dict[str, str]] = {}
    selection: Selection | None = None
