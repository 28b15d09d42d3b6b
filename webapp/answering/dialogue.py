"""What the conversation adds to a question: its topic, its document, what was already told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.patterns import Pattern
from webapp.retrieval.index import Index
from webapp.retrieval.language import ENGLISH, Language
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

LEANING_STRONG = 1.0
LEANING_WEAK = 0.5
"""A question after another one leans on it a little even when nothing in it points back."""


@dataclass(frozen=True)
class Carried:
    """What earlier turns bring to a question; the arrays hold term numbers and weights that add up to 1."""

    leaning: float
    """How much the question leans on the conversation, in [0, 1]."""
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
        return Carried(
            leaning(question, language), None, frozenset(), asked, _shares(facts.rarity[asked]), _NONE, _NO_WEIGHTS
        )
    last = told[-1]
    row = index.first_row[last + 1] - 1
    said = distinct(index.terms_of_row(row)).astype(np.int64)
    document = index.document_of[last]
    first, end = index.first_passage[document], index.first_passage[document + 1]
    rows = index.first_row[first], index.first_row[end]
    counts = [np.diff(np.searchsorted(index.row_words.postings(int(term))[0], rows))[0] for term in said]
    rare = facts.rarity[said] * np.maximum(1 - np.array(counts, np.float32) / np.float32(end - first), 0)
    return Carried(
        leaning(question, language), last, frozenset(told), asked, _shares(facts.rarity[asked]), said, _shares(rare)
    )


def _shares(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    shares: NDArray[np.float32] = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
    return shares


def leaning(question: str, language: Language = ENGLISH) -> float:
    """Return how much a question that comes after another one leans on it."""
    spoken = [word.folded for word in language.words(question)]
    content = [word for word in spoken if word not in language.function_words]
    if _LEADS_ON.compiled.search(question) or language.leans(spoken) or len(content) <= 1:
        return LEANING_STRONG
    return LEANING_WEAK


def wants_more(question: str) -> bool:
    """Return whether the question only asks to go on: "tell me more"."""
    return _MORE.compiled.match(question) is not None
