"""Places in an array."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from webapp.retrieval.runs import distinct, places_of

runs = some.lists(some.tuples(some.integers(0, 10**6), some.integers(0, 9)), max_size=20)


@given(runs)
def test_places_are_those_of_each_run(found: list[tuple[int, int]]) -> None:
    """One run after the other, empty ones among them."""
    begins = np.array([begin for begin, _ in found], np.int64)
    lengths = np.array([length for _, length in found], np.int64)
    expected = [place for begin, length in found for place in range(begin, begin + length)]
    assert places_of(begins, lengths).tolist() == expected


@given(some.lists(some.integers(0, 20), max_size=30))
def test_distinct_places_are_those_of_numpy(places: list[int]) -> None:
    """Each once, in order, of the same type; none of none."""
    found, expected = distinct(np.array(places, np.int32)), np.unique(np.array(places, np.int32))
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
