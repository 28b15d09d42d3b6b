"""A conversation, without its turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.answering.reply import Scope
from webapp.conversations.turn import Turn


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is known of a conversation as a whole."""

    id: str
    visitor: str | None
    """Whose it is: a random id that only the visitor's cookie tells; None for one that a program began."""
    scope: Scope
    """What it asks about."""
    title: str
    """The first question."""
    turns: int
    """How many there are."""
    began_at: datetime
    """When the first question was asked, in UTC."""
    last_asked_at: datetime
    """When the last one was, in UTC."""


@dataclass(frozen=True, slots=True)
class Recent:
    """What a question needs to know of the conversation that it goes into."""

    scope: Scope
    turns: tuple[Turn, ...]
    """The newest ones, oldest first; never empty."""

    @property
    def whole(self) -> bool:
        """Whether these are all its turns."""
        return self.turns[0].number == 1
