"""What every store of conversations does, whatever database stands behind it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from webapp.answering.reply import EVERYTHING, Outcome, Reply, Scope
from webapp.conversations.feedback import Feedback, Vote
from webapp.conversations.store import ConversationStore, StorageError

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


def test_a_question_finds_what_was_said_before(store: ConversationStore, make_reply: Made) -> None:
    """The newest turns with what their conversation asks about; whether that is all of it is known."""
    assert store.recent("conversation-1", 2) is None
    for number in range(1, 4):
        store.append("conversation-1", f"turn-{number:04}", make_reply(f"question {number}"), scope=Scope("talks"))
    store.append("conversation-2", "turn-0001", make_reply("elsewhere"))
    recent = store.recent("conversation-1", 2)
    assert recent is not None and recent.scope == Scope("talks")
    assert recent.turns == store.turns("conversation-1", 2) and not recent.whole
    recent = store.recent("conversation-1", 3)
    assert recent is not None and recent.whole


def test_older_and_newer_turns_come_page_by_page(store: ConversationStore, make_reply: Made) -> None:
    """Those just before a number, or just after it, always oldest first."""
    for number in range(1, 8):
        store.append("conversation-1", f"turn-{number:04}", make_reply(f"question {number}"))
        store.append("conversation-2", f"turn-{number:04}", make_reply("elsewhere"))
    assert [turn.number for turn in store.turns("conversation-1", 3, before=5)] == [2, 3, 4]
    assert [turn.number for turn in store.turns("conversation-1", 3, before=2)] == [1]
    assert store.turns("conversation-1", 3, before=1) == ()
    assert [turn.number for turn in store.turns_after("conversation-1", 3, 2)] == [4, 5]
    assert [turn.number for turn in store.turns_after("conversation-1", 0, 99)] == [1, 2, 3, 4, 5, 6, 7]
    assert store.turns_after("conversation-1", 7, 99) == ()
    assert {turn.conversation_id for turn in store.turns_after("conversation-2", 0, 99)} == {"conversation-2"}


def test_a_conversation_is_known_as_a_whole(store: ConversationStore, make_reply: Made, clock: Any) -> None:
    """Its title is the first question; whose it is and which document it asks about stay as they began."""
    assert store.conversation("conversation-1") is None
    first = store.append("conversation-1", "turn-0001", make_reply("When?"), visitor="me", scope=Scope("talks", None))
    clock.advance(hours=1)
    last = store.append("conversation-1", "turn-0002", make_reply("Where?"), visitor="you", scope=Scope(tag="else"))
    known = store.conversation("conversation-1")
    assert known is not None
    assert (known.id, known.visitor, known.scope) == ("conversation-1", "me", Scope("talks"))
    assert (known.title, known.turns) == ("When?", 2)
    assert (known.began_at, known.last_asked_at) == (first.asked_at, last.asked_at)


def test_a_program_keeps_conversations_of_nobody(store: ConversationStore, make_reply: Made) -> None:
    """Without a visitor a conversation stands in nobody's list."""
    store.append("conversation-1", "turn-0001", make_reply())
    known = store.conversation("conversation-1")
    assert known is not None
    assert known.visitor is None and known.scope == EVERYTHING
    assert store.conversations("me", 10) == ()


def test_a_visitor_finds_their_own_conversations(store: ConversationStore, make_reply: Made, clock: Any) -> None:
    """The last used comes first; others' are never among them; a limit and an offset make pages."""
    for number in range(1, 6):
        clock.advance(minutes=1)
        store.append(f"conversation-{number}", "turn-0001", make_reply(f"question {number}"), visitor="me")
        store.append(f"of-somebody-{number}", "turn-0001", make_reply(), visitor="somebody")
    clock.advance(minutes=1)
    store.append("conversation-2", "turn-0002", make_reply(), visitor="me")
    mine = store.conversations("me", 10)
    assert [one.id for one in mine] == [f"conversation-{number}" for number in (2, 5, 4, 3, 1)]
    assert mine[0].turns == 2 and mine[0].title == "question 2"
    assert [one.id for one in store.conversations("me", 2, 2)] == ["conversation-4", "conversation-3"]
    assert store.conversations("me", 2, 6) == ()


def test_a_visitor_finds_their_own_turns(store: ConversationStore, make_reply: Made) -> None:
    """In whichever of their conversations it is; never in somebody else's."""
    store.append("conversation-1", "turn-0001", make_reply("one"), visitor="me")
    second = store.append("conversation-2", "turn-0002", make_reply("two"), visitor="me")
    store.append("of-somebody", "turn-0003", make_reply("three"), visitor="somebody")
    assert store.own_turn("me", "turn-0002") == second
    assert store.own_turn("me", "turn-0003") is None and store.own_turn("nobody", "turn-0001") is None


def test_a_visitor_deletes_all_their_conversations(store: ConversationStore, make_reply: Made) -> None:
    """All of them with their turns, and nobody else's."""
    for number in range(3):
        store.append(f"conversation-{number}", "turn-0001", make_reply(), visitor="me")
    store.append("of-somebody", "turn-0001", make_reply(), visitor="somebody")
    store.append("of-nobody", "turn-0001", make_reply())
    assert store.delete_conversations("me") == 3
    assert store.conversations("me", 10) == () and store.turns("conversation-1", 10) == ()
    assert len(store.turns("of-somebody", 10)) == len(store.turns("of-nobody", 10)) == 1
    assert store.delete_conversations("me") == 0


