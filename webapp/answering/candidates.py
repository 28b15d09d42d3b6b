"""The candidate stage: which few passages are worth a close look."""

from __future__ import annotations

import numpy as np

from webapp.answering.evidence import Candidates
from webapp.answering.question import Asked
from webapp.retrieval.index import Index

CANDIDATES = 24
DOCUMENT_SHARE = 2.0
"""How much a document's score counts beside a passage's own."""
PARAGRAPH_SHARE = 0.4
CONVERSATION_SHARE = 0.6
"""How much the document of the answer before counts for a question that leans on it."""
POOL_DOCUMENTS = 3
LOCAL_SHARE = 1.2


def find_candidates(index: Index, asked: Asked, *, document: int | None = None) -> Candidates:
    """Return the best passages by both levels, in order of their numbers.

    Args:
        index: what to search.
        asked: the question.
        document: search this document only.
    """
    row_words = index.row_words.scores(asked.said)
    row_letters = index.row_characters.scores(asked.characters)
    paragraph_words = index.paragraph_words.scores(asked.said)
    paragraph_letters = index.paragraph_characters.scores(asked.characters)
    document_words = index.document_words.scores(asked.said)
    document_letters = index.document_characters.scores(asked.characters)
    documents = document_words + document_letters
    before = asked.conversation
    if before.last is not None:
        documents[index.document_of[before.last]] += np.float32(CONVERSATION_SHARE * before.leaning)
    rows = row_words + row_letters
    total = np.maximum.reduceat(rows, index.first_row[:-1])
    total += np.float32(PARAGRAPH_SHARE) * (paragraph_words + paragraph_letters)[index.paragraph_of]
    total += np.float32(DOCUMENT_SHARE) * documents[index.document_of]
    total += np.float32(LOCAL_SHARE) * _local_coverage(index, asked, documents, document)
    for bank in index.banks:
        total[index.first_passage[bank] : index.first_passage[bank + 1]] = -np.inf
    if document is not None:
        first, last = index.first_passage[document : document + 2]
        total[:first] = total[last:] = -np.inf
    wanted = min(CANDIDATES, int(np.isfinite(total).sum()))
    chosen = np.sort(np.argsort(-total, kind="stable")[:wanted])
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


def _local_coverage(
    index: Index, asked: Asked, documents: np.ndarray[tuple[int], np.dtype[np.float32]], document: int | None
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the share of the question's document-local weight that passages of the best documents hold.

    A question repeats its document's subject; the passage that answers need not. Shape ``(n_passages,)``, 0 elsewhere.
    """
    if document is None:
        pool = np.argsort(-documents, kind="stable")[:POOL_DOCUMENTS]
    else:
        pool = np.array([document])
    covered = np.zeros(len(index.document_of), np.float32)
    for number in pool:
        first, last = index.first_passage[number : number + 2]
        rows = index.first_row[first], index.first_row[last]
        n, total = last - first, 1e-9
        held = np.zeros(n, np.float32)
        for term, rarity in zip(asked.numbers, asked.rarity, strict=True):
            if rarity <= 0:
                continue
            if term < 0:
                total += rarity
                continue
            posted, _ = index.row_words.postings(term)
            inside = posted[slice(*np.searchsorted(posted, rows))]
            passages = np.unique(index.row_passage[inside]) - first
            weight = rarity * np.log((1 + n) / (1 + len(passages))) / np.log(1 + n)
            held[passages] += np.float32(weight)
            total += weight
        covered[first:last] = held / np.float32(total)
    return covered
