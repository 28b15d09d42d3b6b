"""What speaks for a (question, passage) pair: named numbers, a row a candidate.

All candidates are looked at together: the terms of their rows are gathered once, and every measure is a reduction over
them. Most measures are *coverage*: the share of the question's weight that a text holds. They differ in the weight
(rarity in the corpus, in the document, in English) and in the text (the FAQ question, the passage, its neighbours).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.question import Asked
from webapp.retrieval import flags
from webapp.retrieval.index import Index
from webapp.retrieval.kinds import Expects
from webapp.retrieval.lexicon import sense_bit

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEIGHBOUR_SHARE = 0.5
SIMILAR_FROM = 0.35
"""Below this cosine of latent vectors two words have nothing to do with each other."""

_TEXT, _QUESTION, _BEFORE, _AFTER = range(4)

NAMES = (
    "words in text",
    "words in FAQ question",
    "letters in text",
    "letters in FAQ question",
    "text: rare here",
    "text: rare in document",
    "text: rare in English",
    "FAQ question: rare here",
    "FAQ question: rare in document",
    "FAQ question: rare in English",
    "either: rare in document",
    "either: rare in English",
    "FAQ question covered",
    "text covered",
    "neighbours: rare in document",
    "neighbours: rare in English",
    "document: rare in English",
    "meaning of text",
    "meaning of FAQ question",
    "similar words in text",
    "similar words in FAQ question",
    "pairs in text",
    "pairs in FAQ question",
    "document by words",
    "document by letters",
    "document behind best",
    "is FAQ",
    "first sentence",
    "asks itself",
    "length",
    "kind: person",
    "kind: place",
    "kind: time",
    "kind: duration",
    "kind: count",
    "kind: money",
    "kind: measure",
    "kind: reason",
    "kind: thing",
    "FAQ: same kind asked",
    "FAQ: yes or no",
    "numbers of the question",
    "names of the question",
)


@dataclass(frozen=True)
class Candidates:
    """Passages to compare, and what the candidate stage already knows of each.

    Shapes are ``(n,)``: `passages` (numbers among all), the row of each that is its text, its best question wording
    (-1 for none), and the cosines of those rows and of the documents.
    """

    passages: Ints
    text_rows: Ints
    question_rows: Ints
    word_scores: Floats
    """Cosines of every row, shape ``(n_rows,)``."""
    character_scores: Floats
    document_words: Floats
    """Shape ``(n_documents,)``."""
    document_characters: Floats


def evidence(index: Index, asked: Asked, candidates: Candidates) -> Floats:
    """Return the evidence for each candidate, shape ``(n, len(NAMES))``."""
    n = len(candidates.passages)
    documents = index.document_of[candidates.passages]
    neighbours = _neighbours(index, candidates)
    rows = np.concatenate([candidates.text_rows, candidates.question_rows, *neighbours])
    held, pairs, similar, covered = _look(index, asked, rows)
    held = held.reshape(4, n, -1)
    similar = similar.reshape(4, n, -1)
    pairs = pairs.reshape(4, n)
    covered = covered.reshape(4, n)
    in_english = asked.rarity
    in_corpus = asked.idf
    in_document = _local_weights(index, asked, documents)
    either = np.maximum(held[_TEXT], held[_QUESTION])
    near = np.maximum(either, NEIGHBOUR_SHARE * np.maximum(held[_BEFORE], held[_AFTER]))
    in_its_document = _document_holds(index, asked, documents)
    text, question = candidates.text_rows, candidates.question_rows
    has_question = question >= 0
    document_words = candidates.document_words[documents]
    document_characters = candidates.document_characters[documents]
    document_scores = document_words + document_characters
    best = (candidates.document_words + candidates.document_characters).max()
    meaning = index.row_vectors[rows[: 2 * n]] @ asked.vector
    numbers = index.passage_number[candidates.passages]

    columns = np.zeros((n, len(NAMES)), np.float32)
    position = iter(range(len(NAMES)))

    def put(values: Floats) -> None:
        columns[:, next(position)] = values

    put(candidates.word_scores[text])
    put(np.where(has_question, candidates.word_scores[question], 0))
    put(candidates.character_scores[text])
    put(np.where(has_question, candidates.character_scores[question], 0))
    put(_coverage(held[_TEXT], in_corpus))
    put(_coverage(held[_TEXT], in_document))
    put(_coverage(held[_TEXT], in_english))
    put(_coverage(held[_QUESTION], in_corpus))
    put(_coverage(held[_QUESTION], in_document))
    put(_coverage(held[_QUESTION], in_english))
    put(_coverage(either, in_document))
    put(_coverage(either, in_english))
    put(covered[_QUESTION])
    put(covered[_TEXT])
    put(_coverage(near, in_document))
    put(_coverage(near, in_english))
    put(_coverage(in_its_document, in_english))
    put(meaning[:n])
    put(np.where(has_question, meaning[n:], 0))
    put(_coverage(similar[_TEXT], in_english))
    put(_coverage(similar[_QUESTION], in_english))
    put(pairs[_TEXT])
    put(pairs[_QUESTION])
    put(document_words)
    put(document_characters)
    put(document_scores - best)
    put(has_question.astype(np.float32))
    put((numbers == 0).astype(np.float32))
    put(((index.row_flags[text] & np.uint64(flags.ASKS)) != 0).astype(np.float32))
    lengths = index.first_token[text + 1] - index.first_token[text]
    put(np.log1p(lengths).astype(np.float32) / 3)
    for column in _kinds(index, asked, text):
        put(column)
    for column in _faq_kinds(index, asked, text, question, has_question):
        put(column)
    put(_coverage(either, np.where(asked.is_number, in_english, 0)) - float(asked.is_number.any()))
    put(_coverage(near, np.where(asked.is_name, in_english, 0)) - float(asked.is_name.any()))
    return columns


def _coverage(held: Floats, weights: Floats) -> Floats:
    """Return the share of the weights whose terms are held; weights are ``(m,)`` or ``(n, m)``."""
    total = weights.sum(axis=-1)
    share: Floats = (held * weights).sum(axis=-1) / np.maximum(total, 1e-9)
    return share


def _neighbours(index: Index, candidates: Candidates) -> tuple[Ints, Ints]:
    """Return the text rows of the sentences before and after each candidate in its paragraph, -1 for none."""
    before, after = index.row_before[candidates.text_rows], index.row_after[candidates.text_rows]
    return before, after


def _look(index: Index, asked: Asked, rows: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Look at the tokens of `rows` once.

    Returns:
        Which asked terms each row holds ``(len(rows), m)``; the share of the question's neighbouring pairs that are
        neighbours there ``(len(rows),)``; how similar the most similar word is to each term ``(len(rows), m)``; and
        the share of the row's own weight that the question covers ``(len(rows),)``.
    """
    m = len(asked.numbers)
    n = len(rows)
    starts = np.where(rows >= 0, index.first_token[rows], 0)
    lengths = np.where(rows >= 0, index.first_token[rows + 1] - index.first_token[rows], 0)
    owner = np.repeat(np.arange(n), lengths)
    begin = np.cumsum(lengths) - lengths
    tokens = index.tokens[np.arange(len(owner)) - np.repeat(begin - starts, lengths)]
    held = np.zeros((n, m), np.float32)
    slot = asked.slots(tokens)
    found = slot >= 0
    held[owner[found], slot[found]] = 1
    similarity = index.term_vectors[tokens] @ asked.vectors.T
    similarity = np.where(similarity >= SIMILAR_FROM, similarity, 0).astype(np.float32)
    similar = np.zeros((n, m), np.float32)
    filled = lengths > 0
    if len(tokens):
        similar[filled] = np.maximum.reduceat(similarity, begin[filled], axis=0)
    similar = np.maximum(similar, held)
    pairs = np.zeros(n, np.float32)
    if m > 1 and len(tokens) > 1:
        adjacent = found[:-1] & found[1:] & (owner[:-1] == owner[1:])
        at = np.flatnonzero(adjacent)
        ordered = asked.follows[slot[at], slot[at + 1]]
        np.maximum.at(pairs, owner[at], 0)
        np.add.at(pairs, owner[at], ordered)
        pairs /= max(1.0, float(asked.follows.sum()))
    weight = index.rarity[tokens]
    total = np.bincount(owner, weight, n)
    covered = np.bincount(owner, weight * found, n) / np.maximum(total, 1e-9)
    return held, np.minimum(pairs, 1), similar, covered.astype(np.float32)


