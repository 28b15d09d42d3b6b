"""Forgets conversations: those whose last turn is too long ago are deleted, and so are those whose visitor asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete

from webapp.conversations import schema

SWEEP_EVERY_SECONDS = 3600.0

# The turns go with their conversation: the foreign key cascades, in the same statement for both databases.
_DELETE_EXPIRED = delete(schema.conversations).where(schema.conversations.c.last_asked_at < bindparam("oldest"))
_DELETE_ONE = delete(schema.conversations).where(schema.conversations.c.id == bindparam("conversation_id"))
_DELETE_ALL = delete(schema.conversations).where(schema.conversations.c.visitor == bindparam("visitor"))


def delete_expired(connection: Connection, oldest: datetime) -> int:
    """Delete conversations whose last turn came before `oldest`; return how many."""
    return connection.execute(_DELETE_EXPIRED, {"oldest": oldest}).rowcount


def delete_one(connection: Connection, conversation_id: str) -> None:
    """Delete a conversation with its turns."""
    connection.execute(_DELETE_ONE, {"conversation_id": conversation_id})


def delete_all(connection: Connection, visitor: str) -> int:
    """Delete every conversation of a visitor; return how many there were."""
    return connection.execute(_DELETE_ALL, {"visitor": visitor}).rowcount


class Hourly:
    """Says when it is time for the next sweep: at first, then once an hour; one caller at a time is told so."""

    def __init__(self, monotonic_seconds: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_seconds = monotonic_seconds
        self._next: float | None = None

    def is_due(self) -> bool:
        """Tell whether to sweep now; the hour begins anew when it is."""
        now = self._monotonic_seconds()
        if self._next is not None and now < self._next:
            return False
        self._next = now + SWEEP_EVERY_SECONDS
        return True
