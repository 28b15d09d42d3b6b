"""Candidates in order, with a calibrated confidence for the first of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.candidates import find_candidates
from webapp.answering.evidence import gather
from webapp.answering.measures import Candidates, Evidence
from webapp.answering.model import Model
from webapp.answering.people import of_somebody
from webapp.answering.question import Asked
from webapp.answering.signals import bank_scores, bank_signals, signals
from webapp.retrieval.index import Index
from webapp.retrieval.wordings import Likeness
from webapp.stages import RANKING, RETRIEVAL, stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SCORE_DECIMALS = 6
CONFIDENCE_DECIMALS = 4
SAME_QUESTION = 0.9999
"""Cosine from which an FAQ question is the one that was asked."""
SAME_QUESTION_CONFIDENCE = 0.99
AHEAD = 0.1
"""By how much a sentence that introduces a person is before the next."""
BANKS_ASKED = 2


@dataclass(frozen=True)
class Judged:
    """A passage with its score and how sure it is to answer."""

    passage: int
    score: float
    confidence: float


@dataclass(frozen=True)
class Article:
    """How the passages of articles were judged: what an explanation is made from."""

    candidates: Candidates
    evidence: Evidence
    scores: Floats
    order: tuple[int, ...]


@dataclass(frozen=True)
class BankAnswer:
    """How the answers of a bank were judged."""

    document: int
    likeness: Likeness
    scores: Floats
    order: tuple[int, ...]


@dataclass(frozen=True)
class Ranking:
    """Passages, best first; empty when nothing can be compared."""

    hits: tuple[Judged, ...]
    detail: Article | BankAnswer | None
    same_question: bool = False
    """Whether the first hit's FAQ question is the one that was asked, word for word."""

    @property
    def confidence(self) -> float:
        """How sure the first hit is to answer; 0 when there is none."""
        return self.hits[0].confidence if self.hits else 0.0


def rank(index: Index, model: Model, asked: Asked, *, limit: int, within: Ints | None = None) -> Ranking:
    """Return the best `limit` passages for a question.

    Args:
        index: what is asked.
        model: learned coefficients.
        asked: the question.
        limit: most hits returned.
        within: ask these documents only.
    """
    rankings = []
    if within is None or not all(document in index.banks for document in within.tolist()):
        rankings.append(_articles(index, model, asked, limit, within))
    for bank in _banks(index, asked, within):
        rankings.append(_bank(index, model, asked, limit, bank))
    rankings = sorted((ranking for ranking in rankings if ranking.hits), key=lambda r: -r.hits[0].confidence)
    if not rankings:
        return Ranking((), None)
    hits = [hit for ranking in rankings for hit in ranking.hits][:limit]
    return Ranking(tuple(hits), rankings[0].detail, rankings[0].same_question)


def _articles(index: Index, model: Model, asked: Asked, limit: int, within: Ints | None) -> Ranking:
    with stage(RETRIEVAL):
        candidates = find_candidates(index, asked, within=within)
    if not len(candidates.passages):
        return Ranking((), None)
    with stage(RANKING):
        return _judged(index, model, asked, limit, candidates)


def _judged(index: Index, model: Model, asked: Asked, limit: int, candidates: Candidates) -> Ranking:
    evidence = gather(index, asked, candidates)
    same = (candidates.question_rows >= 0) & (candidates.words.question >= SAME_QUESTION)
    scores = np.round(evidence.columns @ model.ranker, SCORE_DECIMALS)
    scores[same] = scores.max() + 1
    told = of_somebody(index, asked, candidates, scores) if not same.any() else None
    if told is not None:
        scores[told] = scores.max() + AHEAD
    order = _in_order(scores, (-index.published[candidates.document_of]).tolist())
    confidence = model.confidence(signals(evidence, scores, order, asked, candidates))
    if same[order[0]]:
        confidence = SAME_QUESTION_CONFIDENCE
    elif told is not None:
        confidence = max(confidence, model.hedge_from)
    hits = _hits(order[:limit], scores, confidence, lambda place: int(candidates.passages[place]))
    return Ranking(hits, Article(candidates, evidence, scores, order), bool(same[order[0]]))


def _banks(index: Index, asked: Asked, within: Ints | None) -> list[int]:
    """Return the banks worth asking: those that speak most of what is asked."""
    banks = list(index.banks) if within is None else np.intersect1d(within, list(index.banks)).tolist()
    if len(banks) <= BANKS_ASKED:
        return banks
    scores = index.document_words.scores_of(asked.document_words)
    return sorted(banks, key=lambda number: (-float(scores[number]), number))[:BANKS_ASKED]


def _bank(index: Index, model: Model, asked: Asked, limit: int, document: int) -> Ranking:
    bank = index.banks[document]
    with stage(RETRIEVAL):
        likeness = bank.likeness(asked.text)
    scores = np.round(bank_scores(likeness), SCORE_DECIMALS)
    order = _in_order(scores, [0] * len(scores))
    first = int(index.first_passage[document])

    def passage(place: int) -> int:
        return first + int(bank.passages[place])

    judged = bank_signals(likeness, bank.wordings_each, order[0], len(asked.words))
    hits = _hits(order[:limit], scores, model.bank.probability(judged), passage)
    return Ranking(hits, BankAnswer(document, likeness, scores, order))


def _hits(order: Sequence[int], scores: Floats, confidence: float, passage: Callable[[int], int]) -> tuple[Judged, ...]:
    """Return hits whose confidence falls with their score, from the first one's on."""
    listed = scores[list(order)]
    shares = np.exp(np.minimum(listed - listed[0], 0.0))
    return tuple(
        Judged(passage(place), score, round(confidence * share, CONFIDENCE_DECIMALS))
        for place, score, share in zip(order, listed.tolist(), shares.tolist(), strict=True)
    )


def _in_order(scores: Floats, ages: Sequence[int]) -> tuple[int, ...]:
    """Return places by score, the newer document first among equals, then the earlier passage."""
    listed = scores.tolist()
    return tuple(sorted(range(len(listed)), key=lambda place: (-listed[place], ages[place], place)))
