"""The log of SQLite is emptied beside those who write, and holds nobody up."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from webapp.answering.reply import Reply
from webapp.conversations import checkpointing
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore

Made = Callable[..., Reply]

TURNS = 5


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database whose log is emptied after every few turns."""
    monkeypatch.setattr(checkpointing, "PAGES", TURNS * (checkpointing.PAGES_OF_ALL + checkpointing.PAGES_OF_ONE))
    upgrade(f"sqlite:///{tmp_path / 'turns.sqlite3'}")
    return tmp_path / "turns.sqlite3"


@pytest.fixture
def store(file: Path) -> Iterator[ConversationStore]:
    one = ConversationStore(f"sqlite:///{file}", conversation_days=30)
    yield one
    finish()
    one.close()


def finish() -> None:
    """Wait until the log has been emptied."""
    for thread in threading.enumerate():
        if thread.name == "checkpoint":
            thread.join()


def brought(file: Path) -> int:
    """Return how many turns the database holds without its log."""
    alone = shutil.copy(file, file.with_name("alone.sqlite3"))
    with closing(sqlite3.connect(alone)) as database:
        return int(database.execute("SELECT COUNT(*) FROM turns").fetchone()[0])


def test_turns_are_brought_into_the_database(file: Path, store: ConversationStore, make_reply: Made) -> None:
    """After so many of them; until then they stand in the log."""
    for number in range(TURNS - 1):
        store.append("conversation-1", f"turn-{number:04}", make_reply())
    finish()
    assert brought(file) == 0
    store.append("conversation-1", "turn-last", make_reply())
    finish()
    assert brought(file) == TURNS


def test_the_log_is_begun_anew(file: Path, store: ConversationStore, make_reply: Made) -> None:
    """It does not grow with what is kept."""
    log = file.with_name(f"{file.name}-wal")
    lengths = []
    for number in range(8 * TURNS):
        store.append(f"conversation-{number}", "turn-0001", make_reply())
        if number % TURNS == TURNS - 1:
            finish()
            lengths.append(log.stat().st_size)
    assert lengths[-1] < 2 * lengths[0]


def test_who_reads_for_long_holds_nobody_up(file: Path, store: ConversationStore, make_reply: Made) -> None:
    """As a backup does: turns are kept meanwhile, and the log is emptied when it is done."""
    store.append("conversation-1", "turn-first", make_reply())
    with closing(sqlite3.connect(file, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        assert reading.execute("SELECT COUNT(*) FROM turns").fetchone() == (1,)
        slowest = 0.0
        for number in range(4 * TURNS):
            began = time.monotonic()
            store.append("conversation-1", f"turn-{number:04}", make_reply())
            slowest = max(slowest, time.monotonic() - began)
        assert reading.execute("SELECT COUNT(*) FROM turns").fetchone() == (1,)
        reading.execute("ROLLBACK")
    assert slowest < 1
    finish()
    for number in range(TURNS):
        store.append("conversation-2", f"turn-{number:04}", make_reply())
    finish()
    assert brought(file) >= 1 + 4 * TURNS


def test_a_log_that_cannot_be_emptied_costs_nothing(
    file: Path, store: ConversationStore, make_reply: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turns are kept, and it is tried again."""
    tried: list[int] = []

    def fail(_: checkpointing.Checkpoints) -> None:
        tried.append(1)
        raise checkpointing.SQLAlchemyError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(checkpointing.Checkpoints, "_empty", fail)
        for number in range(2 * TURNS):
            assert store.append("conversation-1", f"turn-{number:04}", make_reply()).number == number + 1
            finish()
    assert len(tried) == 2
    for number in range(TURNS):
        store.append("conversation-2", f"turn-{number:04}", make_reply())
    finish()
    assert brought(file) == 3 * TURNS


def test_no_room_for_a_thread_costs_nothing(
    file: Path, store: ConversationStore, make_reply: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn is kept and told; the log is emptied when there is room again."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        for number in range(TURNS):
            assert store.append("conversation-1", f"turn-{number:04}", make_reply()).number == number + 1
    for number in range(TURNS):
        store.append("conversation-2", f"turn-{number:04}", make_reply())
    finish()
    assert brought(file) == 2 * TURNS
