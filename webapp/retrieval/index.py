"""The index: two levels of TF-IDF over a corpus, and the terms of its passages in order.

Level one compares a question with whole documents. Level two compares it with *rows*: each wording of an FAQ question,
each FAQ answer and each article sentence is a row of its own, so that a match with the question and a match with the
answer stay apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Corpus
from webapp.retrieval.acronyms import Acronyms
from webapp.retrieval.kernel import library
from webapp.retrieval.language import Language
from webapp.retrieval.lexicon import Lexicon
from webapp.retrieval.pool import PassagesInOrder
from webapp.retrieval.row_words import WordsInRows
from webapp.retrieval.spelling import Spelling
from webapp.retrieval.weighting import FREQUENCY, Floats, TermIndex, TextWeights
from webapp.retrieval.wordings import Bank


@dataclass(frozen=True)
class TermFacts:
    """What is known of every term of the rows; shapes ``(n_terms,)``."""

    rarity: Floats
    """How rare in English, in [0, 1]; 0 for function words."""
    senses: NDArray[np.uint32]
    lexicon_rows: NDArray[np.int32]
    """Row of the lexicon, -1 for a number or a word it does not know."""
    is_number: NDArray[np.bool_]
    is_name: NDArray[np.bool_]
    """Whether it mostly stands with a capital inside sentences."""


@dataclass(frozen=True)
class Index:
    """Everything a question is compared with. Immutable; many threads may ask at once.

    Shapes: `first_passage` ``(n_documents + 1,)``; `document_of` ``(n_passages,)``; `first_row` ``(n_passages + 1,)``:
    the rows of a passage are its question wordings, then its text; `row_passage` ``(n_rows,)``; `first_token`
    ``(n_rows + 1,)``; `tokens` ``(n_tokens,)``, numbers of the words at each place; `row_vectors`
    ``(n_rows, dimensions)``.
    """

    corpus: Corpus
    language: Language
    lexicon: Lexicon
    document_words: TermIndex
    document_characters: TermIndex
    row_words: TermIndex
    row_characters: TextWeights
    """Of the documents' n-grams, by their numbers there."""
    words_in_rows: NDArray[np.int64]
    """Number of each term of the documents in the rows' and paragraphs' vocabulary, -1 for one of headlines only."""
    first_passage: NDArray[np.int64]
    document_of: NDArray[np.int32]
    first_row: NDArray[np.int64]
    row_passage: NDArray[np.int32]
    first_token: NDArray[np.int64]
    tokens: NDArray[np.int32]
    term_of: NDArray[np.int32]
    """Term number in `row_words` of each word, -1 for one of headlines only, shape ``(n_words,)``."""
    first_gram: NDArray[np.int64]
    grams: NDArray[np.int32]
    """The character n-grams of each word, one word after the other, by their numbers in `document_characters`; shapes
    ``(n_words + 1,)`` and ``(n_grams,)``."""
    row_vectors: Floats
    row_flags: NDArray[np.uint64]
    """What the wording of each row shows (`webapp.retrieval.flags`), shape ``(n_rows,)``."""
    terms: TermFacts
    paragraph_words: TextWeights
    """Of the rows' words, by their numbers there."""
    paragraph_characters: TextWeights
    """Of the documents' n-grams, by their numbers there."""
    paragraph_of: NDArray[np.int32]
    """The paragraph each passage stands in; an FAQ answer with its questions is one. Shape ``(n_passages,)``."""
    document_vectors: Floats
    """Mean of the vectors of each document's texts, shape ``(n_documents, dimensions)``."""
    passage_number: NDArray[np.int32]
    """Number of each passage in its document, shape ``(n_passages,)``."""
    published: NDArray[np.int32]
    """Day of each document, counted as `datetime.date.toordinal` does, 0 for none, shape ``(n_documents,)``."""
    id_rank: NDArray[np.int32]
    """Place of each document in the order of their ids, shape ``(n_documents,)``."""
    row_before: NDArray[np.int32]
    row_after: NDArray[np.int32]
    """The row of the sentence before and after in the article, -1 for none, shape ``(n_rows,)``."""
    row_kinds: NDArray[np.int8]
    """Which of `KINDS` each FAQ wording asks for, -1 for other rows, shape ``(n_rows,)``."""
    banks: Mapping[int, Bank]
    """FAQs large enough to be banks, by their document's number."""
    spelling: Spelling
    acronyms: Acronyms

    @cached_property
    def compiled_words(self) -> WordsInRows | None:
        """What compares the words of rows, where it was compiled."""
        compiled = library()
        if compiled is None:
            return None
        fields = self.row_characters, self.paragraph_words, self.paragraph_characters
        facts, words = self.terms, self.lexicon
        return WordsInRows(
            compiled,
            *(self.first_token, self.tokens, self.term_of, self.first_gram, self.grams),
            frequency=FREQUENCY,
            weights=[(field.idf, field.lengths) for field in fields],
            meanings=(
                *(facts.lexicon_rows, facts.rarity, facts.senses, facts.is_number, facts.is_name, len(facts.rarity)),
                *(words.vectors, words.per_length, *words.vectors.shape),
                *(words.first_related, words.related, words.relatedness),
            ),
        )

    @cached_property
    def compiled_passages(self) -> PassagesInOrder | None:
        """What finds the foremost passages, where it was compiled."""
        compiled = library()
        if compiled is None:
            return None
        places = self.first_passage, self.document_of, self.first_row, self.row_passage, self.paragraph_of
        return PassagesInOrder(compiled, *places)

    def holds(self, term: str) -> bool:
        """Return whether any document holds `term`."""
        return term in self.document_words.vocabulary

    def terms_of_row(self, row: int) -> NDArray[np.int32]:
        """Return the term numbers of a row's words, in their order."""
        terms: NDArray[np.int32] = self.term_of[self.tokens[self.first_token[row] : self.first_token[row + 1]]]
        return terms

    def terms_of_passage(self, text: int, question: int) -> NDArray[np.int32]:
        """Return the term numbers of a passage's own words: of its text's row and of a wording of its FAQ question.

        Args:
            text: row of its text.
            question: row of the wording; -1 where there is none.
        """
        own = self.terms_of_row(text)
        return np.concatenate([own, self.terms_of_row(question)]) if question >= 0 else own
