"""Turns that wait are appended together, and nobody waits in vain behind somebody who did."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from webapp.answering.reply import Reply
from webapp.conversations import appending, queries, queueing
from webapp.conversations.errors import StorageError
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.conversations.trouble import AGAIN_SECONDS
from webapp.pausing import Round

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
    monkeypatch.setattr(appending, "PATIENCE_SECONDS", PATIENCE_SECONDS)
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


def test_what_failed_is_only_tried(file: Path, impatient: ConversationStore, make_reply: Made) -> None:
    """Nobody else waits for what somebody has waited for in vain; who tries again finds out whether it is mended."""
    impatient.append("conversation-0", "turn-0001", make_reply())
    with closing(locked(file)) as other:
        for longest in (2 * PATIENCE_SECONDS, PATIENCE_SECONDS / 2):
            began = time.monotonic()
            with pytest.raises(StorageError, match="database is locked"):
                impatient.append("conversation-1", "turn-0001", make_reply())
            assert time.monotonic() - began < longest
            time.sleep(AGAIN_SECONDS)
        other.rollback()
    assert impatient.append("conversation-1", "turn-0001", make_reply()).number == 1


def test_requests_of_a_round(file: Path, impatient: ConversationStore, make_reply: Made) -> None:
    """Their turns are kept together; where that is in vain they wait for it together, too."""
    told: list[object] = []

    def ask(number: int) -> None:
        try:
            told.append(impatient.append(f"conversation-{number}", "turn-0001", make_reply()).number)
        except StorageError as error:
            told.append(str(error))

    def work() -> None:
        one = Round()
        for number in range(CROWD):
            one.begin(partial(ask, number))
        told.append("came")
        one.finish()

    def seconds() -> float:
        began = time.monotonic()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return time.monotonic() - began

    impatient.append("before", "turn-0001", make_reply())
    with closing(locked(file)) as other:
        assert seconds() < 2 * PATIENCE_SECONDS
        other.rollback()
    assert told[0] == "came" and all("locked" in str(one) for one in told[1:]) and len(told) == 1 + CROWD
    told.clear()
    time.sleep(AGAIN_SECONDS)
    # One tries.
    impatient.append("after", "turn-0001", make_reply())
    seconds()
    assert told == ["came", *[1] * CROWD]


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


class Crowd:
    """Threads that ask while another program has the database locked; `told` and `kept` are what came of it."""

    def __init__(self, store: ConversationStore, file: Path) -> None:
        self.told: dict[str, str] = {}
        self.kept: dict[tuple[str, str], int] = {}
        self._store, self._file = store, file
        self._threads: list[threading.Thread] = []

    def ask(self, conversation_id: str, turn_id: str, reply: Reply, written: str | None = None) -> None:
        """Begin to ask."""

        def append() -> None:
            try:
                turn = self._store.append(conversation_id, turn_id, reply, written=written)
                self.kept[conversation_id, turn_id] = turn.number
            except StorageError as error:
                self.told[turn_id] = str(error)

        self._threads.append(threading.Thread(target=append))
        self._threads[-1].start()

    def wait(self) -> None:
        """Wait until all have been answered."""
        for thread in self._threads:
            thread.join()


@contextmanager
def crowd(store: ConversationStore, file: Path) -> Iterator[Crowd]:
    """Let threads wait for as long as the block takes, and then write."""
    asking = Crowd(store, file)
    with closing(locked(file)) as other:
        yield asking
        # Time for all of them to get where they wait.
        time.sleep(PATIENCE_SECONDS / 2)
        other.rollback()
    asking.wait()


def test_who_waits_is_kept_together(
    file: Path, impatient: ConversationStore, make_reply: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one statement, in conversations of their own or in the same one, each with a number of its own."""
    impatient.append("conversation-0", "turn-first", make_reply())
    sent: list[int] = []
    statement = queries.sqlite_append
    monkeypatch.setattr(queries, "sqlite_append", lambda count: sent.append(count) or statement(count))
    with crowd(impatient, file) as asking:
        for number in range(CROWD):
            asking.ask(f"conversation-{number % 3}", f"turn-{number:04}", make_reply(f"question {number}"))
    assert sent[-1] == CROWD, "whoever writes takes along all that wait"
    assert not asking.told
    for place, before in enumerate((1, 0, 0)):
        turns = impatient.turns(f"conversation-{place}", CROWD)
        assert [turn.number for turn in turns] == list(range(1, CROWD // 3 + before + 1))
        for turn in turns[before:]:
            assert asking.kept.pop((turn.conversation_id, turn.id)) == turn.number
            assert turn.reply.question == f"question {int(turn.id[-4:])}"
    assert not asking.kept


def test_one_that_cannot_be_kept_is_not_the_end_of_others(
    file: Path, impatient: ConversationStore, make_reply: Made
) -> None:
    """Neither one that was kept before, nor one that cannot be written at all."""
    first = impatient.append("conversation-1", "turn-0001", make_reply("first"))
    with crowd(impatient, file) as asking:
        asking.ask("conversation-1", "turn-0001", make_reply("again"))
        asking.ask("conversation-1", "turn-0002", make_reply(), written="half a pair: \ud800")
        for number in range(3, CROWD):
            asking.ask("conversation-1", f"turn-{number:04}", make_reply(f"question {number}"))
    assert list(asking.told) == ["turn-0002"]
    assert asking.kept["conversation-1", "turn-0001"] == first.number == 1
    assert sorted(asking.kept.values()) == list(range(1, CROWD - 1))
    assert len(impatient.turns("conversation-1", CROWD)) == len(asking.kept)


def test_who_gave_up_is_not_kept_later(
    file: Path, impatient: ConversationStore, make_reply: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told that nothing was kept, because others write for too long, must be able to rely on it."""
    monkeypatch.setattr(queueing, "BUSY_TIMEOUT_SECONDS", PATIENCE_SECONDS / 10)
    writing = impatient._queue
    with writing.lock, pytest.raises(StorageError, match="others write for too long"):
        impatient.append("conversation-1", "turn-0001", make_reply())
    time.sleep(AGAIN_SECONDS)
    assert impatient.append("conversation-1", "turn-0002", make_reply()).number == 1


def test_who_is_about_to_be_kept_waits_for_it(
    file: Path, impatient: ConversationStore, make_reply: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who loses patience while another thread has its turn in hand is told what comes of it, not that nothing did."""
    impatient.append("conversation-1", "turn-first", make_reply())
    monkeypatch.setattr(appending, "PATIENCE_SECONDS", PATIENCE_SECONDS / 10)
    with crowd(impatient, file) as asking:
        for number in range(CROWD):
            asking.ask("conversation-1", f"turn-{number:04}", make_reply())
    assert not asking.told
    assert sorted(asking.kept.values()) == list(range(2, CROWD + 2))


def test_nobody_is_forgotten(file: Path, make_reply: Made) -> None:
    """Of very many at once, with as many of another process beside them; each is called when its turn is kept."""
    location = f"sqlite:///{file}"
    stores = [ConversationStore(location, conversation_days=30) for _ in range(2)]
    kept: list[int] = []

    def ask(number: int) -> None:
        for turn in range(CROWD):
            one = stores[number % 2].append(f"conversation-{number:04}", f"turn-{turn:04}", make_reply())
            kept.append(one.number)

    threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(2 * CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert Counter(kept) == dict.fromkeys(range(1, CROWD + 1), 2 * CROWD)
    for store in stores:
        store.close()


def test_a_database_that_cannot_be_opened(
    impatient: ConversationStore, make_reply: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is told to who asks; nothing of the try is left over, and with the database back turns are kept."""
    opened: list[sqlite3.Connection] = []
    borrow = impatient._engine.raw_connection

    def borrowed() -> object:
        connection = borrow()
        opened.append(connection.driver_connection)
        return connection

    monkeypatch.setattr(impatient._engine, "raw_connection", borrowed)
    with monkeypatch.context() as broken:
        broken.setattr(queries, "SQLITE_APPENDING", "SELECT * FROM nowhere")
        with pytest.raises(StorageError, match="nowhere"):
            impatient.append("conversation-1", "turn-0001", make_reply())
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
    time.sleep(AGAIN_SECONDS)
    assert impatient.append("conversation-1", "turn-0002", make_reply()).number == 1


@pytest.mark.parametrize("count", [1, 2, 8])
def test_numbers_are_looked_up(file: Path, count: int) -> None:
    """Not looked for among all turns, of which there may be very many."""
    with closing(sqlite3.connect(file)) as database:
        steps = database.execute(f"EXPLAIN QUERY PLAN {queries.sqlite_numbers(count)}", ["x"] * 2 * count)
        told = [step[3] for step in steps]
    assert any(step.startswith("SEARCH turns USING INDEX") for step in told), told
    assert not any(step.startswith("SCAN turns") for step in told), told
