"""Lets the threads of a process write one after another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from webapp.conversations.engine import BUSY_TIMEOUT_SECONDS
from webapp.conversations.trouble import Trouble


class Queue:
    """A queue of threads that want to write.

    Args:
        trouble: knows whether writing fails at present.
        real: whether they have to wait; if not, all may write at once.
    """

    def __init__(self, trouble: Trouble, *, real: bool) -> None:
        self._trouble = trouble
        self._real = real
        self.lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Write within it.

        Raises:
            SQLAlchemyError: others wrote for too long.
            StorageError: who wrote before did so in vain.
        """
        if not self._real:
            yield
            return
        waited = not self.lock.acquire(blocking=False)
        if waited and not self.lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
            raise SQLAlchemyError("others write for too long")
        try:
            if waited:
                # Whoever wrote before may have waited in vain: nobody waits after them.
                self._trouble.check()
            yield
        finally:
            self.lock.release()
