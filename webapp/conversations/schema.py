"""The tables: conversations and their turns.

Nothing of a visitor is kept but what they asked, were told, and thought of it; a random id says what belongs together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

ID_MAX_CHARS = 64
VOTE_MAX_CHARS = 8


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware on both sides, though SQLite keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, as the database takes it."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware datetime."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _where(column: str) -> dict[str, Any]:
    """Return what leaves rows with nothing in a column out of its index: most are such, and each entry is written."""
    has = text(f"{column} IS NOT NULL")
    return {"sqlite_where": has, "postgresql_where": has}


conversations = Table(
    "conversations",
    metadata,
    Column("id", String(ID_MAX_CHARS), primary_key=True),
    Column("turns", Integer, nullable=False),
    Column("last_asked_at", UtcDateTime, nullable=False),
    Column("visitor", String(ID_MAX_CHARS)),
    Column("document_id", Text),
    Column("tag", Text),
    Index("ix_conversations_last_asked_at", "last_asked_at"),
    Index("ix_conversations_visitor_last_asked_at", "visitor", "last_asked_at", **_where("visitor")),
)

turns = Table(
    "turns",
    metadata,
    Column(
        "conversation_id",
        String(ID_MAX_CHARS),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True),
    Column("id", String(ID_MAX_CHARS), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("reply", JSON, nullable=False),
    Column("vote", String(VOTE_MAX_CHARS)),
    Column("vote_reason", Text),
    Column("share_id", String(ID_MAX_CHARS)),
    UniqueConstraint("conversation_id", "id"),
    Index("ix_turns_share_id", "share_id", unique=True, **_where("share_id")),
)
