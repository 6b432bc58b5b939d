"""Orchestration only: Dagster assets, checks, jobs, schedules and sensors; the command line; the demo.

Everything of substance happens in plain functions of the other rooms and in `pipelines.steps`, which tests
call without Dagster. Keep imports here lazy: a Dagster run is mostly process start.
"""

import os

# Both read their switch once, when they are first imported; nothing of ours imports them before this line.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
