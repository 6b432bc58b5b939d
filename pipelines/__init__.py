"""Orchestration only: Dagster assets, checks, jobs, schedules and sensors; the command line; the demo.

Everything of substance happens in plain functions of the other rooms and in `pipelines.steps`, which tests
call without Dagster. Keep imports here lazy: a Dagster run is mostly process start.
"""
