"""The largest of many scores, and the rows that score best, without sorting and without looking at every row.

Posting lists are added to scores that are kept for the purpose, all 0 before and after. Where a question's terms stand
in few rows, only those are looked at again. Long lists are left out as soon as they cannot bring another row to the
front (MaxScore: Turtle and Flood, *Query evaluation: strategies and optimizations*, 1995), a whole list at a time, and
looked into for the few rows that are left. Scores and order are those of adding everything.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse._sparsetools import csc_matvec

if TYPE_CHECKING:
    from webapp.retrieval.weighting import TermIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]

SORTED_MOST = 2000
"""Up to so many scores are sorted sooner than they are parted."""
COLUMNS = 4096
"""Scores are laid out in rows of so many, and the largest of each column is looked for: as fast as they are read."""
MANY = 1 << 18
"""Less scores are laid out in shorter rows."""
LONG = 1 << 15
"""From so many postings on it is asked whether a list can be left out."""
FEW = 8
"""When a question's terms have less postings than rows by this factor, the rows are named one by one."""
LOOKING_UP = 32
"""How many postings could be added in the time that one row is looked up in a list."""
NOTHING = np.float32(0)
ROUNDING = np.float32(1e-5)
"""More than sums of 32-bit numbers differ when they are added in another order."""


class Scratch:
    """Scores that are kept between questions, all 0; as many as questions were asked at the same time."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._kept: deque[Floats] = deque()

    def take(self) -> Floats:
        """Return scores that are 0, for one question alone."""
        try:
            # Taking and putting back are single steps, whatever thread does them.
            return self._kept.pop()
        except IndexError:
            return np.zeros(self._n_rows, np.float32)

    def put_back(self, scores: Floats) -> None:
        """Keep scores that are 0 again for the next question."""
        self._kept.append(scores)


def foremost_rows(index: TermIndex, numbers: Numbers, weights: Floats, count: int) -> tuple[Numbers, Floats]:
    """Return the rows that hold most of a question, at most `count`, and their cosines; the earlier first among equals.

    Args:
        index: what is searched; posting lists of `numbers` were looked at.
        numbers: the question's terms, in order.
        weights: what each weighs in it.
        count: most rows returned; those that hold nothing of it are not among them.
    """
    edges = index.starts[np.stack([numbers, numbers + 1], axis=1)]
    lengths = [end - begin for begin, end in edges.tolist()]
    scores, few = index.scratch.take(), sum(lengths) * FEW < index.n_rows
    if index.largest is not None and max(lengths, default=0) >= LONG:
        most = index.largest[numbers] * weights
        return _with_long_lists(index, most, edges, weights, scores, count)
    for edge, weight in zip(edges, weights[:, None], strict=True):
        csc_matvec(index.n_rows, 1, edge, index.rows, index.weights, weight, scores)
    if few:
        return _of_few(index, edges, scores, count)
    rows = foremost(scores, count)
    found = scores[rows]
    scores.fill(0)
    index.scratch.put_back(scores)
    return rows[found > 0], found[found > 0]


def _of_few(index: TermIndex, edges: Ints, scores: Floats, count: int) -> tuple[Numbers, Floats]:
    """Return the foremost of the rows that are named in the lists, and leave scores of 0 behind."""
    rows = _listed(index, edges)
    found = scores[rows]
    scores[rows] = 0
    index.scratch.put_back(scores)
    among = count * len(edges)
    if 2 * among < len(rows):
        # A row is named once a list at most, so there are `count` different ones among so many.
        least = np.partition(found, len(rows) - among)[len(rows) - among]
        near = found >= least
        rows, found = rows[near], found[near]
    # So few are sorted sooner without NumPy.
    cosines = dict(zip(rows.tolist(), found.tolist(), strict=True))
    best = sorted(cosines, key=lambda row: (-cosines[row], row))[:count]
    return np.array(best, np.int64), np.array([cosines[row] for row in best], np.float32)


def _with_long_lists(
    index: TermIndex, most: Floats, edges: Ints, weights: Floats, scores: Floats, count: int
) -> tuple[Numbers, Floats]:
    """Return the foremost rows where lists are so long that it pays to find out whether they are needed.

    `most` is the most that each list adds to a row.
    """
    lengths = edges[:, 1] - edges[:, 0]
    order = np.argsort(lengths, kind="stable")
    rest = np.cumsum(most[order][::-1])[::-1].tolist()
    named = 0
    rows: Numbers | None = None
    for place, at in enumerate(order.tolist()):
        if lengths[at] >= LONG and named >= count and named * FEW < index.n_rows:
            listed = _listed(index, edges[order[:place]])
            found = scores[listed]
            among = min(count * place, len(found))
            least = np.partition(found, len(found) - among)[len(found) - among] - rest[place] - ROUNDING
            # Rows that are in none of the lists so far cannot come first when the rest together weighs less.
            if least > 0:
                close = listed[found >= least]
                if len(close) * LOOKING_UP < int(lengths[order[place:]].sum()):
                    rows = np.unique(close).astype(np.int64)
                    scores[listed] = 0
                    break
        csc_matvec(index.n_rows, 1, edges[at], index.rows, index.weights, weights[at : at + 1], scores)
        named += int(lengths[at])
    if rows is None:
        rows = _near_the_front(scores, count, ROUNDING)
        if rows is None:
            rows = np.flatnonzero(scores)
        rows = rows[scores[rows] > 0]
        scores.fill(0)
    index.scratch.put_back(scores)
    # Added up in the order of the terms, as everywhere.
    cosines = added_to(np.zeros(len(rows), np.float32), index, edges, weights, rows.astype(np.int32))
    best = np.argsort(-cosines, kind="stable")[:count]
    return rows[best], cosines[best]


def added_to(found: Floats, index: TermIndex, edges: Ints, weights: Floats, rows: Ints) -> Floats:
    """Add what posting lists say of a few rows to their scores."""
    for (begin, end), weight in zip(edges.tolist(), weights, strict=True):
        listed = index.rows[begin:end]
        if not len(listed):
            continue
        at = np.minimum(np.searchsorted(listed, rows), len(listed) - 1)
        found += np.where(listed[at] == rows, weight * index.weights[begin:end][at], np.float32(0))
    return found


def _listed(index: TermIndex, edges: Ints) -> Ints:
    """Return the rows of several posting lists, one list after the other."""
    lists = [index.rows[begin:end] for begin, end in edges.tolist()]
    return np.concatenate(lists) if lists else np.zeros(0, np.int32)


def foremost(scores: NDArray[np.floating], count: int) -> Numbers:
    """Return the places of the `count` largest scores, the largest first, the earlier one first among equals.

    As sorting them all does, without sorting them all.
    """
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


def _near_the_front(scores: NDArray[np.floating], count: int, less: np.float32 = NOTHING) -> Numbers | None:
    """Return places, in order, that hold the `count` largest scores and what is less by up to `less`.

    None when that would be too many: there are few scores, or nearly all are the same.
    """
    columns = COLUMNS if len(scores) >= MANY else COLUMNS // 8
    if count * 2 > columns or len(scores) < 2 * columns:
        return None
    whole = scores[: len(scores) // columns * columns].reshape(-1, columns)
    largest = whole.max(axis=0)
    # Each of `count` columns has a score that is not less.
    least = np.partition(largest, columns - count)[columns - count] - less
    within = np.flatnonzero(largest >= least)
    if len(within) > columns // 4:
        return None
    row, column = np.nonzero(whole[:, within] >= least)
    rest = np.flatnonzero(scores[whole.size :] >= least)
    return np.concatenate([row * columns + within[column], rest + whole.size])
