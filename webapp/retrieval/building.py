"""Documents to an index: every text is read once, then everything is made from the numbers of its words.

Time and memory grow with the number of words. The large arrays may be kept elsewhere as soon as each is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.model import Corpus
from webapp.corpus.sections import Keep, as_it_is
from webapp.retrieval.fitting import Terms
from webapp.retrieval.index import Index, TermFacts
from webapp.retrieval.language import ENGLISH, Language
from webapp.retrieval.lexicon import unit
from webapp.retrieval.rows import Floats, Ints, Places, Rows, read_rows
from webapp.retrieval.sparsetools import csr_matvecs
from webapp.retrieval.spelling import Spelling
from webapp.retrieval.telling import Told, tell_nobody
from webapp.retrieval.weighting import TermIndex, TextWeights
from webapp.retrieval.wordings import Bank, has_bank

NAME_FROM = 0.7
"""Share of a term's places inside sentences that must have a capital for it to be a name."""
VECTOR_ROWS = 1 << 15
"""Rows whose vectors are summed up at once."""
READING, WEIGHING, BANKS = "reading words", "weighing words", "comparing FAQs"
WEIGHING_FROM, BANKS_FROM = 0.65, 0.95
"""Shares of the work that are done before these steps, as measured for articles with short FAQs."""


def build_index(
    corpus: Corpus, language: Language = ENGLISH, *, keep: Keep = as_it_is, tell: Told = tell_nobody
) -> Index:
    """Analyse and weigh a corpus whose documents are in `language`.

    Args:
        corpus: the documents.
        language: which they are in.
        keep: where large arrays are put, each as soon as it is made.
        tell: hears how far it is.

    Raises:
        TooLarge: there is more in the documents than can be numbered.
    """
    n_documents, lexicon = len(corpus.documents), language.lexicon
    rows = read_rows(corpus, language, lambda done: tell(READING, WEIGHING_FROM * done / n_documents))
    words, document_of = rows.words, _owners(rows.first_passage)
    paragraph_of = _paragraph_of(rows.paragraph, document_of)
    before = _row_before(rows, document_of)

    in_rows, everywhere = np.zeros(len(words.folded), bool), np.ones(len(words.folded), bool)
    in_rows[rows.tokens] = True
    with_heading = _with_heading(rows)
    of_rows = rows.tokens, rows.first_token
    starts = np.flatnonzero(np.diff(paragraph_of, prepend=-1))
    of_paragraphs = rows.tokens, np.append(rows.first_token[rows.first_row[starts]], len(rows.tokens))

    stems = [(term,) for term in words.terms]
    grams = [language.character_terms(folded) for folded in words.folded]
    row_terms, all_terms = Terms.of_words(stems, in_rows), Terms.of_words(stems, everywhere)
    all_grams = Terms.of_words(grams, everywhere)

    def weighing(done: float) -> None:
        tell(WEIGHING, WEIGHING_FROM + (BANKS_FROM - WEIGHING_FROM) * done)

    weighing(0)
    document_words = TermIndex.of_numbers(*with_heading, all_terms, keep)
    document_characters = TermIndex.of_numbers(*with_heading, all_grams, keep)
    weighing(0.4)
    row_words = TermIndex.of_numbers(*of_rows, row_terms, keep)
    row_characters = TextWeights.of_numbers(*of_rows, all_grams)
    weighing(0.7)
    paragraph_words = TextWeights.of_numbers(*of_paragraphs, row_terms)
    paragraph_characters = TextWeights.of_numbers(*of_paragraphs, all_grams)
    weighing(0.9)

    term_of = np.full(len(words.folded), -1, np.int32)
    term_of[in_rows] = row_terms.numbers
    terms = term_of[rows.tokens]
    facts = _facts(rows, terms, row_terms.names, term_of, language)
    row_vectors = _row_vectors(terms, rows.first_token, facts, language)
    document_vectors = _means(row_vectors, rows.first_row, rows.first_passage)
    spelling = _spelling(rows, language)
    return Index(
        corpus=corpus,
        language=language,
        lexicon=lexicon,
        document_words=document_words,
        document_characters=document_characters,
        row_words=row_words,
        row_characters=row_characters,
        words_in_rows=_renumbering(document_words, row_words),
        first_passage=rows.first_passage,
        document_of=document_of,
        first_row=rows.first_row,
        row_passage=_owners(rows.first_row),
        first_token=rows.first_token,
        tokens=keep(rows.tokens),
        term_of=term_of,
        first_gram=all_grams.first,
        grams=all_grams.numbers,
        row_vectors=keep(row_vectors),
        row_flags=rows.flags,
        terms=facts,
        paragraph_words=paragraph_words,
        paragraph_characters=paragraph_characters,
        paragraph_of=paragraph_of,
        document_vectors=document_vectors,
        passage_number=rows.passage_number,
        published=np.array([d.published.toordinal() if d.published else 0 for d in corpus.documents], np.int32),
        id_rank=_ranks([document.id for document in corpus.documents]),
        row_kinds=rows.kinds,
        row_before=before,
        row_after=_row_after(before),
        banks=_banks(corpus, language, tell),
        spelling=spelling,
        acronyms=rows.acronyms,
    )


def _owners(first: Places) -> Ints:
    """Return which run each thing belongs to."""
    return np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))


def _with_heading(rows: Rows) -> tuple[Ints, Places]:
    """Return the words of whole documents, those of its headline before those of its rows, and where each begins."""
    first = rows.first_token[rows.first_row[rows.first_passage]]
    words = np.empty(len(rows.heading) + len(rows.tokens), np.int32)
    of_heading, of_rows = np.diff(rows.first_heading), np.diff(first)
    words[np.arange(len(rows.heading)) + np.repeat(first[:-1], of_heading)] = rows.heading
    words[np.arange(len(rows.tokens)) + np.repeat(rows.first_heading[1:], of_rows)] = rows.tokens
    return words, first + rows.first_heading


