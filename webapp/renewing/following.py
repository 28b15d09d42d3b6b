"""A worker follows the generations: it opens each new one aside, and then answers from it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from webapp.answering.manifest import MANIFEST
from webapp.renewing.generations import Generation

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the pointer is looked at."""
RETRY_SECONDS = 10.0
"""When a generation that could not be opened is tried again."""


class Followed(Protocol):
    """Where generations come from."""

    @property
    def pointer(self) -> Path:
        """The file that is replaced when there is a new generation."""

    def current(self) -> Generation:
        """Return the generation to serve."""

    def index(self, number: int) -> Path:
        """Return the folder of a generation's index."""

    def serves(self, worker: int, number: int) -> None:
        """Note which generation a worker serves."""

    def forget(self, worker: int) -> None:
        """Forget a worker that has ended."""


class IndexFolder:
    """An index that somebody builds now and then, followed like the generations of a server's own.

    Args:
        folder: what ``newsstand index`` writes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def pointer(self) -> Path:
        """The manifest, which is renamed into place when all the rest is there."""
        return self._folder / MANIFEST

    def current(self) -> Generation:
        """Return the index as it is now; its number is when it was written."""
        written = self.pointer.stat().st_mtime_ns
        return Generation(written, written / 1e9)

    def index(self, number: int) -> Path:
        """Return the folder, which holds one index at a time."""
        return self._folder

    def serves(self, worker: int, number: int) -> None:
        """Note nothing: nobody waits for the workers."""

    def forget(self, worker: int) -> None:
        """Nothing was noted."""


class Follower:
    """Follows the generations in one process.

    Args:
        generations: where they are.
        number: the generation that is served already.
        take_up: opens a generation and serves it; may raise, and then serves what it did before.
        left_behind: called when it did raise.
    """

    def __init__(
        self,
        generations: Followed,
        number: int,
        take_up: Callable[[Generation], None],
        left_behind: Callable[[], None] = lambda: None,
    ) -> None:
        self._generations, self._number, self._take_up = generations, number, take_up
        self._left_behind = left_behind
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
                self._left_behind()
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
