"""What is compiled finds what NumPy and SciPy find: rows and order, scores to the last bit, whole replies."""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.answering import candidates, coverage
from webapp.answering.looking import Seen
from webapp.answering.measures import Cosines
from webapp.answering.polyglot import answering_from
from webapp.answering.saved import open_index, save_index
from webapp.corpus.library import read_folder
from webapp.corpus.sections import Damaged, Sections, SectionWriter
from webapp.retrieval import foremost, index, kernel, weighting
from webapp.retrieval.pool import PassagesInOrder
from webapp.retrieval.row_words import WordsInRows
from webapp.retrieval.saving import open_field, save_field
from webapp.retrieval.weighting import TermIndex

WINDOW = 8192
"""Of rows, in ``kernel.c``."""


def saved(field: TermIndex, folder: Path) -> TermIndex:
    """Return a field as it is when it is opened."""
    file = folder / "field.bin"
    with open(file, "wb") as handle:
        writer = SectionWriter(handle)
        save_field(writer, "field", field)
    return open_field(Sections(file, writer.sections), "field")


def field_of(n_rows: int, seed: int, vocabulary: int = 3000) -> TermIndex:
    """Rows of ten terms, the r-th with a probability in proportion to 1/r."""
    ends = np.cumsum(1 / np.arange(1, vocabulary + 1))
    drawn = np.searchsorted(ends, np.random.default_rng(seed).random((n_rows, 10)) * ends[-1])
    return TermIndex.fit([[f"t{term}" for term in row] for row in drawn.tolist()])


def questions(seed: int) -> Iterator[list[str]]:
    """Of rare terms, of frequent ones, of both, of one, of one said often, of some that are unknown, of none."""
    chance = np.random.default_rng(seed)
    for most in (5, 40, 3200):
        for length in (1, 2, 5, 9, 20):
            yield [f"t{term}" for term in chance.integers(0, most, length)]
    yield [*(f"t{term}" for term in chance.integers(1000, 3000, 4)), "t0"]
    yield [f"t{term}" for term in (2000, 2001, 2002, 0, 1, 2)]
    yield ["t7"] * 5000
    yield [f"t{term}" for term in range(300)]
    yield ["unknown", "t", "t1a", "verylongandunknown"]
    yield []


def expected(field: TermIndex, terms: list[str], count: int) -> list[int]:
    """What adding everything up and sorting it gives, without rows that hold nothing."""
    scores = field.scores(terms)
    order = np.argsort(-scores, kind="stable")[:count]
    return order[scores[order] > 0].tolist()


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have NumPy and SciPy do everything from here on; what was opened before is opened again."""
    for user in (weighting, foremost, index):
        monkeypatch.setattr(user, "library", lambda: None)


@pytest.fixture(params=["compiled", "NumPy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it done in one way."""
    if request.param == "NumPy":
        without(monkeypatch)
    elif kernel.library() is None:
        pytest.skip("nothing was compiled here")


@pytest.fixture
def compiled() -> ctypes.PyDLL:
    """What was compiled."""
    found = kernel.library()
    if found is None:
        pytest.skip("nothing was compiled here")
    return found


def test_it_is_compiled_where_there_is_a_compiler() -> None:
    """Setting up does it; what was compiled from an older source would not be used."""
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler here")
    assert kernel.library() is not None


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("n_rows", [1, 63, 300, WINDOW, WINDOW + 1, 50_000])
def test_rows_and_order_are_those_of_adding_everything(n_rows: int, tmp_path: Path) -> None:
    """However many rows there are, and are wanted."""
    field = saved(field_of(n_rows, seed=n_rows), tmp_path)
    for terms in questions(n_rows):
        for count in (1, 10, 500, 2000):
            assert field.foremost(terms, count) == expected(field, terms, count), (terms, count)


@pytest.mark.usefixtures("way")
def test_equal_rows_come_in_their_order(tmp_path: Path) -> None:
    """Many rows that say the same: the earlier ones are found, window after window."""
    field = saved(TermIndex.fit([["same", "words"], ["other"]] * 20_000), tmp_path)
    assert field.foremost(["same"], 5) == [0, 2, 4, 6, 8]
    assert field.foremost(["other", "same", "words"], 1000) == list(range(0, 2000, 2))


@pytest.mark.usefixtures("way")
@settings(max_examples=60)
@given(
    rows=st.lists(st.lists(st.sampled_from(["a", "ab", "abcdefgh", "abcdefghi", "abcdefghj", "ä", "z"]), max_size=6)),
    terms=st.lists(st.sampled_from(["a", "abcdefgh", "abcdefghi", "abcdefghj", "abcdefghk", "ä", "z", ""]), max_size=9),
    count=st.integers(1, 12),
)
def test_any_rows_and_terms(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], terms: list[str], count: int
) -> None:
    """Terms that begin alike are told apart; what no row holds counts for nothing."""
    field = saved(TermIndex.fit(rows), tmp_path_factory.mktemp("field"))
    assert field.foremost(terms, count) == expected(field, terms, count)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("wrong", [-1, 20_000, 2**31 - 1, -(2**31)])
