"""Whose a conversation is and what it is about; what is thought of a turn, and under which id it is shared."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns; a conversation that was kept before belongs to the visitor whose cookie names it."""
    op.add_column("conversations", sa.Column("visitor", sa.String(64), nullable=True))
    op.add_column("conversations", sa.Column("document_id", sa.Text(), nullable=True))
    op.create_index("ix_conversations_visitor_last_asked_at", "conversations", ["visitor", "last_asked_at"])
    # Its id is a secret of that cookie; until the visitor has an id of their own it serves as one.
    op.execute("UPDATE conversations SET visitor = id")
    op.add_column("turns", sa.Column("vote", sa.String(8), nullable=True))
    op.add_column("turns", sa.Column("vote_reason", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("share_id", sa.String(64), nullable=True))
    op.create_index("ix_turns_share_id", "turns", ["share_id"], unique=True)
