"""The candidate stage: which few passages are worth a close look."""

from __future__ import annotations

import numpy as np

from webapp.answering.coverage import local_rarity
from webapp.answering.measures import Candidates, Floats, Ints
from webapp.answering.question import Asked
from webapp.retrieval.index import Index
from webapp.retrieval.weighting import foremost

CANDIDATES = 24
DOCUMENT_SHARE = 2.0
"""How much a document's score counts beside a passage's own."""
PARAGRAPH_SHARE = 0.4
CONVERSATION_SHARE = 0.6
"""How much the document of the answer before counts for a question that leans on it."""
POOL_DOCUMENTS = 3
LOCAL_SHARE = 1.2


def find_candidates(index: Index, asked: Asked, *, within: Ints | None = None) -> Candidates:
    """Return the best passages by both levels, in order of their numbers.

    Args:
        index: what to search.
        asked: the question.
        within: search these documents only.
    """
    row_words = index.row_words.scores_of(asked.row_words)
    row_letters = index.row_characters.scores_of(asked.row_characters)
    paragraph_words = index.paragraph_words.scores_of(asked.row_words)
    paragraph_letters = index.paragraph_characters.scores_of(asked.row_characters)
    document_words = index.document_words.scores_of(asked.document_words)
    document_letters = index.document_characters.scores_of(asked.document_characters)
    documents = document_words + document_letters
    before = asked.conversation
    if before.last is not None:
        documents[index.document_of[before.last]] += np.float32(CONVERSATION_SHARE * before.leaning)
    rows = row_words + row_letters
    total = np.maximum.reduceat(rows, index.first_row[:-1])
    total += np.float32(PARAGRAPH_SHARE) * (paragraph_words + paragraph_letters)[index.paragraph_of]
    total += np.float32(DOCUMENT_SHARE) * documents[index.document_of]
    total += np.float32(LOCAL_SHARE) * _local_coverage(index, asked, documents, within)
    for bank in index.banks:
        total[index.first_passage[bank] : index.first_passage[bank + 1]] = -np.inf
    if within is not None:
        total[~np.isin(index.document_of, within)] = -np.inf
    wanted = min(CANDIDATES, int(np.isfinite(total).sum()))
    chosen = np.sort(foremost(total, wanted))
    text_rows = index.first_row[chosen + 1] - 1
    question_rows = np.full(wanted, -1, np.int64)
    for place in np.flatnonzero(index.first_row[chosen] < text_rows):
        begin, end = index.first_row[chosen[place]], text_rows[place]
        question_rows[place] = begin + int(np.argmax(rows[begin:end]))
    return Candidates(
        passages=chosen,
        document_of=index.document_of[chosen],
        text_rows=text_rows,
        question_rows=question_rows,
        row_words=row_words,
        row_letters=row_letters,
        paragraph_words=paragraph_words,
        paragraph_letters=paragraph_letters,
        document_words=document_words,
        document_letters=document_letters,
        documents=documents,
    )


def _local_coverage(index: Index, asked: Asked, documents: Floats, within: Ints | None) -> Floats:
    """Return the share of the question's document-local weight that passages of the best documents hold.

    A question repeats its document's subject; the passage that answers need not. Shape ``(n_passages,)``, 0 elsewhere.
    """
    pool = np.arange(len(documents)) if within is None else within
    pool = pool[foremost(documents[pool], POOL_DOCUMENTS)]
    local = local_rarity(index, asked, pool).astype(np.float64)
    shares = local / (local.sum(axis=1, keepdims=True) + 1e-9)
    which = np.full(len(documents), -1)
    which[pool] = np.arange(len(pool))
    of_pool = which[index.document_of[asked.passages]]
    inside = of_pool >= 0
    held = shares[of_pool[inside], asked.slots_there[inside]]
    return np.bincount(asked.passages[inside], held, len(index.document_of)).astype(np.float32)
