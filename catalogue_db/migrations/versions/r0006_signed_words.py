"""Words that keep their signs (C++, C#), and room in PostgreSQL's pages for counts that change.

The index is made anew by the upgrade that this revision is a part of. With room beside it a new count needs no new
entry in any index; pages that are there stay as full as they are, what is written from now on leaves room.
"""

from __future__ import annotations

from alembic import op

from catalogue_db.dialects import CREATE_SEARCH_INDEX

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make SQLite's full-text index anew, or tell PostgreSQL of the room."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("search_term", "search_word"):
            op.execute(f"ALTER TABLE {name} SET (fillfactor = 75)")
        return
    op.execute("DROP TABLE search_index")
    for statement in CREATE_SEARCH_INDEX:
        op.execute(statement)
