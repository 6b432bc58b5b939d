"""The one set of partitions: a partition is a feed. The sensor `register_of_feeds` keeps it in step with `feeds/`."""

from dagster import DynamicPartitionsDefinition

FEEDS = DynamicPartitionsDefinition(name="feeds")

FEED_TAG = "catalogue/feed"
HOST_TAG = "catalogue/host"
