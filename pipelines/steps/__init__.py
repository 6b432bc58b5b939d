"""The work of each step as plain functions, without Dagster: tests and `catalogue check` call the same code."""
