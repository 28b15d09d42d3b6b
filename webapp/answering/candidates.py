"""The candidate stage: which few passages are worth a close look.

Words are looked up for every passage, letters for every document. What costs more, the letters of rows and paragraphs,
is compared only in a pool of the passages that are foremost by what is known already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.measures import Candidates, Chosen, Cosines, Floats, Ints
from webapp.answering.question import Asked
from webapp.answering.standing import local_rarity, standing
from webapp.retrieval.foremost import foremost
from webapp.retrieval.index import Index
from webapp.retrieval.runs import distinct, places_of
from webapp.retrieval.weighting import Counted

CANDIDATES = 24
POOL = 128
"""Passages in the pool, at least; those of their paragraphs are in it, too."""
ROWS = 512
"""Rows whose passages may be in the pool whatever their documents are like."""
POSTINGS = 1 << 18
"""Places of a question's terms that are gone through in each field; terms with more come last, and only in the pool."""
DOCUMENT_SHARE = 2.0
"""How much a document's score counts beside a passage's own."""
PARAGRAPH_SHARE = 0.4
CONVERSATION_SHARE = 0.6
"""How much the document of the answer before counts for a question that leans on it."""
LOCAL_DOCUMENTS = 3
LOCAL_SHARE = 1.2
_SHARES = np.array([PARAGRAPH_SHARE, DOCUMENT_SHARE, LOCAL_SHARE], np.float32)


@dataclass(frozen=True)
class _Pool:
    """Passages in the order of their numbers, whole paragraphs; `p` passages with `r` rows in `q` paragraphs."""

    passages: Ints
    rows: Ints
    first_row: Ints
    """Where the rows of each passage begin among `rows`, shape ``(p + 1,)``."""
    paragraphs: NDArray[np.int32]
    paragraph_of: Ints
    """Which of `paragraphs` each passage is in, shape ``(p,)``."""
    first_of_paragraph: Ints
    """Where the rows of each paragraph begin among `rows`, shape ``(q,)``."""


def find_candidates(index: Index, asked: Asked, *, within: Ints | None = None) -> Candidates:
    """Return the best passages by both levels, in order of their numbers.

    Args:
        index: what to search.
        asked: the question.
        within: search these documents only.
    """
    by_row = index.row_words.estimate(asked.row_words, POSTINGS)
    by_words = index.document_words.estimate(asked.document_words, POSTINGS)
    by_letters = index.document_characters.estimate(asked.document_characters, POSTINGS)
    documents = by_words.scores + by_letters.scores
    leaning = _leaning(index, asked)
    for document, more in leaning.items():
        documents[document] += more
    local = _LocalCoverage.of(index, asked, documents, within)
    pool = _pool(index, by_row.scores, documents, local, within)

    document_of = index.document_of.take(pool.passages)
    looked_at = distinct(document_of)
    document_words, document_letters = by_words.at(looked_at), by_letters.at(looked_at)
    documents[looked_at] = document_words + document_letters
    for document, more in leaning.items():
        documents[document] += more if document in looked_at else 0
    row_words = by_row.at(pool.rows)
    row_letters, paragraph_words, paragraph_letters = _compare(index, asked, pool)
    words = row_words, paragraph_words, document_words
    letters = row_letters, paragraph_letters, document_letters
    chosen = _choose(index, pool, document_of, documents, words, letters, local)
    best, of_candidates = documents[foremost(documents, 2)], documents.take(chosen.document_of)
    return Candidates(
        **vars(chosen),
        documents=of_candidates,
        behind_best=of_candidates - best[:1],
        lead=float(best[0] - best[1]) if len(best) > 1 else 0.0,
    )


