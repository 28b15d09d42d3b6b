"""The candidate stage: which few passages are worth a close look."""

from __future__ import annotations

import numpy as np

from webapp.answering.evidence import Candidates
from webapp.answering.question import Asked
from webapp.retrieval.index import Index

CANDIDATES = 32
DOCUMENT_SHARE = 1.0
"""How much a document's score counts beside a passage's own."""

CONVERSATION_SHARE = 0.6
"""How much the document of the answer before counts for a question that leans on it."""


def find_candidates(index: Index, asked: Asked, *, document: int | None = None) -> Candidates:
    """Return the best passages by both levels, in order of their numbers.

    Args:
        index: what to search.
        asked: the question.
        document: search this document only.
    """
    grams = asked.characters
    word_scores = index.row_words.scores(asked.said)
    character_scores = index.row_characters.scores(grams)
    document_words = index.document_words.scores(asked.said)
    document_characters = index.document_characters.scores(grams)
    best_row = np.maximum.reduceat(word_scores + character_scores, index.first_row[:-1])
    by_document = DOCUMENT_SHARE * (document_words + document_characters)
    if asked.conversation.document is not None:
        by_document[asked.conversation.document] += CONVERSATION_SHARE * asked.conversation.leaning
    total = best_row + by_document[index.document_of]
    for bank in index.banks:
        total[index.first_passage[bank] : index.first_passage[bank + 1]] = -np.inf
    if document is not None:
        first, last = index.first_passage[document : document + 2]
        allowed = np.full(len(total), -np.inf, np.float32)
        allowed[first:last] = total[first:last]
        total = allowed
    wanted = min(CANDIDATES, int(np.isfinite(total).sum()))
    chosen = np.sort(np.argpartition(-total, max(wanted - 1, 0))[:wanted])
    text_rows = index.first_row[chosen + 1] - 1
    question_rows = np.full(wanted, -1, np.int64)
    for place in np.flatnonzero(index.first_row[chosen] < text_rows):
        begin, end = index.first_row[chosen[place]], text_rows[place]
        question_rows[place] = begin + int(np.argmax((word_scores + character_scores)[begin:end]))
    return Candidates(
        passages=chosen,
        text_rows=text_rows,
        question_rows=question_rows,
        word_scores=word_scores,
        character_scores=character_scores,
        document_words=document_words,
        document_characters=document_characters,
    )
