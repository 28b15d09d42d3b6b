"""What rows of the database keep."""

from __future__ import annotations

from typing import Any

from webapp.answering.reply import Reply, Scope
from webapp.conversations.conversation import Conversation
from webapp.conversations.errors import StorageError
from webapp.conversations.turn import Turn


def turn_of(row: Any) -> Turn:
    """Return the turn that a row keeps.

    Raises:
        StorageError: its reply cannot be read.
    """
    try:
        reply = Reply.from_dict(row.reply)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(
            f"A kept turn cannot be read ({type(error).__name__}): another version of Newsstand wrote it, or the "
            "database is damaged. Begin a new conversation, or restore a backup of the database."
        ) from error
    return Turn(row.id, row.conversation_id, row.number, reply, row.asked_at)


def conversation_of(row: Any) -> Conversation:
    """Return what is known of a conversation."""
    # A first turn of another version costs the title, not the list.
    question = row.reply.get("question") if isinstance(row.reply, dict) else None
    title = question if isinstance(question, str) else ""
    scope = Scope(row.document_id, row.tag)
    return Conversation(row.id, row.visitor, scope, title, row.turns, row.asked_at, row.last_asked_at)
