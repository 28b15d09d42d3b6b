"""Appends turns to SQLite over one connection of the process, on the driver itself.

What a transaction costs by itself, locks, pages that another process has changed, pages to write, is paid once for all
turns that come together: requests of a round pause here until all have come as far (`webapp.pausing`), and who goes on
first writes for all that wait. So it is with threads, since SQLite has one writer at a time, and who waits for it
inside SQLite sleeps for longer than an append takes; the first of those that came meanwhile writes next. It is a
single statement, whatever it has to do (see `queries.SQLITE_APPENDING`): each one lets go of Python, and whoever does
that while other threads calculate has the database locked until Python is theirs again.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from webapp.answering.reply import Scope
from webapp.conversations import queries
from webapp.conversations.checkpointing import Checkpoints
from webapp.conversations.engine import BUSY_TIMEOUT_SECONDS
from webapp.conversations.queueing import Queue
from webapp.pausing import pause

FIRST_WAIT_SECONDS = 0.0002
LONGEST_WAIT_SECONDS = 0.002
"""How long to wait for another process before looking again: it doubles from the first to the longest."""
PATIENCE_SECONDS = BUSY_TIMEOUT_SECONDS
"""How long a thread waits to be told by one that writes."""
FIRST_NUMBER = 1


@dataclass(slots=True, eq=False)
class NewTurn:
    """A turn that a thread wants kept."""

    conversation_id: str
    id: str
    asked_at: datetime
    reply: str
    """Written as JSON."""
    visitor: str | None
    """Whose conversation it is, when it begins."""
    scope: Scope
    """What the conversation asks about, when it begins."""
    begins: bool
    """Whether it is known to begin its conversation."""
    number: int = 0
    """0 until it is kept."""
    error: BaseException | None = None
    """Why it was not kept."""
    called: SimpleQueue[None] = field(default_factory=SimpleQueue)
    """By which its thread is called: it is settled, or to be written by that thread."""

    @property
    def settled(self) -> bool:
        """Whether it was written, or failed to be."""
        return self.number > 0 or self.error is not None

    def values(self) -> tuple[str | None, ...]:
        """Return what is kept, as `queries.sqlite_append` takes it."""
        # As SQLAlchemy keeps a moment in SQLite.
        asked_at = self.asked_at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        scope = self.scope
        return self.conversation_id, asked_at, self.visitor, scope.document_id, scope.tag, self.id, self.reply


class Appender:
    """Appends turns to an SQLite database; safe for threads.

    Args:
        engine: of the database.
        queue: of all that write to it in this process.
    """

    def __init__(self, engine: Engine, queue: Queue) -> None:
        self._engine, self._queue = engine, queue
        self._cursor: sqlite3.Cursor | None = None
        self._waiting: deque[NewTurn] = deque()
        self._writing = threading.Lock()
        """Held by the thread that writes for all."""
        self._checkpoints = Checkpoints(engine)

    def append(self, turn: NewTurn) -> int:
        """Count a turn in its conversation and keep it, both or neither; return its number.

        Raises:
            SQLAlchemyError: nothing was kept.
            StorageError: nothing was kept, since whoever wrote before did so in vain.
        """
        turn.error = None
        failures = self._queue.failures
        self._waiting.append(turn)
        try:
            # Requests that came with this one hand over theirs.
            pause()
            waited = self._queue.failures > failures
            while not turn.settled:
                if self._writing.acquire(blocking=False):
                    self._write_for_all(waited=waited)
                else:
                    waited = True
                    turn.called.get(timeout=PATIENCE_SECONDS)
        except BaseException as error:
            if self._withdrawn(turn):
                self._call_next()
                raise (SQLAlchemyError("others write for too long") if isinstance(error, Empty) else error) from None
            # Another thread has taken it, and settles it in a moment.
            while not turn.settled:
                turn.called.get()
        if turn.error is not None:
            raise _told(turn.error) from None
        return turn.number

    def close(self) -> None:
        """Close the connection; the next turn opens another one, in whichever process it comes."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            # First, since SQLite keeps a connection open as long as one of its statements is: a kept exception that
            # knows the cursor would hold on to a file that was opened when its disk was read-only.
            cursor.close()
            cursor.connection.close()

    def _withdrawn(self, turn: NewTurn) -> bool:
        """Take back a turn; False when it is not waiting any more."""
        try:
            self._waiting.remove(turn)
        except ValueError:
            return False
        return True

    def _write_for_all(self, *, waited: bool) -> None:
        try:
            if waited:
                # Whoever wrote before may have waited in vain: nobody waits after them.
                self._queue.check()
            with self._queue:
                self._write()
        finally:
            self._writing.release()
            self._call_next()

    def _call_next(self) -> None:
        """Let one of those that wait write, unless another thread does; the first may not have come to wait yet."""
        if not self._writing.locked():
            for turn in tuple(self._waiting):
                turn.called.put(None)

    def _write(self) -> None:
        """Settle all turns that wait, those that come while another process writes among them."""
        turns: list[NewTurn] = []
        error = self._keep(turns)
        if error is not None:
            # One that cannot be kept must not be the end of others.
            each_alone = len(turns) > 1 and not isinstance(error, sqlite3.OperationalError)
            for turn in turns:
                turn.error = self._keep([turn], more=False) if each_alone else error
        for turn in turns:
            turn.called.put(None)

    def _keep(self, turns: list[NewTurn], *, more: bool = True) -> BaseException | None:
        """Keep turns, with `more` all that wait, which are added to them; return why none of them was kept."""
        try:
            cursor = self._send(turns, more=more)
            self._number(cursor, turns)
            self._checkpoints.count(len(turns))
        except BaseException as error:
            # Whatever it is: it is raised where the turn came from.
            self.close()
            return error
        return None

    def _send(self, turns: list[NewTurn], *, more: bool) -> sqlite3.Cursor:
        """Have SQLite append turns, as soon as no other process writes."""
        until, wait_seconds = None, FIRST_WAIT_SECONDS
        while True:
            # In hand before anything can fail: a turn that is waiting is tried again.
            while more and self._waiting:
                turns.append(self._waiting.popleft())
            try:
                cursor = self._cursor or self._open()
                return cursor.execute(queries.sqlite_append(len(turns)), [v for turn in turns for v in turn.values()])
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                until = until or time.monotonic() + self._queue.patience_seconds
                if time.monotonic() >= until:
                    raise
            time.sleep(wait_seconds)
            wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)

    def _number(self, cursor: sqlite3.Cursor, turns: list[NewTurn]) -> None:
        """Say which number turns have that are kept."""
        later = {(turn.conversation_id, turn.id): turn for turn in turns if not turn.begins}
        numbers = {}
        if later:
            cursor.execute(queries.sqlite_numbers(len(later)), [value for key in later for value in key])
            numbers = {(conversation_id, turn_id): number for conversation_id, turn_id, number in cursor}
        for turn in turns:
            turn.number = numbers.get((turn.conversation_id, turn.id), FIRST_NUMBER)

    def _open(self) -> sqlite3.Cursor:
        borrowed = self._engine.raw_connection()
        connection = cast(sqlite3.Connection, borrowed.driver_connection)
        borrowed.detach()
        try:
            # Waiting is `_keep`'s.
            connection.execute("PRAGMA busy_timeout = 0")
            connection.executescript(queries.SQLITE_APPENDING)
        except BaseException:
            connection.close()
            raise
        self._cursor = connection.cursor()
        return self._cursor


def _told(error: BaseException) -> BaseException:
    """Return an error of the driver as SQLAlchemy tells it, any other one as it is."""
    if not isinstance(error, sqlite3.Error):
        return error
    kind = IntegrityError if isinstance(error, sqlite3.IntegrityError) else DBAPIError
    return kind(None, None, error, hide_parameters=True)
