"""A turn: one question with its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.answering.reply import Reply


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and the reply to it."""

    id: str
    """Made by the client, so that a question sent twice is stored once."""
    conversation_id: str
    number: int
    """Place in the conversation, from 1."""
    reply: Reply
    asked_at: datetime
    """When it was asked, in UTC."""
