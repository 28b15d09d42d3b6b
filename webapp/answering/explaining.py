"""Why this answer: what each word of the question and each other piece of evidence brought to the score."""

from __future__ import annotations

import numpy as np

from webapp.answering.evidence import COLUMN, COVERAGES, MEASURES, SHORT_NAMES
from webapp.answering.model import Model
from webapp.answering.question import Asked
from webapp.answering.ranking import SCORE_DECIMALS, Article, BankAnswer, Ranking
from webapp.answering.reply import Explanation, TermEvidence
from webapp.retrieval.index import Index

SMALLEST = 0.005
"""Contributions smaller than this are told together."""


def explain(index: Index, model: Model, asked: Asked, ranking: Ranking) -> Explanation:
    """Return contributions that add up to the first hit's score, to the stated decimals."""
    runner_up = None
    if len(ranking.hits) > 1:
        runner_up = passage_words(index, ranking.hits[1].passage)
    if isinstance(ranking.detail, Article):
        return _article(model, asked, ranking.detail, runner_up)
    if isinstance(ranking.detail, BankAnswer):
        return _bank(index, asked, ranking.detail, runner_up)
    return Explanation(0.0, ())


def passage_words(index: Index, number: int) -> str:
    """Return the text of a passage by its number among all."""
    document = index.corpus.documents[index.document_of[number]]
    return document.text(document.passages[index.passage_number[number]])


def _article(model: Model, asked: Asked, detail: Article, runner_up: str | None) -> Explanation:
    best = detail.order[0]
    by_term = np.zeros(len(asked.terms))
    row = detail.evidence.columns[best]
    long = bool(row[len(SHORT_NAMES) :].any())
    for name in COVERAGES:
        held, shares = detail.evidence.parts[name]
        weights = shares[best] if shares.ndim == 2 else shares
        coefficient = model.ranker[COLUMN[name]] + long * model.ranker[COLUMN[f"in a long document: {name}"]]
        by_term += coefficient * held[best] * weights
    matched = detail.evidence.nearby[best] > 0
    others = [
        (name, float(row[COLUMN[name]] * model.ranker[COLUMN[name]] + row[COLUMN[of_long]] * model.ranker[COLUMN[of_long]]))
        for name in MEASURES
        if (of_long := f"in a long document: {name}")
    ]
    return _told(asked, by_term, matched, others, float(detail.scores[best]), runner_up)


def _bank(index: Index, asked: Asked, detail: BankAnswer, runner_up: str | None) -> Explanation:
    bank = index.banks[detail.document]
    best = detail.order[0]
    shares = bank.term_shares(asked.text, best)
    by_term = np.array([shares.get(term, 0.0) for term in asked.terms])
    others = [("likeness to the wordings of this answer", float(detail.likeness.log_odds[best]))]
    return _told(asked, by_term, by_term > 0, others, float(detail.scores[best]), runner_up)


def _told(
    asked: Asked,
    by_term: np.ndarray[tuple[int], np.dtype[np.float64]],
    matched: np.ndarray[tuple[int], np.dtype[np.bool_]],
    others: list[tuple[str, float]],
    score: float,
    runner_up: str | None,
) -> Explanation:
    typed: dict[str, str] = {}
    for word in asked.words:
        typed.setdefault(word.term, asked.text[word.span.start : word.span.end] or word.folded)
    terms = tuple(
        TermEvidence(typed.get(term, term), bool(matched[place]), round(float(by_term[place]), SCORE_DECIMALS))
        for place, term in enumerate(asked.terms)
        if term in typed or by_term[place]
    )
    told = [(name, round(value, SCORE_DECIMALS)) for name, value in others if abs(value) >= SMALLEST]
    told.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    rest = round(score - sum(term.weight for term in terms) - sum(value for _, value in told), SCORE_DECIMALS)
    return Explanation(score, terms, (*told, ("everything else", rest)), runner_up)
