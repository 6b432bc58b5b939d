"""The contract's terms, in the words of the rooms that need them.

The rooms in the middle do not know each other: the mapping has its `MappingContext`, the judge its `Demands`, the
catalogue its `FeedInfo` and `Thresholds`. All four are parts of one contract; here is where they are taken out of it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from standard.mapping import MappingContext
from standard.offering import Organisation, Texts
from standard.selection import Selection

if TYPE_CHECKING:
    from catalogue_db.candidate import FeedInfo
    from catalogue_db.guard import Thresholds
    from connectors.feeds import FeedContract
    from expectations.demands import Demands


def mapping_context(contract: FeedContract, today: date, base_url: str | None = None) -> MappingContext:
    """What the mapping must know of a feed.

    `today`: the day as of which its records are read. `base_url`: what relative addresses in them are relative to (the
    institution's homepage if nothing nearer is known).
    """
    return MappingContext(
        feed=contract.name,
        today=today,
        default_language=contract.defaults.language,
        default_country=contract.defaults.country or contract.institution.country,
        default_currency=contract.defaults.currency,
        institution=institution(contract),
        licence=contract.licence,
        base_url=base_url or contract.institution.homepage,
        lookups=contract.lookups,
        selection=selection(contract),
    )


def institution(contract: FeedContract) -> Organisation:
    """The institution behind a feed, as an organisation of the standard."""
    told = contract.institution
    return Organisation(
        name=_texts(told.name, contract.defaults.language),
        identifiers=dict(told.identifiers),
        country=told.country,
        homepage=told.homepage,
    )


def selection(contract: FeedContract) -> Selection | None:
    """Which records are in scope; None where the contract selects nothing, which means all."""
    chosen = contract.select
    if chosen is None:
        return None
    return Selection(
        kinds=list(chosen.kinds),
        markers={name: list(values) for name, values in chosen.markers.items()},
        ects_min=chosen.ects.min if chosen.ects else None,
        ects_max=chosen.ects.max if chosen.ects else None,
        source_ids=list(chosen.source_ids),
    )


def demands(contract: FeedContract) -> Demands:
    """What the feed promised to be, for the judge."""
    from expectations.demands import Demands

    promised = contract.expectations
    return Demands(
        least_offerings=promised.least_offerings,
        may_be_empty=promised.may_be_empty,
        least_fill=dict(promised.least_fill),
    )


def feed_info(contract: FeedContract) -> FeedInfo:
    """What the catalogue says of the feed."""
    from catalogue_db.candidate import FeedInfo

    name = institution(contract).name
    return FeedInfo(
        name=contract.name,
        title=contract.title,
        institution=name.get("en") or next(iter(name.values()), None),
        country=contract.institution.country,
        licence=contract.licence,
        homepage=contract.institution.homepage,
    )


def thresholds(contract: FeedContract) -> Thresholds:
    """When a candidate of the feed must wait: the contract's own thresholds, the guard's defaults for the rest."""
    from catalogue_db.guard import Thresholds

    promised = contract.expectations
    own = {
        "greatest_drop": promised.greatest_drop,
        "most_ids_lost": promised.most_ids_lost,
        "greatest_fill_drop": promised.greatest_fill_drop,
        "most_rejected": promised.most_rejected,
    }
    return Thresholds(may_be_empty=promised.may_be_empty, **{k: v for k, v in own.items() if v is not None})


def _texts(name: str | Texts, language: str | None) -> Texts:
    return {language or "und": name} if isinstance(name, str) else dict(name)
