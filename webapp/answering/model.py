"""The learned part: coefficients over named evidence, read from one small readable file.

`benchmarks/quality/train.py` makes the file with scikit-learn; here it is only applied. A score is a weighted sum of the
evidence (a linear ranker learned from pairs: Joachims 2002, *Optimizing search engines using clickthrough data*); a
confidence is the product of two logistic regressions, that the documents speak of what is asked and that the best
candidate answers it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.answering.evidence import NAMES
from webapp.answering.question import Asked
from webapp.retrieval.kinds import KINDS
from webapp.retrieval.wordings import Likeness

Floats = NDArray[np.float64]

SHIPPED = Path(__file__).with_name("model.json")

SIGNALS = (
    *NAMES,
    "score",
    "score ahead of the next",
    "share of the best",
    "words no document holds",
    "content words",
    "words",
    "weight of the question",
    "follows another question",
    "best coverage nearby",
    "weight missing nearby",
    "weight missing in document",
    *(f"asks: {kind.value}" for kind in KINDS),
)
BANK_SIGNALS = (
    "odds against the others",
    "likeness",
    "coverage",
    "words the bank holds",
    "meaning",
    "one wording",
    "one wording: coverage",
    "one wording: likeness",
    "one wording: letters",
    "one wording: length",
)
BANK_SHARPNESS = 1.5
"""How sharply the bank's scores are turned into shares."""


class ModelError(ValueError):
    """The model file does not fit this version; the message says what to do."""


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over named signals: ``1 / (1 + exp(-(x @ coefficients + intercept)))``."""

    coefficients: Floats
    intercept: float

    def probability(self, signals: Floats) -> float:
        """Return the probability in (0, 1)."""
        odds = float(signals @ self.coefficients) + self.intercept
        return 1.0 / (1.0 + float(np.exp(-min(max(odds, -50.0), 50.0))))


@dataclass(frozen=True)
class Model:
    """Everything that was learned."""

    ranker: Floats
    """A coefficient for each of `webapp.answering.evidence.NAMES`."""
    scope: Logistic
    """Whether the documents speak of what is asked, over `SIGNALS`."""
    fact: Logistic
    """Whether the best candidate answers it, given that they do, over `SIGNALS`."""
    bank: Logistic
    """Whether a bank's best answer is right, over `BANK_SIGNALS`."""
    precisions: tuple[tuple[float, float], ...]
    """(precision, lowest confidence of an outright answer that reaches it), lowest precision first."""
    hedge_from: float
    """Below this confidence nothing is shown as an answer."""
    tie_within: float = 0.03

    def outright_from(self, precision: float) -> float:
        """Return the lowest confidence at which an answer is given outright, for a wished-for precision."""
        reached = [confidence for listed, confidence in self.precisions if listed >= precision - 1e-9]
        return min(reached) if reached else self.precisions[-1][1]


def signals(evidence: Floats, scores: Floats, order: Sequence[int], asked: Asked, unknown: float) -> Floats:
    """Return what the confidence of the best candidate is judged by, shape ``(len(SIGNALS),)``.

    Args:
        evidence: ``(n, len(NAMES))``.
        scores: ``(n,)``.
        order: candidates, best first.
        asked: the question.
        unknown: share of the content's weight in words that no document holds.
    """
    best = order[0]
    following = order[1] if len(order) > 1 else best
    shares = np.exp(scores - scores[best])
    row = evidence[best]
    weight = float((asked.rarity * asked.content * asked.asked).sum())
    nearby, document = NAMES.index("nearby: rare in English"), NAMES.index("document: rare in English")
    return np.concatenate(
        [
            row,
            [
                scores[best],
                scores[best] - scores[following],
                1.0 / float(shares.sum()),
                unknown,
                float((asked.content * asked.asked).sum()),
                float(len(asked.words)),
                weight,
                float(asked.conversation.leaning > 0),
                float(evidence[:, nearby].max()),
                (1 - row[nearby]) * weight / 10,
                (1 - row[document]) * weight / 10,
            ],
            [float(asked.kind.expects is kind) for kind in KINDS],
        ]
    ).astype(np.float64)


def bank_scores(likeness: Likeness) -> Floats:
    """Return the score of each answer of a bank, shape ``(n_answers,)``."""
    return (likeness.log_odds + likeness.coverage).astype(np.float64)


def bank_signals(likeness: Likeness, wordings_each: float, best: int, n_words: int) -> Floats:
    """Return what the confidence of a bank's best answer is judged by, shape ``(len(BANK_SIGNALS),)``."""
    scores = bank_scores(likeness)
    share = 1.0 / float(np.exp(BANK_SHARPNESS * (scores - scores[best])).sum())
    one = 1.0 / wordings_each
    logit, coverage = float(likeness.logit[best]), float(likeness.coverage[best])
    return np.array(
        [
            float(np.log(share / (1 - share + 1e-3) + 1e-12)),
            logit,
            coverage,
            likeness.known,
            likeness.meaning,
            one,
            one * coverage,
            one * logit,
            one * likeness.letters,
            one * float(np.log1p(n_words)),
        ]
    )


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


