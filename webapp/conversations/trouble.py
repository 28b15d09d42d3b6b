"""While a database fails nobody waits for it: it is tried now and then, and the log tells once that it fails.

A full disk, or a lock that another program holds, would otherwise keep every thread waiting for as long as a write may
take, and nobody would be answered; and the log would say the same with each question, on a disk that is full already.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from webapp.conversations.errors import StorageError

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
"""How long after a failure it is tried again, by one caller at a time."""


class Trouble:
    """Knows whether a database fails, for one process and one purpose; safe for threads.

    Args:
        effect: what visitors lose meanwhile, as the log says it.
        monotonic_seconds: tells the time.
    """

    def __init__(self, effect: str, monotonic_seconds: Callable[[], float] = time.monotonic) -> None:
        self._effect, self._monotonic_seconds = effect, monotonic_seconds
        self._lock = threading.Lock()
        self._error: StorageError | None = None
        self._since = self._again = 0.0
        self.failures = 0
        """How often it has failed so far."""
        self._worked_at: float | None = None

    def check(self) -> None:
        """Let the caller try.

        Raises:
            StorageError: it failed a moment ago, or somebody else is trying.
        """
        # Mostly it does not fail, and nobody needs to wait for anybody.
        if self._error is not None:
            self._try_again()

    @property
    def lasts(self) -> bool:
        """Whether it failed when it was tried last."""
        return self._error is not None

    def failed(self, error: StorageError) -> None:
        """Note that it failed."""
        with self._lock:
            self.failures += 1
            now = self._monotonic_seconds()
            is_new, self._error, self._again = self._error is None, error, now + AGAIN_SECONDS
            if is_new:
                self._since = now
        if is_new:
            logger.error("%s, until this is mended: %s Questions are answered.", self._effect, error)

    def worked(self) -> None:
        """Note that it did what was asked."""
        self._worked_at = now = self._monotonic_seconds()
        if self._error is None:
            return
        with self._lock:
            error, self._error = self._error, None
        if error is not None:
            logger.warning("The database does again what is asked, after %.0f s.", now - self._since)

    def worked_within(self, seconds: float) -> bool:
        """Tell whether it did what was asked, in the last `seconds`."""
        at = self._worked_at
        return self._error is None and at is not None and self._monotonic_seconds() - at < seconds

    def _try_again(self) -> None:
        with self._lock:
            error, now = self._error, self._monotonic_seconds()
            if error is not None and now < self._again:
                # One that is raised again and again would keep every place that it was raised at.
                raise StorageError(str(error))
            self._again = now + AGAIN_SECONDS