@pytest.mark.parametrize("place", [0, 500, -1])
def test_rows_that_there_are_not_are_told(wrong: int, place: int, tmp_path: Path) -> None:
    """A damaged list is refused, and nothing is written where no row is."""
    field = saved(field_of(20_000, seed=8), tmp_path)
    number = field.vocabulary["t0"]
    rows = field.rows.copy()
    rows[range(field.starts[number], field.starts[number + 1])[place]] = wrong
    damaged = replace(field, rows=rows, looked_at=np.zeros(len(field.idf), bool))
    with pytest.raises(Damaged):
        damaged.foremost(["t0"], 10)


@pytest.mark.usefixtures("way")
def test_many_threads_ask_at_once(tmp_path: Path) -> None:
    """Each gets its own rows: nothing is shared between two questions."""
    field = saved(field_of(20_000, seed=4), tmp_path)
    asked = list(questions(5)) * 20
    wanted = [expected(field, terms, 10) for terms in asked]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda terms: field.foremost(terms, 10), asked)) == wanted


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("most", [0, 100, 5000, 1 << 30])
def test_estimates_are_the_same_to_the_last_bit(most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terms, the lists that are added, and those that are left out."""
    field = saved(field_of(20_000, seed=9), tmp_path)
    asked = [*questions(9), [f"t{term % 700}" for term in range(3000)]]
    told = [(said := field.counted(terms), field.estimate(said, most)) for terms in asked]
    without(monkeypatch)
    plain = replace(field)
    for terms, (said, estimate) in zip(asked, told, strict=True):
        expected_said = plain.counted(terms)
        np.testing.assert_array_equal(said.numbers, expected_said.numbers)
        np.testing.assert_array_equal(said.counts, expected_said.counts)
        expected_estimate = plain.estimate(said, most)
        for part in ("scores", "edges", "weights"):
            np.testing.assert_array_equal(getattr(estimate, part), getattr(expected_estimate, part), part)
        for rows in ([], [0], [19_999], range(20_000), range(5, 20_000, 331)):
            few = np.array(rows, np.int64)
            np.testing.assert_array_equal(estimate.at(few), expected_estimate.at(few))


@settings(max_examples=200)
@given(
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, -1.0, -np.inf]) | st.floats(0, 1, width=32), max_size=300),
    repeated=st.integers(1, 40),
    count=st.integers(1, 1024),
)
def test_the_largest_are_those_of_sorting(scores: list[float], repeated: int, count: int) -> None:
    """The earlier first among equals, of which there may be many."""
    found = kernel.library()
    if found is None:
        pytest.skip("nothing was compiled here")
    many = np.tile(np.array(scores, np.float32), repeated)
    wanted = np.argsort(-many, kind="stable")[:count]
    np.testing.assert_array_equal(kernel.largest(found, many, count), wanted)


def passages_of(n_documents: int, chance: np.random.Generator) -> Any:
    """What an index knows of places: documents of some passages in paragraphs, each of some rows."""
    first_passage = np.concatenate([[0], np.cumsum(chance.integers(1, 13, n_documents))])
    n = int(first_passage[-1])
    document_of = np.repeat(np.arange(n_documents, dtype=np.int32), np.diff(first_passage))
    first_row = np.concatenate([[0], np.cumsum(chance.integers(1, 4, n))])
    begins = chance.random(n) < 0.5
    begins[first_passage[:-1]] = True
    return SimpleNamespace(
        first_passage=first_passage,
        document_of=document_of,
        first_row=first_row,
        row_passage=np.repeat(np.arange(n, dtype=np.int32), np.diff(first_row)),
        paragraph_of=np.cumsum(begins, dtype=np.int32) - np.int32(1),
        banks={},
    )


@pytest.mark.parametrize("n_documents", [1, 20, 300, 5000])
@pytest.mark.parametrize("holding", [0.0, 0.001, 0.1, 1.0])
@pytest.mark.parametrize("steps", [3, 1 << 20])
def test_pools_are_the_same(n_documents: int, holding: float, steps: int, compiled: ctypes.PyDLL) -> None:
    """Of few documents and of many, few rows or all that hold something, and many scores that are equal."""
    chance = np.random.default_rng(n_documents)
    places = passages_of(n_documents, chance)
    parts = "first_passage", "document_of", "first_row", "row_passage", "paragraph_of"
    there = PassagesInOrder(compiled, *(getattr(places, part) for part in parts))
    for within in (None, np.flatnonzero(chance.random(n_documents) < 0.5)):
        by_row, documents = (
            (chance.integers(0, steps, n) / steps).astype(np.float32) for n in (len(places.row_passage), n_documents)
        )
        by_row[chance.random(len(by_row)) >= holding] = 0
        best = np.arange(min(3, n_documents)) if within is None else within[:3]
        held = np.flatnonzero(np.isin(places.document_of, best)).astype(np.int32)[::2]
        local = candidates._LocalCoverage(best, held, chance.random(len(held)).astype(np.float32))
        pools = []
        for way in (there, None):
            places.compiled_passages = way
            pools.append(candidates._pool(places, by_row, documents, local, within))
        for part in fields(candidates._Pool):
            np.testing.assert_array_equal(*(getattr(pool, part.name) for pool in pools), part.name)
        # And the foremost passages of that pool.
        pool, looked_at = pools[0], np.unique(places.document_of[pools[0].passages])
        words, letters = (
            tuple(
                (chance.integers(0, steps, n) / steps).astype(np.float32)
                for n in (len(pool.rows), len(pool.paragraphs), len(looked_at))
            )
            for _ in range(2)
        )
        chosen = []
        for way in (there, None):
            places.compiled_passages = way
            of_pool = pool, places.document_of[pool.passages], documents
            chosen.append(candidates._choose(places, *of_pool, words, letters, local))
        for name in ("passages", "document_of", "text_rows", "question_rows"):
            np.testing.assert_array_equal(*(getattr(one, name) for one in chosen), name)
        for likeness in ("words", "letters"):
            for part in fields(Cosines):
                np.testing.assert_array_equal(*(getattr(getattr(one, likeness), part.name) for one in chosen))


def shares(chance: np.random.Generator, *shape: int) -> Any:
    """Numbers from 0 to 1, many of them at the ends."""
    return np.clip(chance.random(shape) * 2 - 0.5, 0, 1).astype(np.float32)


@pytest.mark.parametrize("n", [1, 3, 24])
@pytest.mark.parametrize("m", [1, 7, 8, 17, 60, 70])
def test_coverages_are_the_same(n: int, m: int, compiled: ctypes.PyDLL) -> None:
    """Of few candidates and of many, short questions and long ones, to the last bit."""
    chance = np.random.default_rng(100 * n + m)
    document_of = np.cumsum(chance.random(n) < 0.4)
    document_of -= document_of[0]
    d, k = int(document_of[-1]) + 1, 3 * m
    flags = [chance.random(m) < 0.3 for _ in range(3)]
    asked: Any = SimpleNamespace(terms=range(m), rarity=shares(chance, m), corpus=shares(chance, m))
    asked.is_name, asked.is_number, asked.in_focus = flags
    none, few = np.zeros((7 * n, m), np.float32), np.zeros(n, np.float32)
    seen = Seen(none, none, few, few, few, few > 0, few > 0, few.astype(np.uint32))
    holding = coverage.Holding(
        seen=replace(seen, held=shares(chance, 6 * n + d, m).round(), alike=shares(chance, 6 * n + d, m)),
        counts=shares(chance, 4, n),
        document_of=document_of,
        begins=np.searchsorted(document_of, np.arange(d)),
        rarity=shares(chance, d, m) * asked.rarity,
        standing=chance.integers(0, 2, (d, m)),
        there=coverage.Standing(
            chance.integers(0, 40, k).astype(np.int32), chance.integers(0, m, k), chance.integers(0, d, k)
        ),
    )
    among: Any = SimpleNamespace(passages=np.sort(chance.permutation(40)[:n]))
    empty = np.zeros(0, np.int64)
    words = WordsInRows(compiled, *[empty] * 5, frequency=np.zeros(1), weights=(), meanings=())
    found = []
    for way in (words, None):
        index: Any = SimpleNamespace(compiled_words=way, paragraph_of=np.arange(40, dtype=np.int32) // 3)
        columns = np.zeros((n, 2 * len(coverage.COVERAGES)))
        found.append((coverage.cover(index, asked, among, holding, columns), columns))
    (one, sums), (other, expected_sums) = found
    np.testing.assert_array_equal(sums, expected_sums)
    for part in fields(coverage.Covered):
        np.testing.assert_array_equal(getattr(one, part.name), getattr(other, part.name), part.name)


def test_replies_are_the_same(compiled: ctypes.PyDLL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question that documents in eight languages ask themselves, and each of their first sentences."""
    assert compiled
    library = read_folder(Path(__file__).parents[1] / "languages" / "documents")
    save_index(tmp_path / "index", answering_from(library.corpus), library)
    asked = [
        text
        for document in library.corpus.documents
        for passage in document.passages
        for text in (*(document.source[span.start : span.end] for span in passage.questions), document.text(passage))
    ][::3]
    told = [open_index(tmp_path / "index", target_precision=0.9).answerer.ask(text) for text in asked]
    without(monkeypatch)
    plain = open_index(tmp_path / "index", target_precision=0.9).answerer
    for text, reply in zip(asked, told, strict=True):
        assert plain.ask(text) == reply, text
