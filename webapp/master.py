"""gunicorn's master, and how signals reach its workers."""

from __future__ import annotations

import signal
from typing import Any, Protocol

from gunicorn.arbiter import Arbiter

from webapp.renewing.keeping import WatcherKeeper
from webapp.tally import READING_FAILED, WATCHERS, WATCHERS_WANTED, Tally

STOPPING = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}


def hear() -> None:
    """Take signals to stop, those kept meanwhile first."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


class Watched(Protocol):
    """An application whose documents may change."""

    tally: Tally

    def watcher(self) -> WatcherKeeper | None:
        """Return what keeps a watcher of the documents running; called when the application is loaded."""


class Master(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master, which also keeps a watcher of the documents running.

    A signal to stop that reaches a worker before it can hear is kept for it, not lost. SIGHUP has the documents read
    again; workers stay. SIGUSR2 replaces them one by one.
    """

    def __init__(self, app: Watched) -> None:
        super().__init__(app)
        self._tally = app.tally
        # The index of the first generation is there by now.
        self._watcher = app.watcher()
        self._to_replace: list[int] = []

    def manage_workers(self) -> None:
        """Keep as many workers as there should be, and the watcher; called every second."""
        if self._watcher is not None:
            self._watcher.keep()
            self._tally.set(WATCHERS_WANTED, 1)
            self._tally.set(WATCHERS, self._watcher.is_running)
            self._tally.set(READING_FAILED, self._watcher.has_failed)
        self._replace_one()
        super().manage_workers()

    def handle_hup(self) -> None:
        """Have the documents read again."""
        if self._watcher is not None:
            self._watcher.ask()

    def handle_usr2(self) -> None:
        """Replace every worker, one after another, so that nobody is refused meanwhile."""
        self._to_replace = list(self.WORKERS)

    def _replace_one(self) -> None:
        """Ask one worker to stop when all are there; the next second brings another one in its place."""
        if self._to_replace and len(self.WORKERS) >= self.num_workers:
            worker = self._to_replace.pop(0)
            if worker in self.WORKERS:
                self.kill_worker(worker, signal.SIGTERM)

    def stop(self, graceful: bool = True) -> None:
        """Stop the watcher and the workers."""
        if self._watcher is not None:
            self._watcher.stop()
        super().stop(graceful)

    def spawn_worker(self) -> Any:
        """Fork a worker that hears no signal until it is ready, and none again on its way out."""
        heard = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            process = super().spawn_worker()
        except SystemExit:
            # This is the worker, and it is done: a second signal must not make a fault of it.
            signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
            raise
        except OSError:
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)
            raise
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        return process
