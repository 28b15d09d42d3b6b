"""What is asked: the question's terms, and the kind of answer it expects.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.dialogue import NOTHING, Carried
from webapp.retrieval.analysis import Word, character_terms, words
from webapp.retrieval.flags import NUMBER, term_flags
from webapp.retrieval.index import Index
from webapp.retrieval.kinds import FUNCTION_WORDS, KINDS, AskedKind, asked_kind

Floats = NDArray[np.float32]

WORDS_MAX = 60
"""Words of a question that are looked at: a pasted page is no question."""


def content_words(asked: list[Word]) -> list[Word]:
    """Return the words that carry the question: all but function words."""
    return [word for word in asked if word.folded not in FUNCTION_WORDS]


@dataclass(frozen=True)
class Asked:
    """A question as the index sees it: its distinct terms, `m` of them, with all that is known of each."""

    text: str
    words: tuple[Word, ...]
    said: tuple[str, ...]
    """Every term of the question in order, repeated as often as it was said."""
    characters: tuple[str, ...]
    terms: tuple[str, ...]
    numbers: tuple[int, ...]
    """Term numbers in the rows' vocabulary, -1 for a term no passage holds."""
    document_numbers: tuple[int, ...]
    """Term numbers in the documents' vocabulary, -1 for a term no document holds."""
    asked: Floats
    """1 for a term of the question, 0 for one that only the conversation adds."""
    carried: Floats
    """1 for a term that only the conversation adds, else 0."""
    content: Floats
    """1 for a term of the question that is no function word, else 0; all 1 when there is none."""
    conversation: Carried
    idf: Floats
    rarity: Floats
    vectors: Floats
    """Latent vectors, shape ``(m, dimensions)``."""
    vector: Floats
    is_number: NDArray[np.bool_]
    is_name: NDArray[np.bool_]
    follows: Floats
    """1 where a term stands right before another in the question, shape ``(m, m)``."""
    kind: AskedKind
    kind_number: int
    order: NDArray[np.int64]
    ordered: NDArray[np.int64]

    def slots(self, tokens: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return which of the question's terms each token is, -1 for none."""
        if not len(self.ordered):
            return np.full(len(tokens), -1)
        at = np.minimum(np.searchsorted(self.ordered, tokens), len(self.ordered) - 1)
        return np.where(self.ordered[at] == tokens, self.order[at], -1)


def read_question(text: str, index: Index, conversation: Carried = NOTHING) -> Asked:
    """Analyse a question once.

    Args:
        text: what was asked.
        index: what it is asked of.
        conversation: what earlier turns add.
    """
    spoken = tuple(words(text))[:WORDS_MAX]
    own = dict.fromkeys(word.term for word in spoken)
    known = (*own, *(term for term in conversation.terms if term not in own))
    m = len(known)
    asked = (np.arange(m) < len(own)).astype(np.float32)
    content = {word.term for word in spoken if word.folded not in FUNCTION_WORDS}
    numbers = tuple(index.row_words.vocabulary.get(term, -1) for term in known)
    most = float(np.log(1 + index.row_words.n_rows)) + 1
    idf = np.array([index.row_words.idf[number] if number >= 0 else most for number in numbers], np.float32)
    rarity = index.lexicon.rarity_of(list(known))
    vectors = index.lexicon.unit_vectors(list(known))
    vector = (vectors * (rarity * asked)[:, None]).sum(axis=0)
    kind = asked_kind(text, index.lexicon)
    slot = {term: number for number, term in enumerate(known)}
    follows = np.zeros((m, m), np.float32)
    for left, right in zip(spoken, spoken[1:], strict=False):
        follows[slot[left.term], slot[right.term]] = 1
    held = np.array([number for number in numbers if number >= 0], np.int64)
    places = np.array([place for place, number in enumerate(numbers) if number >= 0], np.int64)
    order = np.argsort(held, kind="stable")
    capitalised = {
        word.term
        for word in spoken
        if text[word.span.start].isupper() and word.folded not in FUNCTION_WORDS and (word.span.start > 0)
    }
    return Asked(
        text=text,
        words=spoken,
        said=tuple(word.term for word in spoken),
        characters=tuple(gram for word in spoken for gram in character_terms(word.folded)),
        terms=known,
        numbers=numbers,
        document_numbers=tuple(index.document_words.vocabulary.get(term, -1) for term in known),
        asked=asked,
        carried=1 - asked,
        content=np.array([term in content for term in known], np.float32) if content else asked,
        conversation=conversation,
        idf=idf,
        rarity=rarity,
        vectors=vectors,
        vector=(vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32),
        is_number=np.array([bool(term_flags(term, index.lexicon) & NUMBER) for term in known], bool),
        is_name=np.array([term in capitalised for term in known], bool),
        follows=follows,
        kind=kind,
        kind_number=KINDS.index(kind.expects),
        order=places[order],
        ordered=held[order],
    )
