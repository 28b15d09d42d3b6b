"""TF-IDF weights of one field from numbered words, a block of rows at a time.

The weights are scikit-learn's (`webapp.retrieval.weighting` has the formula), to the last bit: sums are made in the
same order. Memory beside the result is that of one block, so a field of any size is fitted in time and memory that
grow with its postings alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.retrieval.sparsetools import csr_tocsc

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]

BLOCK_UNITS = 1 << 22
"""Terms that are sorted at once, if the rows allow it."""
POSTINGS_MOST = 2**31 - 1


class TooLarge(ValueError):
    """There are more postings than can be numbered."""

    def __init__(self) -> None:
        super().__init__("These documents are too many for one index. Split them into several folders.")


@dataclass(frozen=True)
class Terms:
    """The terms of each word: its stem, or its n-grams."""

    names: Sequence[str]
    """Every term once, in the order of their characters."""
    first: Places
    """Where the terms of each word begin, shape ``(n_words + 1,)``."""
    numbers: Ints
    """The terms of each word, by their place among `names`."""

    @classmethod
    def of_words(cls, terms_of: Sequence[Sequence[str]], used: NDArray[np.bool_]) -> Terms:
        """Number the terms of those words that are used."""
        seen: dict[str, int] = {}
        first = np.zeros(len(terms_of) + 1, np.int64)
        met = array("i")
        for word, terms in enumerate(terms_of):
            if used[word]:
                met.extend([seen.setdefault(term, len(seen)) for term in terms])
            first[word + 1] = len(met)
        names = sorted(seen)
        place = np.zeros(len(names), np.int32)
        place[[seen[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        return cls(names, first, place[np.array(met, np.int32)])

    def counts(self, words: Ints) -> Places:
        """Return how many terms each of `words` has."""
        counts: Places = self.first[words + np.int64(1)] - self.first[words]
        return counts

    def of(self, words: Ints) -> Ints:
        """Return the terms of `words`, one word after the other."""
        counts = self.counts(words)
        ends = np.cumsum(counts)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.first[words] - ends + counts, counts)
        found: Ints = self.numbers[at]
        return found


@dataclass(frozen=True)
class Weighed:
    """What a field's index is made of; see `webapp.retrieval.weighting.TermIndex`."""

    idf: Floats
    starts: Ints
    rows: Ints
    weights: Floats


@dataclass(frozen=True)
class _Block:
    """The counted terms of some rows, in the order of rows and then terms; shapes ``(k,)`` but `first_row`."""

    first_row: int
    end_row: int
    rows: Places
    """Numbers within the block."""
    terms: Places
    counts: Places


def weigh(words: Ints, first: Places, terms: Terms) -> Weighed:
    """Weigh the terms of rows of words.

    Args:
        words: numbers of the words of all rows, one row after the other.
        first: where each row begins, and where the last ends.
        terms: those of each word.

    Raises:
        TooLarge: there are more postings than 32 bits count.
    """
    counted = _Counting(words, first, terms)
    starts = np.zeros(len(terms.names) + 1, np.int64)
    np.cumsum(counted.df, out=starts[1:])
    if starts[-1] > POSTINGS_MOST:
        raise TooLarge
    rows, weights = np.empty(int(starts[-1]), np.int32), np.empty(int(starts[-1]), np.float32)
    filled = starts[:-1].copy()
    for block in counted:
        _fill(block, counted.idf, rows, weights, filled)
    return Weighed(counted.idf.astype(np.float32), starts.astype(np.int32), rows, weights)


def measure(words: Ints, first: Places, terms: Terms) -> tuple[Floats, Floats]:
    """Return what `weigh` weighs with, without the weights: each term's idf, and each row's length before scaling.

    Shapes ``(n_terms,)`` and ``(n_rows,)``; 0 for a term that no row holds, and for a row without terms.
    """
    counted = _Counting(words, first, terms)
    lengths = np.empty(len(first) - 1, np.float32)
    for block in counted:
        lengths[block.first_row : block.end_row] = _lengths(block, _weights(block, counted.idf))
    return np.where(counted.df > 0, counted.idf, 0).astype(np.float32), lengths


