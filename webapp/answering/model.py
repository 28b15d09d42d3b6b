"""The learned part: coefficients over named evidence, read from one small readable file.

`benchmarks/quality/train.py` makes the file with scikit-learn; here it is only applied. A score is a weighted sum of
the evidence (a conditional logit: McFadden 1974, *Conditional logit analysis of qualitative choice behavior*). A
confidence comes of two logistic regressions: that the documents speak of what is asked, and that the best candidate
answers it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.answering.measures import NAMES
from webapp.answering.signals import BANK_SIGNALS, SIGNALS

Floats = NDArray[np.float64]

SHIPPED = Path(__file__).with_name("model.json")


class ModelError(ValueError):
    """The model file does not fit this version; the message says what to do."""


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over named signals: ``1 / (1 + exp(-(x @ coefficients + intercept)))``."""

    coefficients: Floats
    intercept: float

    def probability(self, signals: Floats) -> float:
        """Return the probability in (0, 1)."""
        return _sigmoid(float(signals @ self.coefficients) + self.intercept)


@dataclass(frozen=True)
class Model:
    """Everything that was learned."""

    ranker: Floats
    """A coefficient for each of `webapp.answering.measures.NAMES`."""
    scope: Logistic
    """Whether the documents speak of what is asked, over `SIGNALS`."""
    fact: Logistic
    """Whether the best candidate answers it, given that they do, over `SIGNALS`."""
    slope: float
    intercept: float
    """Of the logistic regression that calibrates the product of the two, over its log odds (Platt 1999)."""
    bank: Logistic
    """Whether a bank's best answer is right, over `BANK_SIGNALS`."""
    precisions: tuple[tuple[float, float], ...]
    """(precision, lowest confidence of an outright answer that reaches it), lowest precision first."""
    hedge_from: float
    """Below this confidence nothing is shown as an answer."""
    tie_within: float = 0.1
    """Scores this near each other say nothing about which of two documents is meant."""

    def confidence(self, judged: Floats) -> float:
        """Return the calibrated probability that the best candidate of an article answers, from its signals."""
        return _sigmoid(self.slope * self.log_odds(judged) + self.intercept)

    def log_odds(self, judged: Floats) -> float:
        """Return the log odds before calibration."""
        product = self.scope.probability(judged) * self.fact.probability(judged)
        product = min(max(product, 1e-9), 1 - 1e-9)
        return log(product / (1 - product))

    def outright_from(self, precision: float) -> float:
        """Return the lowest confidence at which an answer is given outright, for a wished-for precision."""
        reached = [confidence for listed, confidence in self.precisions if listed >= precision - 1e-9]
        return min(reached) if reached else self.precisions[-1][1]


def _sigmoid(odds: float) -> float:
    return 1.0 / (1.0 + exp(-min(max(odds, -50.0), 50.0)))


def read_model(file: Path) -> Model:
    """Read a model file.

    Raises:
        ModelError: it names evidence that this version does not know, or lacks some.
    """
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Model(
        ranker=_in_order(data["ranker"], NAMES, file),
        scope=_logistic(data["scope"], SIGNALS, file),
        fact=_logistic(data["fact"], SIGNALS, file),
        slope=float(data["calibration"]["slope"]),
        intercept=float(data["calibration"]["intercept"]),
        bank=_logistic(data["bank"], BANK_SIGNALS, file),
        precisions=tuple((row["precision"], row["confidence"]) for row in data["precisions"]),
        hedge_from=data["hedge_from"],
    )


@cache
def shipped_model() -> Model:
    """Return the model that ships with Newsstand."""
    return read_model(SHIPPED)


def _logistic(data: Mapping[str, Any], names: Sequence[str], file: Path) -> Logistic:
    return Logistic(_in_order(data["coefficients"], names, file), float(data["intercept"]))


def _in_order(named: Mapping[str, float], names: Sequence[str], file: Path) -> Floats:
    if set(named) != set(names):
        odd = ", ".join(sorted(set(named) ^ set(names)))
        raise ModelError(f"{file} does not fit this version of Newsstand ({odd}): train it again.")
    return np.array([named[name] for name in names], np.float64)
