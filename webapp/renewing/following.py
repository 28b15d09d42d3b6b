"""A worker follows the generations: it opens each new one aside, and then answers from it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from webapp.renewing.generations import Generation, Generations

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the pointer is looked at."""
RETRY_SECONDS = 10.0
"""When a generation that could not be opened is tried again."""


class Follower:
    """Follows the generations in one process.

    Args:
        generations: where they are.
        number: the generation that is served already.
        take_up: opens a generation and serves it; may raise, and then serves what it did before.
    """

    def __init__(self, generations: Generations, number: int, take_up: Callable[[Generation], None]) -> None:
        self._generations, self._number, self._take_up = generations, number, take_up
        self._pointer: tuple[int, int] | None = None
        self._failed = 0
        self._not_before = 0.0

    def start(self) -> None:
        """Take up the newest generation now, and later ones from a thread of its own."""
        self.look()
        self._note()
        threading.Thread(target=self._follow, name="generations", daemon=True).start()

    def look(self) -> None:
        """Take up the newest generation, if it is another one."""
        try:
            status = self._generations.pointer.stat()
            pointer = (status.st_mtime_ns, status.st_ino)
            if pointer == self._pointer or time.monotonic() < self._not_before:
                return
            newest = self._generations.current()
        except (OSError, ValueError):
            # The server stops, or somebody cleared the folder: what is open is served on.
            return
        if newest.number != self._number:
            try:
                self._take_up(newest)
            except Exception:
                # Whatever it is, a thread that ended would leave this worker behind for good.
                if self._failed != newest.number:
                    logger.exception("The documents as read last could not be opened; earlier ones are served on.")
                self._failed, self._not_before = newest.number, time.monotonic() + RETRY_SECONDS
                return
            self._number = newest.number
            self._note()
        self._pointer = pointer

    def _note(self) -> None:
        with suppress(OSError):
            self._generations.serves(os.getpid(), self._number)

    def _follow(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.look()
