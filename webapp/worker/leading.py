"""Threads of which one at a time leads: another one takes over when that one is held up.

Threads that work side by side take turns at Python, thousands of times a second, and each turn costs. One thread alone
costs nothing, but whoever it works for may hold up all others. So one leads and does all the work, and is looked after.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from webapp.pausing import Round
from webapp.tally import BUSY_THREADS, Tally

logger = logging.getLogger(__name__)

HELD_UP_SECONDS = 0.01
"""How long the thread that leads may be at one piece of work before another one takes over."""
CALM_LOOKS = 20
"""After how many looks at threads of which none was at work nobody looks any more."""
LOOKING_SECONDS = 0.5
"""How long it is looked after them, or waited for one to begin, at a time."""


class Leader:
    """A thread that leads, or did."""

    def __init__(self, run: Callable[[Leader], None]) -> None:
        self.called = threading.Semaphore(0)
        """Released when the thread is to lead again."""
        self.began: float | None = None
        """When it began with what it is at, on the monotonic clock; None when it only waits."""
        self.round: Round
        """What it works on in turn."""
        self._leads = run
        # Signals are the first thread's, also while it blocks them on its way out.
        heard = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            threading.Thread(target=self._run, name="requests", daemon=True).start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)

    def _run(self) -> None:
        self.round = Round()
        self._leads(self)


class Leading:
    """Leads with one of several threads.

    Args:
        lead: what a thread does while it leads. It does through `work` whatever may hold it up, and comes back when
            that tells that another thread leads; when there is nothing more to do it returns True.
        threads: how many there may be.
        tally: where it is counted how many are at work.
    """

    def __init__(self, lead: Callable[[Leader], bool], threads: int, tally: Tally) -> None:
        self._lead, self._most, self._tally = lead, threads, tally
        self._lock = threading.Lock()
        """Held by whoever reads or changes, for a moment, who leads and who is at work."""
        self._leader: Leader | None = None
        self._spare: list[Leader] = []
        self._threads = self._at_work = 0
        self._is_looked_after = False
        self._begun = threading.Lock()
        """Released when somebody begins to work and is not looked after; else held.

        Nothing but a lock: what is made of several in Python would not bear a signal in the middle of it.
        """
        self._begun.acquire()
        self.ended = threading.Event()
        """Set when there is nothing more to do."""

    def begin(self) -> None:
        """Have a thread lead."""
        with self._lock:
            self._let_another_lead()

    def look_after(self) -> None:
        """See to it, for half a second or so, that no thread leads that is held up.

        A thread that does little else calls this all the time.
        """
        if not self._begun.acquire(timeout=LOOKING_SECONDS):
            return
        calm, until = 0, time.monotonic() + LOOKING_SECONDS
        while calm < CALM_LOOKS and time.monotonic() < until and not self.ended.is_set():
            time.sleep(HELD_UP_SECONDS)
            with self._lock:
                calm = 0 if self._at_work else calm + 1
                began = self._leader.began if self._leader is not None else None
                if began is not None and time.monotonic() - began >= HELD_UP_SECONDS:
                    self._let_another_lead()
        with self._lock:
            self._is_looked_after = calm < CALM_LOOKS or self._at_work > 0
            if self._is_looked_after:
                self.wake()

    def wake(self) -> None:
        """Have `look_after` come to its end, or begin, at once."""
        with suppress(RuntimeError):
            self._begun.release()

    def work(self, me: Leader, work: Callable[[], None]) -> bool:
        """Do what may take long; tell whether this thread still leads."""
        with self._lock:
            me.began = time.monotonic()
            self._at_work += 1
            self._tally.set(BUSY_THREADS, self._at_work)
            if not self._is_looked_after:
                self._is_looked_after = True
                self.wake()
        try:
            work()
        finally:
            with self._lock:
                me.began = None
                self._at_work -= 1
                self._tally.set(BUSY_THREADS, self._at_work)
        return self._leader is me

    def _let_another_lead(self) -> None:
        if self._spare:
            self._leader = self._spare.pop()
            self._leader.called.release()
        elif self._threads < self._most:
            try:
                self._leader = Leader(self._run)
            except RuntimeError as error:
                logger.warning("there is no room for another thread, so a slow answer holds up others: %s", error)
            else:
                self._threads += 1

    def _run(self, me: Leader) -> None:
        """Lead whenever it is this thread's turn."""
        try:
            while not self._lead(me):
                with self._lock:
                    self._spare.append(me)
                me.called.acquire()
        except BaseException:
            # Nobody would lead any more: the process ends, and another one takes its place.
            logger.critical("a worker has failed and ends", exc_info=True)
        self.ended.set()
        self.wake()
