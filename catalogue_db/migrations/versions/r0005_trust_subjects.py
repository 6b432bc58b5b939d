"""From what each organisation's statements were made, and until when they hold; proposals say in whose reports.

Proposals are found again by the next check, which makes everything anew because nothing is remembered yet.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Double, ForeignKey, Integer, Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Sorted = Text().with_variant(Text(collation="C"), "postgresql")


def _link(name: str, target: str) -> Column[int]:
    key = BigInteger().with_variant(Integer, "sqlite")
    return Column(name, key, ForeignKey(target), nullable=False, primary_key=True)


def _proposals(*more: Column[int]) -> None:
    op.create_table(
        "programme_proposal",
        _link("offering_key", "offering.key"),
        *more,
        Column("report_id", Integer, primary_key=True, autoincrement=False),
        Column("programme_key", Sorted, primary_key=True),
        Column("programme", Text),
        Column("method", Text, nullable=False),
        Column("score", Double, nullable=False),
        Column("evidence", Text, nullable=False),
    )


def upgrade() -> None:
    """Make the table, and that of the proposals anew."""
    op.drop_table("programme_proposal")
    _proposals(_link("organisation_key", "organisation.key"))
    op.create_table(
        "trust_subject",
        _link("organisation_key", "organisation.key"),
        Column("fingerprint", Text, nullable=False),
        Column("holds_from", Text, nullable=False),
        Column("turns_on", Text),
    )
