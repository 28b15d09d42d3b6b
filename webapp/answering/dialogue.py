"""What the conversation adds to a question: its topic, its document, what was already told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.patterns import Pattern
from webapp.retrieval.analysis import Word
from webapp.retrieval.index import Index
from webapp.retrieval.language import Language
from webapp.retrieval.runs import distinct

_LEADS_ON = Pattern(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|what else|which one|which ones|who else|where else|why not"
    r"|tell me more|more|go on|continue|anything else|since when|until when|by whom|from where"
    r"|to whom|how so|really)\b",
    re.IGNORECASE,
)
_MORE = Pattern(
    r"^\W*(?:and |so |ok |please )*(?:(?:can you |could you )?tell me more|more(?: please| details| information)?|go on"
    r"|continue|what else|anything else|say more|i want to know more|give me more)"
    r"(?: about (?:it|this|that|them))?\W*$",
    re.IGNORECASE,
)

NOT_LEANING = 0.0
LEANING_STRONG = 1.0
LEANING_WEAK = 0.3
"""A question after another one may lean on it even when nothing in it points back: `judging.ranked` finds out."""


@dataclass(frozen=True)
class Carried:
    """What earlier turns bring to a question; the arrays hold term numbers and weights that add up to 1."""

    leaning: float
    """How much the question leans on the conversation, in [0, 1]: what was said before counts so much."""
    last: int | None
    """Number, among all, of the passage that answered the question before."""
    told: frozenset[int]
    """Numbers of all passages already told."""
    asked: NDArray[np.int64]
    """Content terms of the question before."""
    asked_weights: NDArray[np.float32]
    said: NDArray[np.int64]
    """Terms of the passage that answered it, by how much they stand out in its document."""
    said_weights: NDArray[np.float32]


_NONE = np.zeros(0, np.int64)
_NO_WEIGHTS = np.zeros(0, np.float32)
NOTHING = Carried(0.0, None, frozenset(), _NONE, _NO_WEIGHTS, _NONE, _NO_WEIGHTS)


def carry(index: Index, question: str, before: str, told: Sequence[int]) -> Carried:
    """Return what a conversation brings to `question`.

    Args:
        index: what is asked.
        question: the new question.
        before: the question before it.
        told: passages that were told, oldest first.
    """
    vocabulary, facts, language = index.row_words.vocabulary, index.terms, index.language
    content = (word for word in language.words(before) if word.folded not in language.function_words)
    held = dict.fromkeys(vocabulary.get(word.term, -1) for word in content)
    asked = np.array([number for number in held if number >= 0], np.int64)
    if not told:
        leans = leaning(question, index)
        return Carried(leans, None, frozenset(), asked, _shares(facts.rarity[asked]), _NONE, _NO_WEIGHTS)
    last = told[-1]
    row = index.first_row[last + 1] - 1
    said = distinct(index.terms_of_row(row)).astype(np.int64)
    document = int(index.document_of[last])
    counts = [_rows_holding(index, int(term), document) for term in said]
    passages = np.float32(index.first_passage[document + 1] - index.first_passage[document])
    rare = facts.rarity[said] * np.maximum(1 - np.array(counts, np.float32) / passages, 0)
    leans = leaning(question, index, document)
    return Carried(leans, last, frozenset(told), asked, _shares(facts.rarity[asked]), said, _shares(rare))


def _rows_holding(index: Index, term: int, document: int) -> int:
    """Return how many rows of a document hold a term, by its number in the rows' vocabulary."""
    begin, end = index.first_row[index.first_passage[document : document + 2]]
    first, last = np.searchsorted(index.row_words.postings(term)[0], (begin, end))
    return int(last - first)


def _shares(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    shares: NDArray[np.float32] = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
    return shares


def leaning(question: str, index: Index, about: int | None = None) -> float:
    """Return how much a question that comes after another one leans on it.

    Args:
        question: what is asked now.
        index: what it is asked of.
        about: the document that answered before, by its number.
    """
    language = index.language
    words = list(language.words(question))
    content = [word for word in words if word.folded not in language.function_words]
    # Without a lexicon nobody knows which words exist.
    if content and language.lexicon.row and not any(_means_something(index, word) for word in content):
        return NOT_LEANING
    names = [place for place, word in enumerate(words) if word in content and _is_name(index, word)]
    if about is not None and any(not _holds(index, about, words[place]) for place in names):
        return NOT_LEANING
    leads_on = _LEADS_ON.compiled.search(question) is not None
    if leads_on or len(content) <= 1 or _points_back(language, [word.folded for word in words], names):
        return LEANING_STRONG
    return NOT_LEANING if names else LEANING_WEAK


def _means_something(index: Index, word: Word) -> bool:
    """Return whether a word is a number, or known to the documents or to the lexicon."""
    language = index.language
    return language.is_number(word.folded) or word.term in language.lexicon or index.holds(word.term)


def _is_name(index: Index, word: Word) -> bool:
    """Return whether a word is a name in the documents; only in a lexicon's language are those alone capitalised."""
    number = index.row_words.vocabulary.get(word.term, -1)
    return number >= 0 and bool(index.language.lexicon.row) and bool(index.terms.is_name[number])


def _holds(index: Index, document: int, word: Word) -> bool:
    """Return whether a passage of a document holds a word that some passage holds."""
    return _rows_holding(index, index.row_words.vocabulary[word.term], document) > 0


def _points_back(language: Language, spoken: Sequence[str], names: Sequence[int]) -> bool:
    """Return whether a question points at what was said before it, not at a name that it holds itself.

    Args:
        language: of the question.
        spoken: its words, case-folded.
        names: places of names among them.
    """
    before = spoken[: names[0]] if names else spoken
    return language.leans(before) or (bool(names) and language.leans(spoken[-1:]))


def wants_more(question: str) -> bool:
    """Return whether the question only asks to go on: "tell me more"."""
    return _MORE.compiled.match(question) is not None
