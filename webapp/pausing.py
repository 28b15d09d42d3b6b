"""Lets a request pause for those that came with it, so that what costs as much for one as for all is done for all.

A thread that works on several requests, one after the other, makes a `Round` of them. A request that calls `pause` goes
on when all others of its round have come to an end, or to a pause as well. Wherever there is no round, `pause` does
nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from greenlet import getcurrent, greenlet

_here = threading.local()


class Round:
    """What one thread works on in turn. Make it in that thread, which alone calls its methods."""

    def __init__(self) -> None:
        self._thread = getcurrent()
        self._paused: deque[greenlet] = deque()
        self._idle: list[greenlet] = []
        """Which wait for work; a new one takes memory from the system."""
        _here.round = self

    @property
    def is_over(self) -> bool:
        """Whether nothing is paused."""
        return not self._paused

    def begin(self, work: Callable[[], object]) -> None:
        """Do some work, up to its end or its first pause; it must not raise."""
        worker = self._idle.pop() if self._idle else greenlet(self._work, self._thread)
        worker.switch(work)

    def finish(self) -> None:
        """Let all that is paused go on to its end."""
        while self._paused:
            self._paused.popleft().switch()

    def _work(self, work: Callable[[], object]) -> None:
        worker = getcurrent()
        while True:
            work()
            self._idle.append(worker)
            work = self._thread.switch()

    def pause(self) -> None:
        """Leave the work that calls this until the round is finished."""
        work = getcurrent()
        if work is not self._thread:
            self._paused.append(work)
            self._thread.switch()


def pause() -> None:
    """Let others of the round go on first."""
    here: Round | None = getattr(_here, "round", None)
    if here is not None:
        here.pause()
