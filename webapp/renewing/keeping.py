"""Keeps a watcher running beside the server, and passes on to it that somebody asks for a reading."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from webapp.logs import CONSOLE
from webapp.renewing import watching
from webapp.renewing.generations import Generations

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0
"""How long after its start a watcher that has ended is started again; twice that the next time, and so on."""
AGAIN_MOST_SECONDS = 320.0
STOP_SECONDS = 5.0


class WatcherKeeper:
    """Starts a watcher, and another one when that has ended; see `webapp.renewing.watching.start` for what it takes."""

    def __init__(
        self,
        generations: Generations,
        seeds: Path,
        *,
        poll_seconds: float,
        max_bytes: int,
        target_precision: float,
        log_format: str = CONSOLE,
        log_level: str = "warning",
    ) -> None:
        self._generations, self._seeds = generations, seeds
        self._poll_seconds, self._max_bytes, self._target_precision = poll_seconds, max_bytes, target_precision
        self._log = {"log_format": log_format, "log_level": log_level}
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause_seconds = AGAIN_SECONDS
        self._is_stopped = False
        # What is asked while no watcher runs waits in the pipe for the next one.
        self._asked, self._asking = os.pipe()
        os.set_blocking(self._asking, False)

    def keep(self) -> None:
        """Start a watcher when none runs."""
        if self._is_stopped or self.is_running:
            return
        now = time.monotonic()
        if self._process is not None:
            if now - self._started < self._pause_seconds:
                return
            ran_long = now - self._started > AGAIN_MOST_SECONDS
            self._pause_seconds = AGAIN_SECONDS if ran_long else min(2 * self._pause_seconds, AGAIN_MOST_SECONDS)
            logger.warning("The watcher of the documents has ended; another one is started.")
        self._started = now
        try:
            self._process = watching.start(
                self._generations,
                self._seeds,
                poll_seconds=self._poll_seconds,
                max_bytes=self._max_bytes,
                target_precision=self._target_precision,
                asked=self._asked,
                **self._log,
            )
        except OSError as error:
            logger.warning("The watcher of the documents cannot be started: %s. It is tried again.", error)

    @property
    def is_running(self) -> bool:
        """Whether a watcher runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def has_failed(self) -> bool:
        """Whether the documents could not be read again, the last time that anybody tried."""
        try:
            reading = self._generations.reading()
        except (OSError, ValueError, TypeError):
            return False
        return reading is not None and bool(reading.failure)

    def ask(self) -> None:
        """Ask for a reading."""
        with suppress(BlockingIOError):
            # A full pipe has asked often enough.
            os.write(self._asking, b"\n")

    def stop(self) -> None:
        """End the watcher and what it has started."""
        self._is_stopped = True
        if self._process is None or self._process.poll() is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
