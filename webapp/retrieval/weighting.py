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
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.sections import Damaged, Keep, as_it_is
from webapp.corpus.texts import SortedTexts
from webapp.retrieval.fitting import Terms, measure, weigh
from webapp.retrieval.foremost import added_to, foremost
from webapp.retrieval.kernel import BEST_MOST, Lists, library
from webapp.retrieval.sparsetools import csc_matvec

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]


FEW = 8
"""Up to so many terms are looked up one by one sooner than together."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Terms of a field that a question says, in the order of their numbers; shapes ``(k,)``."""

    numbers: Numbers
    counts: Numbers

    def in_order(self) -> Counted:
        """Return the same, sorted: sums are then the same whatever the order of the words."""
        order = np.argsort(self.numbers)
        return Counted(self.numbers[order], self.counts[order])


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

    @cached_property
    def compiled(self) -> Lists | None:
        """What adds up posting lists, where it was compiled and the terms are in a file."""
        compiled = library()
        if compiled is None or not isinstance(self.vocabulary, SortedTexts):
            return None
        lists = self.idf, self.starts, self.rows, self.weights
        return Lists(compiled, self.vocabulary, *lists, self.n_rows, FREQUENCY)

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

    def places(self, terms: Sequence[str]) -> list[int]:
        """Return the number of each of some terms, -1 for one that no row holds."""
        if self.compiled is not None:
            return self.compiled.places(terms)
        return [self.vocabulary.get(term, -1) for term in terms]

    def counted(self, terms: Sequence[str]) -> Counted:
        """Return which terms of this field a question says, and how often each."""
        if self.compiled is not None:
            return Counted(*self.compiled.said(terms))
        counts = Counter(terms)
        if isinstance(self.vocabulary, SortedTexts) and len(counts) > FEW:
            numbers = self.vocabulary.places(list(counts))
        else:
            numbers = np.array([self.vocabulary.get(term, -1) for term in counts], np.int64)
        said, known = np.fromiter(counts.values(), np.int64, len(counts)), numbers >= 0
        return Counted(numbers[known], said[known]).in_order()

    def scores(self, terms: Sequence[str]) -> Floats:
        """Return the cosine of a question with every row, shape ``(n_rows,)``, each in [0, 1]."""
        return self.scores_of(self.counted(terms))

    def scores_of(self, said: Counted) -> Floats:
        """Return the cosine of a question, its terms looked up, with every row, shape ``(n_rows,)``."""
        return self.estimate(said, len(self.rows)).scores

    def foremost(self, terms: Sequence[str], count: int) -> list[int]:
        """Return the rows with the largest cosines, the largest first, the earlier first among equals.

        At most `count`, none of them without any of the terms: the first that `scores` would tell.

        Raises:
            Damaged: a posting list names rows that there are not.
        """
        if self.compiled is not None and count <= BEST_MOST:
            found = self.compiled.foremost(terms, count)
            if found is not None:
                return found
        scores = self.scores(terms)
        rows = foremost(scores, count)
        best: list[int] = rows[scores[rows] > 0].tolist()
        return best

    def estimate(self, said: Counted, most: int) -> Estimate:
        """Return the cosine of a question with every row, as far as its rarer terms tell.

        Args:
            said: the question's terms.
            most: posting lists are added, the shortest first, until so many postings; at least one list.
        """
        if self.compiled is not None:
            found = self.compiled.estimate(said.numbers, said.counts, most)
            if found is not None:
                return Estimate(found[0], self, *found[1:])
        numbers = said.numbers
        scores = np.zeros(self.n_rows, np.float32)
        self._look_at(numbers)
        weights = question_weights(said, self.idf).astype(np.float32)
        edges = np.stack([self.starts[numbers], self.starts[numbers + 1]], axis=1)
        added = _shortest(edges[:, 1] - edges[:, 0], most)
        # One posting list after the other, without the checks around SciPy's product, which take longer than it.
        for edge, weight in zip(edges[added], weights[added, None], strict=True):
            csc_matvec(self.n_rows, 1, edge, self.rows, self.weights, weight, scores)
        return Estimate(scores, self, edges[~added], weights[~added])

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


@dataclass(frozen=True, slots=True)
class Estimate:
    """Cosines of a question with every row, but for terms that stand nearly everywhere."""

    scores: Floats
    """Shape ``(n_rows,)``; never above the cosines."""
    index: TermIndex
    edges: Ints
    """Where the posting lists of the terms that were left out begin and end, shape ``(k, 2)``."""
    weights: Floats
    """What those terms weigh in the question, shape ``(k,)``."""

    def at(self, rows: NDArray[np.integer]) -> Floats:
        """Return the cosine with some rows, of all terms."""
        found: Floats = self.scores[rows]
        if not len(self.weights):
            return found
        if self.index.compiled is None:
            return added_to(found, self.index, self.edges, self.weights, rows.astype(np.int32))
        self.index.compiled.add(found, self.edges, self.weights, rows.astype(np.int32))
        return found


def _shortest(lengths: Ints, most: int) -> NDArray[np.bool_]:
    """Return which lists, the shortest first, have up to `most` places together; at least one."""
    order = np.argsort(lengths, kind="stable")
    among = np.cumsum(lengths[order], dtype=np.int64) <= most
    among[:1] = True
    chosen = np.zeros(len(lengths), bool)
    chosen[order[among]] = True
    return chosen


@dataclass(frozen=True)
class TextWeights:
    """TF-IDF of texts of which few are compared at a time, from the words that stand in them.

    Shapes: `idf` ``(n_terms,)``, 0 for a term that no text holds; `lengths` ``(n_texts,)``.
    """

    idf: Floats
    lengths: Floats
    """How long the weights of each text are before they are scaled to one."""

    @classmethod
    def of_numbers(cls, words: Ints, first: Numbers, terms: Terms) -> TextWeights:
        """Weigh rows of words that are numbered already; see `TermIndex.of_numbers`."""
        return cls(*measure(words, first, terms))

    def cosines(self, said: Counted, counts: Numbers, texts: NDArray[np.integer]) -> Floats:
        """Return the cosine of a question with a few texts, shape ``(n,)``, each in [0, 1].

        Args:
            said: the question's terms, `k` of them.
            counts: how often each stands in each text, shape ``(n, k)``.
            texts: numbers of those texts.
        """
        weights = question_weights(said, self.idf) * self.idf[said.numbers]
        # Summed up in NumPy's own order, which is the same everywhere, unlike that of a product of matrices.
        cosines = (FREQUENCY[np.minimum(counts, len(FREQUENCY) - 1)] * weights).sum(axis=1)
        found: Floats = (cosines / np.maximum(self.lengths[texts], 1e-9)).astype(np.float32)
        return found


FREQUENCY = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, 1 << 12))])
"""What a count counts, as `TermIndex` has it; a larger one counts as the last."""


def question_weights(said: Counted, idf: Floats) -> NDArray[np.float64]:
    """Return what each term of a question weighs, scaled to length one; all 0 when none weighs anything."""
    weights: NDArray[np.float64] = (1.0 + np.log(said.counts)) * idf[said.numbers]
    weights /= max(float(np.sqrt(np.square(weights).sum())), 1e-9)
    return weights