class _Counting:
    """The counted terms of all rows, block by block, as often as they are gone through."""

    def __init__(self, words: Ints, first: Places, terms: Terms) -> None:
        self._words, self._first, self._terms = words, first, terms
        self._blocks = _blocks(words, first, terms)
        # What fits into one block is counted once.
        self._kept = [self._counted(*self._blocks[0])] if len(self._blocks) == 1 else None
        self.df = np.zeros(len(terms.names), np.int64)
        for block in self:
            self.df += np.bincount(block.terms, minlength=len(self.df))
        # Smoothed: as if one more row held every term.
        self.idf: NDArray[np.float64] = np.log(np.full(len(self.df), float(len(first))) / (self.df + 1.0)) + 1.0

    def __iter__(self) -> Iterator[_Block]:
        return iter(self._kept) if self._kept is not None else (self._counted(*block) for block in self._blocks)

    def _counted(self, begin: int, end: int) -> _Block:
        return _counted(begin, end, self._words, self._first, self._terms)


def _blocks(words: Ints, first: Places, terms: Terms) -> list[tuple[int, int]]:
    """Return runs of rows of about `BLOCK_UNITS` terms, as first and last and one."""
    n_rows = len(first) - 1
    ends = np.zeros(len(words) + 1, np.int64)
    np.cumsum(terms.counts(words), out=ends[1:])
    before = ends[first]
    cuts = np.searchsorted(before, np.arange(BLOCK_UNITS, before[-1], BLOCK_UNITS))
    edges = np.unique(np.concatenate([[0], cuts, [n_rows]]))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def _counted(begin: int, end: int, words: Ints, first: Places, terms: Terms) -> _Block:
    own = words[first[begin] : first[end]]
    row_of_word = np.repeat(np.arange(end - begin), np.diff(first[begin : end + 1]))
    keys = np.repeat(row_of_word, terms.counts(own)) * np.int64(len(terms.names)) + terms.of(own)
    keys.sort()
    new = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    at = np.flatnonzero(new)
    rows, numbers = np.divmod(keys[at], max(1, len(terms.names)))
    return _Block(begin, end, rows, numbers, np.diff(at, append=len(keys)))


def _fill(block: _Block, idf: NDArray[np.float64], rows: Ints, weights: Floats, filled: Places) -> None:
    """Put the postings of a block behind those of the blocks before; `filled` grows."""
    n_rows, n_terms = block.end_row - block.first_row, len(idf)
    weight = _weights(block, idf)
    weight /= _lengths(block, weight)[block.rows]
    ends = np.zeros(n_rows + 1, np.int32)
    np.cumsum(np.bincount(block.rows, minlength=n_rows), out=ends[1:])
    starts, there = np.empty(n_terms + 1, np.int32), np.empty(len(weight), np.int32)
    by_term = np.empty(len(weight), np.float32)
    columns = block.terms.astype(np.int32), weight.astype(np.float32)
    csr_tocsc(n_rows, n_terms, ends, *columns, starts, there, by_term)
    counts = np.diff(starts)
    at = np.repeat(filled - starts[:-1], counts) + np.arange(len(there))
    rows[at] = there + np.int32(block.first_row)
    weights[at] = by_term
    filled += counts


def _weights(block: _Block, idf: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.log(block.counts.astype(np.float64)) + 1.0
    weights *= idf[block.terms]
    return weights


def _lengths(block: _Block, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    # bincount adds one after the other, as scikit-learn does; NumPy's sums do not.
    lengths: NDArray[np.float64] = np.sqrt(np.bincount(block.rows, weights * weights, block.end_row - block.first_row))
    return lengths
