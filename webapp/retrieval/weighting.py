"""TF-IDF of one field, fitted with scikit-learn and served from its arrays, term-major.

Weights are scikit-learn's: ``tf`` is ``1 + ln(count)`` (sublinear), ``idf`` is ``ln((1 + n) / (1 + df)) + 1``
(smooth), and every row is scaled to length one, so that the product of two rows is their cosine
(Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, 2008, section 6.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class TermIndex:
    """The TF-IDF matrix of one field, a posting list per term.

    Shapes: `idf` ``(n_terms,)``; `starts` ``(n_terms + 1,)``; `rows` and `weights` ``(n_postings,)``. The postings of
    term ``t`` are ``rows[starts[t]:starts[t + 1]]``, each row once, with their weights.
    """

    vocabulary: Mapping[str, int]
    idf: Floats
    starts: NDArray[np.int64]
    rows: Ints
    weights: Floats
    n_rows: int

    @classmethod
    def fit(cls, documents: Iterable[Sequence[str]]) -> TermIndex:
        """Fit scikit-learn's vectoriser on rows of terms and keep its weights.

        Args:
            documents: the terms of each row; a row without terms matches nothing.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer

        rows = list(documents)
        if not any(rows):
            empty = np.zeros(0, np.float32)
            return cls({}, empty, np.zeros(1, np.int64), np.zeros(0, np.int32), empty, len(rows))
        vectorizer = TfidfVectorizer(analyzer=_as_is, sublinear_tf=True, dtype=np.float64)
        matrix = vectorizer.fit_transform(rows).tocsc()
        matrix.sort_indices()
        return cls(
            vocabulary={str(term): int(column) for term, column in vectorizer.vocabulary_.items()},
            idf=vectorizer.idf_.astype(np.float32),
            starts=matrix.indptr.astype(np.int64),
            rows=matrix.indices.astype(np.int32),
            weights=matrix.data.astype(np.float32),
            n_rows=len(rows),
        )

    def vector(self, terms: Iterable[str]) -> list[tuple[int, float]]:
        """Return a question's row as (term number, weight), in term order: what `TfidfVectorizer.transform` gives."""
        counts = Counter(number for term in terms if (number := self.vocabulary.get(term)) is not None)
        pairs = [(number, (1.0 + log(counts[number])) * float(self.idf[number])) for number in sorted(counts)]
        length = sqrt(sum(weight * weight for _, weight in pairs))
        return [(number, weight / length) for number, weight in pairs]

    def scores(self, terms: Iterable[str]) -> Floats:
        """Return the cosine of a question with every row, shape ``(n_rows,)``, each in [0, 1]."""
        scores = np.zeros(self.n_rows, np.float32)
        for number, weight in self.vector(terms):
            rows, weights = self.postings(number)
            scores[rows] += np.float32(weight) * weights
        return scores

    def matrix(self) -> csc_array:
        """Return the weights as a SciPy matrix, shape ``(n_rows, n_terms)``."""
        from scipy.sparse import csc_array

        return csc_array((self.weights, self.rows, self.starts), shape=(self.n_rows, len(self.starts) - 1))

    def postings(self, number: int) -> tuple[Ints, Floats]:
        """Return the rows that hold a term and its weight in each."""
        begin, end = self.starts[number], self.starts[number + 1]
        return self.rows[begin:end], self.weights[begin:end]


def _as_is(terms: Sequence[str]) -> Sequence[str]:
    return terms