def _choose(
    index: Index,
    pool: _Pool,
    document_of: NDArray[np.int32],
    documents: Floats,
    words: tuple[Floats, Floats, Floats],
    letters: tuple[Floats, Floats, Floats],
    local: _LocalCoverage,
) -> Chosen:
    """Return the foremost passages of the pool.

    Args:
        index: what is searched.
        pool: `p` passages.
        document_of: the document of each.
        documents: the score of every document.
        words: how like the question rows, paragraphs and documents of the pool are, in words.
        letters: the same in letters.
        local: what passages hold.
    """
    if index.compiled_passages is not None and len(pool.passages):
        found = index.compiled_passages.choose(
            (
                *(pool.passages, pool.rows, pool.first_row, pool.paragraph_of, document_of),
                *(part for both in zip(words, letters, strict=True) for part in both),
                *(documents, local.passages, local.shares, _SHARES),
                *(len(pool.passages), len(documents), len(local.passages)),
            ),
            CANDIDATES,
        )
        if found is not None:
            passages, of_documents, texts, questions, alike = found
            return Chosen(passages, of_documents, texts, questions, Cosines(*alike[:4]), Cosines(*alike[4:]))
    rows = words[0] + letters[0]
    total = np.maximum.reduceat(rows, pool.first_row[:-1]) if len(pool.passages) else np.zeros(0, np.float32)
    total += np.float32(PARAGRAPH_SHARE) * (words[1] + letters[1])[pool.paragraph_of]
    total += np.float32(DOCUMENT_SHARE) * documents[document_of]
    total += np.float32(LOCAL_SHARE) * local.at(pool.passages)
    chosen = np.sort(foremost(total, min(CANDIDATES, len(total))))
    question_rows, text_rows = pool.first_row[chosen], pool.first_row[chosen + 1] - 1
    wordings = text_rows - question_rows
    for place in np.flatnonzero(wordings > 1):
        question_rows[place] += np.argmax(rows[question_rows[place] : text_rows[place]])
    has_question, paragraphs = wordings > 0, pool.paragraph_of[chosen]
    at = np.searchsorted(distinct(document_of), document_of[chosen])
    cosines = [
        Cosines(like_rows[text_rows], like_rows[question_rows] * has_question, like_paragraphs[paragraphs], like[at])
        for like_rows, like_paragraphs, like in (words, letters)
    ]
    questions = np.where(has_question, pool.rows[question_rows], -1)
    return Chosen(pool.passages[chosen], document_of[chosen], pool.rows[text_rows], questions, *cosines)


def _leaning(index: Index, asked: Asked) -> dict[int, np.float32]:
    """Return the document of the answer before, if there was one, with how much more it counts."""
    before = asked.conversation
    if before.last is None:
        return {}
    return {int(index.document_of[before.last]): np.float32(CONVERSATION_SHARE * before.leaning)}


@dataclass(frozen=True)
class _LocalCoverage:
    """The share of the question's document-local weight that passages of the best documents hold, 0 elsewhere.

    A question repeats its document's subject; the passage that answers need not.
    """

    documents: Ints
    passages: NDArray[np.int32]
    """Those that hold something, in order."""
    shares: Floats

    @classmethod
    def of(cls, index: Index, asked: Asked, documents: Floats, within: Ints | None) -> _LocalCoverage:
        """Look into the best documents."""
        if within is None:
            best = foremost(documents, LOCAL_DOCUMENTS)
        else:
            best = within[foremost(documents[within], LOCAL_DOCUMENTS)]
        there = standing(index, asked, best)
        local = local_rarity(index, asked, best, there)[0].astype(np.float64)
        shares = local / (local.sum(axis=1, keepdims=True) + 1e-9)
        passages = distinct(there.passages)
        which = passages.searchsorted(there.passages)
        held = np.bincount(which, shares[there.documents, there.slots], len(passages))
        return cls(best, passages, held.astype(np.float32))

    def at(self, passages: Ints) -> Floats:
        """Return the share that each passage holds."""
        if not len(self.passages):
            return np.zeros(len(passages), np.float32)
        at = np.minimum(self.passages.searchsorted(passages.astype(np.int32)), len(self.passages) - 1)
        found: Floats = self.shares.take(at) * (self.passages.take(at) == passages)
        return found


