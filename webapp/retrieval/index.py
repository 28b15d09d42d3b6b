"""The index: two levels of TF-IDF over a corpus, and the terms of its passages in order.

Level one compares a question with whole documents. Level two compares it with *rows*: each wording of an FAQ question,
each FAQ answer and each article sentence is a row of its own, so that a match with the question and a match with the
answer stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Corpus, Document, Passage
from webapp.retrieval.acronyms import Acronyms
from webapp.retrieval.kinds import KINDS
from webapp.retrieval.language import ENGLISH, Language
from webapp.retrieval.lexicon import Lexicon, unit
from webapp.retrieval.spelling import Spelling
from webapp.retrieval.weighting import Floats, TermIndex
from webapp.retrieval.wordings import Bank

NAME_FROM = 0.7
"""Share of a term's places inside sentences that must have a capital for it to be a name."""


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
    ``(n_rows + 1,)``; `tokens` ``(n_tokens,)``, term numbers of `row_words`; `row_vectors` ``(n_rows, dimensions)``.
    """

    corpus: Corpus
    language: Language
    lexicon: Lexicon
    document_words: TermIndex
    document_characters: TermIndex
    row_words: TermIndex
    row_characters: TermIndex
    words_in_rows: NDArray[np.int64]
    characters_in_rows: NDArray[np.int64]
    """Number of each term of the documents in the rows' and paragraphs' vocabulary, -1 for one of headlines only."""
    first_passage: NDArray[np.int64]
    document_of: NDArray[np.int32]
    first_row: NDArray[np.int64]
    row_passage: NDArray[np.int32]
    first_token: NDArray[np.int64]
    tokens: NDArray[np.int32]
    row_vectors: Floats
    row_flags: NDArray[np.uint64]
    """What the wording of each row shows (`webapp.retrieval.flags`), shape ``(n_rows,)``."""
    terms: TermFacts
    paragraph_words: TermIndex
    paragraph_characters: TermIndex
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

    @classmethod
    def build(cls, corpus: Corpus, language: Language = ENGLISH) -> Index:
        """Analyse and weigh a corpus whose documents are in `language`."""
        lexicon, terms, characters = language.lexicon, language.terms, language.characters
        pairs = [(document, passage) for document in corpus.documents for passage in document.passages]
        texts = [row_texts(document, passage) for document, passage in pairs]
        rows = [text for group in texts for text in group]
        row_terms = [terms(text) for text in rows]
        row_words = TermIndex.fit(row_terms)
        counts = [len(document.passages) for document in corpus.documents]
        whole = [
            "\n".join([document.headline, *(text for p in document.passages for text in row_texts(document, p))])
            for document in corpus.documents
        ]
        tokens = np.array([row_words.vocabulary[term] for row in row_terms for term in row], np.int32)
        facts = _facts(rows, row_words.vocabulary, language)
        first_row = offsets(len(group) for group in texts)
        first_passage = offsets(counts)
        before = _row_before(pairs, first_row)
        first_token = offsets(len(row) for row in row_terms)
        row_vectors = _row_vectors(tokens, first_token, facts, lexicon)
        paragraph_of = _paragraph_of(pairs)
        paragraphs = _joined(["\n".join(group) for group in texts], paragraph_of)
        document_words = TermIndex.fit(terms(text) for text in whole)
        document_characters = TermIndex.fit(characters(text) for text in whole)
        row_characters = TermIndex.fit(characters(text) for text in rows)
        return cls(
            corpus=corpus,
            language=language,
            lexicon=lexicon,
            document_words=document_words,
            document_characters=document_characters,
            row_words=row_words,
            row_characters=row_characters,
            words_in_rows=_renumbering(document_words, row_words),
            characters_in_rows=_renumbering(document_characters, row_characters),
            first_passage=first_passage,
            document_of=np.repeat(np.arange(len(counts), dtype=np.int32), counts),
            first_row=first_row,
            row_passage=np.repeat(np.arange(len(texts), dtype=np.int32), [len(group) for group in texts]),
            first_token=first_token,
            tokens=tokens,
            row_vectors=row_vectors,
            row_flags=np.array([language.row_flags(text) for text in rows], np.uint64),
            terms=facts,
            paragraph_words=TermIndex.fit(terms(text) for text in paragraphs),
            paragraph_characters=TermIndex.fit(characters(text) for text in paragraphs),
            paragraph_of=paragraph_of,
            document_vectors=_means(row_vectors[first_row[1:] - 1], first_passage),
            passage_number=np.array([passage.number for _, passage in pairs], np.int32),
            published=np.array([d.published.toordinal() if d.published else 0 for d in corpus.documents], np.int32),
            id_rank=_ranks([document.id for document in corpus.documents]),
            row_kinds=_row_kinds(texts, language),
            row_before=before,
            row_after=_row_after(before),
            banks={
                number: bank
                for number, document in enumerate(corpus.documents)
                if (bank := Bank.build(document, lexicon, language)) is not None
            },
            spelling=Spelling.build((word.folded for text in rows for word in language.words(text)), language),
            acronyms=Acronyms.build(rows),
        )

    def holds(self, term: str) -> bool:
        """Return whether any document holds `term`."""
        return term in self.document_words.vocabulary


def row_texts(document: Document, passage: Passage) -> list[str]:
    """Return the texts of a passage's rows: its question wordings, then what it quotes."""
    return [*(span.of(document.source) for span in passage.questions), document.text(passage)]


