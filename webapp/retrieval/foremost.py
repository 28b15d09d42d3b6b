"""The largest of many scores, and where they stand, without sorting and without looking twice at every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from webapp.retrieval.kernel import BEST_MOST, largest, library

if TYPE_CHECKING:
    from webapp.retrieval.weighting import TermIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]

FEW = 200
"""Up to so many scores are sorted sooner than they are handed over."""
SORTED_MOST = 2000
"""Up to so many scores are sorted sooner than they are parted."""
COLUMNS = 4096
"""Scores are laid out in rows of so many, and the largest of each column is looked for: as fast as they are read."""
MANY = 1 << 18
"""Less scores are laid out in shorter rows."""


def added_to(found: Floats, index: TermIndex, edges: Ints, weights: Floats, rows: Ints) -> Floats:
    """Add what posting lists say of a few rows to their scores."""
    for (begin, end), weight in zip(edges.tolist(), weights, strict=True):
        listed = index.rows[begin:end]
        if not len(listed):
            continue
        at = np.minimum(np.searchsorted(listed, rows), len(listed) - 1)
        found += np.where(listed[at] == rows, weight * index.weights[begin:end][at], np.float32(0))
    return found


def foremost(scores: NDArray[np.floating], count: int) -> Numbers:
    """Return the places of the `count` largest scores, the largest first, the earlier one first among equals.

    As sorting them all does, without sorting them all.
    """
    compiled = library() if len(scores) > FEW else None
    if compiled is not None and 0 < count <= BEST_MOST and scores.dtype == np.float32 and scores.flags.c_contiguous:
        return largest(compiled, scores, count)
    if not 0 < count < len(scores) or len(scores) <= SORTED_MOST:
        return np.argsort(-scores, kind="stable")[:count]
    places = _near_the_front(scores, count)
    if places is not None:
        found: Numbers = places[foremost(scores[places], count)]
        return found
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    above = np.flatnonzero(scores > least)
    places = np.concatenate([above, np.flatnonzero(scores == least)[: count - len(above)]])
    return places[np.argsort(-scores[places], kind="stable")]


def _near_the_front(scores: NDArray[np.floating], count: int) -> Numbers | None:
    """Return places, in order, that hold the `count` largest scores.

    None when that would be too many: there are few scores, or nearly all are the same.
    """
    columns = COLUMNS if len(scores) >= MANY else COLUMNS // 8
    if count * 2 > columns or len(scores) < 2 * columns:
        return None
    whole = scores[: len(scores) // columns * columns].reshape(-1, columns)
    largest = whole.max(axis=0)
    # Each of `count` columns has a score that is not less.
    least = np.partition(largest, columns - count)[columns - count]
    within = np.flatnonzero(largest >= least)
    if len(within) > columns // 4:
        return None
    row, column = np.nonzero(whole[:, within] >= least)
    rest = np.flatnonzero(scores[whole.size :] >= least)
    return np.concatenate([row * columns + within[column], rest + whole.size])
