"""Sorted texts are found one by one and several at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from webapp.corpus.texts import SortedTexts, Texts, encode, keys_of

words = some.text(some.sampled_from("ab\0éz"), max_size=11)


def sorted_texts(texts: list[str]) -> SortedTexts:
    encoded = [encode(text) for text in texts]
    starts = np.cumsum([0, *map(len, encoded)])
    return SortedTexts(Texts(np.frombuffer(b"".join(encoded), np.uint8), starts), keys_of(encoded))


@given(some.sets(words, max_size=20), some.lists(words, max_size=20))
def test_places_are_those_of_each_text(kept: set[str], looked_up: list[str]) -> None:
    """Those that begin alike, that hold zero bytes, that are not there among them."""
    listed = sorted(kept, key=encode)
    texts = sorted_texts(listed)
    expected = [listed.index(text) if text in kept else -1 for text in looked_up]
    assert texts.places(looked_up).tolist() == expected
    assert [texts.get(text, -1) for text in looked_up] == expected
