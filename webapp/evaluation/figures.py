"""Figures of quality: pure functions of outcomes, with their sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 20231228

Array = NDArray[np.float64]
Values = Sequence[float] | NDArray[np.float64]
Truths = Sequence[bool] | NDArray[np.bool_] | Values
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its bootstrap 95 % interval and the number of questions behind it."""

    value: float
    low: float
    high: float
    n: int


def first_relevant(relevances: Sequence[int]) -> int | None:
    """Return the rank, from 0, of the first relevant hit, or None."""
    return next((rank for rank, relevance in enumerate(relevances) if relevance > 0), None)


def reciprocal_rank(relevances: Sequence[int]) -> float:
    """Return 1 over the rank of the first relevant hit, 0 when there is none (Voorhees, TREC-8, 1999)."""
    rank = first_relevant(relevances)
    return 0.0 if rank is None else 1.0 / (rank + 1)


def ndcg(relevances: Sequence[int], ideal: Sequence[int], depth: int = 10) -> float:
    """Return normalised discounted cumulative gain (Järvelin and Kekäläinen 2002, gain ``2^rel - 1``).

    Args:
        relevances: relevance of each hit in rank order.
        ideal: every relevance there is to be found, in any order.
        depth: hits counted.
    """

    def gain(values: Sequence[int]) -> float:
        return sum((2.0**value - 1) / log2(rank + 2) for rank, value in enumerate(values[:depth]))

    best = gain(sorted(ideal, reverse=True))
    return gain(relevances) / best if best else 0.0


def auroc(positive: Values, negative: Values) -> float:
    """Return the chance that a positive scores above a negative, ties counting half (Hanley and McNeil 1982)."""
    order = np.sort(np.asarray(negative, np.float64))
    values = np.asarray(positive, np.float64)
    below = np.searchsorted(order, values, "left")
    below_or_tied = np.searchsorted(order, values, "right")
    return float(np.mean((below + below_or_tied) / 2) / len(order))


def calibration_error(confidences: Values, right: Truths, bins: int = 10) -> float:
    """Return the expected calibration error over `bins` of equal width (Naeini, Cooper and Hauskrecht 2015)."""
    values, truth = np.asarray(confidences, np.float64), np.asarray(right, np.float64)
    places = np.minimum((values * bins).astype(int), bins - 1)
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs(values[inside].mean() - truth[inside].mean())
    return float(error)


def precision_coverage(
    confidences: Values, right: Truths, answerable: Truths, weights: Values
) -> tuple[Array, Array, Array]:
    """Return (threshold, precision, coverage) for every threshold at which the outcome changes, highest first.

    Precision is the weighted share of the answers given that are right; coverage the weighted share of the answerable
    questions that are answered rightly.
    """
    values = np.asarray(confidences, np.float64)
    order = np.argsort(-values, kind="stable")
    weight = np.asarray(weights, np.float64)[order]
    good = np.cumsum(np.asarray(right, np.float64)[order] * weight)
    given = np.cumsum(weight)
    last_of_ties = np.append(np.diff(values[order]) != 0, True)
    total = max(float(np.sum(np.asarray(answerable, np.float64) * np.asarray(weights, np.float64))), 1e-12)
    return values[order][last_of_ties], (good / given)[last_of_ties], (good / total)[last_of_ties]


def coverage_at_precision(
    confidences: Values,
    right: Truths,
    answerable: Truths,
    weights: Values,
    precision: float = 0.9,
) -> float:
    """Return the largest coverage among thresholds whose precision is at least `precision`; 0 when none is."""
    _, precisions, coverages = precision_coverage(confidences, right, answerable, weights)
    reached = coverages[precisions >= precision]
    return float(reached.max()) if len(reached) else 0.0


def bootstrap(n: int, figure: Callable[[Indices], float], rounds: int = BOOTSTRAP_ROUNDS) -> Figure:
    """Return `figure` over all `n` questions with its percentile bootstrap interval (Efron 1979).

    Args:
        n: number of questions.
        figure: maps indices of questions, shape ``(n,)``, to a value; NaN rounds are left out.
        rounds: resamples.
    """
    value = figure(np.arange(n))
    random = np.random.default_rng(BOOTSTRAP_SEED)
    values = np.array([figure(random.integers(0, n, n)) for _ in range(rounds)])
    values = values[~np.isnan(values)]
    low, high = np.percentile(values, [2.5, 97.5]) if len(values) else (value, value)
    return Figure(value, float(low), float(high), n)
