"""Tells whoever waits for an index how far it is."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[str, float], None]
"""Called with a step's name, and the share of the whole work that is done."""


def tell_nobody(step: str, done: float) -> None:
    """Hear how far it is, and keep it to oneself."""
