"""Every statement that the store sends, built once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, select, update

from webapp.conversations.schema import conversations, turns

_THIS_CONVERSATION = turns.c.conversation_id == bindparam("conversation_id")
_THIS_TURN = and_(_THIS_CONVERSATION, turns.c.id == bindparam("turn_id"))
# An update keeps the names of columns for the values that it sets.
_CHANGED_TURN = and_(
    turns.c.conversation_id == bindparam("of_conversation"),
    turns.c.id == bindparam("of_turn"),
)

PROBE = select(conversations.c.visitor).limit(1)


SQLITE_APPENDING = """
    PRAGMA temp_store = MEMORY;
    -- The system keeps pages of the file as well, and what another process writes makes those kept here worthless.
    PRAGMA cache_size = -256;
    CREATE TEMP VIEW appended (conversation_id, asked_at, visitor, document_id, tag, id, reply)
        AS VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    CREATE TEMP TRIGGER appending INSTEAD OF INSERT ON appended BEGIN
        INSERT INTO conversations (id, turns, last_asked_at, visitor, document_id, tag)
            VALUES (NEW.conversation_id, 1, NEW.asked_at, NEW.visitor, NEW.document_id, NEW.tag)
            -- A clock that was set back must not let a conversation expire.
            ON CONFLICT (id) DO UPDATE
                SET turns = turns + 1, last_asked_at = max(last_asked_at, excluded.last_asked_at);
        INSERT INTO turns (conversation_id, number, id, asked_at, reply)
            SELECT id, turns, NEW.id, NEW.asked_at, NEW.reply FROM conversations WHERE id = NEW.conversation_id;
    END;
"""
"""Makes a view in a connection to SQLite: a row that is inserted there is a turn, counted in its conversation, which it
begins where there is none, and kept."""


# A cross join is gone through from the left: SQLite would read through all turns to find some of them.
_FIND_NUMBERS = ") SELECT conversation_id, id, number FROM asked CROSS JOIN turns USING (conversation_id, id)"


@cache
def sqlite_append(count: int) -> str:
    """Return the statement that appends so many turns; it takes the columns of the view for each."""
    return " ".join(("INSERT INTO appended VALUES", ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * count)))


@cache
def sqlite_numbers(count: int) -> str:
    """Return the statement that tells which numbers so many turns have; it takes two ids for each."""
    return " ".join(("WITH asked (conversation_id, id) AS (VALUES", ", ".join(["(?, ?)"] * count), _FIND_NUMBERS))


@cache
def count_turn() -> Any:
    """Return the statement for PostgreSQL that counts a turn in its conversation, begins that, and tells the number."""
    from sqlalchemy.dialects import postgresql

    begun: dict[str, Any] = {name: bindparam(name) for name in ("last_asked_at", "visitor", "document_id", "tag")}
    inserting = postgresql.insert(conversations)
    kept, asked = conversations.c.last_asked_at, inserting.excluded.last_asked_at
    return (
        inserting.values(id=bindparam("conversation_id"), turns=1, **begun)
        .on_conflict_do_update(
            index_elements=[conversations.c.id],
            # A clock that was set back must not let a conversation expire.
            set_={"turns": conversations.c.turns + 1, "last_asked_at": func.greatest(kept, asked)},
        )
        .returning(conversations.c.turns)
    )


KEEP_TURN = insert(turns)
"""For PostgreSQL, after `count_turn`."""

FIND_TURN = select(turns).where(_THIS_TURN)
OWN_TURN = (
    select(turns)
    .join(conversations)
    .where(conversations.c.visitor == bindparam("visitor"), turns.c.id == bindparam("turn_id"))
    .order_by(conversations.c.last_asked_at.desc())
    .limit(1)
)
NEWEST_TURNS = select(turns).where(_THIS_CONVERSATION).order_by(turns.c.number.desc()).limit(bindparam("limit"))
RECENT = (
    select(turns, conversations.c.document_id, conversations.c.tag)
    .join(conversations)
    .where(_THIS_CONVERSATION)
    .order_by(turns.c.number.desc())
    .limit(bindparam("limit"))
)
TURNS_BEFORE = NEWEST_TURNS.where(turns.c.number < bindparam("before"))
TURNS_AFTER = (
    select(turns)
    .where(_THIS_CONVERSATION, turns.c.number > bindparam("after"))
    .order_by(turns.c.number)
    .limit(bindparam("limit"))
)

_WITH_FIRST_TURN = select(conversations, turns.c.asked_at, turns.c.reply).join(
    turns, and_(turns.c.conversation_id == conversations.c.id, turns.c.number == 1)
)
FIND_CONVERSATION = _WITH_FIRST_TURN.where(conversations.c.id == bindparam("conversation_id"))
OWN_CONVERSATIONS = (
    _WITH_FIRST_TURN.where(conversations.c.visitor == bindparam("visitor"))
    .order_by(conversations.c.last_asked_at.desc(), conversations.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)

QUESTIONS = (
    select(
        turns.c.reply["question"].as_string().label("asked"),
        turns.c.reply[("answer", "question")].as_string().label("answered"),
    )
    .where(_THIS_CONVERSATION)
    .order_by(turns.c.number.desc())
    .limit(bindparam("limit"))
)

SET_FEEDBACK = (
    update(turns).where(_CHANGED_TURN).values(vote=bindparam("new_vote"), vote_reason=bindparam("new_reason"))
)
FEEDBACK = select(turns.c.id, turns.c.vote, turns.c.vote_reason).where(
    _THIS_CONVERSATION, turns.c.id.in_(bindparam("turn_ids", expanding=True)), turns.c.vote.is_not(None)
)
SHARE = (
    update(turns)
    .where(_CHANGED_TURN)
    .values(share_id=func.coalesce(turns.c.share_id, bindparam("new_share_id")))
    .returning(turns.c.share_id)
)
SHARED = select(turns).where(turns.c.share_id == bindparam("share_id"))
