"""Answers to questions about the documents' dates, quoted from the documents like any other answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from webapp.answering.timing import TimeKind, TimeQuestion
from webapp.corpus.model import Document, Passage, PassageKind, Span
from webapp.retrieval.analysis import words
from webapp.retrieval.function_words import FUNCTION_WORDS
from webapp.retrieval.index import Index

Numbers = NDArray[np.int64]

UNIX_EPOCH = date(1970, 1, 1).toordinal()
COVERED_FROM = 0.5
"""Share of a topic's weight that a document must hold to be about it."""
NEAR_BEST = 0.8
"""Documents that hold this share of what the best one holds are about the topic, too."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A document chosen by its date, and what of it answers: its date, or the first sentence."""

    document: Document
    span: Span
    passage: Passage
    is_date: bool


def by_date(
    index: Index,
    asked: TimeQuestion,
    *,
    limit: int,
    document: int | None = None,
    within: Numbers | None = None,
) -> tuple[Dated, ...] | None:
    """Return what answers a question about dates, best first; None when it names a topic no dated document is about.

    Args:
        index: what is asked.
        asked: the question.
        limit: most answers returned.
        document: number of the document the conversation is about, for "when was this published?".
        within: the numbers of the documents that may answer, in order; all when not given.
    """
    dated = np.flatnonzero((index.published > 0) & (np.diff(index.first_passage) > 0))
    if within is not None:
        dated = np.intersect1d(dated, within)
    if asked.kind is TimeKind.PERIOD:
        dated = dated[_within(index.published[dated], asked)]
    if asked.topic:
        about = _about(index, asked.topic, dated)
    elif asked.kind is TimeKind.PUBLISHED:
        alone = len(index.published if within is None else within) == 1
        about = dated if alone else dated[dated == document]
    else:
        about = dated
    if not len(about):
        return () if asked.kind is TimeKind.PERIOD and not asked.topic else None
    if asked.kind is not TimeKind.PUBLISHED:
        about = about[np.lexsort((index.id_rank[about], -index.published[about]))]
    chosen = (index.corpus.documents[int(number)] for number in about[:limit])
    return tuple(_dated(found, asked.kind is TimeKind.PUBLISHED) for found in chosen)


def _within(days: NDArray[np.int32], asked: TimeQuestion) -> NDArray[np.bool_]:
    months = (days - UNIX_EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 12 * 1970
    within = np.ones(len(days), bool)
    if asked.year is not None:
        within &= months // 12 == asked.year
    if asked.month is not None:
        within &= months % 12 + 1 == asked.month
    return within


def _about(index: Index, topic: str, documents: Numbers) -> Numbers:
    """Return the documents that are about `topic`, the one that holds most of it first."""
    terms = list(dict.fromkeys(word.term for word in words(topic) if word.folded not in FUNCTION_WORDS))
    if not terms or not len(documents):
        return documents
    weights = index.lexicon.rarity_of(terms)
    covered = np.zeros(len(index.published))
    for term, weight in zip(terms, weights, strict=True):
        number = index.document_words.vocabulary.get(term)
        if number is not None:
            covered[index.document_words.postings(number)[0]] += weight
    share, score = covered[documents], index.document_words.scores(terms)[documents]
    order = np.lexsort((index.id_rank[documents], -index.published[documents], -score, -share))
    best = float(share[order[0]])
    if best < COVERED_FROM * float(weights.sum()):
        return documents[:0]
    return documents[order[share[order] >= NEAR_BEST * best]]


def _dated(document: Document, is_date: bool) -> Dated:
    first = next((p for p in document.passages if p.kind is PassageKind.SENTENCE), document.passages[0])
    if is_date and document.published_span is not None:
        return Dated(document, document.published_span, first, True)
    return Dated(document, first.span, first, False)
