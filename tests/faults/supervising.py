"""A server under a supervisor that starts it again whenever it ends, as systemd does with ``Restart=always``."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.faults.memory import workers
from tests.serving.conftest import Server

AGAIN_SECONDS = 0.1
"""Systemd's own RestartSec."""


class Supervised:
    """Keeps a server running on a port until the end of a ``with`` block."""

    def __init__(self, port: int, folder: Path, *arguments: str, **environment: str) -> None:
        self.port, self.folder = port, folder
        self._arguments, self._environment = arguments, environment
        self.server = self._start()
        self.starts = 1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep)

    def __enter__(self) -> Supervised:
        self.server.wait()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self.server.stop(signal.SIGTERM)

    @property
    def master(self) -> int:
        """Return the process id of gunicorn's master."""
        return self.server.process.pid

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        return workers(self.master)

    def _start(self) -> Server:
        return Server(self.port, self.folder, *self._arguments, **self._environment)

    def _keep(self) -> None:
        while not self._stopping.wait(0.02):
            if self.server.process.poll() is None:
                continue
            # What is left of it ends first, as everything in a unit's control group does.
            with suppress(ProcessLookupError):
                os.killpg(self.server.process.pid, signal.SIGTERM)
            time.sleep(AGAIN_SECONDS)
            self.server.process.communicate()
            self.server = self._start()
            self.starts += 1
