"""The tag that a conversation asks about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; conversations that were kept before ask about no tag."""
    op.add_column("conversations", sa.Column("tag", sa.Text(), nullable=True))
