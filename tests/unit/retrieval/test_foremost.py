"""The rows that are found first are those of adding everything up and sorting it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from webapp.retrieval import foremost as stage
from webapp.retrieval.weighting import TermIndex


def index_of(n_rows: int, seed: int) -> TermIndex:
    """Rows of ten terms, the r-th of 3,000 with a probability in proportion to 1/r."""
    ends = np.cumsum(1 / np.arange(1, 3001))
    drawn = np.searchsorted(ends, np.random.default_rng(seed).random((n_rows, 10)) * ends[-1])
    return TermIndex.fit([[f"t{term}" for term in row] for row in drawn.tolist()])


def questions(seed: int) -> Iterator[list[str]]:
    """Of rare terms, of frequent ones, of both, of one, of some that are unknown, of none."""
    chance = np.random.default_rng(seed)
    for most in (5, 40, 3200):
        for length in (1, 2, 5, 9):
            yield [f"t{term}" for term in chance.integers(0, most, length)]
    yield [*(f"t{term}" for term in chance.integers(1000, 3000, 4)), "t0"]
    yield [f"t{term}" for term in (2000, 2001, 2002, 0, 1, 2)]
    yield ["unknown"]
    yield []


def expected(index: TermIndex, terms: list[str], count: int) -> NDArray[np.int64]:
    """What adding everything up and sorting it gives, without rows that hold nothing."""
    scores = index.scores(terms)
    order = np.argsort(-scores, kind="stable")[:count]
    return order[scores[order] > 0]


@pytest.mark.parametrize("n_rows", [1, 300, 20_000])
@pytest.mark.parametrize("long", [1, 100, 1 << 15])
def test_rows_and_order_are_those_of_adding_everything(n_rows: int, long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way is taken, and whatever number is wanted; what one question leaves behind is nothing."""
    monkeypatch.setattr(stage, "LONG", long)
    monkeypatch.setattr(stage, "MANY", 10_000)
    index = index_of(n_rows, seed=n_rows + long)
    for terms in questions(long):
        for count in (1, 10, 200):
            np.testing.assert_array_equal(index.foremost(terms, count), expected(index, terms, count))
    assert not index.scratch.take().any()


def test_long_lists_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rare terms decide, postings of the most frequent are not added: they may be wrong without being noticed."""
    monkeypatch.setattr(stage, "LONG", 5000)
    index = index_of(20_000, seed=3)
    terms = ["t0", *(f"t{term}" for term in range(60, 64))]
    added = []
    real = stage.csc_matvec
    monkeypatch.setattr(stage, "csc_matvec", lambda *given: (added.append(int(np.diff(given[2])[0])), real(*given)))
    found = index.foremost(terms, 10)
    assert added and max(added) < 5000
    np.testing.assert_array_equal(found, expected(index, terms, 10))
    without = replace(index, largest=None)
    np.testing.assert_array_equal(without.foremost(terms, 10), found)


def test_many_threads_ask_at_once() -> None:
    """Each gets its own rows: scores are never shared between two questions."""
    index = index_of(20_000, seed=4)
    asked = list(questions(5)) * 20
    wanted = [expected(index, terms, 10).tolist() for terms in asked]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda terms: index.foremost(terms, 10).tolist(), asked))
    assert found == wanted
