"""The table of one-letter slips goes: the words that may be meant are looked for in the vocabulary itself.

It was the largest table of the search index, and followed from the vocabulary; nothing else is lost.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table."""
    op.drop_table("search_slip")