def _local_weights(index: Index, asked: Asked, documents: NDArray[np.int32]) -> Floats:
    """Return how rare each asked term is among the rows of each candidate's document, shape ``(n, m)``.

    The formula is scikit-learn's smooth idf without the constant 1 that would keep a weight for a term of every row:
    ``ln((1 + n) / (1 + df))``.
    """
    unique, inverse = np.unique(documents, return_inverse=True)
    bounds = np.stack([index.first_row[index.first_passage[unique]], index.first_row[index.first_passage[unique + 1]]])
    size = bounds[1] - bounds[0]
    df = np.zeros((len(unique), len(asked.numbers)))
    for slot, number in enumerate(asked.numbers):
        if number >= 0:
            rows, _ = index.row_words.postings(number)
            inside = np.searchsorted(rows, bounds.ravel()).reshape(2, -1)
            df[:, slot] = inside[1] - inside[0]
    weights = np.log((1 + size[:, None]) / (1 + df)) * asked.repeats
    return weights[inverse].astype(np.float32)


def _document_holds(index: Index, asked: Asked, documents: NDArray[np.int32]) -> Floats:
    """Return whether each candidate's document holds each asked term, shape ``(n, m)``."""
    unique, inverse = np.unique(documents, return_inverse=True)
    held = np.zeros((len(unique), len(asked.numbers)), np.float32)
    for slot, term in enumerate(asked.terms):
        number = index.document_words.vocabulary.get(term)
        if number is not None:
            rows, _ = index.document_words.postings(number)
            at = np.minimum(np.searchsorted(rows, unique), len(rows) - 1)
            held[:, slot] = rows[at] == unique
    return held[inverse]


