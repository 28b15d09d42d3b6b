"""Processes that are killed at any moment, under load: what was acknowledged is kept, and nobody sees a failure."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.faults import figures, scale
from tests.faults.supervising import Supervised
from tests.faults.visiting import Visitors

KILLS = scale.of(9, 100)
VICTIMS = ("a worker", "all workers", "the master")
UP_WITHIN_SECONDS = 60


def test_kills_lose_nothing_and_nobody_sees_them(free_port: int, tmp_path: Path) -> None:
    """Every turn whose answer came is there once, the database is whole, and every question was answered in the end."""
    choose = random.Random(20261126)  # noqa: S311 - the same each time
    kills: Counter[str] = Counter()
    with Supervised(free_port, tmp_path) as supervised:
        with Visitors(free_port, count=4, pause_seconds=0.005) as visitors:
            while sum(kills.values()) < KILLS:
                victim = VICTIMS[sum(kills.values()) % len(VICTIMS)]
                time.sleep(choose.uniform(0.05, 0.8))
                if _kill(supervised, victim, choose):
                    kills[victim] += 1
                _wait_for_more(visitors)
        starts = supervised.starts
    lost, doubled = _compare(tmp_path, visitors)
    figures.keep(
        "kill -9",
        kills=dict(kills),
        server_starts=starts,
        answered=len(visitors.answered),
        of_those_sent_again=sum(1 for one in visitors.answered if one.tries > 1),
        longest_wait_seconds=round(max(one.seconds for one in visitors.answered), 1),
        lost=len(lost),
        doubled=len(doubled),
        failures_seen=len(visitors.failed),
    )
    assert visitors.failed == []
    assert lost == []
    assert doubled == []


def _kill(supervised: Supervised, victim: str, choose: random.Random) -> bool:
    """Kill; tell whether there was somebody to kill."""
    processes = [supervised.master] if victim == "the master" else supervised.workers()
    if not processes or supervised.server.process.poll() is not None:
        return False
    for process in [choose.choice(processes)] if victim == "a worker" else processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return True


def _wait_for_more(visitors: Visitors) -> None:
    """Wait until somebody was answered after a kill."""
    known, until = len(visitors.answered), time.monotonic() + UP_WITHIN_SECONDS
    while len(visitors.answered) < known + 8:
        assert time.monotonic() < until, "nobody was answered any more"
        time.sleep(0.02)


def _compare(folder: Path, visitors: Visitors) -> tuple[list[str], list[str]]:
    """Return the turns that were acknowledged and are not kept as they were told, and those that are kept twice."""
    database = sqlite3.connect(folder / "var" / "newsstand.sqlite3")
    try:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = database.execute("SELECT id, conversation_id, reply FROM turns").fetchall()
        numbers = database.execute(
            "SELECT conversations.id FROM conversations LEFT JOIN turns ON conversation_id = conversations.id "
            "GROUP BY conversations.id HAVING COUNT(*) != conversations.turns"
        ).fetchall()
    finally:
        database.close()
    assert numbers == [], "a conversation counts turns that are not there"
    kept = {(turn, conversation): json.loads(reply) for turn, conversation, reply in rows}
    lost = []
    for one in visitors.answered:
        reply = kept.get((one.turn, one.conversation))
        if reply is None or (reply["question"], (reply["answer"] or {}).get("text")) != (one.question, one.text):
            lost.append(one.turn)
    times = Counter(turn for turn, _, _ in rows)
    return lost, [turn for turn, count in times.items() if count > 1]
