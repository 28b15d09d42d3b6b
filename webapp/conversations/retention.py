"""Forgets conversations: those whose last turn is too long ago are deleted, and so are those whose visitor asks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete

from webapp.conversations import schema

logger = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 3600.0
JUMP_SECONDS = 3600.0
"""A clock that is set by more than this has jumped."""
MEND_SECONDS = 24 * 3600.0
"""How long a clock that has jumped has to be set right, before anything is deleted by it."""

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


class SteadyClock:
    """Tells whether the clock on the wall went on as time does, since a jump of it must not delete conversations.

    Args:
        wall_seconds: the clock by which conversations expire.
        monotonic_seconds: one that nobody sets.
    """

    def __init__(
        self,
        wall_seconds: Callable[[], float] = time.time,
        monotonic_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall_seconds, self._monotonic_seconds = wall_seconds, monotonic_seconds
        self._ahead = wall_seconds() - monotonic_seconds()
        self._not_before = monotonic_seconds()

    def is_steady(self) -> bool:
        """Return False from a jump on until a day after the last one."""
        now = self._monotonic_seconds()
        ahead = self._wall_seconds() - now
        if abs(ahead - self._ahead) > JUMP_SECONDS:
            logger.warning(
                "The clock was set by %.1f hours. Check it: by a wrong one conversations would be deleted too early. "
                "None is for a day.",
                (ahead - self._ahead) / 3600,
            )
            self._ahead, self._not_before = ahead, now + MEND_SECONDS
        return now >= self._not_before


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