def _kinds(index: Index, asked: Asked, text: Ints) -> list[Floats]:
    """Return, for each kind of answer, +1 where it is expected and found, -1 where expected and not found, else 0."""
    row = index.row_flags[text]
    starts, ends = index.first_token[text], index.first_token[text + 1]
    term = np.zeros(len(text), np.uint64)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        tokens = index.tokens[start:end]
        new = index.term_flags[tokens[asked.slots(tokens) < 0]]
        if len(new):
            term[number] = np.bitwise_or.reduce(new)

    def has(bits: NDArray[np.uint64], *wanted: int) -> NDArray[np.bool_]:
        mask = 0
        for bit in wanted:
            mask |= bit
        return (bits & np.uint64(mask)) != 0

    tests = {
        Expects.PERSON: lambda: has(row, flags.TITLED) | has(term, sense_bit("person")),
        Expects.PLACE: lambda: (
            has(term, asked.kind.senses & (sense_bit("city") | sense_bit("country")))
            if asked.kind.senses & (sense_bit("city") | sense_bit("country"))
            else has(row, flags.IN_NAME) | has(term, sense_bit("location"))
        ),
        Expects.TIME: lambda: has(term, flags.YEAR, flags.CALENDAR) | has(row, flags.CLOCK),
        Expects.DURATION: lambda: has(row, flags.SPAN_NUMBER),
        Expects.COUNT: lambda: has(term, flags.NUMBER),
        Expects.MONEY: lambda: has(row, flags.MONEY_NUMBER),
        Expects.MEASURE: lambda: has(row, flags.UNIT_NUMBER),
        Expects.REASON: lambda: has(row, flags.REASON),
        Expects.THING: lambda: has(term, asked.kind.senses),
    }
    columns = []
    for kind, test in tests.items():
        if asked.kind.expects is kind:
            columns.append(np.where(test(), 1, -1).astype(np.float32))
        else:
            columns.append(np.zeros(len(text), np.float32))
    return columns


def _faq_kinds(
    index: Index, asked: Asked, text: Ints, question: Ints, has_question: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    kinds = index.row_kinds[question]
    same = np.where(has_question, np.where(kinds == asked.kind_number, 1, -1), 0).astype(np.float32)
    answers = (index.row_flags[text] & np.uint64(flags.YES_NO)) != 0
    wanted = asked.kind.expects is Expects.YES_NO
    yes_no = np.where(answers, 1 if wanted else -1, 0).astype(np.float32)
    return same, yes_no

