"""The contract with a source: its shape, how it is loaded from ``feeds/<name>.yaml``, and what is wrong with it."""

from connectors.feeds.model import Expectations, FeedContract, Limits, Retries, Transport

__all__ = [
    "Expectations",
    "FeedContract",
    "Limits",
    "Retries",
    "Transport",
]
