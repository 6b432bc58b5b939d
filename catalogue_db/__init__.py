"""Keeps and serves. Tables, migrations, load, guard, history, search and the views that portals read.

SQLAlchemy Core over SQLite (embedded default) and PostgreSQL (production). What differs between the two
stands in one place, `catalogue_db.dialects`.
"""
