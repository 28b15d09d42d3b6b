"""TF-IDF of one field, served from its arrays, term-major.

Weights are scikit-learn's: ``tf`` is ``1 + ln(count)`` (sublinear), ``idf`` is ``ln((1 + n) / (1 + df)) + 1``
(smooth), and every row is scaled to length one, so that the product of two rows is their cosine
(Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, 2008, section 6.4).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse._sparsetools import csr_matmat

from webapp.corpus.sections import Damaged, Keep, as_it_is
from webapp.retrieval.fitting import Terms, weigh

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]

SORTED_MOST = 2000
"""Up to so many scores are sorted sooner than they are parted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Terms of a field that a question says, in the order of their numbers; shapes ``(k,)``."""

    numbers: Numbers
    counts: Numbers

    def in_order(self) -> Counted:
        """Return the same, sorted: sums are then the same whatever the order of the words."""
        order = np.argsort(self.numbers)
        return Counted(self.numbers[order], self.counts[order])

    def renumbered(self, numbers: Numbers) -> Counted:
        """Return the same terms by their numbers in another field, without those that are -1 there."""
        theirs = numbers[self.numbers]
        known = theirs >= 0
        return Counted(theirs[known], self.counts[known]).in_order()


@dataclass(frozen=True)
class TermIndex:
    """The TF-IDF matrix of one field, a posting list per term.

    Shapes: `idf` ``(n_terms,)``; `starts` ``(n_terms + 1,)``; `rows` and `weights` ``(n_postings,)``. The postings of
    term ``t`` are ``rows[starts[t]:starts[t + 1]]``, each row once, with their weights.
    """

    vocabulary: Mapping[str, int]
    idf: Floats
    starts: Ints
    rows: Ints
    weights: Floats
    n_rows: int
    looked_at: NDArray[np.bool_] | None = None
    """Which posting lists of a mapped file were seen to hold rows that there are; None when all are known to."""

    @classmethod
    def fit(cls, documents: Iterable[Sequence[str]]) -> TermIndex:
        """Weigh rows of terms.

        Args:
            documents: the terms of each row; a row without terms matches nothing.
        """
        seen: dict[str, int] = {}
        said, first = array("i"), array("q", [0])
        for terms in documents:
            said.extend([seen.setdefault(term, len(seen)) for term in terms])
            first.append(len(said))
        words = Terms.of_words([(term,) for term in seen], np.ones(len(seen), bool))
        return cls.of_numbers(np.array(said, np.int32), np.array(first, np.int64), words)

    @classmethod
    def of_numbers(cls, words: Ints, first: Numbers, terms: Terms, keep: Keep = as_it_is) -> TermIndex:
        """Weigh rows of words that are numbered already.

        Args:
            words: numbers of the words of all rows.
            first: where each row begins, and where the last ends.
            terms: those of each word.
            keep: where the large arrays are put.

        Raises:
            TooLarge: there are more postings than 32 bits count.
        """
        found = weigh(words, first, terms)
        vocabulary = {name: number for number, name in enumerate(terms.names)}
        rows, weights = keep(found.rows), keep(found.weights)
        return cls(vocabulary, found.idf, found.starts, rows, weights, len(first) - 1)

    def counted(self, terms: Iterable[str] | Mapping[str, int]) -> Counted:
        """Return which terms of this field a question says, and how often each.

        Args:
            terms: the question's terms, or how often each stands there.
        """
        counts = terms if isinstance(terms, Mapping) else Counter(terms)
        get = self.vocabulary.get
        known = [(number, count) for term, count in counts.items() if (number := get(term)) is not None]
        numbers, said = np.array(known, np.int64).reshape(-1, 2).T
        return Counted(numbers, said).in_order()

    def scores(self, terms: Iterable[str] | Mapping[str, int]) -> Floats:
        """Return the cosine of a question with every row, shape ``(n_rows,)``, each in [0, 1]."""
        return self.scores_of(self.counted(terms))

    def scores_of(self, said: Counted) -> Floats:
        """Return the cosine of a question, its terms looked up, with every row, shape ``(n_rows,)``."""
        numbers = said.numbers
        scores = np.zeros(self.n_rows, np.float32)
        if not len(numbers):
            return scores
        self._look_at(numbers)
        weights = (1.0 + np.log(said.counts)) * self.idf[numbers]
        weights /= np.sqrt(np.square(weights).sum())
        # SciPy's product of two sparse matrices, of which the question is one of a single row, without the checks
        # around it, which take several times as long.
        end, found, products = np.zeros(2, np.int32), np.empty_like(scores, np.int32), np.empty_like(scores)
        whole = np.array([0, len(numbers)], np.int32)
        question = whole, numbers.astype(np.int32), weights.astype(np.float32)
        csr_matmat(1, self.n_rows, *question, self.starts, self.rows, self.weights, end, found, products)
        scores[found[: end[1]]] = products[: end[1]]
        return scores

    def postings_of(self, numbers: Numbers) -> tuple[Ints, Numbers]:
        """Return the rows of several terms, one term after the other, and how many each has."""
        begins, ends = self.starts[numbers], self.starts[numbers + 1]
        runs = [self.rows[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        return np.concatenate([self.rows[:0], *runs]), (ends - begins).astype(np.int64)

    def _look_at(self, numbers: Numbers) -> None:
        """Make sure that no row beyond the last is named: SciPy would write there.

        Raises:
            Damaged: one is.
        """
        if self.looked_at is None:
            return
        for number in numbers[~self.looked_at[numbers]].tolist():
            rows = self.rows[self.starts[number] : self.starts[number + 1]]
            if len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < self.n_rows:
                raise Damaged("posting lists")
            self.looked_at[number] = True

    def matrix(self) -> csc_array:
        """Return the weights as a SciPy matrix, shape ``(n_rows, n_terms)``."""
        from scipy.sparse import csc_array

        return csc_array((self.weights, self.rows, self.starts), shape=(self.n_rows, len(self.starts) - 1))

    def postings(self, number: int) -> tuple[Ints, Floats]:
        """Return the rows that hold a term and its weight in each."""
        begin, end = self.starts[number], self.starts[number + 1]
        return self.rows[begin:end], self.weights[begin:end]


def foremost(scores: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Return the places of the `count` largest scores, the largest first, the earlier one first among equals.

    As sorting them all does, without sorting them all.
    """
    if not 0 < count < len(scores) or len(scores) <= SORTED_MOST:
        return np.argsort(-scores, kind="stable")[:count]
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    above = np.flatnonzero(scores > least)
    places = np.concatenate([above, np.flatnonzero(scores == least)[: count - len(above)]])
    return places[np.argsort(-scores[places], kind="stable")]
