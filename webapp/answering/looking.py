"""One look at the terms of the candidates' rows: what they hold, in which order, and what is like what was asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.question import Asked
from webapp.retrieval.index import Index

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SIMILAR_FROM = 0.35
"""Below this cosine of latent vectors two words have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in `n` rows of a question with `m` terms."""

    held: Floats
    """1 where a row holds a term, shape ``(n, m)``."""
    alike: Floats
    """How similar the most similar word of a row is to a term, 1 where it is held, shape ``(n, m)``."""
    pairs: Floats
    """Share of the question's neighbouring pairs that are neighbours in the row, shape ``(n,)``."""
    covered: Floats
    """Share of the row's own weight that the question covers, shape ``(n,)``."""
    new_flags: NDArray[np.uint64]
    """Kinds of thing that the row holds and the question does not, shape ``(n,)``."""


def look(index: Index, asked: Asked, rows: Ints) -> Seen:
    """Look at the tokens of `rows` once; a row number of -1 is a row without words."""
    m, n = len(asked.terms), len(rows)
    starts = index.first_token[rows]
    lengths = np.where(rows >= 0, index.first_token[rows + 1] - starts, 0)
    begin = np.cumsum(lengths) - lengths
    owner = np.repeat(np.arange(n), lengths)
    tokens = index.tokens[np.arange(len(owner)) - np.repeat(begin - starts, lengths)]
    slot = asked.slots(tokens)
    found = slot >= 0
    held = np.zeros((n, m), np.float32)
    held[owner[found], slot[found]] = 1
    alike = held
    flags = np.zeros(n, np.uint64)
    if len(tokens):
        filled = lengths > 0
        edges = begin[filled]
        similarity = index.term_vectors[tokens] @ asked.vectors.T
        similarity[similarity < SIMILAR_FROM] = 0
        alike = held.copy()
        alike[filled] = np.maximum(held[filled], np.maximum.reduceat(similarity, edges, axis=0))
        flags[filled] = np.bitwise_or.reduceat(np.where(found, np.uint64(0), index.term_flags[tokens]), edges)
    weight = index.rarity[tokens]
    total = np.bincount(owner, weight, n)
    covered = np.bincount(owner, weight * found, n) / np.maximum(total, 1e-9)
    return Seen(held, alike, _pairs(asked, slot, owner, n), covered.astype(np.float32), flags)


def _pairs(asked: Asked, slot: Ints, owner: Ints, n: int) -> Floats:
    at = np.flatnonzero((slot[:-1] >= 0) & (slot[1:] >= 0) & (owner[:-1] == owner[1:]))
    count = np.bincount(owner[at], asked.follows[slot[at], slot[at + 1]], n)
    share: Floats = np.minimum(count / max(1.0, float(asked.follows.sum())), 1).astype(np.float32)
    return share
