"""Every statement that the store sends, built once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, case, func, insert, select, update

from webapp.conversations.schema import conversations, turns

_THIS_CONVERSATION = turns.c.conversation_id == bindparam("conversation_id")
_THIS_TURN = and_(_THIS_CONVERSATION, turns.c.id == bindparam("turn_id"))
# An update keeps the names of columns for the values that it sets.
_CHANGED_TURN = and_(
    turns.c.conversation_id == bindparam("of_conversation"),
    turns.c.id == bindparam("of_turn"),
)

PROBE = select(conversations.c.visitor).limit(1)


def _count_turn(inserting: Any) -> Any:
    """Return the statement that begins a conversation, or counts another turn of it, and tells the turn's number."""
    begun: dict[str, Any] = {name: bindparam(name) for name in ("last_asked_at", "visitor", "document_id", "tag")}
    kept, asked = conversations.c.last_asked_at, inserting.excluded.last_asked_at
    earlier = asked < kept
    return (
        inserting.values(id=bindparam("conversation_id"), turns=1, **begun)
        .on_conflict_do_update(
            index_elements=[conversations.c.id],
            # A clock that was set back must not let a conversation expire.
            set_={"turns": conversations.c.turns + 1, "last_asked_at": case((earlier, kept), else_=asked)},
        )
        .returning(conversations.c.turns)
    )


class _OfEachDatabase(dict[str, Any]):
    """A statement by the name of the database; what SQLAlchemy has for the other ones is not imported."""

    def __missing__(self, name: str) -> Any:
        if name == "postgresql":
            from sqlalchemy.dialects import postgresql as dialect
        else:
            from sqlalchemy.dialects import sqlite as dialect  # type: ignore[no-redef]
        self[name] = _count_turn(dialect.insert(conversations))
        return self[name]


COUNT_TURN = _OfEachDatabase()
"""By the name of the database: the two agree, but SQLAlchemy has no word for it that both understand."""
KEEP_TURN = insert(turns)
KEPT = ("conversation_id", "number", "id", "asked_at", "reply")
"""What is known of a turn when it is kept."""

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
