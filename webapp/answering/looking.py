"""One look at the terms of the candidates' rows: what they hold, in which order, and what is like what was asked."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from webapp.answering.question import Asked
from webapp.retrieval.index import Index
from webapp.retrieval.lexicon import NAMED_PLACES
from webapp.retrieval.row_words import WordsInRows
from webapp.retrieval.runs import places_of

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SIMILAR_FROM = 0.3
"""Below this cosine of latent vectors two words have nothing to do with each other; above it likeness grows to 1."""
LATENT_SHARE = 0.8
"""A word of the same meaning never counts quite like the word itself."""
LATENT_GROWS = LATENT_SHARE / (1 - SIMILAR_FROM)
INSTANCE_SHARE = np.float32(0.95)
CLOSE = 4
"""Words this near each other belong together."""
LIKE_ENOUGH = 0.55
"""From this likeness on a word stands for the one that was asked."""
_SHARES = np.array([SIMILAR_FROM, LATENT_GROWS, INSTANCE_SHARE, LIKE_ENOUGH], np.float32)

ROOM = 1 << 15
"""So many words of rows are looked at in compiled code."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in `n` rows of a question with `m` terms."""

    held: Floats
    """1 where a row holds a term, shape ``(n, m)``."""
    alike: Floats
    """How like a term the most similar word of a row is, 1 where it is held, shape ``(n, m)``."""
    pairs: Floats
    """Share of the question's neighbouring pairs that are neighbours in the row, shape ``(n,)``."""
    close: Floats
    """Share of the question's pairs of content words that stand close to each other, shape ``(texts,)``."""
    covered: Floats
    """Share of the row's own weight that the question's words, or words like them, cover, shape ``(n,)``."""
    new_number: NDArray[np.bool_]
    """Whether the row holds a number that the question does not, shape ``(n,)``."""
    new_name: NDArray[np.bool_]
    new_senses: NDArray[np.uint32]
    """Kinds of thing that words of the row name and the question does not bring, shape ``(n,)``."""


def look(index: Index, asked: Asked, rows: Ints, texts: int) -> Seen:
    """Look at the tokens of `rows` once; a row number of -1 is a row without words.

    Args:
        index: what is asked.
        asked: the question.
        rows: which rows to look at.
        texts: in the first so many rows it is seen which words are close.
    """
    m, n = len(asked.terms), len(rows)
    if index.compiled_words is not None:
        seen = _look_compiled(index, index.compiled_words, asked, rows, texts)
        if seen is not None:
            return seen
    facts = index.terms
    starts = index.first_token[rows]
    lengths = np.where(rows >= 0, index.first_token[rows + 1] - starts, 0)
    begin = np.cumsum(lengths) - lengths
    owner = np.repeat(np.arange(n), lengths)
    tokens = index.term_of[index.tokens[places_of(starts, lengths)]]
    if not len(tokens):
        none, empty = np.zeros((n, m), np.float32), np.zeros(n, np.float32)
        no = np.zeros(n, bool)
        return Seen(none, none, empty, empty, empty, no, no, np.zeros(n, np.uint32))
    unique, inverse = np.unique(tokens, return_inverse=True)
    slot_of = asked.slots(unique)
    likeness = _likeness(index, asked, unique, slot_of)
    slot = slot_of[inverse]
    found = slot >= 0
    held = np.zeros((n, m), np.float32)
    held[owner[found], slot[found]] = 1
    filled = lengths > 0
    edges = begin[filled]
    alike = np.zeros((n, m), np.float32)
    alike[filled] = np.maximum.reduceat(likeness[inverse], edges, axis=0)
    weight = facts.rarity[unique]
    best = (likeness.max(axis=1, initial=0) * weight)[inverse]
    total = np.bincount(owner, weight[inverse], n)
    covered = np.bincount(owner, best, n) / np.maximum(total, 1e-9)
    new = slot_of < 0
    first = np.zeros(len(tokens), bool)
    first[edges] = True
    number, name = np.zeros(n, bool), np.zeros(n, bool)
    senses = np.zeros(n, np.uint32)
    number[owner[(facts.is_number[unique] & new)[inverse]]] = True
    name[owner[(facts.is_name[unique] & new)[inverse] & ~first]] = True
    mask = np.where(new & (weight > 0), facts.senses[unique], np.uint32(0))
    senses[filled] = np.bitwise_or.reduceat(mask[inverse], edges)
    pairs = _pairs(asked, slot, owner, n)
    within = int(lengths[:texts].sum())
    close = _close(asked, likeness, inverse[:within], owner[:within], texts)
    return Seen(held, alike, pairs, close, covered.astype(np.float32), number, name, senses)


