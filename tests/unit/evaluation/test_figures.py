"""Figures are what their sources say."""

import numpy as np
import pytest
from sklearn.metrics import ndcg_score, roc_auc_score

from webapp.evaluation.figures import (
    auroc,
    bootstrap,
    calibration_error,
    coverage_at_precision,
    ndcg,
    precision_coverage,
    reciprocal_rank,
)


@pytest.mark.parametrize("seed", range(5))
def test_auroc_equals_scikit_learn(seed: int) -> None:
    """With ties, the area equals scikit-learn's."""
    random = np.random.default_rng(seed)
    positive, negative = random.integers(0, 6, 40) / 5, random.integers(0, 4, 30) / 5
    expected = roc_auc_score([1] * 40 + [0] * 30, [*positive, *negative])
    assert auroc(positive, negative) == pytest.approx(expected)


def test_ndcg_equals_scikit_learn() -> None:
    """For relevances 0 and 1 the discounted gain equals scikit-learn's."""
    ranked = [0, 1, 0, 1, 1, 0]
    expected = ndcg_score([ranked], [[6, 5, 4, 3, 2, 1]], k=10)
    assert ndcg(ranked, [1, 1, 1]) == pytest.approx(expected)
    assert ndcg([], [1]) == 0
    assert ndcg([1], []) == 0


def test_reciprocal_rank() -> None:
    """One over the rank of the first relevant hit."""
    assert reciprocal_rank([0, 0, 2]) == pytest.approx(1 / 3)
    assert reciprocal_rank([0, 0]) == 0


def test_coverage_counts_strangers_against_precision() -> None:
    """The curve falls where a stranger's question is answered; weights count."""
    confidences, right, known = [0.9, 0.8, 0.7, 0.6], [1, 0, 1, 1], [1, 0, 1, 1]
    _, precision, coverage = precision_coverage(confidences, right, known, [1, 1, 1, 1])
    assert precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 3 / 4])
    assert coverage.tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3, 1])
    assert coverage_at_precision(confidences, right, known, [1, 1, 1, 1], 0.9) == pytest.approx(1 / 3)
    assert coverage_at_precision(confidences, right, known, [1, 0.1, 1, 1], 0.9) == pytest.approx(1)


def test_calibration_error() -> None:
    """Confidences that are as right as they say have none."""
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert calibration_error([0.95] * 4, [False] * 4) == pytest.approx(0.95)


def test_bootstrap_is_repeatable_and_holds_the_value() -> None:
    """The interval holds the value, narrows with questions, and comes out the same again."""
    values = np.arange(200) % 2
    figure = bootstrap(200, lambda at: float(values[at].mean()))
    assert figure.low < figure.value == 0.5 < figure.high
    assert figure == bootstrap(200, lambda at: float(values[at].mean()))
