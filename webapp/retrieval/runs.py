"""Places in an array: runs of neighbours taken out all at once, and each of several once."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Number = TypeVar("Number", bound="np.integer[Any]")


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


def runs_of(places: NDArray[Number]) -> tuple[NDArray[Number], Ints, Ints]:
    """Return each of some places that are in order once, which of these each is, and where the run of each begins."""
    is_first = np.ones(len(places), bool)
    np.not_equal(places[1:], places[:-1], out=is_first[1:])
    begins = np.flatnonzero(is_first)
    return places[begins], np.cumsum(is_first) - 1, begins


def distinct(places: NDArray[Number]) -> NDArray[Number]:
    """Return each place once, in order; `numpy.unique` would import NumPy's masked arrays first."""
    ordered = np.sort(places)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]
