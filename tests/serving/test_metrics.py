"""Metrics of a real server with two workers: exact over both, and never going back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

QUESTIONS = 60
GONE_SECONDS = 30


def figures_of(server: Any) -> dict[str, float]:
    """Return every figure by its name and labels."""
    return {
        f"{sample.name}{'|'.join(('', *sample.labels.values()))}": sample.value
        for family in text_string_to_metric_families(server.get("/metrics").decode())
        for sample in family.samples
    }


def workers_of(server: Any) -> list[int]:
    """Return the processes that serve."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return [one for one in map(int, children.split()) if b"watching" not in Path(f"/proc/{one}/cmdline").read_bytes()]


def asked(figures: dict[str, float]) -> float:
    return sum(value for name, value in figures.items() if name.startswith("newsstand_questions_total"))


def test_sums_are_exact_over_workers_and_outlive_them(start: Callable[..., Any]) -> None:
    """After so many questions that many are counted, by whomever one asks; a kill takes nothing back."""
    server = start(NEWSSTAND_WORKERS="2").wait()

    def ask(number: int) -> None:
        server.ask(question=f"Who is S. Jaishankar, question {number}?")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(QUESTIONS)))
    # Each of these is answered by one worker or the other.
    for _ in range(10):
        figures = figures_of(server)
        assert asked(figures) == figures["newsstand_question_seconds_count"] == QUESTIONS
        assert figures["newsstand_stage_seconds_count|retrieval"] == QUESTIONS
    assert figures["newsstand_workers"] == 2
    assert figures["newsstand_busy_threads"] >= 1
    assert figures["newsstand_index_bytes"] > 0

    before = set(workers_of(server))
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + GONE_SECONDS
    while len(set(workers_of(server)) - before) < 1 and time.monotonic() < until:
        time.sleep(0.1)
    last = QUESTIONS
    for number in range(10):
        ask(number)
        now = asked(figures_of(server))
        assert now == last + 1
        last = int(now)
    until = time.monotonic() + GONE_SECONDS
    while (figures := figures_of(server))["newsstand_workers"] != 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert figures["newsstand_workers"] == 2
    assert figures["newsstand_watchers"] == figures["newsstand_watchers_wanted"] == 1
    assert server.stop()[0] == 0
