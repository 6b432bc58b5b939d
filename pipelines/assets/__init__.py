"""The assets: of the feed half (snapshot, source offerings, offerings, catalogue) and of the trust half (DEQAR's
snapshot, the register, trust statements), and the files that are made of both.

Thin on purpose: each calls its step (`pipelines.steps`), tells what came of it (`telling`), and reports its checks.
They hand each other nothing but names: every asset finds its input by the feed's latest snapshot, so each can be
run again on its own from the snapshot alone.
"""

from pipelines.assets.catalogue_export import catalogue_export
from pipelines.assets.catalogue_offerings import catalogue_offerings
from pipelines.assets.feed_snapshot import feed_snapshot
from pipelines.assets.offerings import offerings
from pipelines.assets.source_offerings import source_offerings
from pipelines.assets.trust import REGISTER_ASSETS, TRUST_ASSETS, deqar_register, deqar_snapshot, trust_statements

FEED_ASSETS = [feed_snapshot, source_offerings, offerings, catalogue_offerings]
EXPORT_ASSETS = [catalogue_export]

__all__ = [
    "EXPORT_ASSETS",
    "FEED_ASSETS",
    "REGISTER_ASSETS",
    "TRUST_ASSETS",
    "catalogue_export",
    "catalogue_offerings",
    "deqar_register",
    "deqar_snapshot",
    "feed_snapshot",
    "offerings",
    "source_offerings",
    "trust_statements",
]
