"""Answers to questions about the documents' dates, quoted from the documents like any other answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.timing import TimeKind, TimeQuestion
from webapp.corpus.model import Document, Passage, PassageKind, Span
from webapp.retrieval.analysis import words
from webapp.retrieval.function_words import FUNCTION_WORDS
from webapp.retrieval.index import Index

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
    document: Document | None = None,
    within: NDArray[np.int64] | None = None,
) -> tuple[Dated, ...] | None:
    """Return what answers a question about dates, best first; None when it names a topic no dated document is about.

    Args:
        index: what is asked.
        asked: the question.
        limit: most answers returned.
        document: the document the conversation is about, for "when was this published?".
        within: the numbers of the documents that may answer; all when not given.
    """
    documents: Sequence[Document] = index.corpus.documents
    if within is not None:
        documents = [documents[number] for number in within]
    dated = [found for found in documents if found.published and found.passages]
    if asked.kind is TimeKind.PERIOD:
        dated = [found for found in dated if _within(found, asked)]
    if asked.topic:
        about = _about(index, asked.topic, dated)
    elif asked.kind is TimeKind.PUBLISHED:
        this = [found for found in dated if found is document]
        about = this or (dated if len(documents) == 1 else [])
    else:
        about = dated
    if not about:
        return () if asked.kind is TimeKind.PERIOD and not asked.topic else None
    if asked.kind is not TimeKind.PUBLISHED:
        about = sorted(about, key=lambda found: (-_day(found), found.id))
    return tuple(_dated(found, asked.kind is TimeKind.PUBLISHED) for found in about[:limit])


def _within(document: Document, asked: TimeQuestion) -> bool:
    day = document.published
    return (
        day is not None
        and (asked.year is None or day.year == asked.year)
        and (asked.month is None or day.month == asked.month)
    )


def _about(index: Index, topic: str, documents: list[Document]) -> list[Document]:
    """Return the documents that are about `topic`, the one that holds most of it first."""
    terms = list(dict.fromkeys(word.term for word in words(topic) if word.folded not in FUNCTION_WORDS))
    if not terms:
        return documents
    weights = index.lexicon.rarity_of(terms)
    covered = np.zeros(len(index.corpus.documents))
    for term, weight in zip(terms, weights, strict=True):
        number = index.document_words.vocabulary.get(term)
        if number is not None:
            covered[index.document_words.postings(number)[0]] += weight
    share = {document.id: covered[number] for number, document in enumerate(index.corpus.documents)}
    score = index.document_words.scores(terms)
    order = {document.id: float(score[number]) for number, document in enumerate(index.corpus.documents)}
    ranked = sorted(documents, key=lambda found: (-share[found.id], -order[found.id], -_day(found), found.id))
    best = share[ranked[0].id] if ranked else 0.0
    if best < COVERED_FROM * float(weights.sum()):
        return []
    return [found for found in ranked if share[found.id] >= NEAR_BEST * best]


def _dated(document: Document, is_date: bool) -> Dated:
    first = next((p for p in document.passages if p.kind is PassageKind.SENTENCE), document.passages[0])
    if is_date and document.published_span is not None:
        return Dated(document, document.published_span, first, True)
    return Dated(document, first.span, first, False)


def _day(document: Document) -> int:
    return document.published.toordinal() if document.published else 0
