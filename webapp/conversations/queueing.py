"""Lets the threads of a process write one after another."""

from __future__ import annotations

import threading

from sqlalchemy.exc import SQLAlchemyError

from webapp.conversations.engine import BUSY_TIMEOUT_SECONDS
from webapp.conversations.trouble import Trouble

TRYING_SECONDS = 0.05
"""How long who tries whether writing works again waits for another process."""


class Queue:
    """A queue of threads that want to write: ``with queue: ...``.

    Who enters it may find that others wrote for too long (`SQLAlchemyError`), or that who wrote before did so in vain
    (`StorageError`).

    Args:
        trouble: knows whether writing fails at present.
        real: whether they have to wait; if not, all may write at once.
    """

    def __init__(self, trouble: Trouble, *, real: bool) -> None:
        self._trouble = trouble
        self._real = real
        self.lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._real or self.lock.acquire(blocking=False):
            return
        if not self.lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
            raise SQLAlchemyError("others write for too long")
        try:
            # Whoever wrote before may have waited in vain: nobody waits after them.
            self.check()
        except BaseException:
            self.lock.release()
            raise

    def check(self) -> None:
        """Raise a `StorageError` when writing failed a moment ago."""
        self._trouble.check()

    @property
    def failures(self) -> int:
        """How often writing has failed so far."""
        return self._trouble.failures

    @property
    def patience_seconds(self) -> float:
        """How long to wait for another process: next to nothing where that was in vain before."""
        return TRYING_SECONDS if self._trouble.lasts else BUSY_TIMEOUT_SECONDS

    def __exit__(self, *_: object) -> None:
        if self._real:
            self.lock.release()
