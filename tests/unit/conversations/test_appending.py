"""Turns are appended one after another, and nobody waits in vain behind somebody who did."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from webapp.answering.reply import Reply
from webapp.conversations import appending, queueing
from webapp.conversations.errors import StorageError
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.conversations.trouble import AGAIN_SECONDS

Made = Callable[..., Reply]

PATIENCE_SECONDS = 0.5
CROWD = 12


@pytest.fixture
def file(tmp_path: Path) -> Path:
    upgrade(f"sqlite:///{tmp_path / 'turns.sqlite3'}")
    return tmp_path / "turns.sqlite3"


@pytest.fixture
def impatient(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConversationStore]:
    """A store that waits for half a second."""
    for module in (appending, queueing):
        monkeypatch.setattr(module, "BUSY_TIMEOUT_SECONDS", PATIENCE_SECONDS)
    one = ConversationStore(f"sqlite:///{file}", conversation_days=30)
    yield one
    one.close()


def locked(file: Path) -> sqlite3.Connection:
    """Lock the database as another program does."""
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_turn_waits_for_another_program(file: Path, impatient: ConversationStore, make_reply: Made) -> None:
    """As long as that is short."""
    with closing(locked(file)) as other:
        letting_go = threading.Timer(PATIENCE_SECONDS / 2, other.rollback)
        letting_go.start()
        assert impatient.append("conversation-1", "turn-0001", make_reply()).number == 1
        letting_go.join()


def test_a_crowd_waits_together(file: Path, impatient: ConversationStore, make_reply: Made) -> None:
    """Everybody is told when the first one is, not one after another; when the lock is gone turns are kept again."""
    impatient.append("conversation-1", "turn-0001", make_reply())
    told: list[str] = []

    def ask(number: int) -> None:
        try:
            impatient.append(f"crowd-{number:04}", "turn-0001", make_reply())
        except StorageError as error:
            told.append(str(error))

    with closing(locked(file)) as other:
        crowd = [threading.Thread(target=ask, args=(number,)) for number in range(CROWD)]
        began = time.monotonic()
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        took_seconds = time.monotonic() - began
        other.rollback()
    assert len(told) == CROWD and took_seconds < 3 * PATIENCE_SECONDS
    assert any("database is locked" in one for one in told)
    time.sleep(AGAIN_SECONDS)
    assert impatient.append("conversation-1", "turn-0002", make_reply()).number == 2


def test_a_turn_that_fails_leaves_no_transaction(file: Path, impatient: ConversationStore, make_reply: Made) -> None:
    """Neither one that was kept before, nor one that cannot be written at all; others can write at once."""
    first = impatient.append("conversation-1", "turn-0001", make_reply("first"))
    assert impatient.append("conversation-1", "turn-0001", make_reply("second")) == first
    with pytest.raises(StorageError):
        impatient.append("conversation-1", "turn-0002", make_reply(), written="half a pair: \ud800")
    with closing(sqlite3.connect(file, timeout=0)) as other:
        assert other.execute("UPDATE conversations SET tag = 'written' RETURNING turns").fetchall() == [(1,)]
        other.commit()
    assert impatient.append("conversation-1", "turn-0003", make_reply()).number == 2
