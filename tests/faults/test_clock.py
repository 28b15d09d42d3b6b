"""A system clock that jumps back and forth while the server runs."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.conftest import MakeReply
from tests.faults import figures
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore

JUMPS = (400, -400, 0, 9000, -9000, 0.2, 0)
"""Days away from the true time; the longest is beyond 2038."""


def test_a_clock_that_jumps_deletes_nothing(tmp_path: Path, make_reply: MakeReply) -> None:
    """Whichever way it is set, what was kept stays, what is asked is kept, and turns stay in the order of asking."""
    url = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    upgrade(url)
    days = [0.0]

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(days=days[0])

    first = ConversationStore(url, conversation_days=30, clock=clock)
    first.append("conversation", "turn-0", make_reply("question 0"))
    first.close()
    for number, jump in enumerate(JUMPS, 1):
        days[0] = 0.0
        # Each has the sweep of its first hour before it.
        store = ConversationStore(url, conversation_days=30, clock=clock)
        days[0] = jump
        store.append("conversation", f"turn-{number}", make_reply(f"question {number}"))
        kept = store.turns("conversation", 20)
        store.close()
        assert [turn.id for turn in kept] == [f"turn-{one}" for one in range(number + 1)]
        assert all(a.number + 1 == b.number for a, b in itertools.pairwise(kept))
    figures.keep("clock jumps", jumps=len(JUMPS), kept=len(kept), lost=0)
