"""Which documents a few words are about: what the search of the reading room asks."""

from __future__ import annotations

import numpy as np

from webapp.retrieval.index import Index
from webapp.retrieval.spelling import corrected

COVERED_FROM = 0.5
"""Share of the words' weight that a document must hold to be found."""
LETTERS_SHARE = 0.25
"""What likeness of letters counts beside words: it decides between documents that hold as much."""
READ_CHARS = 200


def find_documents(index: Index, typed: str) -> tuple[int, ...]:
    """Return the numbers of the documents that hold what was typed, the one that is most about it first.

    Typing errors are mended as in questions; function words do not count.
    """
    typed = typed[:READ_CHARS]
    language = index.language
    text = corrected(typed, index.spelling.corrections(typed), language)
    content = (word for word in language.words(text) if word.folded not in language.function_words)
    asked = list(dict.fromkeys(word.term for word in content))
    if not asked:
        return ()
    weights = np.maximum(index.lexicon.rarity_of(asked), 0.05)
    covered = np.zeros(len(index.corpus.documents))
    for term, weight in zip(asked, weights, strict=True):
        number = index.document_words.vocabulary.get(term)
        if number is not None:
            covered[index.document_words.postings(number)[0]] += weight
    covered /= weights.sum()
    score = covered + index.document_words.scores(asked)
    score += LETTERS_SHARE * index.document_characters.scores(language.characters(text))
    found = np.flatnonzero(covered >= COVERED_FROM)
    return tuple(int(number) for number in found[np.argsort(-score[found], kind="stable")])