def test_questions_of_a_conversation(store: ConversationStore, make_reply: Made) -> None:
    """What was asked, and the documents' questions that were answered, are listed without reading the replies."""
    own = make_reply("Where was it?").alternatives[0]
    store.append("conversation-1", "turn-0001", make_reply("Where was it?"))
    store.append("conversation-1", "turn-0002", make_reply("“When”, then?", answer=own))
    store.append("conversation-1", "turn-0003", make_reply("Eh?", outcome=Outcome.ABSTAINED, answer=None))
    store.append("conversation-2", "turn-0001", make_reply("Elsewhere?"))
    assert set(store.questions("conversation-1", 9)) == {"Where was it?", "“When”, then?", "When was it?", "Eh?"}
    assert set(store.questions("conversation-1", 2)) == {"“When”, then?", "When was it?", "Eh?"}
    assert store.questions("conversation-3", 9) == ()


def test_feedback_can_be_changed(store: ConversationStore, make_reply: Made) -> None:
    """What is thought of a turn replaces what was thought before; other turns have none."""
    for number in (1, 2):
        store.append("conversation-1", f"turn-{number:04}", make_reply())
        store.append("conversation-2", f"turn-{number:04}", make_reply())
    assert store.feedback("conversation-1", []) == {}
    store.set_feedback("conversation-1", "turn-0002", Feedback(Vote.UP))
    assert store.feedback("conversation-1", ["turn-0001", "turn-0002"]) == {"turn-0002": Feedback(Vote.UP)}
    store.set_feedback("conversation-1", "turn-0002", Feedback(Vote.DOWN, "“not” what I meant"))
    expected = {"turn-0002": Feedback(Vote.DOWN, "“not” what I meant")}
    assert store.feedback("conversation-1", {"turn-0001", "turn-0002"}) == expected
    assert store.feedback("conversation-2", ["turn-0001", "turn-0002"]) == {}


def test_feedback_goes_with_its_turn(store: ConversationStore, make_reply: Made) -> None:
    """A deleted conversation leaves no feedback behind, also when it begins again."""
    store.append("conversation-1", "turn-0001", make_reply())
    store.set_feedback("conversation-1", "turn-0001", Feedback(Vote.UP))
    store.delete_conversation("conversation-1")
    store.set_feedback("conversation-1", "turn-0001", Feedback(Vote.UP))
    store.append("conversation-1", "turn-0001", make_reply())
    assert store.feedback("conversation-1", ["turn-0001"]) == {}


def test_a_turn_is_shared_under_one_id(store: ConversationStore, make_reply: Made) -> None:
    """The id cannot be guessed, stays the same, and leads to the turn until its conversation is deleted."""
    turn = store.append("conversation-1", "turn-0001", make_reply())
    other = store.append("conversation-1", "turn-0002", make_reply())
    share_id = store.share("conversation-1", turn.id)
    assert len(share_id) == 22 and share_id != store.share("conversation-1", other.id)
    assert store.share("conversation-1", turn.id) == share_id
    assert store.shared(share_id) == turn
    assert store.shared("nothing-shared-so") is None
    store.delete_conversation("conversation-1")
    assert store.shared(share_id) is None
    with pytest.raises(StorageError, match="deleted"):
        store.share("conversation-1", turn.id)


def test_two_tabs_that_share_at_once_get_one_id(open_store: Callable[[], ConversationStore], make_reply: Made) -> None:
    """Whoever comes second is told the id of the first."""
    store = open_store()
    store.append("conversation-1", "turn-0001", make_reply())
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: store.share("conversation-1", "turn-0001"), range(12)))
    assert len(ids) == 1


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
    """They hold 128 random bits, after eleven digits of the moment, and need no escaping in a URL."""
    ids = {store.new_conversation_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(one) == 33 and one.replace("-", "").replace("_", "").isalnum() for one in ids)


def test_ping_is_silent_when_all_is_well(store: ConversationStore) -> None:
    """Readiness asks this."""
    store.ping()


def test_threads_may_share_a_store(store: ConversationStore, make_reply: Made) -> None:
    """Turns that come at once are numbered one after the other, none lost."""
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda n: store.append("conversation-1", f"turn-{n:04}", make_reply()), range(40)))
    assert sorted(turn.number for turn in turns) == list(range(1, 41))


def test_two_tabs_lose_and_double_nothing(open_store: Callable[[], ConversationStore], make_reply: Made) -> None:
    """Two stores append to one conversation at once, each sending every turn twice: each is kept once, in one order."""
    tabs = [open_store(), open_store()]

    def ask(n: int) -> int:
        tab = tabs[n % 2]
        sent = [tab.append("conversation-1", f"turn-{n // 2:04}", make_reply(f"question {n // 2}"), visitor="me")]
        sent.append(tabs[(n + 1) % 2].append("conversation-1", f"turn-{n // 2:04}", make_reply("again")))
        assert sent[0] == sent[1]
        return sent[0].number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(ask, range(60)))
    turns = tabs[0].turns("conversation-1", 100)
    assert [turn.number for turn in turns] == list(range(1, 31)) == sorted(set(numbers))
    assert len({turn.id for turn in turns}) == 30
    known = tabs[1].conversation("conversation-1")
    assert known is not None and known.turns == 30


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
