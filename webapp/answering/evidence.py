"""What speaks for a (question, passage) pair: named numbers, a row a candidate.

Most of it is *coverage*: the share of the question's weight that a text holds. Coverages differ in the weight (rarity
in the corpus, in the document, among documents, in English) and in the text (the FAQ question, the passage, its
neighbours in the paragraph, the whole document). Because a coverage is a sum over the question's words, the share that
each word brought to the score can be told exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webapp.answering.looking import Seen, look
from webapp.answering.question import Asked
from webapp.retrieval import flags
from webapp.retrieval.index import Index
from webapp.retrieval.kinds import Expects
from webapp.retrieval.lexicon import sense_bit

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]

NEIGHBOUR_SHARE = 0.5
"""What a word in a neighbouring sentence counts beside one in the passage itself."""

_TEXT, _QUESTION, _BEFORE, _AFTER = range(4)

COVERAGES = (
    "text: rare here",
    "text: rare in document",
    "text: rare in English",
    "FAQ question: rare here",
    "FAQ question: rare in document",
    "FAQ question: rare in English",
    "either: rare in document",
    "either: rare in English",
    "nearby: rare in document",
    "nearby: rare in English",
    "document: rare in English",
    "text: similar words",
    "FAQ question: similar words",
    "either: content",
    "either: similar content",
    "nearby: content",
    "nearby: similar content",
    "document: content",
    "document: content rare among documents",
    "either: numbers",
    "nearby: names",
    "document: names",
    "either: question before",
    "nearby: question before",
)
MEASURES = (
    "text: words",
    "FAQ question: words",
    "text: letters",
    "FAQ question: letters",
    "text: letters behind the best here",
    "text: pairs",
    "FAQ question: pairs",
    "text: covered by question",
    "FAQ question: covered by question",
    "text: meaning",
    "FAQ question: meaning",
    "document: words",
    "document: letters",
    "document: behind the best",
    "document: of the answer before",
    "already told",
    "is an FAQ answer",
    "is the first sentence",
    "is a question itself",
    "length",
    "heaviest word missing nearby",
    "heaviest word missing in document",
    "heaviest word without a similar one",
    "FAQ question: asks the same kind",
    "FAQ answer: yes or no",
    "wordings",
)
KINDS = tuple(
    f"kind: {kind.value}"
    for kind in Expects
    if kind not in (Expects.MANNER, Expects.YES_NO, Expects.OPEN)
)
NAMES = COVERAGES + MEASURES + KINDS
COLUMN = {name: number for number, name in enumerate(NAMES)}


@dataclass(frozen=True)
class Candidates:
    """Passages to compare, and what the candidate stage already knows of them.

    Shapes are ``(n,)``: `passages` are numbers among all; `text_rows` and `question_rows` the row of each that is its
    text and its best question wording (-1 for none). The scores are cosines of every row ``(n_rows,)`` and of every
    document ``(n_documents,)``; `wordings` is the evidence of an answer's wordings together, ``(n_passages,)``.
    """

    passages: Ints
    text_rows: Ints
    question_rows: Ints
    word_scores: Floats
    character_scores: Floats
    document_words: Floats
    document_characters: Floats
    wordings: Floats | None = None


@dataclass
class Evidence:
    """Evidence for `n` candidates: `columns` ``(n, len(NAMES))``, and what each coverage was summed from."""

    columns: Floats
    parts: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    """For each coverage: what is held ``(n, m)`` and the weights that add up to 1, ``(m,)`` or ``(n, m)``."""

    def put(self, name: str, values: NDArray[np.generic] | float) -> None:
        """Set a column."""
        self.columns[:, COLUMN[name]] = values

    def cover(self, name: str, held: Floats, weights: Floats) -> None:
        """Set a column to the share of `weights` whose terms are held."""
        shares = weights / np.maximum(weights.sum(axis=-1, keepdims=True), np.float32(1e-9))
        self.parts[name] = (held, shares)
        self.put(name, np.einsum("nm,nm->n", held, shares) if shares.ndim == 2 else held @ shares)


def gather(index: Index, asked: Asked, candidates: Candidates) -> Evidence:
    """Return the evidence for each candidate."""
    n = len(candidates.passages)
    text, question = candidates.text_rows, candidates.question_rows
    documents, document_of = np.unique(index.document_of[candidates.passages], return_inverse=True)
    seen = look(index, asked, np.concatenate([text, question, index.row_before[text], index.row_after[text]]))
    found = Evidence(np.zeros((n, len(NAMES)), np.float32))
    in_document = _document_holds(index, asked, documents)[document_of]
    _coverages(found, index, asked, seen, in_document, _local_weights(index, asked, documents)[document_of])
    _rows(found, index, asked, candidates, seen)
    _documents(found, asked, candidates, index.document_of[candidates.passages], document_of)
    _kinds(found, index, asked, text, seen.new_flags[:n])
    _faq(found, index, asked, text, question)
    return found


def _coverages(
    found: Evidence, index: Index, asked: Asked, seen: Seen, in_document: Floats, local: Floats
) -> None:
    held = seen.held.reshape(4, len(found.columns), -1)
    alike = seen.alike.reshape(4, len(found.columns), -1)
    either = np.maximum(held[_TEXT], held[_QUESTION])
    beside = np.maximum(held[_BEFORE], held[_AFTER])
    near = np.maximum(either, np.float32(NEIGHBOUR_SHARE) * beside)
    either_alike = np.maximum(alike[_TEXT], alike[_QUESTION])
    near_alike = np.maximum(either_alike, np.maximum(alike[_BEFORE], alike[_AFTER]))
    in_english = asked.rarity * asked.asked
    here = asked.idf * asked.asked
    content = asked.rarity * asked.content
    names = in_english * asked.is_name
    numbers = in_english * asked.is_number
    carried = asked.rarity * asked.carried * np.float32(asked.conversation.leaning)
    cover = found.cover
    for name, place in (("text", _TEXT), ("FAQ question", _QUESTION)):
        cover(f"{name}: rare here", held[place], here)
        cover(f"{name}: rare in document", held[place], local)
        cover(f"{name}: rare in English", held[place], in_english)
        cover(f"{name}: similar words", alike[place], in_english)
    cover("either: rare in document", either, local)
    cover("either: rare in English", either, in_english)
    cover("nearby: rare in document", near, local)
    cover("nearby: rare in English", near, in_english)
    cover("document: rare in English", in_document, in_english)
    cover("either: content", either, content)
    cover("either: similar content", either_alike, content)
    cover("nearby: content", near, content)
    cover("nearby: similar content", near_alike, content)
    cover("document: content", in_document, content)
    cover("document: content rare among documents", in_document, _among_documents(index, asked) * asked.content)
    cover("either: numbers", either, numbers)
    cover("nearby: names", near, names)
    cover("document: names", in_document, names)
    cover("either: question before", either, carried)
    cover("nearby: question before", near, carried)
    heaviest = content / np.float32(index.lexicon.rarity.max())
    at_all = np.maximum(either, beside)
    found.put("heaviest word missing nearby", ((1 - at_all) * heaviest).max(axis=1, initial=0))
    found.put("heaviest word missing in document", ((1 - in_document) * heaviest).max(axis=1, initial=0))
    found.put("heaviest word without a similar one", ((1 - near_alike) * heaviest).max(axis=1, initial=0))


def _rows(found: Evidence, index: Index, asked: Asked, candidates: Candidates, seen: Seen) -> None:
    n = len(found.columns)
    text, question = candidates.text_rows, candidates.question_rows
    has_question = question >= 0
    meaning = index.row_vectors[np.concatenate([text, question])] @ asked.vector
    put = found.put
    put("text: words", candidates.word_scores[text])
    put("FAQ question: words", candidates.word_scores[question] * has_question)
    put("text: letters", candidates.character_scores[text])
    put("FAQ question: letters", candidates.character_scores[question] * has_question)
    put("text: pairs", seen.pairs[:n])
    put("FAQ question: pairs", seen.pairs[n : 2 * n])
    put("text: covered by question", seen.covered[:n])
    put("FAQ question: covered by question", seen.covered[n : 2 * n])
    put("text: meaning", meaning[:n])
    put("FAQ question: meaning", meaning[n:] * has_question)
    put("already told", np.isin(candidates.passages, [*asked.conversation.told]))
    put("is an FAQ answer", has_question)
    put("is the first sentence", index.passage_number[candidates.passages] == 0)
    put("is a question itself", (index.row_flags[text] & np.uint64(flags.ASKS)) != 0)
    put("length", np.log1p(index.first_token[text + 1] - index.first_token[text]) / 3)
    if candidates.wordings is not None:
        put("wordings", candidates.wordings[candidates.passages])


def _documents(
    found: Evidence, asked: Asked, candidates: Candidates, documents: NDArray[np.int32], document_of: Ints
) -> None:
    words, letters = candidates.document_words[documents], candidates.document_characters[documents]
    best = float((candidates.document_words + candidates.document_characters).max())
    found.put("document: words", words)
    found.put("document: letters", letters)
    found.put("document: behind the best", words + letters - best)
    conversation = asked.conversation
    if conversation.document is not None:
        found.put("document: of the answer before", (documents == conversation.document) * conversation.leaning)
    scores = candidates.character_scores[candidates.text_rows]
    best_here = np.zeros(document_of.max() + 1, np.float32)
    np.maximum.at(best_here, document_of, scores)
    found.put("text: letters behind the best here", scores - best_here[document_of])


def _local_weights(index: Index, asked: Asked, documents: NDArray[np.int32]) -> Floats:
    """Return how rare each asked term is among the rows of each document, shape ``(len(documents), m)``.

    The formula is scikit-learn's smooth idf without the constant 1 that would keep a weight for a term of every row:
    ``ln((1 + n) / (1 + df))``.
    """
    first = index.first_row[index.first_passage[documents]]
    last = index.first_row[index.first_passage[documents + 1]]
    bounds = np.concatenate([first, last])
    df = np.zeros((len(documents), len(asked.numbers)))
    for slot, number in enumerate(asked.numbers):
        if number >= 0:
            places = np.searchsorted(index.row_words.postings(number)[0], bounds)
            df[:, slot] = places[len(documents) :] - places[: len(documents)]
    weights: Floats = np.log((1 + (last - first)[:, None]) / (1 + df)).astype(np.float32) * asked.asked
    return weights


def _among_documents(index: Index, asked: Asked) -> Floats:
    """Return how rare each asked term is among the documents, shape ``(m,)``: ``ln((1 + n) / (1 + df))``."""
    words = index.document_words
    most = np.log(1 + words.n_rows)
    return np.array([most if n < 0 else words.idf[n] - 1 for n in asked.document_numbers], np.float32)


def _document_holds(index: Index, asked: Asked, documents: NDArray[np.int32]) -> Floats:
    """Return whether each document holds each asked term, shape ``(len(documents), m)``."""
    held = np.zeros((len(documents), len(asked.terms)), np.float32)
    for slot, number in enumerate(asked.document_numbers):
        if number >= 0:
            rows, _ = index.document_words.postings(number)
            held[:, slot] = rows[np.minimum(np.searchsorted(rows, documents), len(rows) - 1)] == documents
    return held


def _has(bits: Bits, *wanted: int) -> NDArray[np.bool_]:
    mask = 0
    for bit in wanted:
        mask |= bit
    found: NDArray[np.bool_] = (bits & np.uint64(mask)) != 0
    return found


_NAMED_PLACE = sense_bit("city") | sense_bit("country")

_HOLDS_KIND: dict[Expects, Callable[[Bits, Bits, int], NDArray[np.bool_]]] = {
    Expects.PERSON: lambda row, new, senses: _has(row, flags.TITLED) | _has(new, sense_bit("person")),
    Expects.PLACE: lambda row, new, senses: (
        _has(new, senses & _NAMED_PLACE)
        if senses & _NAMED_PLACE
        else _has(row, flags.IN_NAME) | _has(new, sense_bit("location"))
    ),
    Expects.TIME: lambda row, new, senses: _has(new, flags.YEAR, flags.CALENDAR) | _has(row, flags.CLOCK),
    Expects.DURATION: lambda row, new, senses: _has(row, flags.SPAN_NUMBER),
    Expects.COUNT: lambda row, new, senses: _has(new, flags.NUMBER),
    Expects.MONEY: lambda row, new, senses: _has(row, flags.MONEY_NUMBER),
    Expects.MEASURE: lambda row, new, senses: _has(row, flags.UNIT_NUMBER),
    Expects.REASON: lambda row, new, senses: _has(row, flags.REASON),
    Expects.THING: lambda row, new, senses: _has(new, senses),
}


def _kinds(found: Evidence, index: Index, asked: Asked, text: Ints, new: Bits) -> None:
    """Set +1 where the kind of answer that is expected stands in the text, -1 where it does not."""
    holds = _HOLDS_KIND.get(asked.kind.expects)
    if holds is not None:
        there = holds(index.row_flags[text], new, asked.kind.senses)
        found.put(f"kind: {asked.kind.expects.value}", np.where(there, 1, -1))


def _faq(found: Evidence, index: Index, asked: Asked, text: Ints, question: Ints) -> None:
    same = np.where(index.row_kinds[question] == asked.kind_number, 1, -1)
    found.put("FAQ question: asks the same kind", np.where(question >= 0, same, 0))
    answers = _has(index.row_flags[text], flags.YES_NO)
    found.put("FAQ answer: yes or no", answers * (1 if asked.kind.expects is Expects.YES_NO else -1))
