"""Places in an array."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from webapp.retrieval.runs import distinct, places_of, runs_of

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


@given(some.lists(some.integers(0, 20), max_size=30))
def test_runs_are_told_as_numpy_does(places: list[int]) -> None:
    """Each of places in order once, which of them each is, and where the first of each stands."""
    ordered = np.sort(np.array(places, np.int32))
    found = runs_of(ordered)
    values, begins, which = np.unique(ordered, return_index=True, return_inverse=True)
    for one, expected in zip(found, (values, which, begins), strict=True):
        np.testing.assert_array_equal(one, expected)
