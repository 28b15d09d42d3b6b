"""Weights and scores are scikit-learn's."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

from webapp.retrieval.foremost import foremost
from webapp.retrieval.weighting import TermIndex


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


@pytest.mark.parametrize("seed", range(6))
def test_an_estimate_is_made_exact_where_it_matters(seed: int) -> None:
    """However few lists were added, the shortest first; never above the cosine before."""
    rows = random_rows(seed, 200, 500)
    index = TermIndex.fit(rows)
    random = np.random.default_rng(seed)
    for terms in random_rows(seed + 100, 20, 700):
        said = index.counted(terms)
        expected = index.scores_of(said)
        for most in (0, 10, 100, 10**6):
            estimate = index.estimate(said, most)
            some = random.integers(0, len(rows), 30)
            np.testing.assert_allclose(estimate.at(some), expected[some], atol=1e-6)
            assert (estimate.scores <= expected + 1e-6).all()
            assert len(estimate.weights) < max(1, len(said.numbers))
        assert len(index.estimate(said, 10**6).weights) == 0
        assert len(index.estimate(said, 0).weights) == max(0, len(said.numbers) - 1)


def test_the_foremost_of_many_are_found_by_blocks() -> None:
    """In every block some, in the last one, which is not whole, too."""
    random = np.random.default_rng(1)
    for size in (200_000, 200_001, 199_937):
        scores = random.random(size).astype(np.float32)
        scores[random.random(size) < 0.9] = 0
        scores[-3:] = 2
        expected = np.argsort(-scores, kind="stable")
        for count in (1, 3, 128):
            np.testing.assert_array_equal(foremost(scores, count), expected[:count])
        np.testing.assert_array_equal(foremost(np.zeros(size, np.float32), 5), np.arange(5))
