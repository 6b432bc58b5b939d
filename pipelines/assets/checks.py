"""How an asset declares a check: evaluated per feed, shown per feed.

Dagster 1.13 calls partitions on a check a preview and warns at each declaration. Without them the interface shows
one latest result for all feeds together, so that the last feed to run hides what another one's check found.
"""

import warnings

from dagster import AssetCheckSpec, PreviewWarning

from pipelines.partitions import FEEDS


def feed_check(name: str, asset: str, description: str, *, blocking: bool = False) -> AssetCheckSpec:
    """Return the spec of a check of `asset` that has a result for each feed. `blocking`: a failure ends the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PreviewWarning)
        return AssetCheckSpec(name, asset=asset, description=description, blocking=blocking, partitions_def=FEEDS)
