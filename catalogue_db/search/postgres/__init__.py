"""The search in PostgreSQL itself: functions in SQL, made anew at every upgrade, like the views."""

from catalogue_db.search.postgres.installing import create_functions, drop_functions

__all__ = ["create_functions", "drop_functions"]
