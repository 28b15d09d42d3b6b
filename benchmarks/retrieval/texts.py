"""Passages and questions of any number, the same for each seed.

Words are as frequent as Zipf's law has it: the r-th of `VOCABULARY` with a probability in proportion to 1/r.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

VOCABULARY = 200_000
PASSAGE_WORDS = 20
COMMON = 100
"""So many most frequent words are left out of typical questions, as grammar would be."""
FREQUENT = 2000
"""Heavier questions are made of the so many most frequent words, grammar included."""
_SYLLABLES = "ka lo mi ra ve ton sel bar dun hol ner pia qui sto tre vau wes yor zan mar".split()


@cache
def words() -> list[str]:
    """Return all words, the most frequent first: syllables as the digits of a number."""
    found = []
    for rank in range(VOCABULARY):
        syllables, left = [], rank + len(_SYLLABLES)
        while left:
            left, digit = divmod(left, len(_SYLLABLES))
            syllables.append(_SYLLABLES[digit])
        found.append("".join(syllables))
    return found


def ranks(count: int, seed: int) -> NDArray[np.int64]:
    """Return the ranks of the words of so many passages, shape ``(count, PASSAGE_WORDS)``."""
    ends = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    drawn = np.random.default_rng(seed).random((count, PASSAGE_WORDS)) * ends[-1]
    return np.searchsorted(ends, drawn, side="right")


def passages(count: int, seed: int) -> list[str]:
    """Return so many passages."""
    known = words()
    return [" ".join([known[rank] for rank in row]) for row in ranks(count, seed).tolist()]


def questions(count: int, asked: int, seed: int, *, heavy: bool) -> list[str]:
    """Return questions about passages: words of one passage each.

    Args:
        count: how many passages there are.
        asked: how many questions to return.
        seed: that of the passages.
        heavy: ask with 3 to 10 frequent words, instead of 2 to 6 words that are no grammar.
    """
    chance = np.random.default_rng((seed, asked, heavy))
    of_passages, known = ranks(count, seed), words()
    found: list[str] = []
    least, most = (3, 10) if heavy else (2, 6)
    while len(found) < asked:
        own = np.unique(of_passages[chance.integers(count)])
        own = own[own < FREQUENT] if heavy else own[own >= COMMON]
        if len(own) >= least:
            chosen = chance.permutation(own)[: chance.integers(least, most + 1)]
            found.append(" ".join(known[rank] for rank in chosen))
    return found
