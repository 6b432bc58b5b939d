"""Alembic's door: runs the revisions on the connection that `catalogue_db.migrations` hands over."""

from __future__ import annotations

from alembic import context

from catalogue_db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's, and holds the views too
)
context.run_migrations()
