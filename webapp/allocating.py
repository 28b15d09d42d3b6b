"""How the C library keeps what programs give back to it: with glibc; elsewhere everything stays as it is.

Each question needs a few megabytes for a moment. glibc has a place for each thread to take them from, and none gives
them back: a worker keeps as much for each of its threads. From one place that is used again and again they cost least.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

REST_SECONDS = 1.0
"""How long nothing has to be asked before a worker gives back what it does not need."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""What glibc calls them (mallopt(3))."""
_LARGEST_BYTES = 32 * 1024 * 1024
"""glibc takes no larger one for what it would ask the kernel for each time, and return."""


@cache
def _glibc() -> Any:
    """Return the C library, when it is glibc; None otherwise."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    return library if hasattr(library, "gnu_get_libc_version") else None


def take_from_one_place() -> None:
    """Let the threads of this process, and of those that it forks, take memory from one place.

    It comes before the first thread: a place that is there already is used again, by forked processes as well, and what
    is free at its end is not given back.
    """
    library = _glibc()
    if library is not None:
        library.mallopt(_ARENA_MAX, 1)


def keep_scratch() -> None:
    """Leave in that place what is free again, until `give_back`."""
    library = _glibc()
    if library is not None:
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_BYTES)
        library.mallopt(_TRIM_THRESHOLD, 2 * _LARGEST_BYTES)


def give_back() -> None:
    """Return to the system what is free: a millisecond or two."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


class Rest:
    """Notices when a worker has come to rest after it worked."""

    def __init__(self) -> None:
        self._seen = 0
        self._since = 0.0
        self._resting = True

    def begins(self, requests: int, now: float) -> bool:
        """Tell, once, that no request has come for a while.

        Args:
            requests: how many have come so far.
            now: on the monotonic clock.
        """
        if requests != self._seen:
            self._seen, self._since, self._resting = requests, now, False
            return False
        if self._resting or now - self._since < REST_SECONDS:
            return False
        self._resting = True
        return True
