"""The index: two levels of TF-IDF over a corpus, and the passages' terms in order.

Level one compares a question with whole documents. Level two compares it with the passages of the best documents,
with weights that are local to each document: a term that stands in most of a document's passages says nothing about
which of them answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Corpus, Document, Passage
from webapp.retrieval.analysis import character_terms, fold, term_of, terms, words
from webapp.retrieval.weighting import Floats, TermIndex


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage."""

    document: Document
    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True)
class Index:
    """Everything a question is compared with. Immutable; many threads may ask at once."""

    corpus: Corpus
    document_words: TermIndex
    document_characters: TermIndex
    first_passage: NDArray[np.int64]
    """Number of each document's first passage among all, shape ``(n_documents + 1,)``."""
    passage_words: TermIndex
    """Own words of every passage: question wordings and answer, or sentence."""
    passage_characters: TermIndex

    @classmethod
    def build(cls, corpus: Corpus) -> Index:
        """Analyse and weigh a corpus."""
        texts = [passage_text(document, passage) for document in corpus.documents for passage in document.passages]
        counts = [len(document.passages) for document in corpus.documents]
        whole = [
            "\n".join([document.headline, *(passage_text(document, passage) for passage in document.passages)])
            for document in corpus.documents
        ]
        return cls(
            corpus=corpus,
            document_words=TermIndex.fit(terms(text) for text in whole),
            document_characters=TermIndex.fit(characters(text) for text in whole),
            first_passage=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            passage_words=TermIndex.fit(terms(text) for text in texts),
            passage_characters=TermIndex.fit(characters(text) for text in texts),
        )

    def document_scores(self, question: str) -> Floats:
        """Return how much each document speaks of what is asked, shape ``(n_documents,)``, in [0, 1]."""
        by_words = self.document_words.scores(terms(question))
        by_characters = self.document_characters.scores(characters(question))
        mean: Floats = (by_words + by_characters) / np.float32(2)
        return mean

    def holds(self, term: str) -> bool:
        """Return whether any document holds `term`."""
        return term in self.document_words.vocabulary


def passage_text(document: Document, passage: Passage) -> str:
    """Return what stands for a passage when all its words count alike: its questions and its text."""
    return "\n".join([*(span.of(document.source) for span in passage.questions), document.text(passage)])


def characters(text: str) -> list[str]:
    """Return the character n-grams of every word of `text`."""
    return [gram for word in words(text) for gram in character_terms(word.folded)]


def local_idf(rows: Sequence[Sequence[str]], asked: Iterable[str]) -> dict[str, float]:
    """Return how rare each asked term is among a document's passages.

    The formula is scikit-learn's smooth idf, ``ln((1 + n) / (1 + df))``, without the constant 1 that would keep a
    weight for terms that stand in every passage.
    """
    df = Counter(term for row in rows for term in set(row))
    return {term: float(np.log((1 + len(rows)) / (1 + df[term]))) for term in asked}


__all__ = ["Hit", "Index", "characters", "fold", "local_idf", "passage_text", "term_of"]
