"""Counts of several processes add up, whatever becomes of the processes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from webapp.tally import (
    BUSY_THREADS,
    CONNECTIONS,
    QUESTION_SECONDS,
    QUESTIONS,
    STAGE_SECONDS,
    STORAGE_ERRORS,
    WORKERS,
    Tally,
)


def begin(tally: Tally, row: int, work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        tally.work_in(row)
        work()
        os._exit(0)
    return child


def test_processes_and_threads_count_together() -> None:
    """Nothing is lost between four processes with four threads each."""
    tally = Tally(4)

    def work() -> None:
        def count() -> None:
            for _ in range(500):
                tally.count(QUESTIONS, "answered")
                tally.observe(STAGE_SECONDS, 0.002, "ranking")

        threads = [threading.Thread(target=count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    children = [begin(tally, tally.claim(), work) for _ in range(4)]
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    assert tally.total(QUESTIONS, "answered") == 8000
    counts, seconds = tally.buckets(STAGE_SECONDS, "ranking")
    assert counts[-1] == 8000 and counts[1] == 0 and counts[2] == 8000
    assert seconds == pytest.approx(16.0)


def test_a_process_that_is_killed_leaves_its_counts_and_nothing_of_what_it_was_doing() -> None:
    """The next one goes on in its row."""
    tally = Tally(1)

    def work() -> None:
        tally.count(STORAGE_ERRORS)
        tally.move(BUSY_THREADS, 1)
        time.sleep(60)

    for round_number in (1, 2, 3):
        row = tally.claim()
        child = begin(tally, row, work)
        until = time.monotonic() + 10
        while tally.total(BUSY_THREADS) < 1 and time.monotonic() < until:
            time.sleep(0.01)
        assert (tally.total(STORAGE_ERRORS), tally.total(WORKERS)) == (round_number, 1)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        tally.release(row)
        assert tally.total(STORAGE_ERRORS) == round_number
        assert tally.total(BUSY_THREADS) == tally.total(WORKERS) == 0


def test_more_workers_than_foreseen_share_a_row() -> None:
    """They count on."""
    tally = Tally(1)
    rows = [tally.claim() for _ in range(4)]
    assert len(set(rows[:2])) == 2 and 0 not in rows
    assert rows[2] == rows[3] == max(rows)


def test_durations_lie_in_the_first_bucket_that_holds_them() -> None:
    """A bound belongs to its bucket; what is beyond all bounds is counted too."""
    tally = Tally()
    for seconds in (0.0005, 0.0006, 99.0):
        tally.observe(QUESTION_SECONDS, seconds)
    counts, total = tally.buckets(QUESTION_SECONDS)
    assert counts[:2] == [1, 2] and counts[-2:] == [2, 3]
    assert total == pytest.approx(99.0011)


def test_the_least_of_the_workers_that_run() -> None:
    """Neither the row of the master counts, nor that of a worker that has ended."""
    tally = Tally(2)
    assert tally.least(CONNECTIONS) == 0
    rows = []
    for connections in (3, 5, 1):
        rows.append(tally.claim())
        child = begin(tally, rows[-1], lambda count=connections: tally.set(CONNECTIONS, count))
        assert os.waitpid(child, 0)[1] == 0
    assert tally.least(CONNECTIONS) == 1
    tally.release(rows[2])
    assert tally.least(CONNECTIONS) == 3
