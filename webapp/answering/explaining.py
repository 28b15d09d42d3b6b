"""Why this answer: what each word of the question and each other piece of evidence brought to the score."""

from __future__ import annotations

import numpy as np

from webapp.answering.measures import COLUMN, COVERAGES, HOLDS_WANTED, SHORT_NAMES, SO_FAR, WANTED
from webapp.answering.model import Model
from webapp.answering.question import Asked
from webapp.answering.ranking import SCORE_DECIMALS, Article, BankAnswer, Ranking
from webapp.answering.reply import Explanation, TermEvidence
from webapp.retrieval.index import Index

SMALLEST = 0.005
"""Contributions smaller than this are told together."""


# What each piece of evidence is called for visitors; pieces of one name are told together.
TOLD_AS = {
    "the passage is worded alike": (
        "words in text",
        "letters in text",
        "pairs in text",
        "words close in text",
        "text covered",
        "meaning, less the document's",
    ),
    "the FAQ question is worded alike": (
        "words in FAQ question",
        "letters in FAQ question",
        "pairs in FAQ question",
        "FAQ question covered",
        "FAQ asks the same kind",
        "meaning of FAQ question, less the document's",
    ),
    "the paragraph is worded alike": ("words in paragraph", "letters in paragraph"),
    "the article is about this": ("words in document", "letters in document", "document behind best"),
    "it holds the kind of answer asked for": (
        *WANTED,
        "named place wanted and there",
        "wanted kind missing",
        HOLDS_WANTED,
    ),
    "its place in the article": ("is FAQ", "first sentence", "position", "length", "asks"),
    "the conversation so far": SO_FAR,
}
_COLUMNS_TOLD = {
    label: np.array([COLUMN[name] for name in names] + [len(SHORT_NAMES) + COLUMN[name] for name in names])
    for label, names in TOLD_AS.items()
}
LIKE_WORDINGS = "likeness to the wordings of this answer"
SAME_QUESTION = "it is the very question of the FAQ"
THE_REST = "everything else"


def explain(index: Index, model: Model, asked: Asked, ranking: Ranking) -> Explanation:
    """Return contributions that add up to the first hit's score, to the stated decimals."""
    runner_up = None
    if len(ranking.hits) > 1:
        runner_up = passage_words(index, ranking.hits[1].passage)
    if isinstance(ranking.detail, Article):
        return _article(model, asked, ranking.detail, runner_up, same_question=ranking.same_question)
    if isinstance(ranking.detail, BankAnswer):
        return _bank(index, asked, ranking.detail, runner_up)
    return Explanation(0.0, ())


def passage_words(index: Index, number: int) -> str:
    """Return the text of a passage by its number among all."""
    document = index.corpus.documents[int(index.document_of[number])]
    return document.text(document.passages[int(index.passage_number[number])])


def _article(model: Model, asked: Asked, detail: Article, runner_up: str | None, *, same_question: bool) -> Explanation:
    best = detail.order[0]
    evidence = detail.evidence
    contributions = evidence.columns[best] * model.ranker
    # The second half of the coefficients is added in long documents.
    n = len(SHORT_NAMES)
    coefficients = model.ranker[:n] + model.ranker[n:] * bool(evidence.columns[best, n:].any())
    by_term = coefficients[: len(COVERAGES)] @ (evidence.held[:, best] * evidence.shares[:, best])
    matched = evidence.nearby[best] > 0
    others = [(label, float(contributions.take(columns).sum())) for label, columns in _COLUMNS_TOLD.items()]
    score = float(detail.scores[best])
    if same_question:
        others.append((SAME_QUESTION, score - float(by_term.sum()) - sum(value for _, value in others)))
    return _told(asked, by_term, matched, others, score, runner_up)


def _bank(index: Index, asked: Asked, detail: BankAnswer, runner_up: str | None) -> Explanation:
    bank = index.banks[detail.document]
    best = detail.order[0]
    shares = bank.term_shares(asked.text, best)
    by_term = np.array([shares.get(term, 0.0) for term in asked.terms])
    others = [(LIKE_WORDINGS, float(detail.likeness.log_odds[best]))]
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
        TermEvidence(typed.get(term, term), holds, round(weight, SCORE_DECIMALS))
        for term, holds, weight in zip(asked.terms, matched.tolist(), by_term.tolist(), strict=True)
        if term in typed or weight
    )
    told = [(name, round(value, SCORE_DECIMALS)) for name, value in others if abs(value) >= SMALLEST]
    told.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    rest = round(score - sum(term.weight for term in terms) - sum(value for _, value in told), SCORE_DECIMALS)
    return Explanation(score, terms, (*told, (THE_REST, rest)) if rest else tuple(told), runner_up)
