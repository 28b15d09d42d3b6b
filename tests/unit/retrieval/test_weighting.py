"""Weights and scores are scikit-learn's."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

from webapp.retrieval.weighting import TermIndex, foremost


def random_rows(seed: int, n_rows: int, n_terms: int) -> list[list[str]]:
    """Rows of terms with a long tail, some of them empty."""
    random = np.random.default_rng(seed)
    return [
        [f"t{int(term)}" for term in random.zipf(1.3, random.integers(0, 30)) if term <= n_terms] for _ in range(n_rows)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_scores_equal_scikit_learn(seed: int) -> None:
    """On random corpora every cosine equals TfidfVectorizer's to 1e-6, unknown and repeated terms included."""
    rows = random_rows(seed, 200, 500)
    asked = random_rows(seed + 100, 20, 700)
    index = TermIndex.fit(rows)
    vectorizer = TfidfVectorizer(analyzer=lambda terms: terms, sublinear_tf=True)
    expected = linear_kernel(vectorizer.fit_transform(rows), vectorizer.transform(asked)).T
    for terms, row in zip(asked, expected, strict=True):
        np.testing.assert_allclose(index.scores(terms), row, atol=1e-6)


def test_no_terms_at_all() -> None:
    """An index over rows without terms matches nothing."""
    index = TermIndex.fit([[], []])
    assert index.scores(["a"]).tolist() == [0.0, 0.0]
    assert TermIndex.fit([]).scores(["a"]).tolist() == []


@pytest.mark.parametrize("size", [0, 1, 5, 2001, 5000])
@pytest.mark.parametrize("levels", [1, 3, 100_000])
def test_the_foremost_are_those_of_sorting(size: int, levels: int) -> None:
    """With many equals, with some that can never come first, for any number wanted."""
    random = np.random.default_rng(size + levels)
    scores = random.integers(-levels, levels, size).astype(np.float32)
    scores[random.random(size) < 0.3] = -np.inf
    for count in (0, 1, 3, 24, size - 1, size, size + 1):
        if count >= 0:
            expected = np.argsort(-scores, kind="stable")[:count]
            np.testing.assert_array_equal(foremost(scores, count), expected)
