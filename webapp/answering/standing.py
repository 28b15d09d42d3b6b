"""Where the words of a question stand in a few documents, and how rare they are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.measures import Floats, Ints
from webapp.answering.question import Asked
from webapp.retrieval.index import Index
from webapp.retrieval.runs import places_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the content terms of a question stand in a few documents, each passage once a term; shapes ``(k,)``."""

    passages: NDArray[np.int32]
    slots: Ints
    """Which term of the question stands there."""
    documents: Ints
    """Which of the documents looked at it is in."""


def standing(index: Index, asked: Asked, documents: NDArray[np.integer]) -> Standing:
    """Return where content terms stand in the documents of those numbers."""
    if index.compiled_passages is not None and index.row_words.compiled is not None:
        of_content, content = asked.content
        places = index.compiled_passages.standing(index.row_words.compiled, content, of_content, documents)
        if places is not None:
            return Standing(*places)
    begins = index.first_row[index.first_passage[documents]].astype(np.int32)
    ends = index.first_row[index.first_passage[documents + 1]].astype(np.int32)
    none = np.zeros(0, np.int64)
    passages, slots, owners = [none.astype(np.int32)], [none], [none]
    for slot, number in zip(*(some.tolist() for some in asked.content), strict=True):
        rows, _ = index.row_words.postings(number)
        first = np.searchsorted(rows, begins)
        lengths = np.searchsorted(rows, ends) - first
        found = index.row_passage[rows[places_of(first, lengths)]]
        # The rows of a passage follow each other, so a passage that comes again does so at once.
        once = np.ones(len(found), bool)
        once[1:] = found[1:] != found[:-1]
        passages.append(found[once])
        slots.append(np.full(len(passages[-1]), slot))
        owners.append(np.repeat(np.arange(len(documents)), lengths)[once])
    return Standing(np.concatenate(passages), np.concatenate(slots), np.concatenate(owners))


def local_rarity(index: Index, asked: Asked, documents: NDArray[np.integer], there: Standing) -> tuple[Floats, Ints]:
    """Return how rare each term is in each document, times how rare in English, and in how many passages it stands.

    In the document: ``ln((1 + n) / (1 + df)) / ln(1 + n)`` over its `n` passages, in [0, 1]. Shapes
    ``(len(documents), m)``; a function word counts as standing nowhere.
    """
    m = len(asked.terms)
    df = np.bincount(there.documents * m + there.slots, minlength=len(documents) * m).reshape(len(documents), m)
    n = (index.first_passage[documents + 1] - index.first_passage[documents])[:, None]
    rare = np.log((1 + n) / (1 + df)) / np.log(1 + n)
    weights: Floats = (rare * asked.rarity).astype(np.float32)
    return weights, df
