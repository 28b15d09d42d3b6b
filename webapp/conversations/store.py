"""Keeps turns in a database: SQLite by default, PostgreSQL as an extra.

Everything goes through SQLAlchemy Core, with statements built once.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from webapp.answering.reply import Reply
from webapp.conversations import retention, schema
from webapp.conversations.engine import begin_write, open_engine
from webapp.conversations.errors import StorageError, storage_error
from webapp.conversations.turn import Turn

__all__ = ["ConversationStore", "StorageError"]

logger = logging.getLogger(__name__)

CONVERSATION_ID_BYTES = 16
APPEND_TRIES = 3

Clock = Callable[[], datetime]

_conversations, _turns = schema.conversations, schema.turns

_COUNT_TURN = (
    update(_conversations)
    .where(_conversations.c.id == bindparam("conversation_id"))
    .values(turns=_conversations.c.turns + 1, last_asked_at=bindparam("asked_at"))
    .returning(_conversations.c.turns)
)
_BEGIN_CONVERSATION = insert(_conversations)
_KEEP_TURN = insert(_turns)
_FIND_TURN = select(_turns).where(
    _turns.c.conversation_id == bindparam("conversation_id"), _turns.c.id == bindparam("turn_id")
)
_NEWEST_TURNS = (
    select(_turns)
    .where(_turns.c.conversation_id == bindparam("conversation_id"))
    .order_by(_turns.c.number.desc())
    .limit(bindparam("limit"))
)
_PROBE = select(_conversations.c.id).limit(1)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class ConversationStore:
    """Conversations and their turns. Safe for many threads; open one in each process, or close it before forking."""

    def __init__(self, database_url: str, *, conversation_days: int, clock: Clock = now) -> None:
        """Open a store whose schema is up to date (see `webapp.conversations.migrations.upgrade`).

        Args:
            database_url: an SQLAlchemy URL.
            conversation_days: conversations are deleted this many days after their last turn.
            clock: tells the present moment.
        """
        self._engine = open_engine(database_url)
        self._keep = timedelta(days=conversation_days)
        self._clock = clock
        self._sweeps = retention.Hourly()

    def new_conversation_id(self) -> str:
        """Return an id of 128 random bits."""
        return secrets.token_urlsafe(CONVERSATION_ID_BYTES)

    def append(self, conversation_id: str, turn_id: str, reply: Reply) -> Turn:
        """Keep a turn and return it; the same ids again bring back what was kept first.

        Raises:
            StorageError: nothing was kept.
        """
        if self._sweeps.is_due():
            self._sweep()
        for _ in range(APPEND_TRIES):
            try:
                with self._connected(writes=True) as connection:
                    return self._append(connection, conversation_id, turn_id, reply)
            except IntegrityError:
                # Another process began this conversation at the same moment: look again.
                continue
        raise StorageError("Two turns collided again and again: ask once more.")

    def find_turn(self, conversation_id: str, turn_id: str) -> Turn | None:
        """Return a turn that was kept, or None."""
        with self._connected() as connection:
            return self._find(connection, conversation_id, turn_id)

    def turns(self, conversation_id: str, limit: int) -> tuple[Turn, ...]:
        """Return the newest `limit` turns of a conversation, oldest first."""
        with self._connected() as connection:
            newest = connection.execute(_NEWEST_TURNS, {"conversation_id": conversation_id, "limit": limit})
            return tuple(_turn(row) for row in reversed(newest.all()))

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation with its turns."""
        with self._connected(writes=True) as connection:
            retention.delete_one(connection, conversation_id)

    def delete_expired(self) -> int:
        """Delete conversations whose last turn is too old; return how many."""
        with self._connected(writes=True) as connection:
            return retention.delete_expired(connection, self._clock() - self._keep)

    def ping(self) -> None:
        """Raise `StorageError` when the database cannot be read or its tables are missing."""
        with self._connected() as connection:
            connection.execute(_PROBE)

    def close(self) -> None:
        """Close every connection; the next call opens new ones, in whichever process it is made."""
        self._engine.dispose()

    def _append(self, connection: Connection, conversation_id: str, turn_id: str, reply: Reply) -> Turn:
        asked_at = self._clock()
        key = {"conversation_id": conversation_id, "asked_at": asked_at}
        number: int | None = connection.execute(_COUNT_TURN, key).scalar()
        if number is None:
            number = 1
            connection.execute(_BEGIN_CONVERSATION, {"id": conversation_id, "turns": 1, "last_asked_at": asked_at})
        elif (kept := self._find(connection, conversation_id, turn_id)) is not None:
            connection.rollback()
            return kept
        connection.execute(_KEEP_TURN, {**key, "number": number, "id": turn_id, "reply": reply.to_dict()})
        return Turn(turn_id, conversation_id, number, reply, asked_at)

    def _find(self, connection: Connection, conversation_id: str, turn_id: str) -> Turn | None:
        row = connection.execute(_FIND_TURN, {"conversation_id": conversation_id, "turn_id": turn_id}).first()
        return None if row is None else _turn(row)

    def _sweep(self) -> None:
        try:
            self.delete_expired()
        except StorageError as error:
            logger.warning("expired conversations could not be deleted, which is tried again in an hour: %s", error)

    @contextmanager
    def _connected(self, *, writes: bool = False) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                if writes:
                    begin_write(connection)
                yield connection
                if writes:
                    connection.commit()
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise storage_error("The database cannot be used", error) from None
        except ValueError as error:
            raise StorageError(f"A kept turn is damaged ({error}). Restore a backup of the database.") from None


def _turn(row: Any) -> Turn:
    try:
        reply = Reply.from_dict(row.reply)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(
            f"A kept turn cannot be read ({type(error).__name__}): another version of Newsstand wrote it, or the "
            "database is damaged. Begin a new conversation, or restore a backup of the database."
        ) from error
    return Turn(row.id, row.conversation_id, row.number, reply, row.asked_at)
