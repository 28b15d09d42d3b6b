"""The worker that gunicorn starts."""

from __future__ import annotations

import os
import time
from typing import Any

from gunicorn.workers.base import Worker

from webapp.allocating import Rest, give_back
from webapp.worker.loop import Loop


class LoopWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """Serves with a loop in threads of its own; the first thread looks after them and hears signals.

    The application that gunicorn loads has a `tally` and `body_max_bytes`, see `Loop`.
    """

    def init_process(self) -> None:
        """Begin, in the worker's own process."""
        self._rest = Rest()
        self._loop: Loop | None = None
        self._quits = False
        # gunicorn looks its settings up anew, some two dozen times a request; a worker's do not change any more.
        self.cfg.__dict__.update({name: getattr(self.cfg, name) for name in self.cfg.settings})
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop, and then what is under way, for so long as the server waits for it."""
        loop = self._loop = Loop(self, self.app.tally, self.app.body_max_bytes)
        loop.leading.begin()
        stops_at: float | None = None
        while not (self._quits or loop.leading.ended.is_set() or (stops_at and time.monotonic() >= stops_at)):
            self.notify()
            loop.leading.look_after()
            if self._rest.begins(self.nr, time.monotonic()):
                give_back()
            if self.ppid != os.getppid():
                # The master is gone.
                self.alive = False
            if not self.alive and stops_at is None:
                stops_at = time.monotonic() + self.cfg.graceful_timeout
                loop.wake()

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Stop at once."""
        if self._loop is None:
            super().handle_quit(sig, frame)
        self.alive, self._quits = False, True
        if self._loop is not None:
            self._loop.leading.wake()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop when what is under way is finished."""
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.wake()
