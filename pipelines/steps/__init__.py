"""The work of each step as plain functions: no Dagster in here, so that tests and `catalogue check` call the same code."""
