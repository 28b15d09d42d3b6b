"""Keeps turns in a database: SQLite by default, PostgreSQL as an extra.

Everything goes through SQLAlchemy Core, with the statements of `webapp.conversations.queries`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from webapp.answering.reply import EVERYTHING, Reply, Scope
from webapp.conversations import ids, queries, retention
from webapp.conversations.appending import Appender, NewTurn
from webapp.conversations.conversation import Conversation, Recent
from webapp.conversations.engine import Written, begin_write, open_engine, probe_write
from webapp.conversations.errors import StorageError, storage_error
from webapp.conversations.feedback import Feedback, Vote
from webapp.conversations.queueing import Queue
from webapp.conversations.rows import conversation_of, turn_of
from webapp.conversations.trouble import Trouble
from webapp.conversations.turn import Turn
from webapp.stages import STORAGE, stage

__all__ = ["ConversationStore", "StorageError"]

logger = logging.getLogger(__name__)

APPEND_TRIES = 3
PROBE_SECONDS = 5.0
"""Who asks whether the database can be written has it tried when nothing was for this long."""

Clock = Callable[[], datetime]


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
        self._steady = retention.SteadyClock(lambda: clock().timestamp())
        self._reading = Trouble("Conversations cannot be read")
        self._writing = Trouble("Conversations are not kept")
        # SQLite has one writer at a time anyway.
        is_sqlite = self._engine.dialect.name == "sqlite"
        self._queue = Queue(self._writing, real=is_sqlite)
        self._appender = Appender(self._engine, self._queue) if is_sqlite else None

    def new_conversation_id(self) -> str:
        """Return an id that cannot be guessed."""
        return ids.following()

    def append(
        self,
        conversation_id: str,
        turn_id: str,
        reply: Reply,
        *,
        visitor: str | None = None,
        scope: Scope = EVERYTHING,
        written: str | None = None,
        begins: bool = False,
    ) -> Turn:
        """Keep a turn and return it; the same ids again bring back what was kept first.

        Args:
            conversation_id: which conversation; it begins with its first turn.
            turn_id: made by the client.
            reply: what was asked and told.
            visitor: whose conversation it is, when it begins.
            scope: what it asks about, when it begins.
            written: what `written` gave for the reply, when that is known.
            begins: whether nothing was asked in the conversation before, when that is known.

        Raises:
            StorageError: nothing was kept.
        """
        if self._sweeps.is_due() and self._steady.is_steady():
            self._sweep()
        # Written before the transaction begins: nobody else can write meanwhile.
        new = NewTurn(
            conversation_id, turn_id, self._clock(), written or self.written(reply), visitor, scope, begins=begins
        )
        for _ in range(APPEND_TRIES):
            try:
                return Turn(turn_id, conversation_id, self._append(new), reply, new.asked_at)
            except IntegrityError:
                # The turn was kept before; where it is gone again, its conversation was deleted meanwhile.
                first = self.find_turn(conversation_id, turn_id)
                if first is not None:
                    return first
        raise StorageError("Two turns collided again and again: ask once more.")

    @staticmethod
    def written(reply: Reply) -> str:
        """Return a reply as it is kept, for one that is kept again and again."""
        # As short as it gets: this is most of what is written of a turn.
        return json.dumps(reply.to_dict(), separators=(",", ":"))

    def find_turn(self, conversation_id: str, turn_id: str) -> Turn | None:
        """Return a turn that was kept, or None."""
        bound = {"conversation_id": conversation_id, "turn_id": turn_id}
        with self._connected() as connection:
            row = connection.execute(queries.FIND_TURN, bound).first()
            return None if row is None else turn_of(row)

    def own_turn(self, visitor: str, turn_id: str) -> Turn | None:
        """Return the turn with that id in whichever conversation of a visitor, or None."""
        with self._connected() as connection:
            row = connection.execute(queries.OWN_TURN, {"visitor": visitor, "turn_id": turn_id}).first()
            return None if row is None else turn_of(row)

    def turns(self, conversation_id: str, limit: int, before: int | None = None) -> tuple[Turn, ...]:
        """Return the newest `limit` turns of a conversation, or of those with a number under `before`, oldest first."""
        query, bound = queries.NEWEST_TURNS, {"conversation_id": conversation_id, "limit": limit}
        if before is not None:
            query, bound["before"] = queries.TURNS_BEFORE, before
        with self._connected() as connection:
            return tuple(turn_of(row) for row in reversed(connection.execute(query, bound).all()))

    def recent(self, conversation_id: str, limit: int) -> Recent | None:
        """Return the newest `limit` turns and what the conversation asks about, or None before its first turn."""
        with self._connected() as connection:
            rows = connection.execute(queries.RECENT, {"conversation_id": conversation_id, "limit": limit}).all()
            if not rows:
                return None
            return Recent(Scope(rows[0].document_id, rows[0].tag), tuple(turn_of(row) for row in reversed(rows)))

    def turns_after(self, conversation_id: str, after: int, limit: int) -> tuple[Turn, ...]:
        """Return the oldest `limit` of the turns with a number over `after`, oldest first."""
        bound = {"conversation_id": conversation_id, "after": after, "limit": limit}
        with self._connected() as connection:
            return tuple(turn_of(row) for row in connection.execute(queries.TURNS_AFTER, bound))

    def questions(self, conversation_id: str, limit: int) -> tuple[str, ...]:
        """Return what the newest `limit` turns asked, and the documents' own questions that their answers belong to."""
        bound = {"conversation_id": conversation_id, "limit": limit}
        with self._connected() as connection:
            rows = connection.execute(queries.QUESTIONS, bound).all()
            return tuple(text for row in rows for text in (row.asked, row.answered) if text is not None)

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return what is known of a conversation, or None when nothing was asked in it."""
        with self._connected() as connection:
            row = connection.execute(queries.FIND_CONVERSATION, {"conversation_id": conversation_id}).first()
            return None if row is None else conversation_of(row)

    def conversations(self, visitor: str, limit: int, offset: int = 0) -> tuple[Conversation, ...]:
        """Return a visitor's conversations, the last used first; `offset` leaves out the first ones."""
        bound = {"visitor": visitor, "limit": limit, "offset": offset}
        with self._connected() as connection:
            return tuple(conversation_of(row) for row in connection.execute(queries.OWN_CONVERSATIONS, bound))

    def set_feedback(self, conversation_id: str, turn_id: str, feedback: Feedback) -> None:
        """Keep what is thought of a turn, in place of what was thought before; it is deleted with the turn."""
        bound = {"of_conversation": conversation_id, "of_turn": turn_id}
        changes = {"new_vote": feedback.vote.value, "new_reason": feedback.reason}
        with self._connected(writes=True) as connection:
            connection.execute(queries.SET_FEEDBACK, {**bound, **changes})

    def feedback(self, conversation_id: str, turn_ids: Collection[str]) -> Mapping[str, Feedback]:
        """Return what is thought of those turns, by turn id; those nobody judged are left out."""
        bound = {"conversation_id": conversation_id, "turn_ids": list(turn_ids)}
        with self._connected() as connection:
            judged = connection.execute(queries.FEEDBACK, bound)
            return {row.id: Feedback(Vote(row.vote), row.vote_reason or "") for row in judged}

    def share(self, conversation_id: str, turn_id: str) -> str:
        """Return the id under which anyone may read a turn, 128 random bits: the same one each time.

        Raises:
            StorageError: the turn is not kept.
        """
        bound = {"of_conversation": conversation_id, "of_turn": turn_id}
        with self._connected(writes=True) as connection:
            share_id: str | None = connection.execute(
                queries.SHARE, {**bound, "new_share_id": ids.unguessable()}
            ).scalar()
        if share_id is None:
            raise StorageError("The turn is not kept any more: its conversation was deleted.")
        return share_id

    def shared(self, share_id: str) -> Turn | None:
        """Return the turn that is shared under an id, or None."""
        with self._connected() as connection:
            row = connection.execute(queries.SHARED, {"share_id": share_id}).first()
            return None if row is None else turn_of(row)

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation with its turns."""
        with self._connected(writes=True) as connection:
            retention.delete_one(connection, conversation_id)

    def delete_conversations(self, visitor: str) -> int:
        """Delete every conversation of a visitor with its turns; return how many there were."""
        with self._connected(writes=True) as connection:
            return retention.delete_all(connection, visitor)

    def delete_expired(self) -> int:
        """Delete conversations whose last turn is too old; return how many."""
        with self._connected(writes=True) as connection:
            return retention.delete_expired(connection, self._clock() - self._keep)

    def ping(self) -> None:
        """Raise `StorageError` when the database cannot be read or written, or its tables are missing."""
        with self._connected() as connection:
            connection.execute(queries.PROBE)
        if not self._writing.worked_within(PROBE_SECONDS):
            with self._connected(writes=True) as connection:
                probe_write(connection)

    def close(self) -> None:
        """Close every connection; the next call opens new ones, in whichever process it is made."""
        if self._appender is not None:
            with self._queue.lock:
                self._appender.close()
        self._engine.dispose()

    def _append(self, new: NewTurn) -> int:
        if self._appender is not None:
            with self._told(self._writing):
                return self._appender.append(new)
        begun = {
            "conversation_id": new.conversation_id,
            "last_asked_at": new.asked_at,
            "visitor": new.visitor,
            "document_id": new.scope.document_id,
            "tag": new.scope.tag,
        }
        kept = {
            "conversation_id": new.conversation_id,
            "id": new.id,
            "asked_at": new.asked_at,
            "reply": Written(new.reply),
        }
        with self._connected(writes=True) as connection:
            number: int = connection.execute(queries.count_turn(), begun).scalar_one()
            connection.execute(queries.KEEP_TURN, {**kept, "number": number})
        return number

    def _sweep(self) -> None:
        try:
            self.delete_expired()
        except StorageError as error:
            logger.warning("expired conversations could not be deleted, which is tried again in an hour: %s", error)

    @contextmanager
    def _connected(self, *, writes: bool = False) -> Iterator[Connection]:
        if not writes:
            with self._told(self._reading), self._engine.connect() as connection:
                yield connection
            return
        with self._told(self._writing), self._queue, self._engine.connect() as connection:
            begin_write(connection)
            yield connection
            connection.commit()

    @contextmanager
    def _told(self, trouble: Trouble) -> Iterator[None]:
        """Tell what goes wrong with the database, and do not try while it is known to fail."""
        with stage(STORAGE):
            trouble.check()
            try:
                yield
                trouble.worked()
            except IntegrityError:
                trouble.worked()
                raise
            except SQLAlchemyError as error:
                told = storage_error("The database cannot be used", error)
                trouble.failed(told)
                # A file that was opened when its disk was read-only cannot be written later; nor may another one be in
                # its place. The next who tries opens it anew.
                self._engine.dispose()
                raise told from None
            except ValueError as error:
                raise StorageError(f"A kept turn is damaged ({error}). Restore a backup of the database.") from None
