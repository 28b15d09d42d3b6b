"""Runs of neighbouring places in an array, taken out all at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def places_of(begins: NDArray[np.integer], lengths: NDArray[np.integer] | int) -> Ints:
    """Return every place of several runs, one run after the other.

    Args:
        begins: where each run begins, shape ``(n,)``.
        lengths: how many places it has, shape ``(n,)``, or one number for all.
    """
    lengths = np.broadcast_to(np.asarray(lengths), begins.shape)
    ends = np.cumsum(lengths, dtype=np.int64)
    places: Ints = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(begins - (ends - lengths), lengths)
    return places