def offsets(counts: Iterable[int]) -> NDArray[np.int64]:
    """Return where each of consecutive runs begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(np.fromiter(counts, np.int64))]).astype(np.int64)


def _ranks(texts: Sequence[str]) -> NDArray[np.int32]:
    ranks = np.zeros(len(texts), np.int32)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts), dtype=np.int32)
    return ranks


def _renumbering(one: TermIndex, other: TermIndex) -> NDArray[np.int64]:
    """Return the number in `other` of each term of `one`, -1 for those it does not have."""
    return np.array([other.vocabulary.get(term, -1) for term in one.vocabulary], np.int64)


def _facts(rows: Sequence[str], vocabulary: Mapping[str, int], language: Language) -> TermFacts:
    lexicon, known = language.lexicon, list(vocabulary)
    function = {language.term_of(word) for word in language.function_words}
    numbers = np.zeros(len(known), bool)
    inside = np.zeros(len(known), np.int64)
    capitals = np.zeros(len(known), np.int64)
    for text in rows:
        for place, word in enumerate(language.words(text)):
            number = vocabulary[word.term]
            numbers[number] |= language.is_number(word.folded)
            if place:
                inside[number] += 1
                capitals[number] += text[word.span.start].isupper()
    rarity = lexicon.rarity_of(known)
    rarity[[term in function for term in known]] = 0
    return TermFacts(
        rarity=rarity,
        senses=np.array([lexicon.sense_mask(term) for term in known], np.uint32),
        lexicon_rows=np.where(numbers, -1, lexicon.rows(known)).astype(np.int32),
        is_number=numbers,
        is_name=(capitals >= 1) & (capitals >= NAME_FROM * inside) & np.array([t.isalpha() for t in known], bool),
    )


def _paragraph_of(pairs: Sequence[tuple[Document, Passage]]) -> NDArray[np.int32]:
    numbers: list[int] = []
    last: tuple[str, int] | None = None
    for document, passage in pairs:
        here = (document.id, passage.paragraph)
        new = passage.paragraph < 0 or here != last
        numbers.append((numbers[-1] if numbers else -1) + new)
        last = here
    return np.array(numbers, np.int32)


def _joined(texts: Sequence[str], groups: NDArray[np.int32]) -> list[str]:
    joined: list[list[str]] = [[] for _ in range(int(groups.max()) + 1 if len(groups) else 0)]
    for text, group in zip(texts, groups, strict=True):
        joined[group].append(text)
    return ["\n".join(group) for group in joined]


def _means(vectors: Floats, first: NDArray[np.int64]) -> Floats:
    means = np.zeros((len(first) - 1, vectors.shape[1]), np.float32)
    for number in range(len(means)):
        if first[number + 1] > first[number]:
            means[number] = vectors[first[number] : first[number + 1]].mean(axis=0)
    return means


def _row_kinds(texts: Sequence[Sequence[str]], language: Language) -> NDArray[np.int8]:
    kinds = []
    for group in texts:
        kinds += [KINDS.index(language.kind_of(wording)) for wording in group[:-1]]
        kinds.append(-1)
    return np.array(kinds, np.int8)


def _row_before(pairs: Sequence[tuple[Document, Passage]], first_row: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the row of the sentence before each one in its article."""
    before = np.full(int(first_row[-1]), -1, np.int32)
    for number, ((left, one), (right, two)) in enumerate(zip(pairs, pairs[1:], strict=False)):
        if left is right and not one.questions and not two.questions:
            before[first_row[number + 2] - 1] = first_row[number + 1] - 1
    return before


def _row_after(before: NDArray[np.int32]) -> NDArray[np.int32]:
    after = np.full(len(before), -1, np.int32)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    return after


def _row_vectors(tokens: NDArray[np.int32], first: NDArray[np.int64], facts: TermFacts, lexicon: Lexicon) -> Floats:
    """Return the unit mean of the vectors of each row's terms, weighted by rarity, shape ``(n_rows, dimensions)``."""
    weighted = lexicon.unit_vectors(facts.lexicon_rows) * facts.rarity[:, None]
    found = np.zeros((len(first) - 1, weighted.shape[1]), np.float32)
    for row in range(len(found)):
        found[row] = weighted[np.unique(tokens[first[row] : first[row + 1]])].sum(axis=0)
    return unit(found)
