"""Indexes of what few rows have are of those rows alone: a turn is kept with fewer pages to write."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make them anew."""
    visitor, share_id = sa.text("visitor IS NOT NULL"), sa.text("share_id IS NOT NULL")
    op.drop_index("ix_conversations_visitor_last_asked_at", "conversations")
    op.create_index(
        "ix_conversations_visitor_last_asked_at",
        "conversations",
        ["visitor", "last_asked_at"],
        sqlite_where=visitor,
        postgresql_where=visitor,
    )
    op.drop_index("ix_turns_share_id", "turns")
    op.create_index(
        "ix_turns_share_id", "turns", ["share_id"], unique=True, sqlite_where=share_id, postgresql_where=share_id
    )
