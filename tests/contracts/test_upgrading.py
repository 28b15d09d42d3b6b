"""What was kept by an earlier version is still there after an upgrade."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import Connection, text

from webapp.answering.reply import EVERYTHING, Reply
from webapp.conversations.engine import begin_write, open_engine
from webapp.conversations.feedback import Feedback, Vote
from webapp.conversations.migrations import configuration, upgrade
from webapp.conversations.store import ConversationStore

Made = Callable[..., Reply]

ASKED_AT = "2026-04-30 08:15:00.000000"


@pytest.fixture
def first_version(empty_database_url: str, make_reply: Made) -> str:
    """The URL of a database of the first version, with two conversations in it."""
    engine = open_engine(empty_database_url)
    with engine.connect() as connection:
        begin_write(connection)
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for conversation_id in ("conversation-1", "conversation-2"):
            _keep(connection, conversation_id, [make_reply("When was it?"), make_reply("Where was it?")])
        connection.commit()
    engine.dispose()
    return empty_database_url


def _keep(connection: Connection, conversation_id: str, replies: list[Reply]) -> None:
    connection.execute(
        text("INSERT INTO conversations (id, turns, last_asked_at) VALUES (:id, :turns, :asked_at)"),
        {"id": conversation_id, "turns": len(replies), "asked_at": ASKED_AT},
    )
    for number, reply in enumerate(replies, 1):
        connection.execute(
            text(
                "INSERT INTO turns (conversation_id, number, id, asked_at, reply) "
                "VALUES (:conversation_id, :number, :id, :asked_at, :reply)"
            ),
            {
                "conversation_id": conversation_id,
                "number": number,
                "id": f"turn-{number:04}",
                "asked_at": ASKED_AT,
                "reply": json.dumps(reply.to_dict()),
            },
        )


def test_conversations_of_the_first_version_go_on(first_version: str, make_reply: Made) -> None:
    """Their turns are the same, they can be continued, judged and shared."""
    upgrade(first_version)
    store = ConversationStore(first_version, conversation_days=36500)
    turns = store.turns("conversation-1", 10)
    assert [turn.reply for turn in turns] == [make_reply("When was it?"), make_reply("Where was it?")]
    assert store.append("conversation-1", "turn-0003", make_reply("Who spoke?")).number == 3
    store.set_feedback("conversation-1", "turn-0001", Feedback(Vote.UP))
    assert store.feedback("conversation-1", ["turn-0001"]) == {"turn-0001": Feedback(Vote.UP)}
    assert store.shared(store.share("conversation-1", "turn-0001")) == turns[0]
    store.delete_conversation("conversation-1")
    assert store.turns("conversation-1", 10) == () and len(store.turns("conversation-2", 10)) == 2
    store.close()


def test_a_conversation_of_the_first_version_has_an_owner(first_version: str) -> None:
    """Its own id, known to the one cookie that names it, stands for the visitor."""
    upgrade(first_version)
    store = ConversationStore(first_version, conversation_days=36500)
    (known,) = store.conversations("conversation-1", 10)
    assert (known.id, known.visitor, known.title, known.turns) == (
        "conversation-1",
        "conversation-1",
        "When was it?",
        2,
    )
    assert known.scope == EVERYTHING
    assert known.began_at == known.last_asked_at == datetime(2026, 4, 30, 8, 15, tzinfo=UTC)
    store.close()
