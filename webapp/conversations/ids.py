"""Ids that cannot be guessed."""

from __future__ import annotations

import secrets
import time

_BYTES = 16
_MOMENT_DIGITS = 11
"""Hexadecimal ones, for milliseconds until the year 2527."""
_NANOSECONDS = 1_000_000
"""Of a millisecond."""


def unguessable() -> str:
    """Return 128 random bits, which need no escaping in a URL."""
    return secrets.token_urlsafe(_BYTES)


def following() -> str:
    """Return 128 random bits after the moment: what is new stands side by side in the indexes of a database.

    So the turns that are kept together change few of its pages.
    """
    return f"{time.time_ns() // _NANOSECONDS:0{_MOMENT_DIGITS}x}{unguessable()}"
