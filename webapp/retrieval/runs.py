"""Places in an array: runs of neighbours taken out all at once, and each of several once."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Number = TypeVar("Number", bound="np.integer[Any]")


def places_of(begins: NDArray[np.integer], lengths: NDArray[np.integer]) -> Ints:
    """Return every place of several runs, one run after the other.

    Args:
        begins: where each run begins, shape ``(n,)``.
        lengths: how many places it has, shape ``(n,)``.
    """
    ends = lengths.cumsum(dtype=np.int64)
    places: Ints = np.arange(int(ends[-1]) if len(ends) else 0) + (begins - (ends - lengths)).repeat(lengths)
    return places


def runs_of(places: NDArray[Number]) -> tuple[NDArray[Number], Ints, Ints]:
    """Return each of some places that are in order once, which of these each is, and where the run of each begins."""
    is_first = _is_first(places)
    begins = is_first.nonzero()[0]
    return places[begins], is_first.cumsum() - 1, begins


def distinct(places: NDArray[Number]) -> NDArray[Number]:
    """Return each place once, in order; `numpy.unique` would import NumPy's masked arrays first."""
    ordered = np.sort(places)
    return ordered[_is_first(ordered)]


def _is_first(ordered: NDArray[Number]) -> NDArray[np.bool_]:
    """Return whether each of some places in order is another than the one before."""
    is_first = np.empty(len(ordered), bool)
    is_first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return is_first
