"""Keeps turns in a database: SQLite by default, PostgreSQL as an extra.

Everything goes through SQLAlchemy Core. SQLite writes begin with ``BEGIN IMMEDIATE``: a deferred transaction that
turns into a write fails at once when another process writes, however long the timeout.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.answering.reply import Reply
from webapp.conversations import schema
from webapp.conversations.turn import Turn

logger = logging.getLogger(__name__)

BUSY_TIMEOUT_SECONDS = 10
SWEEP_EVERY_SECONDS = 3600
CONVERSATION_ID_BYTES = 16
APPEND_TRIES = 3

Clock = Callable[[], datetime]


class StorageError(RuntimeError):
    """The database did not do what was asked; the message says what an operator can do."""


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class ConversationStore:
    """Conversations and their turns. Safe for many threads; open one in each process."""

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
        self._next_sweep = 0.0

    def new_conversation_id(self) -> str:
        """Return an id of 128 random bits."""
        return secrets.token_urlsafe(CONVERSATION_ID_BYTES)

    def append(self, conversation_id: str, turn_id: str, reply: Reply) -> Turn:
        """Keep a turn and return it; the same ids again bring back what was kept first.

        Raises:
            StorageError: nothing was kept.
        """
        self._sweep_sometimes()
        for attempt in range(APPEND_TRIES):
            try:
                with self._connected(writes=True) as connection:
                    return self._append(connection, conversation_id, turn_id, reply)
            except IntegrityError:
                # Another process appended to this conversation at the same moment: look again.
                if attempt == APPEND_TRIES - 1:
                    raise StorageError("Two turns collided again and again: ask once more.") from None
        raise AssertionError("unreachable")

    def find_turn(self, conversation_id: str, turn_id: str) -> Turn | None:
        """Return a turn that was kept, or None."""
        with self._connected() as connection:
            return self._find(connection, conversation_id, turn_id)

    def turns(self, conversation_id: str, limit: int) -> tuple[Turn, ...]:
        """Return the newest `limit` turns of a conversation, oldest first."""
        rows = schema.turns
        newest = (
            select(rows)
            .where(rows.c.conversation_id == conversation_id)
            .order_by(rows.c.number.desc())
            .limit(limit)
        )
        with self._connected() as connection:
            found = [_turn(row) for row in connection.execute(newest).mappings()]
        return tuple(reversed(found))

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation with its turns."""
        with self._connected(writes=True) as connection:
            connection.execute(delete(schema.turns).where(schema.turns.c.conversation_id == conversation_id))
            connection.execute(delete(schema.conversations).where(schema.conversations.c.id == conversation_id))

    def delete_expired(self) -> int:
        """Delete conversations whose last turn is too old; return how many."""
        oldest = self._clock() - self._keep
        conversations, turns = schema.conversations, schema.turns
        expired = select(conversations.c.id).where(conversations.c.last_asked_at < oldest)
        with self._connected(writes=True) as connection:
            connection.execute(delete(turns).where(turns.c.conversation_id.in_(expired)))
            return connection.execute(delete(conversations).where(conversations.c.last_asked_at < oldest)).rowcount

    def ping(self) -> None:
        """Raise `StorageError` when the database cannot be read or its tables are missing."""
        with self._connected() as connection:
            connection.execute(select(schema.conversations.c.id).limit(1))

    def close(self) -> None:
        """Close every connection of this process."""
        self._engine.dispose()

    def _append(self, connection: Connection, conversation_id: str, turn_id: str, reply: Reply) -> Turn:
        conversations = schema.conversations
        asked_at = self._clock()
        counted = connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(turns=conversations.c.turns + 1, last_asked_at=asked_at)
            .returning(conversations.c.turns)
        ).scalar()
        if counted is None:
            counted = 1
            connection.execute(insert(conversations).values(id=conversation_id, turns=1, last_asked_at=asked_at))
        elif (kept := self._find(connection, conversation_id, turn_id)) is not None:
            connection.rollback()
            return kept
        turn = Turn(turn_id, conversation_id, counted, reply, asked_at)
        connection.execute(
            insert(schema.turns).values(
                conversation_id=conversation_id, number=counted, id=turn_id, asked_at=asked_at, reply=reply.to_dict()
            )
        )
        return turn

    def _find(self, connection: Connection, conversation_id: str, turn_id: str) -> Turn | None:
        rows = schema.turns
        found = connection.execute(
            select(rows).where(rows.c.conversation_id == conversation_id, rows.c.id == turn_id)
        ).mappings()
        row = found.first()
        return None if row is None else _turn(row)

    def _sweep_sometimes(self) -> None:
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_EVERY_SECONDS
        try:
            self.delete_expired()
        except StorageError:
            logger.warning("expired conversations could not be deleted; this is tried again in an hour")

    @contextmanager
    def _connected(self, *, writes: bool = False) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                if writes and self._engine.dialect.name == "sqlite":
                    connection.execute(_BEGIN_IMMEDIATE)
                yield connection
                if writes:
                    connection.commit()
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            reason = getattr(error, "orig", None) or error
            raise StorageError(
                f"The database cannot be used ({reason}). Check NEWSSTAND_DATABASE_URL, its permissions and the disk."
            ) from error


_BEGIN_IMMEDIATE = text("BEGIN IMMEDIATE")


def open_engine(database_url: str) -> Engine:
    """Return an engine for a URL; the folder of an SQLite file is made.

    Raises:
        StorageError: the URL cannot be read or its driver is not installed.
    """
    try:
        url = make_url(database_url)
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    except ModuleNotFoundError as error:
        raise StorageError(f"{error.name} is missing: pip install 'newsstand[postgres]'.") from error
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(f"The database cannot be opened: {error}. Check NEWSSTAND_DATABASE_URL.") from error
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    """Leave transactions to us: sqlite3 would begin deferred ones by itself."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _turn(row: Any) -> Turn:
    return Turn(row["id"], row["conversation_id"], row["number"], Reply.from_dict(row["reply"]), row["asked_at"])