def _renumbering(one: TermIndex, other: TermIndex) -> NDArray[np.int64]:
    """Return the number in `other` of each term of `one`, -1 for those it does not have."""
    get = other.vocabulary.get
    return np.fromiter((get(term, -1) for term in one.vocabulary), np.int64, len(one.vocabulary))


def _ranks(texts: Sequence[str]) -> Ints:
    ranks = np.zeros(len(texts), np.int32)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts), dtype=np.int32)
    return ranks


def _facts(rows: Rows, tokens: Ints, names: Sequence[str], number_of: Ints, language: Language) -> TermFacts:
    lexicon, known = language.lexicon, list(names)
    function = {language.term_of(word) for word in language.function_words}
    numbers = np.zeros(len(known), bool)
    numeric = np.array([language.is_number(folded) for folded in rows.words.folded], bool)
    numbers[number_of[numeric & (number_of >= 0)]] = True
    inside = np.ones(len(tokens), bool)
    inside[rows.first_token[:-1][np.diff(rows.first_token) > 0]] = False
    places = np.bincount(tokens[inside], minlength=len(known))
    capitals = np.bincount(tokens[inside & rows.capitals], minlength=len(known))
    rarity = lexicon.rarity_of(known)
    rarity[[term in function for term in known]] = 0
    return TermFacts(
        rarity=rarity,
        senses=np.array([lexicon.sense_mask(term) for term in known], np.uint32),
        lexicon_rows=np.where(numbers, -1, lexicon.rows(known)).astype(np.int32),
        is_number=numbers,
        is_name=(capitals >= 1) & (capitals >= NAME_FROM * places) & np.array([t.isalpha() for t in known], bool),
    )


def _paragraph_of(paragraph: Ints, document_of: Ints) -> Ints:
    """Return the paragraph of each passage among all; an FAQ answer is one of its own."""
    new = (paragraph < 0) | (np.diff(paragraph, prepend=-2) != 0) | (np.diff(document_of, prepend=-1) != 0)
    return (np.cumsum(new) - 1).astype(np.int32)


def _row_before(rows: Rows, document_of: Ints) -> Ints:
    """Return the row of the sentence before each one in its article."""
    before = np.full(len(rows.flags), -1, np.int32)
    text = rows.first_row[1:] - 1
    is_sentence = np.diff(rows.first_row) == 1
    follows = is_sentence[1:] & is_sentence[:-1] & (document_of[1:] == document_of[:-1])
    before[text[1:][follows]] = text[:-1][follows]
    return before


def _row_after(before: Ints) -> Ints:
    after = np.full(len(before), -1, np.int32)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    return after


def _row_vectors(tokens: Ints, first: Places, facts: TermFacts, language: Language) -> Floats:
    """Return the unit mean of the vectors of each row's terms, weighted by rarity, shape ``(n_rows, dimensions)``."""
    lexicon = language.lexicon
    has_vector = (facts.lexicon_rows >= 0) & (facts.lexicon_rows < len(lexicon.vectors)) & (facts.rarity > 0)
    known = np.flatnonzero(has_vector)
    weighted = lexicon.unit_vectors(facts.lexicon_rows[known]) * facts.rarity[known][:, None]
    place = np.full(len(has_vector), -1, np.int64)
    place[known] = np.arange(len(known))
    found = np.zeros((len(first) - 1, lexicon.dimensions), np.float32)
    for begin in range(0, len(found), VECTOR_ROWS):
        end = min(begin + VECTOR_ROWS, len(found))
        own = place[tokens[first[begin] : first[end]]]
        owner = np.repeat(np.arange(end - begin), np.diff(first[begin : end + 1]))[own >= 0]
        row, term = np.divmod(np.unique(owner * np.int64(len(known)) + own[own >= 0]), max(1, len(known)))
        ends = np.searchsorted(row, np.arange(end - begin + 1)).astype(np.int32)
        shares = np.ones(len(term), np.float32)
        # One term after the other is added, each row's in the order of their numbers.
        sums = np.zeros(found[begin:end].shape, np.float32)
        matrix = ends, term.astype(np.int32), shares
        csr_matvecs(end - begin, len(known), found.shape[1], *matrix, weighted.ravel(), sums.ravel())
        found[begin:end] = unit(sums)
    return found


def _means(row_vectors: Floats, first_row: Places, first_passage: Places) -> Floats:
    """Return the mean of the vectors of each document's texts."""
    means = np.zeros((len(first_passage) - 1, row_vectors.shape[1]), np.float32)
    for number, (begin, end) in enumerate(pairwise(first_passage.tolist())):
        if end > begin:
            means[number] = row_vectors[first_row[begin + 1 : end + 1] - 1].mean(axis=0)
    return means


def _spelling(rows: Rows, language: Language) -> Spelling:
    counts: defaultdict[str, int] = defaultdict(int)
    said = np.bincount(rows.tokens, minlength=len(rows.words.folded)).tolist()
    for folded, count in zip(rows.words.folded, said, strict=True):
        if count:
            counts[folded] += count
    return Spelling.of_counts(counts, language)


def _banks(corpus: Corpus, language: Language, tell: Told) -> dict[int, Bank]:
    large = [number for number, document in enumerate(corpus.documents) if has_bank(document)]
    banks = {}
    for done, number in enumerate(large):
        tell(BANKS, BANKS_FROM + (1 - BANKS_FROM) * done / len(large))
        banks[number] = Bank.build(corpus.documents[number], language.lexicon, language)
    return banks