def _look_compiled(index: Index, words: WordsInRows, asked: Asked, rows: Ints, texts: int) -> Seen | None:
    """Return the same, or None when there is no room for it."""
    m, n = len(asked.terms), len(rows)
    told = words.terms(rows, ROOM)
    if told is None:
        return None
    seen = Seen(
        held=np.zeros((n, m), np.float32),
        alike=np.zeros((n, m), np.float32),
        pairs=np.zeros(n, np.float32),
        close=np.zeros(texts, np.float32),
        covered=np.zeros(n, np.float32),
        new_number=np.zeros(n, bool),
        new_name=np.zeros(n, bool),
        new_senses=np.zeros(n, np.uint32),
    )
    pairs = np.array(asked.close_pairs, np.int64)
    numbers = asked.ordered, asked.order, len(asked.ordered)
    done = words.look(
        told,
        texts,
        asked=(
            *(asked.lexicon_rows, asked.rarity, asked.in_focus, *numbers, asked.follows, pairs, len(pairs), m),
            *(asked.wanted.senses & NAMED_PLACES, _SHARES),
        ),
        terms=m,
        follows=float(asked.follows.sum()),
        close=CLOSE,
        found=[getattr(seen, part.name) for part in fields(Seen)],
    )
    return seen if done else None


def _likeness(index: Index, asked: Asked, unique: NDArray[np.int32], slot_of: Ints) -> Floats:
    """Return how like each asked term each word is, in [0, 1], shape ``(len(unique), m)``."""
    facts = index.terms
    rows = facts.lexicon_rows[unique]
    likeness = index.lexicon.cosines(rows, asked.lexicon_rows)
    likeness -= np.float32(SIMILAR_FROM)
    likeness *= np.float32(LATENT_GROWS)
    np.maximum(likeness, 0, out=likeness)
    for place, row in enumerate(asked.lexicon_rows):
        if row >= 0 and asked.rarity[place] > 0:
            np.maximum(likeness[:, place], index.lexicon.relatedness_to(int(row), rows), out=likeness[:, place])
    # Any town is a city: a named one stands for the noun of "which city".
    named = asked.wanted.senses & NAMED_PLACES
    if named:
        there = (facts.senses[unique] & np.uint32(named)) != 0
        likeness[np.ix_(there, asked.in_focus)] = INSTANCE_SHARE
    # Function words are like nothing but themselves.
    likeness[facts.rarity[unique] == 0] = 0
    likeness[:, asked.rarity == 0] = 0
    own = np.flatnonzero(slot_of >= 0)
    likeness[own, slot_of[own]] = 1
    return likeness


def _pairs(asked: Asked, slot: Ints, owner: Ints, n: int) -> Floats:
    at = np.flatnonzero((slot[:-1] >= 0) & (slot[1:] >= 0) & (owner[:-1] == owner[1:]))
    count = np.bincount(owner[at], asked.follows[slot[at], slot[at + 1]], n)
    share: Floats = np.minimum(count / max(1.0, float(asked.follows.sum())), 1).astype(np.float32)
    return share


def _close(asked: Asked, likeness: Floats, inverse: Ints, owner: Ints, n: int) -> Floats:
    """Return the share of close pairs of content words of the question that are close in each row, too."""
    if not asked.close_pairs:
        return np.zeros(n, np.float32)
    liked = likeness >= LIKE_ENOUGH
    at = np.flatnonzero(np.logical_or.reduce(liked, axis=1)[inverse])
    like, owner = liked[inverse[at]], owner[at]
    # Of places in order, only the next few can be near.
    pairs = [
        (near, near + step)
        for step in range(1, CLOSE + 1)
        if len(near := np.flatnonzero((at[step:] - at[:-step] <= CLOSE) & (owner[step:] == owner[:-step])))
    ]
    if not pairs:
        return np.zeros(n, np.float32)
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    left, right = np.array(asked.close_pairs).T
    both = (like[one][:, left] & like[other][:, right]) | (like[one][:, right] & like[other][:, left])
    close = np.zeros((n, len(left)), bool)
    of_pair, pair = np.nonzero(both)
    close[owner[one[of_pair]], pair] = True
    share: Floats = close.mean(axis=1, dtype=np.float32)
    return share
