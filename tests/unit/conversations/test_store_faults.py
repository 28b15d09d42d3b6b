"""A database that fails is told in words that help, and never with what a visitor asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.answering.reply import Reply
from webapp.conversations.feedback import Feedback, Vote
from webapp.conversations.migrations import upgrade
from webapp.conversations.retention import Hourly
from webapp.conversations.store import ConversationStore, StorageError

Made = Callable[..., Reply]


def test_missing_tables_are_told(tmp_path: Path, make_reply: Made) -> None:
    """Every door of the store raises the same kind of error, without the question in it."""
    store = ConversationStore(f"sqlite:///{tmp_path / 'empty.sqlite3'}", conversation_days=30)
    doors: list[Callable[[], object]] = [
        store.ping,
        lambda: store.append("conversation-1", "turn-0001", make_reply("a very private question")),
        lambda: store.find_turn("conversation-1", "turn-0001"),
        lambda: store.turns("conversation-1", 5),
        lambda: store.turns("conversation-1", 5, before=3),
        lambda: store.own_turn("visitor-1", "turn-0001"),
        lambda: store.recent("conversation-1", 5),
        lambda: store.turns_after("conversation-1", 0, 5),
        lambda: store.conversation("conversation-1"),
        lambda: store.conversations("visitor-1", 5),
        lambda: store.set_feedback("conversation-1", "turn-0001", Feedback(Vote.DOWN, "a very private reason")),
        lambda: store.feedback("conversation-1", ["turn-0001"]),
        lambda: store.share("conversation-1", "turn-0001"),
        lambda: store.shared("share-0001"),
        lambda: store.delete_conversations("visitor-1"),
        lambda: store.delete_conversation("conversation-1"),
        store.delete_expired,
    ]
    for door in doors:
        with pytest.raises(StorageError, match="NEWSSTAND_DATABASE_URL") as told:
            door()
        assert "private" not in str(told.value)
        assert "SELECT" not in str(told.value)
    store.close()


@pytest.mark.parametrize("reply", ["{}", "[]", "no json", '{"question": "x", "outcome": "shouted"}'])
def test_a_turn_that_cannot_be_read_is_told(tmp_path: Path, reply: str) -> None:
    """A damaged row is an error of the database, not a crash."""
    file = tmp_path / "turns.sqlite3"
    upgrade(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        conversation = ("conversation-1", 1, "2026-05-01 00:00:00")
        connection.execute("INSERT INTO conversations (id, turns, last_asked_at) VALUES (?, ?, ?)", conversation)
        values = ("conversation-1", 1, "turn-0001", "2026-05-01 00:00:00", reply)
        connection.execute(
            "INSERT INTO turns (conversation_id, number, id, asked_at, reply) VALUES (?, ?, ?, ?, ?)", values
        )
    connection.close()
    store = ConversationStore(f"sqlite:///{file}", conversation_days=30)
    with pytest.raises(StorageError, match="backup"):
        store.turns("conversation-1", 5)
    store.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("no url", "NEWSSTAND_DATABASE_URL"),
        ("oracle9://host/name", "NEWSSTAND_DATABASE_URL"),
        ("sqlite:////proc/nowhere/turns.sqlite3", "NEWSSTAND_DATABASE_URL"),
    ],
)
def test_a_url_that_cannot_be_used_is_told(url: str, told: str) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(StorageError, match=told):
        ConversationStore(url, conversation_days=30)


def test_nothing_but_text_is_kept(tmp_path: Path) -> None:
    """No column for an address, a browser or a name."""
    file = tmp_path / "turns.sqlite3"
    upgrade(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    columns = {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for table in ("conversations", "turns")
    }
    connection.close()
    assert columns == {
        "conversations": ["id", "turns", "last_asked_at", "visitor", "document_id", "tag"],
        "turns": ["conversation_id", "number", "id", "asked_at", "reply", "vote", "vote_reason", "share_id"],
    }


def test_sweeps_come_at_first_and_then_hourly() -> None:
    """However many turns are kept in between."""
    seconds = [100.0]
    sweeps = Hourly(lambda: seconds[0])
    assert sweeps.is_due()
    assert not sweeps.is_due()
    seconds[0] += 3599
    assert not sweeps.is_due()
    seconds[0] += 1
    assert sweeps.is_due()
    assert not sweeps.is_due()