def _pool(index: Index, by_row: Floats, documents: Floats, local: _LocalCoverage, within: Ints | None) -> _Pool:
    """Return the whole paragraphs of the passages that are foremost by words, documents and local coverage.

    They are looked for among the passages of the foremost documents and those of the foremost rows.
    """
    by_document = np.float32(DOCUMENT_SHARE) * documents
    by_document[local.documents] += np.float32(LOCAL_SHARE)
    n_searched = len(documents)
    if within is not None or len(index.banks):
        searched = np.full(len(documents), within is None)
        if within is not None:
            searched[within] = True
        searched[list(index.banks)] = False
        by_document[~searched] = -np.inf
        n_searched = int(np.count_nonzero(searched))
        if POOL < n_searched < len(documents):
            by_row = by_row * searched[index.document_of[index.row_passage]]
    n_documents, n_rows = min(POOL, n_searched), ROWS if n_searched > POOL else 0
    if index.compiled_passages is not None:
        shares = local.passages, local.shares, LOCAL_SHARE
        found = index.compiled_passages.pool(
            by_row, by_document, documents=n_documents, rows=n_rows, local=shares, count=POOL
        )
        if found is not None:
            return _Pool(*found)
    chosen = foremost(by_document, n_documents)
    begins = index.first_passage[chosen]
    passages = places_of(begins, index.first_passage[chosen + 1] - begins)
    if n_rows:
        rows = foremost(by_row, n_rows)
        passages = np.concatenate([passages, index.row_passage[rows[by_row[rows] > 0]]])
    passages = distinct(passages)
    if len(passages) > POOL:
        rows, first = _rows_of(index, passages)
        total = np.maximum.reduceat(by_row[rows], first[:-1])
        total += by_document[index.document_of[passages]]
        total += np.float32(LOCAL_SHARE) * local.at(passages)
        passages = passages[foremost(total, POOL)]
    return _whole(index, passages)


def _whole(index: Index, passages: Ints) -> _Pool:
    """Return the whole paragraphs of some passages."""
    paragraphs = distinct(index.paragraph_of[passages])
    first = np.searchsorted(index.paragraph_of, paragraphs)
    lengths = np.searchsorted(index.paragraph_of, paragraphs, side="right") - first
    whole = places_of(first, lengths)
    rows, first_row = _rows_of(index, whole)
    starts: Ints = first_row[np.cumsum(lengths) - lengths]
    return _Pool(whole, rows, first_row, paragraphs, np.repeat(np.arange(len(paragraphs)), lengths), starts)


def _rows_of(index: Index, passages: Ints) -> tuple[Ints, Ints]:
    """Return the rows of passages, one passage after the other, and where each begins and the last ends."""
    begins = index.first_row[passages]
    lengths = index.first_row[passages + 1] - begins
    return places_of(begins, lengths), np.concatenate([[0], np.cumsum(lengths)])


def _compare(index: Index, asked: Asked, pool: _Pool) -> tuple[Floats, Floats, Floats]:
    """Return the cosines of the pool's rows in letters, and of its paragraphs in words and in letters."""
    words, grams = asked.row_words, asked.document_characters
    if index.compiled_words is not None:
        said = (words.numbers, words.counts), (grams.numbers, grams.counts)
        found = index.compiled_words.compare(pool.rows, pool.paragraphs, pool.first_of_paragraph, *said)
        if found is not None:
            return found
    begins = index.first_token[pool.rows]
    lengths = index.first_token[pool.rows + 1] - begins
    tokens, row = index.tokens[places_of(begins, lengths)], np.repeat(np.arange(len(pool.rows)), lengths)
    terms = _counts(index.term_of[tokens], row, words, len(index.row_words.idf), len(pool.rows))
    begins = index.first_gram[tokens]
    lengths = index.first_gram[tokens + 1] - begins
    listed, of_row = index.grams[places_of(begins, lengths)], np.repeat(row, lengths)
    letters = _counts(listed, of_row, grams, len(index.document_characters.idf), len(pool.rows))
    by_paragraph = pool.first_of_paragraph
    return (
        index.row_characters.cosines(grams, letters, pool.rows),
        index.paragraph_words.cosines(words, np.add.reduceat(terms, by_paragraph), pool.paragraphs),
        index.paragraph_characters.cosines(grams, np.add.reduceat(letters, by_paragraph), pool.paragraphs),
    )


def _counts(terms: NDArray[np.int32], row: Ints, said: Counted, n_terms: int, n_rows: int) -> Ints:
    """Return how often each row says each term of the question, shape ``(n_rows, len(said))``."""
    places = np.full(n_terms, -1, np.int16)
    places[said.numbers] = np.arange(len(said.numbers))
    place = places[terms]
    found = np.flatnonzero(place >= 0)
    k = len(said.numbers)
    return np.bincount(row[found] * k + place[found], minlength=n_rows * k).reshape(n_rows, k)
