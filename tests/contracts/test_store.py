"""What every store of conversations does, whatever database stands behind it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from webapp.answering.reply import Outcome, Reply
from webapp.conversations.store import ConversationStore

Made = Callable[..., Reply]


def test_a_kept_turn_comes_back_as_it_was(store: ConversationStore, make_reply: Made) -> None:
    """Reply, number and moment survive the database, offsets and curly quotes included."""
    kept = store.append("conversation-1", "turn-0001", make_reply())
    assert kept.number == 1
    assert kept.asked_at.utcoffset() == timedelta(0)
    assert store.find_turn("conversation-1", "turn-0001") == kept
    assert store.turns("conversation-1", 10) == (kept,)


def test_a_refusal_comes_back_as_it_was(store: ConversationStore, make_reply: Made) -> None:
    """A reply without answer or explanation is kept like any other."""
    refusal = make_reply(outcome=Outcome.ABSTAINED, answer=None, explanation=None, alternatives=())
    assert store.append("conversation-1", "turn-0001", refusal).reply == refusal
    found = store.find_turn("conversation-1", "turn-0001")
    assert found is not None
    assert found.reply == refusal


def test_odd_characters_are_kept(store: ConversationStore, make_reply: Made) -> None:
    """Emoji, right-to-left text, and half of a character pair come back unchanged."""
    question = "🗞️ متى؟ \ud83d 'quoted' \\ % {x}"
    store.append("conversation-1", "turn-0001", make_reply(question))
    assert store.turns("conversation-1", 1)[0].reply.question == question


def test_the_same_turn_is_kept_once(store: ConversationStore, make_reply: Made) -> None:
    """The same ids again bring back what was kept first, and count nothing."""
    first = store.append("conversation-1", "turn-0001", make_reply("first"))
    assert store.append("conversation-1", "turn-0001", make_reply("second")) == first
    assert store.append("conversation-1", "turn-0002", make_reply("third")).number == 2


def test_a_turn_belongs_to_its_conversation(store: ConversationStore, make_reply: Made) -> None:
    """The same turn id in another conversation is another turn."""
    store.append("conversation-1", "turn-0001", make_reply("one"))
    assert store.append("conversation-2", "turn-0001", make_reply("two")).reply.question == "two"
    assert store.find_turn("conversation-3", "turn-0001") is None


def test_the_newest_turns_come_oldest_first(store: ConversationStore, make_reply: Made) -> None:
    """A limit leaves out the oldest."""
    for number in range(1, 6):
        store.append("conversation-1", f"turn-{number:04}", make_reply(f"question {number}"))
    assert [turn.number for turn in store.turns("conversation-1", 3)] == [3, 4, 5]
    assert store.turns("nobody", 3) == ()


def test_a_deleted_conversation_is_gone(store: ConversationStore, make_reply: Made) -> None:
    """Its turns go with it; others stay; it may begin again."""
    store.append("conversation-1", "turn-0001", make_reply())
    store.append("conversation-2", "turn-0001", make_reply())
    store.delete_conversation("conversation-1")
    assert store.turns("conversation-1", 10) == ()
    assert len(store.turns("conversation-2", 10)) == 1
    assert store.append("conversation-1", "turn-0001", make_reply()).number == 1


def test_old_conversations_are_forgotten(store: ConversationStore, make_reply: Made, clock: Any) -> None:
    """Thirty days after its last turn a conversation is deleted, not thirty days after its first."""
    store.append("old-conversation", "turn-0001", make_reply())
    store.append("kept-conversation", "turn-0001", make_reply())
    clock.advance(days=20)
    store.append("kept-conversation", "turn-0002", make_reply())
    clock.advance(days=11)
    assert store.delete_expired() == 1
    assert store.turns("old-conversation", 10) == ()
    assert len(store.turns("kept-conversation", 10)) == 2


def test_a_new_store_forgets_as_it_keeps(
    open_store: Callable[[], ConversationStore], make_reply: Made, clock: Any
) -> None:
    """The first turn that a process keeps sweeps out what is too old."""
    open_store().append("old-conversation", "turn-0001", make_reply())
    clock.advance(days=31)
    later = open_store()
    later.append("new-conversation", "turn-0001", make_reply())
    assert later.turns("old-conversation", 10) == ()


def test_ids_of_conversations_cannot_be_guessed(store: ConversationStore) -> None:
    """They hold 128 random bits and need no escaping in a URL."""
    ids = {store.new_conversation_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(one) == 22 and one.replace("-", "").replace("_", "").isalnum() for one in ids)


def test_ping_is_silent_when_all_is_well(store: ConversationStore) -> None:
    """Readiness asks this."""
    store.ping()


def test_threads_may_share_a_store(store: ConversationStore, make_reply: Made) -> None:
    """Turns that come at once are numbered one after the other, none lost."""
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda n: store.append("conversation-1", f"turn-{n:04}", make_reply()), range(40)))
    assert sorted(turn.number for turn in turns) == list(range(1, 41))


def test_processes_may_append_to_one_conversation(
    database_url: str, store: ConversationStore, make_reply: Made
) -> None:
    """Four processes at once: no error, no number twice, none left out."""
    workers = [
        multiprocessing.get_context("spawn").Process(target=_append, args=(database_url, worker, make_reply(), 25))
        for worker in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert [turn.number for turn in store.turns("conversation-1", 200)] == list(range(1, 101))


def _append(database_url: str, worker: int, reply: Reply, times: int) -> None:
    store = ConversationStore(database_url, conversation_days=30)
    for number in range(times):
        store.append("conversation-1", f"turn-{worker}-{number:04}", reply)
    store.close()
